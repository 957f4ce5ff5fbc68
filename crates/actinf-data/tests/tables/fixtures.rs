//! A small model and small files.

use actinf_agents::{Moment, ResponseVariable, RowOrder, Schema, Variable};
use actinf_data::{CodedColumn, ColumnMapping, Error, NumericColumn, read};
use actinf_fit::Dataset;
use std::path::PathBuf;
use tempfile::TempDir;

pub(crate) fn variable(name: &str, labels: &[&str]) -> Variable {
    Variable { name: name.into(), labels: labels.iter().map(ToString::to_string).collect() }
}

/// A control, a modality, and one response per moment.
pub(crate) fn schema() -> Schema {
    let response = |name: &str, moment| ResponseVariable { name: name.into(), moment };
    Schema {
        controls: vec![variable("choice", &["left", "right"])],
        modalities: vec![variable("outcome", &["lose", "draw", "win"])],
        responses: vec![
            response("time", Moment::Step),
            response("confidence", Moment::TrialEnd),
            response("mood", Moment::SessionEnd),
        ],
        row_order: RowOrder::ActThenObserve,
    }
}

/// Columns `id`, `choice`, `outcome`; no responses.
pub(crate) fn mapping() -> ColumnMapping {
    let mut mapping = ColumnMapping::new("id");
    mapping.actions.insert("choice".into(), Some(CodedColumn::new("choice")));
    mapping.observations.insert("outcome".into(), Some(CodedColumn::new("outcome")));
    for response in ["time", "confidence", "mood"] {
        mapping.responses.insert(response.into(), None);
    }
    mapping
}

/// The same with columns `session` and `trial`.
pub(crate) fn long_mapping() -> ColumnMapping {
    let mut mapping = mapping();
    mapping.session = Some("session".into());
    mapping.trial = Some("trial".into());
    mapping
}

/// The same with a column per response.
pub(crate) fn full_mapping() -> ColumnMapping {
    let mut mapping = long_mapping();
    for (response, column) in mapping.responses.iter_mut() {
        *column = Some(NumericColumn::new(response));
    }
    mapping
}

/// A file in a folder that lives as long as the value.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

pub(crate) fn file(name: &str, bytes: impl AsRef<[u8]>) -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    File { path, _folder: folder }
}

pub(crate) fn read_csv(text: &str, mapping: &ColumnMapping) -> Result<Dataset, Error> {
    read(&file("data.csv", text).path, mapping, &schema())
}

/// The text of the error, without the folder of the file.
pub(crate) fn message(text: &str, mapping: &ColumnMapping) -> String {
    shortened(&read_csv(text, mapping).unwrap_err())
}

pub(crate) fn shortened(error: &Error) -> String {
    let text = error.to_string();
    match error.file().and_then(|file| file.rfind(std::path::MAIN_SEPARATOR)) {
        Some(end) => text[end + 1..].to_owned(),
        None => text,
    }
}
