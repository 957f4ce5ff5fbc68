//! Writing a file or folder so that a failure leaves what was there before.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn cannot_write(error: impl std::fmt::Display) -> Error {
    ErrorKind::CannotWrite { reason: error.to_string() }.into()
}

/// A temporary folder beside `target`, on the same file system, removed when it is dropped.
fn workshop(target: &Path) -> Result<TempDir, Error> {
    let parent = match target.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(cannot_write("the root of a file system cannot be replaced")),
    };
    std::fs::create_dir_all(parent).map_err(cannot_write)?;
    tempfile::Builder::new().prefix(".actinf-").suffix(".tmp").tempdir_in(parent).map_err(cannot_write)
}

/// Writes a file; a file that is there is replaced in one step, and kept if anything fails.
///
/// # Errors
///
/// If the file cannot be written. The error names it.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        let workshop = workshop(path)?;
        let new = workshop.path().join("new");
        std::fs::write(&new, bytes).map_err(cannot_write)?;
        std::fs::rename(&new, path).map_err(cannot_write)
    };
    write().map_err(|error: Error| error.about(path.display()))
}

/// Writes a folder of files (relative paths and bytes). They are written to a temporary folder beside it, which then
/// takes the place of the old one by two renames; the old one is removed last. If anything fails, the old folder
/// stays. Should the machine stop between the two renames, the old folder is `old` in the temporary folder.
///
/// # Errors
///
/// If a file cannot be written or the folder cannot be replaced.
pub(crate) fn replace_folder(folder: &Path, files: &[(PathBuf, &[u8])]) -> Result<(), Error> {
    let workshop = workshop(folder)?;
    let new = workshop.path().join("new");
    std::fs::create_dir(&new).map_err(cannot_write)?;
    for (path, bytes) in files {
        let path = new.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(cannot_write)?;
        }
        std::fs::write(path, bytes).map_err(cannot_write)?;
    }
    let old = workshop.path().join("old");
    let displaced = folder.exists();
    if displaced {
        std::fs::rename(folder, &old).map_err(cannot_write)?;
    }
    match std::fs::rename(&new, folder) {
        Ok(()) => Ok(()),
        Err(error) if displaced && std::fs::rename(&old, folder).is_err() => {
            let kept = workshop.keep();
            let (previous, new) =
                (kept.join("old").display().to_string(), kept.join("new").display().to_string());
            Err(ErrorKind::Displaced { reason: error.to_string(), previous, new }.into())
        }
        Err(error) => Err(cannot_write(error)),
    }
}
