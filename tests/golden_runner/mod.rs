//! Finding golden cases and the replayer each belongs to: one file per format.

mod agency;
mod baselines;
mod differences;
mod model_selection;
mod pymdp;
mod spm;

use serde_json::Value;
use std::path::{Path, PathBuf};

/// One golden case.
pub(crate) struct Case {
    /// File and case.
    pub(crate) name: String,
    /// Replays the case; the error says what differs and by how much.
    pub(crate) replay: Box<dyn FnOnce() -> Result<(), String> + Send>,
}

/// Every case below `folder`, in the order of file names.
pub(crate) fn cases(folder: &Path) -> Result<Vec<Case>, String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let document: Value =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        match document["format"].as_str() {
            Some("agency-reference/1") => found.extend(agency::cases(&name, &file, document)?),
            _ if spm::knows(&document) => found.push(spm::case(&name, document)),
            _ if pymdp::knows(&document) => found.push(pymdp::case(&name, document)),
            _ => match model_selection::cases(&name, &file, &document)
                .or_else(|| baselines::cases(&name, &file, &document))
            {
                Some(cases) => found.extend(cases?),
                None => println!("passed over: {name} (no replayer knows its format)"),
            },
        }
    }
    Ok(found)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
