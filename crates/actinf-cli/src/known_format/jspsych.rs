//! `columns = "jspsych"`: exports of jsPsych, one row per trial of the experiment. What the fit file names itself holds; the rest is
//! found by the names that jsPsych and its users give.

use super::Headers;
use actinf_agents::Schema;
use actinf_data::{CodedColumn, ColumnMapping, NumericColumn};

/// Where the person is named, the most telling column first.
const PERSONS: [&str; 8] = [
    "subject",
    "subject_id",
    "participant",
    "participant_id",
    "prolific_pid",
    "worker_id",
    "study_id",
    "run_id",
];

/// Where an only modality is found, if no column has its name.
const OUTCOMES: [&str; 5] = ["outcome", "feedback", "reward", "correct", "stimulus"];

/// Seconds per millisecond, in which jsPsych measures.
const SECONDS: f64 = 0.001;

pub(super) fn mapping(given: &ColumnMapping, schema: &Schema, headers: Headers<'_>) -> ColumnMapping {
    let mut mapping = given.clone();
    if mapping.subject.is_empty() {
        mapping.subject = headers.find(&PERSONS);
    }
    for control in &schema.controls {
        let names: &[&str] = if schema.controls.len() == 1 { &["response"] } else { &[] };
        if let Some(column) = headers.named(&control.name, names) {
            mapping.actions.entry(control.name.clone()).or_insert(Some(CodedColumn::new(column)));
        }
    }
    for modality in &schema.modalities {
        let names = if schema.modalities.len() == 1 { &OUTCOMES[..] } else { &[] };
        if let Some(column) = headers.named(&modality.name, names) {
            mapping.observations.entry(modality.name.clone()).or_insert(Some(CodedColumn::new(column)));
        }
    }
    for response in &schema.responses {
        let names: &[&str] = if schema.responses.len() == 1 { &["rt"] } else { &[] };
        let Some(column) = headers.named(&response.name, names) else { continue };
        let scale = if column == "rt" { SECONDS } else { 1.0 };
        let numeric = NumericColumn { scale, ..NumericColumn::new(column) };
        mapping.responses.entry(response.name.clone()).or_insert(Some(numeric));
    }
    mapping
}
