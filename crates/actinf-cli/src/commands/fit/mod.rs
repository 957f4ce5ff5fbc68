//! `actinf fit`: estimates, results folder, report.

mod population;
mod printed;
mod together;

use crate::arguments::FitArguments;
use crate::exit_code::Exit;
use crate::fit_file::Method;
use crate::output::{Output, json_of};
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_data::ExtraFile;
use actinf_fit::sampling::Sample;
use actinf_fit::{
    Dataset, FinishedFit, FitRecord, Fitted, FittedGroup, Outcome, PopulationRecord, PredictiveChecks,
    Problem, Provenance, Results, SubjectRecord, SubjectSteps, Workers,
};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(crate) fn run(arguments: &FitArguments, output: Output) -> Result<Exit> {
    let (Finished { results, is_complete }, folder) = fitted(arguments, output)?;
    output.found(
        || Ok(printed::summary(&results) + &super::places(&folder)),
        || json_of(&folder.join("fit.json")),
    )?;
    for failure in printed::failures(&results) {
        output.failure(&failure);
    }
    if !is_complete {
        return Ok(Exit::SomeFailed);
    }
    let failed =
        results.record.subjects.iter().filter(|s| matches!(s.outcome, Outcome::Failed { .. })).count();
    Ok(Exit::of_failures(failed, results.record.subjects.len()))
}

/// A result, and whether it is all that was asked for.
pub(super) struct Finished {
    pub(super) results: Results,
    /// Whether the run was finished, not broken off.
    pub(super) is_complete: bool,
}

/// What a method found.
pub(super) struct Found {
    subjects: Vec<SubjectRecord>,
    steps: Vec<SubjectSteps>,
    population: Option<PopulationRecord>,
    draws: Option<Sample>,
    is_complete: bool,
}

impl From<FittedGroup> for Found {
    fn from(group: FittedGroup) -> Found {
        let FittedGroup { subjects, steps, population, draws, is_complete } = group;
        Found { subjects, steps, population: Some(population), draws, is_complete }
    }
}

/// What is to be fitted, and by whom.
pub(super) struct Task<'a> {
    pub(super) study: &'a Study,
    pub(super) problem: &'a Problem<'a>,
    pub(super) dataset: &'a Dataset,
    pub(super) seed: u64,
    pub(super) workers: &'a Workers,
    pub(super) folder: &'a Path,
    pub(super) output: Output,
}

/// Fits, and writes the results folder.
pub(super) fn fitted(arguments: &FitArguments, output: Output) -> Result<(Finished, PathBuf)> {
    let study = Study::open(&arguments.study.fit)?;
    let folder = results_folder(&study, arguments.out.as_deref())?;
    actinf_data::check_results_folder(&folder)?;
    let problem = study.problem()?;
    let dataset = study.dataset(arguments.study.data.as_deref())?;
    let workers = super::workers(arguments.threads)?;
    let seed = arguments.seed.unwrap_or(study.fit_file.method.seed);
    let clock = Clock::start();
    let task = Task {
        study: &study,
        problem: &problem,
        dataset: &dataset,
        seed,
        workers: &workers,
        folder: &folder,
        output,
    };
    let found = match &study.fit_file.method.method {
        Method::Alone(settings) => alone(&task, &*settings.method()),
        Method::Together(settings) => together::fit(&task, settings)?,
    };
    let is_complete = found.is_complete;
    let results = task.results(&clock, found);
    actinf_data::write_results(&folder, &results, &report_files(&results)?)?;
    if is_complete {
        together::forget(&task);
    }
    Ok((Finished { results, is_complete }, folder))
}

/// Fits everybody alone.
fn alone(task: &Task<'_>, method: &dyn actinf_fit::FittingMethod) -> Found {
    let display = ProgressDisplay::new("fitting", "searches", task.output);
    let tell = |progress| display.tell(progress);
    let Fitted { subjects, steps } =
        actinf_fit::fit(task.problem, task.dataset, method, task.seed, task.workers, &tell);
    display.finish();
    Found { subjects, steps, population: None, draws: None, is_complete: true }
}

/// When work began.
pub(super) struct Clock {
    started: jiff::Timestamp,
    clock: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Clock { started: jiff::Timestamp::now(), clock: Instant::now() }
    }
}

impl Task<'_> {
    /// What is written of a fit that began with the clock.
    pub(super) fn results(&self, clock: &Clock, found: Found) -> Results {
        let typical = actinf_fit::typical_values(self.problem.parameters(), &found.subjects);
        let wall_seconds = clock.clock.elapsed().as_secs_f64();
        let predictive_checks = self.study.fit_file.predictive_checks.then(|| self.predictive_checks(&found));
        Results {
            record: FitRecord {
                format: "actinf-fit/1".to_string(),
                provenance: Provenance {
                    actinf_version: env!("CARGO_PKG_VERSION").to_string(),
                    fit_file: self.study.fit_file.path.display().to_string(),
                    seed: self.seed,
                    threads: self.workers.threads(),
                    started: clock.started.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                    wall_seconds,
                },
                data: self.dataset.summary.clone(),
                group_column: self.dataset.group_column.clone(),
                model: self.study.model_record(self.problem),
                method: self.study.method_record(),
                tables: typical.and_then(|values| self.study.model.tables(&values).ok()).unwrap_or_default(),
                subjects: found.subjects,
                population: found.population,
                predictive_checks,
            },
            steps: found.steps,
            draws: found.draws,
        }
    }
}

impl Task<'_> {
    /// Whether the fitted model behaves like the people.
    fn predictive_checks(&self, found: &Found) -> PredictiveChecks {
        let display = ProgressDisplay::new("checking predictions", "subjects", self.output);
        let tell = |progress| display.tell(progress);
        let finished = FinishedFit {
            problem: self.problem,
            dataset: self.dataset,
            subjects: &found.subjects,
            population: found.population.as_ref(),
        };
        let checks = actinf_fit::predictive_checks(finished, self.seed, self.workers, &tell);
        display.finish();
        checks
    }
}

/// The folder that the results go to.
pub(super) fn results_folder(study: &Study, instead: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = instead {
        return Ok(folder.to_path_buf());
    }
    study.results_folder().with_context(|| {
        format!(
            "`{}` names no folder for the results; add a line `results = \"results\"` at its top, or say --out DIR",
            study.fit_file.path.display()
        )
    })
}

/// The report and its plots, as files beside the tables.
pub(super) fn report_files(results: &Results) -> Result<Vec<ExtraFile>> {
    let report = actinf_report::render(results)?;
    let mut files = vec![ExtraFile { path: "report.html".into(), bytes: report.html.into_bytes() }];
    files.extend(
        report
            .plots
            .into_iter()
            .map(|(name, svg)| ExtraFile { path: format!("plots/{name}"), bytes: svg.into_bytes() }),
    );
    Ok(files)
}
