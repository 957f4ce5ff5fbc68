//! The `[data]` table: the file and which of its columns feed the model.

use super::DataSettings;
use crate::known_format::KnownFormat;
use actinf_agents::document::{DocumentError, Section, Value};
use actinf_data::{CodedColumn, ColumnMapping, NumericColumn, StepColumns};
use std::collections::BTreeMap;
use std::path::Path;

const KEYS: [&str; 15] = [
    "file",
    "task",
    "columns",
    "subject",
    "session",
    "trial",
    "aborted",
    "group",
    "covariates",
    "missing",
    "rows",
    "actions",
    "observations",
    "responses",
    "steps",
];

/// What `columns` may say: a known format instead of columns one by one.
const FORMATS: [(&str, KnownFormat); 2] =
    [("hbayesdm", KnownFormat::HBayesDm), ("jspsych", KnownFormat::JsPsych)];

/// The column of the person in a BIDS folder.
const PARTICIPANT: &str = "participant_id";

pub(super) fn data(table: Value<'_>) -> Result<DataSettings, DocumentError> {
    let section = table.section(&KEYS)?;
    let format = section.optional("columns").map(|format| format.choice(&FORMATS)).transpose()?;
    let decided = format.map_or(&[][..], KnownFormat::decides);
    if let Some(at) = decided.iter().find_map(|key| section.optional(key)) {
        return Err(at.reject("must be left out where `columns` names a format, which says it"));
    }
    let file = section.text("file")?;
    let subject = match format {
        _ if !is_a_table(file) => section.optional_text("subject")?.unwrap_or(PARTICIPANT),
        Some(_) => section.optional_text("subject")?.unwrap_or_default(),
        None => section.text("subject")?,
    };
    let mut columns = ColumnMapping::new(subject);
    let text = |key: &str| Ok::<_, DocumentError>(section.optional_text(key)?.map(String::from));
    columns.task = text("task")?;
    columns.session = text("session")?;
    columns.trial = text("trial")?;
    columns.aborted = text("aborted")?;
    columns.group = text("group")?;
    if let Some(covariates) = section.optional("covariates") {
        columns.covariates = covariates.texts()?.into_iter().map(String::from).collect();
    }
    if let Some(missing) = section.optional("missing") {
        columns.missing = missing.texts()?.into_iter().map(String::from).collect();
    }
    for entry in section.optional("rows").map_or(Ok(Vec::new()), Value::entries)? {
        let texts = if entry.value.is_list() { entry.value.texts()? } else { vec![entry.value.text()?] };
        columns.rows.insert(entry.key.to_owned(), texts.into_iter().map(String::from).collect());
    }
    columns.actions = by_variable(&section, "actions", coded)?;
    columns.observations = by_variable(&section, "observations", coded)?;
    columns.responses = by_variable(&section, "responses", numeric)?;
    for step in section.optional("steps").map_or(Ok(Vec::new()), Value::list)? {
        let step = step.section(&["actions", "observations"])?;
        columns.steps.push(StepColumns {
            actions: by_variable(&step, "actions", coded)?,
            observations: by_variable(&step, "observations", coded)?,
        });
    }
    Ok(DataSettings { file: file.to_string(), format, columns })
}

/// Whether a name ends as tables do; otherwise it may be that of a folder.
fn is_a_table(file: &str) -> bool {
    let extension = Path::new(file).extension().unwrap_or_default().to_string_lossy().to_lowercase();
    ["csv", "tsv", "txt", "parquet"].contains(&extension.as_str())
}

/// One column per variable of the model; `false` declares that the data do not have it.
fn by_variable<T>(
    section: &Section<'_>,
    key: &str,
    read: fn(Value<'_>) -> Result<T, DocumentError>,
) -> Result<BTreeMap<String, Option<T>>, DocumentError> {
    let Some(table) = section.optional(key) else { return Ok(BTreeMap::new()) };
    let column = |value: Value<'_>| match value.boolean() {
        Ok(false) => Ok(None),
        _ => read(value).map(Some),
    };
    table.entries()?.into_iter().map(|entry| Ok((entry.key.to_string(), column(entry.value)?))).collect()
}

/// `"column"`, or a table with the codes or labels of its cells.
fn coded(value: Value<'_>) -> Result<CodedColumn, DocumentError> {
    if value.is_text() {
        return Ok(CodedColumn::new(value.text()?));
    }
    let section = value.section(&["column", "first_code", "labels", "cuts", "scale"])?;
    let mut column = CodedColumn::new(section.text("column")?);
    if let Some(first_code) = section.optional("first_code") {
        column.first_code = first_code.integer()?;
    }
    if let Some(cuts) = section.optional("cuts") {
        column.cuts = cuts.list()?.into_iter().map(Value::number).collect::<Result<_, _>>()?;
    }
    if let Some(scale) = section.optional("scale") {
        column.scale = scale.number()?;
        if column.cuts.is_empty() {
            return Err(scale.reject("belongs to `cuts`, which say where amounts are told apart"));
        }
    }
    if let Some(labels) = section.optional("labels") {
        let label = |entry: actinf_agents::document::Entry<'_>| {
            Ok::<_, DocumentError>((entry.key.to_string(), entry.value.text()?.to_string()))
        };
        column.labels = labels.entries()?.into_iter().map(label).collect::<Result<_, _>>()?;
    }
    Ok(column)
}

/// `"column"`, or a table with the scale and offset of its cells.
fn numeric(value: Value<'_>) -> Result<NumericColumn, DocumentError> {
    if value.is_text() {
        return Ok(NumericColumn::new(value.text()?));
    }
    let section = value.section(&["column", "scale", "offset"])?;
    let mut column = NumericColumn::new(section.text("column")?);
    if let Some(scale) = section.optional("scale") {
        column.scale = scale.number()?;
    }
    if let Some(offset) = section.optional("offset") {
        column.offset = offset.number()?;
    }
    Ok(column)
}
