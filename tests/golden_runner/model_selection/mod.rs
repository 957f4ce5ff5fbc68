//! Random-effects Bayesian model selection as SPM and VBA do it, and its fixed point: three recorded formats.

mod cbm;
mod numbers;
mod spm;
mod toolboxes;

use super::Case;
use serde_json::Value;
use std::path::Path;

/// The cases of a document, if it is one of the three formats.
pub(crate) fn cases(name: &str, file: &Path, document: &Value) -> Option<Result<Vec<Case>, String>> {
    if document["format"] == "aif-spm-fixture/1" && document["kind"] == "bms" {
        return Some(Ok(vec![spm::case(name, document.clone())]));
    }
    if document.get("bms").is_some() && document.get("lme_sources").is_some() {
        return Some(cbm::cases(name, file, document));
    }
    let matrices = document.as_object()?;
    let is_matrix = |value: &Value| value.get("lme_subjects_by_models").is_some();
    matrices.values().any(is_matrix).then(|| Ok(toolboxes::cases(name, document)))
}
