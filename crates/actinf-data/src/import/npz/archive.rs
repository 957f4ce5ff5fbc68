//! The files of a ZIP archive, from its directory, which stands at the end.

use super::super::ImportError;
use std::io::Read;

/// The most bytes a file may have: what takes more is no model.
const LARGEST: u64 = 1 << 30;

const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

/// The names and contents of all files.
pub(super) fn files(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ImportError> {
    let no_archive = || ImportError::new("it is no .npz file: it has no directory of an archive");
    let end = bytes.windows(END.len()).rposition(|window| window == END).ok_or_else(no_archive)?;
    let count = short(bytes, end + 10)?;
    let mut at = long(bytes, end + 16)?;
    let mut files = Vec::new();
    for _ in 0..count {
        let entry = bytes.get(at..).filter(|entry| entry.starts_with(ENTRY)).ok_or_else(damaged)?;
        let [name, extra, comment] = [28, 30, 32].map(|place| short(entry, place));
        let (name, extra, comment) = (name?, extra?, comment?);
        let text = entry.get(46..46 + name).ok_or_else(damaged)?;
        files.push((String::from_utf8_lossy(text).into_owned(), contents(bytes, entry)?));
        at += 46 + name + extra + comment;
    }
    Ok(files)
}

/// What the file of a directory entry holds.
fn contents(bytes: &[u8], entry: &[u8]) -> Result<Vec<u8>, ImportError> {
    let (method, size, at) = (short(entry, 10)?, long(entry, 20)?, long(entry, 42)?);
    let local = bytes.get(at..).filter(|local| local.starts_with(LOCAL)).ok_or_else(damaged)?;
    let start = 30 + short(local, 26)? + short(local, 28)?;
    let data = local.get(start..).and_then(|rest| rest.get(..size)).ok_or_else(damaged)?;
    match method {
        0 => Ok(data.to_vec()),
        8 => {
            let mut inflated = Vec::new();
            let mut decoder = flate2::read::DeflateDecoder::new(data).take(LARGEST);
            decoder.read_to_end(&mut inflated).map_err(|_| damaged())?;
            Ok(inflated)
        }
        other => Err(ImportError::new(format!(
            "it is compressed by method {other}; np.savez or np.savez_compressed write others"
        ))),
    }
}

/// The two bytes at a place as a whole number.
fn short(bytes: &[u8], at: usize) -> Result<usize, ImportError> {
    let pair = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()).ok_or_else(damaged)?;
    Ok(usize::from(u16::from_le_bytes(*pair)))
}

/// The four bytes at a place as a whole number.
fn long(bytes: &[u8], at: usize) -> Result<usize, ImportError> {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or_else(damaged)?;
    Ok(u32::from_le_bytes(*word) as usize)
}

fn damaged() -> ImportError {
    ImportError::new("it is damaged: the archive ends before its files")
}
