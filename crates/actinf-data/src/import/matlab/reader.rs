//! The elements of a MAT-file, one after the other.

use super::super::ImportError;

/// The length of the header.
const HEADER: usize = 128;

/// A place in the bytes of a file.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    is_little_endian: bool,
}

/// A piece of data with its type.
pub(super) struct Element<'a> {
    pub(super) kind: u32,
    pub(super) data: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn of_file(bytes: &'a [u8]) -> Result<Reader<'a>, ImportError> {
        let no_file = || {
            ImportError::new("it is no MAT-file of version 5; in MATLAB, save(file, name, '-v7') writes one")
        };
        let header = bytes.get(..HEADER).ok_or_else(no_file)?;
        let is_little_endian = match &header[HEADER - 2..] {
            b"IM" => true,
            b"MI" => false,
            _ => return Err(no_file()),
        };
        Ok(Reader { rest: &bytes[HEADER..], is_little_endian })
    }

    /// A reader of other bytes of the same file.
    pub(super) fn of<'b>(&self, bytes: &'b [u8]) -> Reader<'b> {
        Reader { rest: bytes, is_little_endian: self.is_little_endian }
    }

    /// How many bytes are left.
    pub(super) fn rest(&self) -> usize {
        self.rest.len()
    }

    /// The next element, if there is one.
    pub(super) fn next_element(&mut self) -> Result<Option<Element<'a>>, ImportError> {
        if self.rest.len() < 8 {
            return Ok(None);
        }
        let first = self.word(self.rest, 0)?;
        let (kind, start, length) = match first >> 16 {
            0 => (first, 8, self.word(self.rest, 4)? as usize),
            small => (first & 0xffff, 4, small as usize),
        };
        let data = self.rest.get(start..).and_then(|rest| rest.get(..length)).ok_or_else(damaged)?;
        let end = start + length;
        // Compressed elements are not padded.
        let next = if kind == super::COMPRESSED { end } else { end.div_ceil(8) * 8 };
        self.rest = self.rest.get(next..).unwrap_or_default();
        Ok(Some(Element { kind, data }))
    }

    /// The next element, which must be there.
    pub(super) fn required(&mut self) -> Result<Element<'a>, ImportError> {
        self.next_element()?.ok_or_else(damaged)
    }

    /// The four bytes at a place as a whole number.
    pub(super) fn word(&self, data: &[u8], at: usize) -> Result<u32, ImportError> {
        let bytes =
            data.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()).ok_or_else(damaged)?;
        Ok(if self.is_little_endian { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// The numbers of an element, whatever type they were stored as.
    pub(super) fn numbers(&self, element: &Element<'_>) -> Result<Vec<f64>, ImportError> {
        let data = element.data;
        Ok(match element.kind {
            1 => self.each(data, |[a]: [u8; 1]| f64::from(a as i8)),
            2 | 16 => self.each(data, |[a]: [u8; 1]| f64::from(a)),
            3 => self.each(data, |bytes| f64::from(i16::from_le_bytes(bytes))),
            4 | 17 => self.each(data, |bytes| f64::from(u16::from_le_bytes(bytes))),
            5 => self.each(data, |bytes| f64::from(i32::from_le_bytes(bytes))),
            6 | 18 => self.each(data, |bytes| f64::from(u32::from_le_bytes(bytes))),
            7 => self.each(data, |bytes| f64::from(f32::from_le_bytes(bytes))),
            9 => self.each(data, f64::from_le_bytes),
            12 => self.each(data, |bytes| i64::from_le_bytes(bytes) as f64),
            13 => self.each(data, |bytes| u64::from_le_bytes(bytes) as f64),
            other => return Err(ImportError::new(format!("it holds numbers of the unknown type {other}"))),
        })
    }

    /// Each number of so many bytes, which are turned round where the file is big-endian.
    fn each<const N: usize>(&self, data: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        let bytes = |chunk: &[u8]| {
            let mut bytes = [0; N];
            bytes.copy_from_slice(chunk);
            if !self.is_little_endian {
                bytes.reverse();
            }
            bytes
        };
        data.chunks_exact(N).map(|chunk| number(bytes(chunk))).collect()
    }
}

fn damaged() -> ImportError {
    ImportError::new("it is damaged: an element ends before its data")
}
