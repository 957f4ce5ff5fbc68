//! MAT-files of version 5, which MATLAB's `save` writes as `-v6` and, compressed, as `-v7`.
//!
//! ```text
//! header     116 bytes of text, 8 bytes of subsystem, version (0x0100), "IM" if the machine was little-endian
//! element    type (4 bytes), length (4 bytes), data, up to the next multiple of 8
//!            or, of at most 4 bytes: length (2 bytes) and type (2 bytes) in one word, data
//! matrix     elements: flags and class; dimensions; name; then numbers, cells, or fields
//! ```
//!
//! Numeric, logical and character arrays, cells and structures are read; others (sparse arrays, objects, functions) are passed
//! over. Files of version 7.3 are HDF5, another format.
//!
//! # References
//!
//! MathWorks, *MAT-File Format* (Level 5 MAT-File Format).

mod reader;

use super::ImportError;
use reader::{Element, Reader};

/// How deep cells and structures may lie in one another.
const DEEPEST: usize = 64;

const COMPRESSED: u32 = 15;
const MATRIX: u32 = 14;

/// A variable, or what a cell or field holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum MatValue {
    /// Numbers in column-major order.
    Numbers { shape: Vec<usize>, numbers: Vec<f64> },
    /// Rows of characters, joined.
    Text(String),
    /// Cells in column-major order.
    Cells(Vec<MatValue>),
    /// Structures in column-major order, each with its fields.
    Structures(Vec<Vec<(String, MatValue)>>),
    /// What is not read.
    Other,
}

/// The variables of a file by name.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(String, MatValue)>, ImportError> {
    if bytes.starts_with(b"\x89HDF") || bytes.starts_with(b"MATLAB 7.3") {
        return Err(ImportError::new(
            "it is a MAT-file of version 7.3, which is another format; save it again in MATLAB with save(file, name, '-v7')",
        ));
    }
    let mut reader = Reader::of_file(bytes)?;
    let mut variables = Vec::new();
    while let Some(element) = reader.next_element()? {
        match element.kind {
            COMPRESSED => {
                let inflated = inflate(element.data)?;
                let mut inside = reader.of(&inflated);
                while let Some(element) = inside.next_element()? {
                    variables.extend(variable(&inside, &element)?);
                }
            }
            _ => variables.extend(variable(&reader, &element)?),
        }
    }
    Ok(variables)
}

fn inflate(data: &[u8]) -> Result<Vec<u8>, ImportError> {
    use std::io::Read;
    let mut inflated = Vec::new();
    // What takes more than this is no model.
    let mut decoder = flate2::read::ZlibDecoder::new(data).take(1 << 30);
    decoder
        .read_to_end(&mut inflated)
        .map_err(|error| ImportError::new(format!("it is damaged: {error}")))?;
    Ok(inflated)
}

fn variable(reader: &Reader<'_>, element: &Element<'_>) -> Result<Option<(String, MatValue)>, ImportError> {
    if element.kind != MATRIX {
        return Ok(None);
    }
    matrix(&mut reader.of(element.data), DEEPEST).map(Some)
}

/// The name and contents of a matrix.
fn matrix(reader: &mut Reader<'_>, deepest: usize) -> Result<(String, MatValue), ImportError> {
    let Some(flags) = reader.next_element()? else { return Ok((String::new(), MatValue::Other)) };
    let class = reader.word(flags.data, 0)? & 0xff;
    let shape = reader.required()?;
    let shape: Vec<usize> = reader.numbers(&shape)?.into_iter().map(|size| size as usize).collect();
    let count = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    // Every item takes at least a byte of the file, so that a larger count is damage.
    let count = count.filter(|&count| count <= reader.rest()).unwrap_or(usize::MAX);
    let name = reader.required()?;
    let name = String::from_utf8_lossy(name.data).into_owned();
    if deepest == 0 {
        return Err(ImportError::new("its cells and structures lie too deep in one another"));
    }
    let value = match class {
        1 => MatValue::Cells(items(reader, count, deepest)?),
        2 => MatValue::Structures(structures(reader, count, deepest)?),
        4 => {
            let characters = reader.required()?;
            let characters = reader.numbers(&characters)?;
            let text = characters.into_iter().map(|code| char::from_u32(code as u32).unwrap_or(' '));
            MatValue::Text(text.collect())
        }
        6..=15 => {
            let real = reader.required()?;
            let numbers = reader.numbers(&real)?;
            if count != numbers.len() {
                return Err(ImportError::new("it is damaged: an array has other dimensions than numbers"));
            }
            MatValue::Numbers { shape, numbers }
        }
        _ => MatValue::Other,
    };
    Ok((name, value))
}

fn items(reader: &mut Reader<'_>, count: usize, deepest: usize) -> Result<Vec<MatValue>, ImportError> {
    let mut items = Vec::new();
    for _ in 0..count {
        let element = reader.required()?;
        items.push(matrix(&mut reader.of(element.data), deepest - 1)?.1);
    }
    Ok(items)
}

fn structures(
    reader: &mut Reader<'_>,
    count: usize,
    deepest: usize,
) -> Result<Vec<Vec<(String, MatValue)>>, ImportError> {
    let length = reader.required()?;
    let length = reader.word(length.data, 0)? as usize;
    let names = reader.required()?;
    let name = |name: &[u8]| String::from_utf8_lossy(name).trim_end_matches('\0').to_owned();
    let names: Vec<String> =
        if length == 0 { Vec::new() } else { names.data.chunks_exact(length).map(name).collect() };
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut structures = Vec::new();
    for _ in 0..count {
        let values = items(reader, names.len(), deepest)?;
        structures.push(names.iter().cloned().zip(values).collect());
    }
    Ok(structures)
}
