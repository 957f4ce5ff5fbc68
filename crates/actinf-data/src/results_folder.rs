//! The folder a fit writes.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::replace::replace_folder;
use crate::{
    draws_table, estimates_table, frames, population_table, predictive_checks_table, profiles_table,
    steps_table, subjects_table,
};
use actinf_fit::Results;
use std::path::{Component, Path, PathBuf};

/// The machine-readable record of the fit.
pub(crate) const RECORD: &str = "fit.json";
/// The table of steps in the format it is read back from.
pub(crate) const STEPS: &str = "steps.parquet";

/// The table of draws.
pub(crate) const DRAWS: &str = "draws.parquet";

/// A file to be written into the folder beside the tables, such as a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraFile {
    /// Where, relative to the folder: `report.html`, `plots/recovery.svg`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Writes a result: `fit.json`, the tables `estimates`, `subjects` and `steps` (each as `.csv` and `.parquet`), `profiles`
/// where profile intervals were made, `population` and `members` where a group was estimated together,
/// `predictive_checks` and `predictive_checks_persons` where the model was checked against behaviour, `draws.parquet` where draws were made, and the additional files.
///
/// The folder is replaced as a whole once everything is written: a failure leaves the old one untouched. Numbers are
/// written with as few digits as read back the same bits. Non-finite numbers are `inf`, `-inf` and `NaN` in CSV,
/// themselves in Parquet, and `null` in `fit.json`, which reads back as NaN; missing values are empty cells and `null`.
///
/// # Errors
///
/// If the folder holds something else than a result, an additional file has an unusable path, the results contradict
/// their own model, or the file system refuses. The error names the folder.
pub fn write_results(folder: &Path, results: &Results, extra_files: &[ExtraFile]) -> Result<(), Error> {
    write_folder(folder, RECORD, || own_files(results), extra_files)
}

/// Checks that a result could be written to the folder, before the work of making one.
///
/// # Errors
///
/// If the folder holds something else than a result. The error names it.
pub fn check_results_folder(folder: &Path) -> Result<(), Error> {
    check_folder(folder, RECORD)
}

/// Checks that a folder holds a file `record`, or nothing, or is not there.
pub(crate) fn check_folder(folder: &Path, record: &'static str) -> Result<(), Error> {
    check_replaceable(folder, record).map_err(|error| error.about(folder.display()))
}

/// The names and contents of a folder's own files.
pub(crate) type OwnFiles = Vec<(&'static str, Vec<u8>)>;

/// Replaces a folder that holds a file `record`, or nothing, by its own files and the additional ones.
pub(crate) fn write_folder(
    folder: &Path,
    record: &'static str,
    own: impl FnOnce() -> Result<OwnFiles, Error>,
    extra_files: &[ExtraFile],
) -> Result<(), Error> {
    let write = || {
        // Through a symbolic link, the folder it points to is replaced and the link stays.
        let target = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        check_replaceable(&target, record)?;
        let own = own()?;
        let mut files: Vec<(PathBuf, &[u8])> =
            own.iter().map(|(name, bytes)| (PathBuf::from(name), bytes.as_slice())).collect();
        for extra in extra_files {
            let path = usable_path(extra, &files)?;
            files.push((path, &extra.bytes));
        }
        replace_folder(&target, &files)
    };
    write().map_err(|error: Error| error.about(folder.display()))
}

fn own_files(results: &Results) -> Result<OwnFiles, Error> {
    let record = &results.record;
    let encoded = |error: serde_json::Error| ErrorKind::CannotWrite { reason: error.to_string() };
    let mut json = serde_json::to_vec_pretty(record).map_err(encoded)?;
    json.push(b'\n');
    let mut estimates = estimates_table::estimates(record)?;
    let mut subjects = subjects_table::subjects(record)?;
    let mut steps = steps_table::steps(&record.model.schema, &record.model.quantities, &results.steps)?;
    let labels = vec![(steps_table::LABELS.to_owned(), steps_table::labels_json(&results.steps)?)];
    let mut files = vec![
        (RECORD, json),
        ("estimates.csv", frames::csv(&mut estimates)?),
        ("estimates.parquet", frames::parquet(&mut estimates, vec![])?),
        ("subjects.csv", frames::csv(&mut subjects)?),
        ("subjects.parquet", frames::parquet(&mut subjects, vec![])?),
        ("steps.csv", frames::csv(&mut steps)?),
        (STEPS, frames::parquet(&mut steps, labels)?),
    ];
    if let Some(mut profiles) = profiles_table::profiles(record)? {
        files.push(("profiles.csv", frames::csv(&mut profiles)?));
        files.push(("profiles.parquet", frames::parquet(&mut profiles, vec![])?));
    }
    if let Some(population) = &record.population {
        let mut table = population_table::population(population)?;
        files.push(("population.csv", frames::csv(&mut table)?));
        files.push(("population.parquet", frames::parquet(&mut table, vec![])?));
        let mut members = population_table::members(record, population)?;
        files.push(("members.csv", frames::csv(&mut members)?));
        files.push(("members.parquet", frames::parquet(&mut members, vec![])?));
    }
    if let Some(checks) = &record.predictive_checks {
        let mut rates = predictive_checks_table::rates(checks)?;
        files.push(("predictive_checks.csv", frames::csv(&mut rates)?));
        files.push(("predictive_checks.parquet", frames::parquet(&mut rates, vec![])?));
        let mut persons = predictive_checks_table::persons(record, checks)?;
        files.push(("predictive_checks_persons.csv", frames::csv(&mut persons)?));
        files.push(("predictive_checks_persons.parquet", frames::parquet(&mut persons, vec![])?));
    }
    if let Some(sample) = &results.draws {
        files.push((DRAWS, draws_table::draws(sample)?));
    }
    Ok(files)
}

/// Checks that what is in the way, if anything, is an empty folder or a result.
fn check_replaceable(folder: &Path, record: &'static str) -> Result<(), Error> {
    let mut entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(_) if folder.is_file() => {
            let reason = "there is a file of this name; choose another folder".to_owned();
            return Err(ErrorKind::CannotWrite { reason }.into());
        }
        Err(error) => return Err(ErrorKind::CannotWrite { reason: error.to_string() }.into()),
    };
    match entries.next().is_none() || folder.join(record).is_file() {
        true => Ok(()),
        false => Err(ErrorKind::NotReplaceable { record }.into()),
    }
}

fn usable_path(extra: &ExtraFile, taken: &[(PathBuf, &[u8])]) -> Result<PathBuf, Error> {
    let path: PathBuf = Path::new(&extra.path).components().filter(|c| *c != Component::CurDir).collect();
    let inside = path.components().all(|component| matches!(component, Component::Normal(_)));
    let reason = match () {
        _ if path.as_os_str().is_empty() => "its path is empty",
        _ if !inside => "its path leads out of the folder",
        _ if taken.iter().any(|(other, _)| *other == path) => "there is another file of that name",
        _ => return Ok(path),
    };
    Err(ErrorKind::UnusableExtraFile { path: extra.path.clone(), reason }.into())
}
