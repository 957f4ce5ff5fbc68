//! Models estimated together: fit files that all name hierarchical Bayesian inference are one inference, in which each model's
//! population is that of the people who use it.

use super::sources::{NamedFit, name_and_path, names};
use crate::arguments::{CompareArguments, EvidenceChoice};
use crate::commands::fit::{self, Clock, Task};
use crate::fit_file::Method;
use crate::group_progress::GroupDisplay;
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::study::Study;
use actinf_agents::BehaviourModel;
use actinf_fit::comparison::ModelSelection;
use actinf_fit::group_methods::{ModelsTogether, NamedModel, fit_models_together};
use actinf_fit::hierarchical::{Forgetful, HierarchicalBayesianInference};
use actinf_fit::{Dataset, GroupQuestion, GroupRun, Problem};
use anyhow::{Context, Result, bail};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// What the joint inference says of frequencies, with the subjects its attributions are of.
pub(super) struct Selected {
    pub(super) selection: ModelSelection,
    pub(super) subjects: Vec<String>,
}

/// A fit file, read, with all that is estimated.
struct Part<'a> {
    name: String,
    study: &'a Study,
    problem: Problem<'a>,
    dataset: Dataset,
    question: GroupQuestion,
}

impl Part<'_> {
    fn named(&self) -> NamedModel<'_> {
        let Part { name, problem, question, dataset, .. } = self;
        NamedModel { name, problem, question, dataset }
    }
}

/// The fits of a joint inference, with their results folders written; `None` if the sources are not all fit files that name it.
pub(super) fn fits(
    arguments: &CompareArguments,
    output: Output,
) -> Result<Option<(Vec<NamedFit>, Selected)>> {
    let given: Vec<(Option<String>, PathBuf)> =
        arguments.fits.iter().map(|text| name_and_path(text)).collect();
    let is_fit_file = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|e| e == "toml");
    if given.len() < 2 || !given.iter().all(|(_, path)| is_fit_file(path)) {
        return Ok(None);
    }
    let studies = given.iter().map(|(_, path)| Study::open(path)).collect::<Result<Vec<_>>>()?;
    let Some(methods) = studies.iter().map(inference).collect::<Option<Vec<_>>>() else { return Ok(None) };
    check(arguments, &studies)?;
    let models: Vec<&str> = studies.iter().map(|study| study.model.name()).collect();
    let names = names(&given, &models);
    let parts = names.into_iter().zip(&studies).map(part).collect::<Result<Vec<_>>>()?;
    estimated(arguments, &parts, methods[0], output).map(Some)
}

fn inference(study: &Study) -> Option<&HierarchicalBayesianInference> {
    match &study.fit_file.method.method {
        Method::Together(together) => together.bayesian_inference(),
        Method::Alone(_) => None,
    }
}

/// What a joint inference cannot answer, and settings that contradict one another.
fn check(arguments: &CompareArguments, studies: &[Study]) -> Result<()> {
    if !arguments.families.is_empty() || arguments.group.is_some() {
        bail!(
            "hierarchical Bayesian inference of several models answers neither --families nor --group; name another method \
             under [method] to compare families or groups, or put the group into [formulas]"
        );
    }
    if !matches!(arguments.evidence, EvidenceChoice::LogEvidence) {
        bail!("hierarchical Bayesian inference has an evidence of its own; leave out --evidence");
    }
    let first = &studies[0].fit_file;
    for study in studies {
        let other = &study.fit_file;
        if other.method.record() != first.method.record() || other.method.seed != first.method.seed {
            bail!(
                "`{}` and `{}` are estimated together, so their [method] sections must be the same",
                first.path.display(),
                other.path.display()
            );
        }
    }
    Ok(())
}

fn part((name, study): (String, &Study)) -> Result<Part<'_>> {
    Ok(Part {
        name,
        study,
        problem: study.problem()?,
        dataset: study.dataset(None)?,
        question: study.group_question()?,
    })
}

fn estimated(
    arguments: &CompareArguments,
    parts: &[Part<'_>],
    method: &HierarchicalBayesianInference,
    output: Output,
) -> Result<(Vec<NamedFit>, Selected)> {
    let workers = crate::commands::workers(arguments.threads)?;
    for part in parts {
        actinf_data::check_results_folder(&fit::results_folder(part.study, None)?)?;
    }
    let seed = parts[0].study.fit_file.method.seed;
    let models: Vec<NamedModel<'_>> = parts.iter().map(Part::named).collect();
    let (clock, display, interrupt) =
        (Clock::start(), GroupDisplay::new(output), Interrupt::watched(output)?);
    let watch = |progress| {
        display.tell(progress);
        if interrupt.is_asked_for() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let run = GroupRun { seed, workers: &workers, watch: &watch, store: &Forgetful };
    let found = fit_models_together(&models, method, run);
    display.finish();
    let found = found.context("the models could not be estimated together")?;
    let selected = Selected { selection: found.selection(), subjects: found.subjects.clone() };
    let ModelsTogether { fits: groups, .. } = found;
    let mut fits = Vec::new();
    for (part, group) in parts.iter().zip(groups) {
        let folder = fit::results_folder(part.study, None)?;
        let Part { study, problem, dataset, .. } = part;
        let task = Task { study, problem, dataset, seed, workers: &workers, folder: &folder, output };
        let mut results = task.results(&clock, group.into());
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        results.record.method.settings.push(("together".to_owned(), names.join(", ")));
        actinf_data::write_results(&folder, &results, &fit::report_files(&results)?)?;
        let source = study.fit_file.path.display().to_string();
        fits.push(NamedFit { name: part.name.clone(), source, record: results.record });
    }
    Ok((fits, selected))
}
