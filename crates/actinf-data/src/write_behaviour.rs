//! Behaviour, simulated or read, written as a table that reads back the same.

use crate::columns::{CodedColumn, ColumnMapping, NumericColumn};
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::frames::{csv, frame};
use crate::replace::replace_file;
use actinf_agents::{Observation, Schema, Step, Subject, Trial, Variable};
use polars::prelude::Column;
use std::collections::BTreeMap;
use std::path::Path;

/// The mapping of the tables that [`write_behaviour`] writes: columns `subject`, `session`, `trial`, and one per
/// variable by its own name. A name that is used twice gets the prefix `action.`, `observation.` or `response.`.
///
/// The column `step` is written for the reader's eye and not mapped; `aborted` is mapped only where it is needed.
pub fn behaviour_mapping(schema: &Schema) -> ColumnMapping {
    let fixed = ["subject", "group", "session", "trial", "step", "aborted"].into_iter();
    let coded = schema.controls.iter().chain(&schema.modalities).map(|variable| variable.name.as_str());
    let responses = schema.responses.iter().map(|response| response.name.as_str());
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for name in fixed.chain(coded).chain(responses) {
        *uses.entry(name).or_default() += 1;
    }
    let column = |name: &str, prefix: &str| match uses.get(name) {
        Some(1) => name.to_owned(),
        _ => format!("{prefix}.{name}"),
    };
    let coded = |variables: &[Variable], prefix: &str| {
        let names = variables.iter().map(|variable| &variable.name);
        names.map(|name| (name.clone(), Some(CodedColumn::new(column(name, prefix))))).collect()
    };
    let mut mapping = ColumnMapping::new("subject");
    mapping.session = Some("session".into());
    mapping.trial = Some("trial".into());
    mapping.actions = coded(&schema.controls, "action");
    mapping.observations = coded(&schema.modalities, "observation");
    let names = schema.responses.iter().map(|response| &response.name);
    mapping.responses =
        names.map(|name| (name.clone(), Some(NumericColumn::new(column(name, "response"))))).collect();
    // Missing values are written as empty cells, so that no label can be mistaken for one.
    mapping.missing = Vec::new();
    mapping
}

/// Writes behaviour as CSV with the columns of [`behaviour_mapping`], labels for actions and outcomes, and empty
/// cells for missing values; a column `aborted` (`true`, `false`) follows if any trial was aborted, and a column
/// `group` stands second if any of `groups` (one per subject, or none at all) is known.
///
/// [`crate::read`] with the returned mapping gives the same subjects with their rows numbered, but for sessions and
/// trials without steps, which a table cannot hold.
///
/// # Errors
///
/// If the behaviour does not fit the schema, or the file cannot be written. The error names the file.
pub fn write_behaviour(
    path: &Path,
    schema: &Schema,
    subjects: &[Subject],
    groups: &[Option<String>],
) -> Result<ColumnMapping, Error> {
    let mut mapping = behaviour_mapping(schema);
    let rows = rows(subjects, groups);
    mapping.group = rows.iter().any(|row| row.group.is_some()).then(|| "group".to_owned());
    let write = || {
        check(schema, &rows)?;
        let mut columns = place_columns(&rows);
        if mapping.group.is_some() {
            let groups: Vec<Option<&str>> = rows.iter().map(|row| row.group).collect();
            columns.insert(1, Column::new("group".into(), groups));
        }
        columns.extend(value_columns(schema, &mapping, &rows));
        if rows.iter().any(|row| row.trial.aborted) {
            let aborted: Vec<bool> = rows.iter().map(|row| row.trial.aborted).collect();
            columns.push(Column::new("aborted".into(), aborted));
        }
        csv(&mut frame(columns)?)
    };
    let bytes = write().map_err(|error| error.about(path.display()))?;
    replace_file(path, &bytes)?;
    if rows.iter().any(|row| row.trial.aborted) {
        mapping.aborted = Some("aborted".into());
    }
    Ok(mapping)
}

struct Row<'a> {
    subject: &'a str,
    group: Option<&'a str>,
    session: &'a str,
    trial: &'a Trial,
    number: u64,
    step: &'a Step,
}

fn rows<'a>(subjects: &'a [Subject], groups: &'a [Option<String>]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (position, subject) in subjects.iter().enumerate() {
        let group = groups.get(position).and_then(Option::as_deref);
        for session in &subject.sessions {
            for trial in &session.trials {
                for (number, step) in (1..).zip(&trial.steps) {
                    let (subject, session) = (subject.id.as_str(), session.label.as_str());
                    rows.push(Row { subject, group, session, trial, number, step });
                }
            }
        }
    }
    rows
}

/// Checks that every step has the variables of the schema, and indices of labels that exist.
fn check(schema: &Schema, rows: &[Row]) -> Result<(), Error> {
    let in_range = |index: usize, variable: &Variable| index < variable.labels.len();
    for row in rows {
        let step = row.step;
        let fits = step.actions.len() == schema.controls.len()
            && step.observations.len() == schema.modalities.len()
            && step.responses.len() == schema.responses.len()
            && step.actions.iter().zip(&schema.controls).all(|(a, v)| a.is_none_or(|a| in_range(a, v)))
            && step.observations.iter().zip(&schema.modalities).all(|(observation, variable)| {
                match observation {
                    Observation::Missing => true,
                    Observation::Outcome(index) => in_range(*index, variable),
                    // A cell holds a label or nothing.
                    Observation::Distribution(_) | Observation::Masked { .. } => false,
                }
            });
        if !fits {
            let reason = format!(
                "step {} of trial `{}`, session `{}`, subject `{}` does not fit the variables of the model",
                row.number, row.trial.label, row.session, row.subject
            );
            return Err(ErrorKind::Inconsistent { reason }.into());
        }
    }
    Ok(())
}

fn place_columns(rows: &[Row]) -> Vec<Column> {
    vec![
        Column::new("subject".into(), rows.iter().map(|row| row.subject).collect::<Vec<_>>()),
        Column::new("session".into(), rows.iter().map(|row| row.session).collect::<Vec<_>>()),
        Column::new("trial".into(), rows.iter().map(|row| row.trial.label.as_str()).collect::<Vec<_>>()),
        Column::new("step".into(), rows.iter().map(|row| row.number).collect::<Vec<_>>()),
    ]
}

/// One column per control, modality and response. The rows have passed [`check`].
fn value_columns(schema: &Schema, mapping: &ColumnMapping, rows: &[Row]) -> Vec<Column> {
    let mut columns = Vec::new();
    let named =
        |mapped: Option<&Option<CodedColumn>>| mapped.and_then(Option::as_ref).map(|c| c.column.clone());
    for (index, control) in schema.controls.iter().enumerate() {
        let label = |row: &Row| row.step.actions[index].map(|action| control.labels[action].as_str());
        let name = named(mapping.actions.get(&control.name)).unwrap_or_default();
        columns.push(Column::new(name.into(), rows.iter().map(label).collect::<Vec<_>>()));
    }
    for (index, modality) in schema.modalities.iter().enumerate() {
        let label = |row: &Row| match row.step.observations[index] {
            Observation::Outcome(outcome) => Some(modality.labels[outcome].as_str()),
            _ => None,
        };
        let name = named(mapping.observations.get(&modality.name)).unwrap_or_default();
        columns.push(Column::new(name.into(), rows.iter().map(label).collect::<Vec<_>>()));
    }
    for (index, response) in schema.responses.iter().enumerate() {
        let mapped = mapping.responses.get(&response.name).and_then(Option::as_ref);
        let name = mapped.map(|numeric| numeric.column.clone()).unwrap_or_default();
        let values: Vec<Option<f64>> = rows.iter().map(|row| row.step.responses[index]).collect();
        columns.push(Column::new(name.into(), values));
    }
    columns
}
