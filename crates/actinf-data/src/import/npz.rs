//! NumPy's `.npz` files: an archive (ZIP) of arrays (`.npy`), stored or deflated.
//!
//! # References
//!
//! NumPy, *NEP 1 — A simple file format for NumPy arrays*. PKWARE, *APPNOTE.TXT — .ZIP File Format Specification*.

mod archive;
mod array;

use super::ImportError;
use actinf_agents::model_arrays::Tensor;

/// The arrays of a file by name.
pub(super) fn read(bytes: Vec<u8>) -> Result<Vec<(String, Tensor)>, ImportError> {
    let mut arrays = Vec::new();
    for (name, data) in archive::files(&bytes)? {
        let name = name.strip_suffix(".npy").unwrap_or(&name).to_owned();
        let array = array::read(&data).map_err(|error| error.about(format!("array {name}")))?;
        arrays.push((name, array));
    }
    Ok(arrays)
}
