//! The file someone probably meant.

use actinf_agents::nearest_name;
use std::path::Path;

/// `; did you mean ...?` where a path leads nowhere and its folder holds a name that is near; otherwise nothing.
pub(crate) fn suggestion(path: &Path) -> String {
    nearest(path).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn nearest(path: &Path) -> Option<String> {
    if path.exists() {
        return None;
    }
    let folder = path.parent()?;
    let searched = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut names: Vec<String> = std::fs::read_dir(searched)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    // The file system's order is not the same everywhere.
    names.sort();
    let near = nearest_name(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(folder.join(near).display().to_string())
}
