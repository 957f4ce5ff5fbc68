//! One array: a header in the manner of a Python dictionary, and numbers.

use super::super::ImportError;
use actinf_agents::model_arrays::Tensor;

const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads an array of numbers or truth values.
pub(super) fn read(bytes: &[u8]) -> Result<Tensor, ImportError> {
    let damaged = || ImportError::new("it is no array of NumPy, or damaged");
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(damaged)?;
    let (version, rest) = rest.split_at_checked(2).ok_or_else(damaged)?;
    let width = if version[0] == 1 { 2 } else { 4 };
    let (length, rest) = rest.split_at_checked(width).ok_or_else(damaged)?;
    let length = length.iter().rev().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
    let (header, data) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let header = String::from_utf8_lossy(header);
    let kind = after(&header, "descr").and_then(|text| text.split(['\'', '"']).nth(1)).ok_or_else(damaged)?;
    let numbers = numbers(kind, data)?;
    let shape = after(&header, "shape").and_then(|text| text.split(['(', ')']).nth(1)).ok_or_else(damaged)?;
    let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty());
    let shape: Vec<usize> = sizes.map(str::parse).collect::<Result<_, _>>().map_err(|_| damaged())?;
    let count = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    if count != Some(numbers.len()) {
        return Err(damaged());
    }
    let is_by_columns =
        after(&header, "fortran_order").is_some_and(|text| text.trim_start().starts_with("True"));
    match is_by_columns {
        true => Tensor::of_columns(shape, &numbers).ok_or_else(damaged),
        false => Ok(Tensor { shape, cells: numbers }),
    }
}

/// What follows the colon after a key.
fn after<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = header.split_once(key)?;
    rest.split_once(':').map(|(_, rest)| rest)
}

/// The numbers of data of a type such as `<f8`.
fn numbers(kind: &str, data: &[u8]) -> Result<Vec<f64>, ImportError> {
    let is_big = kind.starts_with('>');
    Ok(match kind.trim_start_matches(['<', '>', '|', '=']) {
        "f8" => each(data, is_big, f64::from_le_bytes),
        "f4" => each(data, is_big, |bytes| f64::from(f32::from_le_bytes(bytes))),
        "i8" => each(data, is_big, |bytes| i64::from_le_bytes(bytes) as f64),
        "i4" => each(data, is_big, |bytes| f64::from(i32::from_le_bytes(bytes))),
        "i2" => each(data, is_big, |bytes| f64::from(i16::from_le_bytes(bytes))),
        "i1" => each(data, is_big, |[byte]: [u8; 1]| f64::from(byte as i8)),
        "u8" => each(data, is_big, |bytes| u64::from_le_bytes(bytes) as f64),
        "u4" => each(data, is_big, |bytes| f64::from(u32::from_le_bytes(bytes))),
        "u2" => each(data, is_big, |bytes| f64::from(u16::from_le_bytes(bytes))),
        "u1" | "b1" => each(data, is_big, |[byte]: [u8; 1]| f64::from(byte)),
        other => {
            return Err(ImportError::new(format!(
                "it holds {other}, not numbers; save every array of a list by itself, as A0, A1, ..."
            )));
        }
    })
}

fn each<const N: usize>(data: &[u8], is_big: bool, number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    let bytes = |chunk: &[u8]| {
        let mut bytes = [0; N];
        bytes.copy_from_slice(chunk);
        if is_big {
            bytes.reverse();
        }
        bytes
    };
    data.chunks_exact(N).map(|chunk| number(bytes(chunk))).collect()
}
