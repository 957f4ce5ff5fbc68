//! `actinf check`: what a fit file would do.

mod printed;

use crate::arguments::CheckArguments;
use crate::exit_code::Exit;
use crate::fit_file::Method;
use crate::output::{Output, as_json};
use crate::study::Study;
use actinf_fit::group_methods::coding_in_words;
use actinf_fit::hierarchical::GroupProblem;
use actinf_fit::identifiability::{typical_design, unidentified};
use actinf_fit::{DataSummary, Dataset, MethodRecord, ModelRecord, ParameterRecord, Problem, Role};
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;

pub(crate) fn run(arguments: &CheckArguments, output: Output) -> Result<Exit> {
    let study = Study::open(&arguments.study.fit)?;
    if let Some(folder) = study.results_folder() {
        actinf_data::check_results_folder(&folder)?;
    }
    let problem = study.any_problem()?;
    let dataset = study.dataset(arguments.study.data.as_deref())?;
    let intended = Intended {
        fit_file: arguments.study.fit.display().to_string(),
        results: study.results_folder().map(|folder| folder.display().to_string()),
        model: study.model_record(&problem),
        groups: groups(&dataset),
        method: study.method_record(),
        seed: study.fit_file.method.seed,
        starts: starts(&study),
        population: match &study.fit_file.method.method {
            Method::Alone(_) => None,
            Method::Together(_) => Some(population(&study, &problem, &dataset)?),
        },
        apart: apart(&study, &problem, &dataset)?,
        can_be_fitted: !problem.free_positions().is_empty(),
        data: dataset.summary,
    };
    output.found(|| Ok(printed::in_words(&intended)), || as_json(&intended))?;
    Ok(Exit::Done)
}

/// What would be fitted.
#[derive(Serialize)]
struct Intended {
    fit_file: String,
    /// Where the results would go; not there where the fit file does not say.
    results: Option<String>,
    model: ModelRecord,
    data: DataSummary,
    groups: Option<Groups>,
    method: MethodRecord,
    seed: u64,
    /// Starts per subject, of methods that estimate everybody alone.
    starts: Option<usize>,
    population: Option<Population>,
    apart: Apart,
    /// Whether any parameter is free.
    can_be_fitted: bool,
}

/// Whether parameters could be told apart in people simulated from the priors, with as much behaviour as these.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Apart {
    /// Sentences about those that could not be; none if all could.
    Confused(Vec<String>),
    /// It was not looked at, for this reason.
    Unknown(String),
}

/// The groups of subjects.
#[derive(Serialize)]
struct Groups {
    column: String,
    /// How many subjects each has.
    sizes: BTreeMap<String, usize>,
}

/// A group that is estimated together.
#[derive(Serialize)]
struct Population {
    means: Vec<Mean>,
    subjects: usize,
    left_out: Vec<LeftOut>,
}

/// What the mean of a free parameter depends on.
#[derive(Serialize)]
struct Mean {
    parameter: String,
    formula: String,
    /// What each column of the design stands for.
    columns: Vec<String>,
}

/// A subject that is not estimated.
#[derive(Serialize)]
struct LeftOut {
    subject: String,
    reason: String,
}

fn starts(study: &Study) -> Option<usize> {
    match &study.fit_file.method.method {
        Method::Alone(settings) => Some(settings.method().starts()),
        Method::Together(_) => None,
    }
}

/// Looks for parameters that could not be told apart, whatever is fitted.
fn apart(study: &Study, problem: &Problem<'_>, dataset: &Dataset) -> Result<Apart> {
    if problem.free_positions().is_empty() {
        return Ok(Apart::Unknown("no parameter is free".to_owned()));
    }
    let design = typical_design(&dataset.subjects);
    Ok(match unidentified(problem, design, study.fit_file.method.seed, &super::workers(None)?) {
        Ok(found) => Apart::Confused(found.into_iter().map(|direction| direction.words).collect()),
        Err(reason) => Apart::Unknown(reason.to_string()),
    })
}

fn groups(dataset: &Dataset) -> Option<Groups> {
    let column = dataset.group_column.clone()?;
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for group in &dataset.groups {
        *sizes.entry(group.clone().unwrap_or_else(|| "(missing)".to_owned())).or_default() += 1;
    }
    Some(Groups { column, sizes })
}

fn population(study: &Study, problem: &Problem<'_>, dataset: &Dataset) -> Result<Population> {
    let question = study.group_question()?;
    let group = GroupProblem::new(problem, dataset, &question.formulas)
        .map_err(|error| study.group_error(error.into()))?;
    let is_free = |record: &&ParameterRecord| matches!(record.role, Role::Free { .. });
    let free = problem.parameters().iter().filter(is_free);
    let means = free.zip(group.designs()).map(|(record, design)| Mean {
        parameter: record.parameter.name.clone(),
        formula: design.formula.to_string(),
        columns: coding_in_words(design),
    });
    let left_out = group.excluded().iter().map(|excluded| LeftOut {
        subject: excluded.subject.to_string(),
        reason: excluded.reason.to_string(),
    });
    Ok(Population { means: means.collect(), subjects: group.subjects().len(), left_out: left_out.collect() })
}
