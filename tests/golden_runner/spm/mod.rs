//! Recorded runs of SPM's routines under GNU Octave 7.3: files whose `format` is `aif-spm-fixture/1`, one replayer per kind.

mod arrays;
mod group;
mod inversion;
mod model;
mod reduction;
mod trials;
mod units;

use super::Case;
use serde_json::Value;

/// The one case of a file; `None` where its kind is not replayed here.
pub(crate) fn case(name: &str, document: Value) -> Option<Case> {
    let replay: fn(&Value) -> Result<(), String> = match document["kind"].as_str()? {
        "bmr" => reduction::replay,
        "inversion" => inversion::replay,
        "mdpx" => trials::replay,
        "peb" => group::replay,
        "units" => units::replay,
        _ => return None,
    };
    Some(Case { name: name.to_string(), replay: Box::new(move || replay(&document)) })
}
