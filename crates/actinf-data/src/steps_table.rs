//! The table of steps: what held at each step of each fitted subject, ready as regressors.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::frames::{ColumnNames, csv, frame};
use crate::replace::replace_file;
use actinf_agents::{Quantity, Schema, StepRecord};
use actinf_fit::SubjectSteps;
use polars::prelude::*;
use std::path::Path;

/// The key under which the labels of all sessions and trials stand in the metadata of the Parquet file: trials
/// without a row, such as aborted ones, would otherwise be lost.
pub(crate) const LABELS: &str = "actinf.labels";

/// The columns every table of steps begins with.
const FIXED: [&str; 7] = ["subject", "session", "trial", "step", "row", "action", "log_probability"];

/// The names of the columns that depend on the model, in their order.
pub(crate) struct StepColumns {
    /// `p.<label>`, one per joint action.
    pub(crate) probabilities: Vec<String>,
    /// `<family>.<label>`, one per quantity.
    pub(crate) quantities: Vec<String>,
    /// `log_density.<response>`, one per response.
    pub(crate) densities: Vec<String>,
}

impl StepColumns {
    /// The names for a model. A name that is taken gets a prefix.
    pub(crate) fn of(schema: &Schema, quantities: &[Quantity]) -> Self {
        let mut names = ColumnNames::reserving(&FIXED);
        let labels = (0..schema.joint_actions()).map(|action| schema.joint_action_label(action));
        StepColumns {
            probabilities: labels.map(|label| names.claim(&format!("p.{label}"), "action")).collect(),
            quantities: quantities.iter().map(|q| names.claim(&q.column(), "quantity")).collect(),
            densities: schema
                .responses
                .iter()
                .map(|response| names.claim(&format!("log_density.{}", response.name), "response"))
                .collect(),
        }
    }
}

/// Writes the table of steps as CSV to a file, atomically: the columns of `steps.csv` in a results folder.
///
/// # Errors
///
/// If the table cannot be encoded or the file not be written; the error names it.
pub fn write_steps(
    path: &Path,
    schema: &Schema,
    quantities: &[Quantity],
    subjects: &[SubjectSteps],
) -> Result<(), Error> {
    let bytes = steps(schema, quantities, subjects).and_then(|mut table| csv(&mut table));
    replace_file(path, &bytes.map_err(|error| error.about(path.display()))?)
}

/// One step with the subject it belongs to.
struct Row<'a> {
    subject: &'a str,
    session: &'a str,
    trial: &'a str,
    step: &'a StepRecord,
}

/// Columns `subject, session, trial, step` (from 1), `row, action` (its label), `log_probability`, then those of
/// [`StepColumns`].
pub(crate) fn steps(
    schema: &Schema,
    quantities: &[Quantity],
    subjects: &[SubjectSteps],
) -> Result<DataFrame, Error> {
    let names = StepColumns::of(schema, quantities);
    let rows = rows(&names, subjects)?;
    let mut columns = fixed_columns(schema, &rows);
    let mut add = |names: &[String], value: fn(&StepRecord, usize) -> Option<f64>| {
        for (index, name) in names.iter().enumerate() {
            let values: Vec<_> = rows.iter().map(|row| value(row.step, index)).collect();
            columns.push(Column::new(name.into(), values));
        }
    };
    add(&names.probabilities, |step, index| Some(step.action_probabilities[index]));
    add(&names.quantities, |step, index| Some(step.quantities[index]));
    add(&names.densities, |step, index| step.response_log_densities[index]);
    frame(columns)
}

/// The columns of [`FIXED`].
fn fixed_columns(schema: &Schema, rows: &[Row]) -> Vec<Column> {
    let text = |name: &str, value: fn(&Row) -> String| {
        Column::new(name.into(), rows.iter().map(value).collect::<Vec<_>>())
    };
    let count = |name: &str, value: fn(&Row) -> usize| {
        Column::new(name.into(), rows.iter().map(|row| value(row) as u64).collect::<Vec<_>>())
    };
    let action = |row: &Row| row.step.action.map(|action| schema.joint_action_label(action));
    let log_probability = |row: &Row| row.step.log_probability;
    vec![
        text("subject", |row| row.subject.into()),
        text("session", |row| row.session.into()),
        text("trial", |row| row.trial.into()),
        count("step", |row| row.step.place.step + 1),
        count("row", |row| row.step.row),
        Column::new("action".into(), rows.iter().map(action).collect::<Vec<_>>()),
        Column::new("log_probability".into(), rows.iter().map(log_probability).collect::<Vec<_>>()),
    ]
}

/// All steps, each checked against the model and the labels of its subject.
fn rows<'a>(names: &StepColumns, subjects: &'a [SubjectSteps]) -> Result<Vec<Row<'a>>, Error> {
    let mut rows = Vec::new();
    for subject in subjects {
        for step in &subject.steps {
            let place = step.place;
            let session = subject.sessions.get(place.session);
            let trial = subject.trials.get(place.session).and_then(|trials| trials.get(place.trial));
            let fits = step.action_probabilities.len() == names.probabilities.len()
                && step.action.is_none_or(|action| action < names.probabilities.len())
                && step.quantities.len() == names.quantities.len()
                && step.response_log_densities.len() == names.densities.len();
            let (Some(session), Some(trial), true) = (session, trial, fits) else {
                let reason = format!(
                    "session {}, trial {}, step {} of subject `{}` does not fit the model or the labels",
                    place.session + 1,
                    place.trial + 1,
                    place.step + 1,
                    subject.subject
                );
                return Err(ErrorKind::Inconsistent { reason }.into());
            };
            rows.push(Row { subject: &subject.subject, session, trial, step });
        }
    }
    Ok(rows)
}

/// The labels of each subject's sessions and of their trials.
pub(crate) type SubjectLabels = (String, Vec<String>, Vec<Vec<String>>);

/// The labels of all subjects, as JSON.
pub(crate) fn labels_json(subjects: &[SubjectSteps]) -> Result<String, Error> {
    let labels: Vec<SubjectLabels> = subjects
        .iter()
        .map(|subject| (subject.subject.clone(), subject.sessions.clone(), subject.trials.clone()))
        .collect();
    serde_json::to_string(&labels)
        .map_err(|error| ErrorKind::CannotWrite { reason: error.to_string() }.into())
}
