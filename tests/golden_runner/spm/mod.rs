//! Recorded runs of SPM's routines under GNU Octave 7.3: files whose `format` is `aif-spm-fixture/1`, one replayer per kind.

mod arrays;
mod group;
mod inversion;
mod linear;
mod model;
mod reduction;
mod trials;
mod units;

use super::Case;
use serde_json::Value;

type Replay = fn(&Value) -> Result<(), String>;

fn replayer(document: &Value) -> Option<Replay> {
    if document["format"] != "aif-spm-fixture/1" {
        return None;
    }
    let replay: Replay = match document["kind"].as_str()? {
        "bmr" => reduction::replay,
        "inversion" => inversion::replay,
        "mdpx" => trials::replay,
        "nlsi_linear" => linear::replay,
        "peb" => group::replay,
        "units" => units::replay,
        _ => return None,
    };
    Some(replay)
}

/// Whether a file is of this form and of a kind that is replayed here; comparisons of models are replayed elsewhere.
pub(crate) fn knows(document: &Value) -> bool {
    replayer(document).is_some()
}

/// The one case of a file.
pub(crate) fn case(name: &str, document: Value) -> Case {
    let replay = move || match replayer(&document) {
        Some(replay) => replay(&document),
        None => Err("no replayer knows its kind".into()),
    };
    Case { name: name.to_string(), replay: Box::new(replay) }
}
