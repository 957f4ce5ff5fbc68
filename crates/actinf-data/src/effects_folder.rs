//! The folder an analysis of effects writes.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::frames;
use crate::results_folder::{ExtraFile, OwnFiles, check_folder, write_folder};
use actinf_fit::empirical_bayes::{Effect, Effects, EffectsRecord, Prediction};
use polars::prelude::*;
use std::path::Path;

/// The machine-readable record of the analysis.
const RECORD: &str = "effects.json";

/// Writes an analysis of effects: `effects.json`, the tables `effects.csv` and `people.csv`, `prediction.csv` where a column was
/// predicted, and the additional files.
///
/// The folder is replaced as a whole once everything is written: a failure leaves the old one untouched.
///
/// # Errors
///
/// If the folder holds something else than an analysis of effects, an additional file has an unusable path, or the file system
/// refuses. The error names the folder.
pub fn write_effects(folder: &Path, record: &EffectsRecord, extra_files: &[ExtraFile]) -> Result<(), Error> {
    write_folder(folder, RECORD, || own_files(record), extra_files)
}

/// Checks that an analysis of effects could be written to the folder, before the work of making one.
///
/// # Errors
///
/// If the folder holds something else. The error names it.
pub fn check_effects_folder(folder: &Path) -> Result<(), Error> {
    check_folder(folder, RECORD)
}

fn own_files(record: &EffectsRecord) -> Result<OwnFiles, Error> {
    let encoded = |error: serde_json::Error| ErrorKind::CannotWrite { reason: error.to_string() };
    let mut json = serde_json::to_vec_pretty(record).map_err(encoded)?;
    json.push(b'\n');
    let mut files = vec![
        (RECORD, json),
        ("effects.csv", frames::csv(&mut effects_table(&record.effects)?)?),
        ("people.csv", frames::csv(&mut people_table(&record.effects)?)?),
    ];
    if let Some(prediction) = &record.effects.prediction {
        files.push(("prediction.csv", frames::csv(&mut prediction_table(prediction)?)?));
    }
    Ok(files)
}

/// One row per coordinate and column of the design.
fn effects_table(effects: &Effects) -> Result<DataFrame, Error> {
    let rows = &effects.effects;
    let text = |name: &str, text: fn(&Effect) -> &String| {
        Column::new(name.into(), rows.iter().map(|effect| text(effect).as_str()).collect::<Vec<_>>())
    };
    let number = |name: &str, number: fn(&Effect) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(number).collect::<Vec<_>>())
    };
    frames::frame(vec![
        text("coordinate", |effect| &effect.coordinate),
        text("column", |effect| &effect.column),
        number("mean", |effect| Some(effect.mean)),
        number("sd", |effect| Some(effect.sd)),
        number("prior_mean", |effect| Some(effect.prior_mean)),
        number("prior_sd", |effect| Some(effect.prior_sd)),
        number("probability", |effect| effect.probability),
        number("averaged_mean", |effect| Some(effect.averaged_mean)),
        number("averaged_sd", |effect| Some(effect.averaged_sd)),
    ])
}

/// One row per person and coordinate.
fn people_table(effects: &Effects) -> Result<DataFrame, Error> {
    let coordinates: Vec<&str> = effects.variability.iter().map(|of| of.coordinate.as_str()).collect();
    let people = &effects.people;
    let numbers = |name: &str, of: fn(&actinf_fit::empirical_bayes::Person) -> &Vec<f64>| {
        Column::new(
            name.into(),
            people.iter().flat_map(|person| of(person).iter().copied()).collect::<Vec<_>>(),
        )
    };
    let subjects: Vec<&str> =
        people.iter().flat_map(|person| coordinates.iter().map(|_| person.subject.as_str())).collect();
    let coordinates: Vec<&str> = people.iter().flat_map(|_| coordinates.iter().copied()).collect();
    frames::frame(vec![
        Column::new("subject".into(), subjects),
        Column::new("coordinate".into(), coordinates),
        numbers("alone", |person| &person.alone),
        numbers("alone_sd", |person| &person.alone_sd),
        numbers("in_group", |person| &person.in_group),
        numbers("in_group_sd", |person| &person.in_group_sd),
    ])
}

/// One row per person.
fn prediction_table(prediction: &Prediction) -> Result<DataFrame, Error> {
    let people = &prediction.people;
    let subjects: Vec<&str> = people.iter().map(|person| person.subject.as_str()).collect();
    let number = |name: &str, of: fn(&actinf_fit::empirical_bayes::Predicted) -> f64| {
        Column::new(name.into(), people.iter().map(of).collect::<Vec<_>>())
    };
    frames::frame(vec![
        Column::new("subject".into(), subjects),
        Column::new("column".into(), vec![prediction.column.as_str(); people.len()]),
        number("value", |person| person.value),
        number("mean", |person| person.mean),
        number("sd", |person| person.sd),
        number("probability", |person| person.probability),
    ])
}
