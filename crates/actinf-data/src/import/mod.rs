//! Models of other programs: SPM's MDP structures from `.mat` files, pymdp's arrays from `.npz` files.
//!
//! [`import`] gives the arrays of a model, from which [`ModelArrays::to_model_file`] writes a model file.

mod error;
mod matlab;
mod npz;
mod pymdp;
mod spm;

pub use error::ImportError;

use actinf_agents::model_arrays::ModelArrays;
use std::path::Path;

/// Reads the model in a `.mat` file (version 5, with which MATLAB's `save` writes `-v6` and `-v7`) or an `.npz` file.
///
/// # Errors
///
/// If the file cannot be read, holds no model, or a field has another size than the others ask for. The error names the file and
/// the field.
pub fn import(file: &Path) -> Result<ModelArrays, ImportError> {
    let name = file.file_stem().map_or_else(|| "imported".into(), |stem| stem.to_string_lossy().into_owned());
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let read = || match extension.as_deref() {
        Some("mat") => spm::model(&name, &matlab::read(&bytes(file)?)?),
        Some("npz") => pymdp::model(&name, &npz::read(bytes(file)?)?),
        _ => Err(ImportError::new(
            "its name ends neither in .mat nor in .npz; `actinf import --help` says how SPM and pymdp write such a file",
        )),
    };
    read().map_err(|error| error.about(file.display()))
}

fn bytes(file: &Path) -> Result<Vec<u8>, ImportError> {
    std::fs::read(file).map_err(|error| ImportError::new(error.to_string()))
}

/// The labels `prefix1`, `prefix2`, ...
fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (1..=count).map(|k| format!("{prefix}{k}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/import");
        std::fs::read(folder.join(name)).unwrap()
    }

    /// Half a file is no model, and every byte may be wrong.
    #[test]
    fn no_damage_panics() {
        let of_mat = |bytes: &[u8]| matlab::read(bytes).and_then(|variables| spm::model("m", &variables));
        let of_npz = |bytes: &[u8]| npz::read(bytes.to_vec()).and_then(|arrays| pymdp::model("m", &arrays));
        for name in ["explore_exploit.mat", "explore_exploit_v6.mat"] {
            let bytes = fixture(name);
            let whole = of_mat(&bytes).unwrap();
            assert!(whole.to_model_file().is_ok());
            for end in 0..bytes.len() {
                let cut = of_mat(&bytes[..end]);
                assert!(cut.is_err() || cut.is_ok_and(|cut| cut == whole), "{name} cut at {end}");
                let mut wrong = bytes.clone();
                wrong[end] ^= 0x55;
                let _ = of_mat(&wrong).map(|model| model.to_model_file());
            }
        }
        for name in ["explore_exploit.npz", "explore_exploit_compressed.npz"] {
            let bytes = fixture(name);
            let whole = of_npz(&bytes).unwrap();
            assert!(whole.to_model_file().is_ok());
            for end in 0..bytes.len() {
                // All arrays stand before the archive's directory: without the rest of that, nothing is lost.
                let cut = of_npz(&bytes[..end]);
                assert!(cut.is_err() || cut.is_ok_and(|cut| cut == whole), "{name} cut at {end}");
                let mut wrong = bytes.clone();
                wrong[end] ^= 0x55;
                let _ = of_npz(&wrong).map(|model| model.to_model_file());
            }
        }
    }
}
