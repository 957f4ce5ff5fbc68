//! The fits to compare: results folders as they are, fit files fitted unless their results are up to date.

use crate::arguments::{CompareArguments, FitArguments, FitFileArguments};
use crate::commands::fit;
use crate::nearest_file;
use crate::output::Output;
use crate::study::Study;
use actinf_fit::FitRecord;
use actinf_fit::reproduce::{Intended, is_of};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// A finished fit and what it is called in the comparison.
pub(super) struct NamedFit {
    pub(super) name: String,
    /// The fit file or results folder, as the user named it.
    pub(super) source: String,
    pub(super) record: FitRecord,
}

/// All fits, in the order they were named.
pub(super) fn fits(arguments: &CompareArguments, output: Output) -> Result<Vec<NamedFit>> {
    if arguments.fits.len() < 2 {
        bail!("`actinf compare` needs at least two models: name another fit file or results folder");
    }
    let given: Vec<(Option<String>, PathBuf)> =
        arguments.fits.iter().map(|text| name_and_path(text)).collect();
    // Everything is opened and checked before the first, perhaps long, fit.
    let sources =
        given.iter().map(|(_, path)| source(path, arguments.threads)).collect::<Result<Vec<_>>>()?;
    let records = sources.into_iter().map(|source| source.record(output)).collect::<Result<Vec<_>>>()?;
    let models: Vec<&str> = records.iter().map(|record| record.model.name.as_str()).collect();
    let names = names(&given, &models);
    let fit = |((name, (_, path)), record): ((String, (_, PathBuf)), FitRecord)| NamedFit {
        name,
        source: path.display().to_string(),
        record,
    };
    Ok(names.into_iter().zip(given).zip(records).map(fit).collect())
}

/// `NAME=PATH`, or a path alone.
pub(super) fn name_and_path(text: &str) -> (Option<String>, PathBuf) {
    match text.split_once('=') {
        Some((name, path)) if !Path::new(text).exists() && !name.contains(['/', '\\']) => {
            (Some(name.to_owned()), PathBuf::from(path))
        }
        _ => (None, PathBuf::from(text)),
    }
}

/// What each fit is called: as the user said, otherwise its model's name, otherwise, where several have that model, the name
/// of its file or folder.
pub(super) fn names(given: &[(Option<String>, PathBuf)], models: &[&str]) -> Vec<String> {
    let same_model = |model: &str| models.iter().filter(|other| **other == model).count();
    let name = |((name, path), model): (&(Option<String>, PathBuf), &&str)| match name {
        Some(name) => name.clone(),
        None if same_model(model) == 1 => (*model).to_owned(),
        None => name_of(path),
    };
    given.iter().zip(models).map(name).collect()
}

/// The telling part of a path: `learning` of `fits/learning.toml`, `fits/learning/fit.toml` and `fits/learning/results`.
fn name_of(path: &Path) -> String {
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let own = stem(path).unwrap_or_else(|| path.display().to_string());
    match own.as_str() {
        "fit" | "results" => path.parent().and_then(stem).unwrap_or(own),
        _ => own,
    }
}

/// Where a record comes from.
#[allow(clippy::large_enum_variant, reason = "there are only a few")]
enum Source {
    /// It is there.
    Ready(FitRecord),
    /// It must be fitted, for this reason.
    ToFit(FitArguments, String),
}

impl Source {
    fn record(self, output: Output) -> Result<FitRecord> {
        match self {
            Source::Ready(record) => Ok(record),
            Source::ToFit(arguments, why) => {
                output.note(&format!("{}: fitting, as {why}", arguments.study.fit.display()));
                Ok(fit::fitted(&arguments, output)?.0.results.record)
            }
        }
    }
}

fn source(path: &Path, threads: Option<usize>) -> Result<Source> {
    if path.is_dir() {
        return Ok(Source::Ready(actinf_data::read_record(path)?));
    }
    if path.extension().is_none_or(|extension| extension != "toml") {
        let meant = nearest_file::suggestion(path);
        bail!(
            "`{}` is neither a results folder nor a fit file, which ends in .toml; name one of the two{meant}",
            path.display()
        );
    }
    let study = FitFileArguments { fit: path.to_path_buf(), data: None };
    let arguments = FitArguments { study, out: None, threads, seed: None };
    match up_to_date(&arguments).with_context(|| format!("in {}", path.display()))? {
        Ok(record) => Ok(Source::Ready(record)),
        Err(why) => Ok(Source::ToFit(arguments, why)),
    }
}

/// The record of the fit file's results folder, or why it must be fitted.
fn up_to_date(arguments: &FitArguments) -> Result<Result<FitRecord, String>> {
    let study = Study::open(&arguments.study.fit)?;
    let folder = fit::results_folder(&study, None)?;
    let (problem, dataset) = (study.problem()?, study.dataset(None)?);
    if !folder.join("fit.json").is_file() {
        return Ok(Err("there are no results yet".to_owned()));
    }
    let record = match actinf_data::read_record(&folder) {
        Ok(record) => record,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if record.provenance.actinf_version != env!("CARGO_PKG_VERSION") {
        return Ok(Err("its results are of another version of actinf".to_owned()));
    }
    let intended = Intended {
        problem: &problem,
        model: &study.model_record(&problem),
        dataset: &dataset,
        method: &study.method_record(),
        seed: study.fit_file.method.seed,
    };
    Ok(is_of(&record, &intended).map(|()| record))
}
