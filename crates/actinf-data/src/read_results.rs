//! Reading back the folder a fit wrote.

use crate::draws_table;
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::non_finite::NullIsNan;
use crate::parquet;
use crate::results_folder::{DRAWS, RECORD, STEPS};
use crate::steps_table::{LABELS, StepColumns, SubjectLabels};
use crate::trace_places::Places;
use actinf_agents::{Schema, StepRecord};
use actinf_fit::sampling::Sample;
use actinf_fit::{FitRecord, ModelRecord, Results, SubjectSteps};
use polars::prelude::*;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// The format this version writes and reads.
const FORMAT: &str = "actinf-fit/1";

/// Reads a result from `fit.json`, `steps.parquet` and, if it is there, `draws.parquet`. What [`crate::write_results`] wrote reads back the same,
/// except that infinite numbers of `fit.json` read back as NaN.
///
/// # Errors
///
/// If the folder holds no result, or one that is damaged or of another version. The error names the folder.
pub fn read_results(folder: &Path) -> Result<Results, Error> {
    let read = || {
        let record = record(folder)?;
        let steps = steps(folder, &record.model)?;
        let draws = draws(folder)?;
        Ok(Results { record, steps, draws })
    };
    read().map_err(|error: Error| error.about(folder.display()))
}

/// Reads the record of a result, `fit.json`, alone. Infinite numbers read back as NaN.
///
/// # Errors
///
/// If the folder holds no result, or one that is damaged or of another version. The error names the folder.
pub fn read_record(folder: &Path) -> Result<FitRecord, Error> {
    record(folder).map_err(|error: Error| error.about(folder.display()))
}

fn damaged(reason: impl std::fmt::Display) -> Error {
    ErrorKind::DamagedResult { reason: reason.to_string() }.into()
}

fn bytes_of(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    std::fs::read(folder.join(name)).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if !folder.exists() => {
            ErrorKind::NotAResult { reason: "there is no such folder".into() }.into()
        }
        std::io::ErrorKind::NotFound if name == RECORD => {
            ErrorKind::NotAResult { reason: format!("the folder holds no {RECORD}") }.into()
        }
        _ => damaged(format!("{name}: {error}")),
    })
}

fn record(folder: &Path) -> Result<FitRecord, Error> {
    let value: serde_json::Value = serde_json::from_slice(&bytes_of(folder, RECORD)?)
        .map_err(|error| damaged(format!("{RECORD} is not JSON ({error})")))?;
    match value.get("format").and_then(|format| format.as_str()) {
        Some(FORMAT) => {}
        Some(other) => {
            return Err(damaged(format!("its format is `{other}`, and this version reads `{FORMAT}`")));
        }
        None => {
            let reason = format!("its {RECORD} was not written by a fit: it has no field `format`");
            return Err(ErrorKind::NotAResult { reason }.into());
        }
    }
    FitRecord::deserialize(NullIsNan(value)).map_err(|error| damaged(format!("{RECORD}: {error}")))
}

fn steps(folder: &Path, model: &ModelRecord) -> Result<Vec<SubjectSteps>, Error> {
    let bytes = bytes_of(folder, STEPS)?;
    let in_file = |error: Error| damaged(format!("{STEPS}: {}", error.kind()));
    let (frame, metadata) = parquet::whole(bytes).map_err(in_file)?;
    let labels = metadata.iter().find(|(key, _)| key == LABELS);
    let (_, labels) =
        labels.ok_or_else(|| damaged(format!("{STEPS} lacks the labels of sessions and trials")))?;
    let labels: Vec<SubjectLabels> =
        serde_json::from_str(labels).map_err(|error| damaged(format!("{STEPS}: {error}")))?;
    let columns = Columns::of(&frame, model)?;
    let mut subjects = Vec::with_capacity(labels.len());
    let mut row = 0;
    for (subject, sessions, trials) in labels {
        let mut places = Places::new(&sessions, &trials);
        let mut steps = Vec::new();
        while row < frame.height() && columns.subject[row].as_deref() == Some(&subject) {
            steps.push(columns.step(row, &mut places)?);
            row += 1;
        }
        subjects.push(SubjectSteps { subject, sessions, trials, steps });
    }
    match row == frame.height() {
        true => Ok(subjects),
        false => Err(damaged(format!("{STEPS}: row {} belongs to no subject of {RECORD}", row + 1))),
    }
}

/// The draws, if there are any.
fn draws(folder: &Path) -> Result<Option<Sample>, Error> {
    if !folder.join(DRAWS).is_file() {
        return Ok(None);
    }
    let sample = draws_table::read_draws(bytes_of(folder, DRAWS)?);
    sample.map(Some).map_err(|error| damaged(format!("{DRAWS}: {}", error.kind())))
}

/// The columns of a table of steps.
struct Columns {
    subject: Vec<Option<String>>,
    session: Vec<Option<String>>,
    trial: Vec<Option<String>>,
    step: Vec<Option<u64>>,
    row: Vec<Option<u64>>,
    action: Vec<Option<usize>>,
    log_probability: Vec<Option<f64>>,
    probabilities: Vec<Vec<Option<f64>>>,
    quantities: Vec<Vec<Option<f64>>>,
    densities: Vec<Vec<Option<f64>>>,
}

impl Columns {
    fn of(frame: &DataFrame, model: &ModelRecord) -> Result<Columns, Error> {
        let names = StepColumns::of(&model.schema, &model.quantities);
        let in_file = |error: PolarsError| damaged(format!("{STEPS}: {error}"));
        let column = |name: &str| frame.column(name).map_err(in_file);
        let text = |name: &str| -> Result<Vec<Option<String>>, Error> {
            Ok(column(name)?.str().map_err(in_file)?.iter().map(|text| text.map(str::to_owned)).collect())
        };
        let count = |name: &str| -> Result<Vec<Option<u64>>, Error> {
            Ok(column(name)?.u64().map_err(in_file)?.iter().collect())
        };
        let number = |name: &str| -> Result<Vec<Option<f64>>, Error> {
            Ok(column(name)?.f64().map_err(in_file)?.iter().collect())
        };
        let numbers = |names: &[String]| names.iter().map(|name| number(name)).collect::<Result<_, _>>();
        Ok(Columns {
            subject: text("subject")?,
            session: text("session")?,
            trial: text("trial")?,
            step: count("step")?,
            row: count("row")?,
            action: actions(&model.schema, text("action")?)?,
            log_probability: number("log_probability")?,
            probabilities: numbers(&names.probabilities)?,
            quantities: numbers(&names.quantities)?,
            densities: numbers(&names.densities)?,
        })
    }

    fn step(&self, index: usize, places: &mut Places) -> Result<StepRecord, Error> {
        let missing = |what: &str| damaged(format!("{STEPS}: row {} has no usable {what}", index + 1));
        let labels = self.session[index].as_deref().zip(self.trial[index].as_deref());
        let (session, trial) = labels.ok_or_else(|| missing("session or trial"))?;
        let step = self.step[index].and_then(|step| usize::try_from(step).ok()?.checked_sub(1));
        let step = step.ok_or_else(|| missing("step"))?;
        let all =
            |columns: &[Vec<Option<f64>>]| columns.iter().map(|column| column[index]).collect::<Option<_>>();
        Ok(StepRecord {
            place: places.next(session, trial, step).ok_or_else(|| missing("session or trial"))?,
            row: self.row[index].and_then(|row| usize::try_from(row).ok()).ok_or_else(|| missing("row"))?,
            action: self.action[index],
            log_probability: self.log_probability[index],
            action_probabilities: all(&self.probabilities).ok_or_else(|| missing("action probability"))?,
            quantities: all(&self.quantities).ok_or_else(|| missing("quantity"))?,
            response_log_densities: self.densities.iter().map(|column| column[index]).collect(),
        })
    }
}

/// The indices of joint actions, from their labels.
fn actions(schema: &Schema, labels: Vec<Option<String>>) -> Result<Vec<Option<usize>>, Error> {
    let mut index_of: HashMap<String, usize> = HashMap::new();
    for index in 0..schema.joint_actions() {
        let label = schema.joint_action_label(index);
        if index_of.insert(label.clone(), index).is_some() {
            return Err(damaged(format!("two joint actions have the label `{label}`")));
        }
    }
    let index = |label: String| {
        index_of.get(&label).copied().ok_or_else(|| damaged(format!("{STEPS}: unknown action `{label}`")))
    };
    labels.into_iter().map(|label| label.map(index).transpose()).collect()
}
