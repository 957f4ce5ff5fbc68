//! The folder a comparison of models writes.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::results_folder::{ExtraFile, OwnFiles, check_folder, write_folder};
use crate::{compared_subjects_table, frames, models_table};
use actinf_fit::comparison::ComparisonRecord;
use std::path::Path;

/// The machine-readable record of the comparison.
const RECORD: &str = "comparison.json";

/// Writes a comparison: `comparison.json`, the tables `models.csv` and `subjects.csv`, and the additional files.
///
/// The folder is replaced as a whole once everything is written: a failure leaves the old one untouched.
///
/// # Errors
///
/// If the folder holds something else than a comparison, an additional file has an unusable path, or the file system
/// refuses. The error names the folder.
pub fn write_comparison(
    folder: &Path,
    record: &ComparisonRecord,
    extra_files: &[ExtraFile],
) -> Result<(), Error> {
    write_folder(folder, RECORD, || own_files(record), extra_files)
}

/// Checks that a comparison could be written to the folder, before the work of making one.
///
/// # Errors
///
/// If the folder holds something else. The error names it.
pub fn check_comparison_folder(folder: &Path) -> Result<(), Error> {
    check_folder(folder, RECORD)
}

fn own_files(record: &ComparisonRecord) -> Result<OwnFiles, Error> {
    let encoded = |error: serde_json::Error| ErrorKind::CannotWrite { reason: error.to_string() };
    let mut json = serde_json::to_vec_pretty(record).map_err(encoded)?;
    json.push(b'\n');
    let mut models = models_table::models(&record.comparison)?;
    let mut subjects = compared_subjects_table::subjects(&record.comparison)?;
    Ok(vec![
        (RECORD, json),
        ("models.csv", frames::csv(&mut models)?),
        ("subjects.csv", frames::csv(&mut subjects)?),
    ])
}
