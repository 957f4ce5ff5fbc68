//! The fit file: which model, which data, which parameters are free under which priors, which method.
//!
//! Reading it gives settings that are complete but for what needs the model or the data; see [`crate::study`].

mod columns;
mod group;
mod method;
mod priors;
mod simulation;

use crate::known_format::KnownFormat;
use actinf_agents::document::{Document, DocumentError, Section, Value};
use actinf_data::ColumnMapping;
use actinf_fit::Prior;
use actinf_fit::hierarchical::Formula;
pub(crate) use method::{Method, MethodSettings, TogetherSettings};
use std::path::{Path, PathBuf};

/// A fit file, read. Paths are relative to the file's own folder until [`FitFile::resolve`] is asked.
#[derive(Debug)]
pub(crate) struct FitFile {
    /// The file, as the user named it.
    pub(crate) path: PathBuf,
    /// A built-in model's name or the path of a model file.
    pub(crate) model: String,
    /// The table of behaviour and its columns.
    pub(crate) data: Option<DataSettings>,
    /// Parameters that are not estimated, with the line they stand in.
    pub(crate) fixed: Vec<Located<Vec<f64>>>,
    /// Priors that replace the defaults.
    pub(crate) priors: Vec<Located<Prior>>,
    /// How parameters are estimated.
    pub(crate) method: MethodSettings,
    /// What the mean of each parameter depends on, for methods that estimate a group together.
    pub(crate) formulas: Vec<Located<Formula>>,
    /// Per parameter the half-width of the region in which a difference or slope is practically none.
    pub(crate) practical_equivalence: Vec<Located<f64>>,
    /// Whether the fitted model is checked against behaviour.
    pub(crate) predictive_checks: bool,
    /// What `actinf simulate` makes.
    pub(crate) simulation: Option<SimulationSettings>,
    /// The results folder.
    pub(crate) results: Option<String>,
}

/// A named setting and the line it stands in.
#[derive(Debug)]
pub(crate) struct Located<T> {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) value: T,
}

/// Where the data are.
#[derive(Debug)]
pub(crate) struct DataSettings {
    pub(crate) file: String,
    /// The format that says which columns there are, if one is named.
    pub(crate) format: Option<KnownFormat>,
    pub(crate) columns: ColumnMapping,
}

/// How much to simulate, from which parameter values.
#[derive(Debug)]
pub(crate) struct SimulationSettings {
    pub(crate) design: actinf_agents::Design,
    pub(crate) seed: u64,
    /// The groups; a single one without a name where the file names none.
    pub(crate) groups: Vec<SimulatedGroup>,
}

/// Subjects that are simulated alike.
#[derive(Debug)]
pub(crate) struct SimulatedGroup {
    pub(crate) name: Option<String>,
    pub(crate) subjects: usize,
    /// What true values are, or are drawn from instead of the priors; the first of a name holds.
    pub(crate) truth: Vec<Located<Truth>>,
}

/// Where a true value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Truth {
    /// It is drawn from this distribution.
    Drawn(Prior),
    /// It is this, for everybody.
    Exact(Vec<f64>),
}

impl FitFile {
    /// Reads a fit file from its text.
    pub(crate) fn parse(text: &str, path: &Path) -> Result<FitFile, DocumentError> {
        let document = Document::parse(text, &path.display().to_string())?;
        let keys = [
            "model",
            "data",
            "fixed",
            "priors",
            "method",
            "formulas",
            "practical_equivalence",
            "predictive_checks",
            "simulate",
            "results",
        ];
        refuse_model_file(&document)?;
        let top = document.section(&keys)?;
        let method = method::method(&top)?;
        Ok(FitFile {
            path: path.to_path_buf(),
            model: top.text("model")?.to_string(),
            data: top.optional("data").map(columns::data).transpose()?,
            fixed: named(&top, "fixed", numbers)?,
            priors: named(&top, "priors", priors::prior)?,
            formulas: group::formulas(&top, &method)?,
            practical_equivalence: group::practical_equivalence(&top, &method)?,
            method,
            predictive_checks: top.optional("predictive_checks").map_or(Ok(true), Value::boolean)?,
            simulation: top.optional("simulate").map(simulation::simulation).transpose()?,
            results: top.optional_text("results")?.map(String::from),
        })
    }

    /// A path of the fit file, from where the program runs.
    pub(crate) fn resolve(&self, relative: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(relative)
    }

    /// An error at a line of the fit file.
    pub(crate) fn error(&self, line: usize, path: &str, message: String) -> DocumentError {
        DocumentError { file: self.path.display().to_string(), line, path: path.to_string(), message }
    }
}

/// Model files are given in place of fit files now and then.
fn refuse_model_file(document: &Document) -> Result<(), DocumentError> {
    let top = document.value();
    let entries = top.entries()?;
    let has = |key: &str| entries.iter().any(|entry| entry.key == key);
    if has("model") || !has("controls") {
        return Ok(());
    }
    Err(top.error(
        "this is a model file; name a fit file, which says by `model = \"...\"` where its model file is",
    ))
}

/// The entries of a table with free keys.
fn named<T>(
    top: &Section<'_>,
    key: &str,
    read: fn(Value<'_>) -> Result<T, DocumentError>,
) -> Result<Vec<Located<T>>, DocumentError> {
    let Some(table) = top.optional(key) else { return Ok(Vec::new()) };
    let entries = table.entries()?;
    let located = |entry: &actinf_agents::document::Entry<'_>| {
        Ok(Located { name: entry.key.to_string(), line: entry.value.line(), value: read(entry.value)? })
    };
    entries.iter().map(located).collect()
}

fn numbers(value: Value<'_>) -> Result<Vec<f64>, DocumentError> {
    if value.is_list() {
        value.list()?.into_iter().map(Value::number).collect()
    } else {
        Ok(vec![value.number()?])
    }
}
