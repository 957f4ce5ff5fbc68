//! `actinf fit`: estimates, results folder, report.

use crate::arguments::FitArguments;
use crate::exit_code::Exit;
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_data::ExtraFile;
use actinf_fit::{Fitted, MethodRecord, Outcome, Provenance, Results, SubjectFit};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(crate) fn run(arguments: &FitArguments) -> Result<Exit> {
    let (results, folder) = fitted(arguments)?;
    summarise(&results, &folder);
    let failed =
        results.record.subjects.iter().filter(|s| matches!(s.outcome, Outcome::Failed { .. })).count();
    Ok(Exit::of_failures(failed, results.record.subjects.len()))
}

/// Fits, and writes the results folder.
pub(super) fn fitted(arguments: &FitArguments) -> Result<(Results, PathBuf)> {
    let study = Study::open(&arguments.study.fit)?;
    let folder = results_folder(&study, arguments.out.as_deref())?;
    let problem = study.problem()?;
    let dataset = study.dataset(arguments.study.data.as_deref())?;
    let workers = super::workers(arguments.threads)?;
    let seed = arguments.seed.unwrap_or(study.fit_file.method.seed);
    let method = study.fit_file.method.method();
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let display = ProgressDisplay::new("fitting", "searches");
    let Fitted { subjects, steps } =
        actinf_fit::fit(&problem, &dataset, &*method, seed, &workers, &|progress| display.tell(progress));
    display.finish();
    let typical = actinf_fit::typical_values(problem.parameters(), &subjects);
    let results = Results {
        record: actinf_fit::FitRecord {
            format: "actinf-fit/1".to_string(),
            provenance: Provenance {
                actinf_version: env!("CARGO_PKG_VERSION").to_string(),
                fit_file: arguments.study.fit.display().to_string(),
                seed,
                threads: workers.threads(),
                started: started.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                wall_seconds: clock.elapsed().as_secs_f64(),
            },
            data: dataset.summary.clone(),
            group_column: dataset.group_column.clone(),
            model: study.model_record(&problem),
            method: method_record(&study),
            tables: typical.and_then(|values| study.model.tables(&values).ok()).unwrap_or_default(),
            subjects,
            population: None,
        },
        steps,
        draws: None,
    };
    actinf_data::write_results(&folder, &results, &report_files(&results)?)?;
    Ok((results, folder))
}

/// What is recorded of the method that the fit file asks for.
pub(super) fn method_record(study: &Study) -> MethodRecord {
    let method = study.fit_file.method.method();
    MethodRecord { name: method.name().to_string(), settings: method.settings() }
}

/// The folder that the results go to.
pub(super) fn results_folder(study: &Study, instead: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = instead {
        return Ok(folder.to_path_buf());
    }
    let named = study.fit_file.results.as_deref().with_context(|| {
        format!(
            "`{}` names no folder for the results; add a line `results = \"results\"` at its top, or say --out DIR",
            study.fit_file.path.display()
        )
    })?;
    Ok(study.fit_file.resolve(named))
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

/// The table at the end of a fit.
fn summarise(results: &Results, folder: &Path) {
    let fits: Vec<&SubjectFit> = results
        .record
        .subjects
        .iter()
        .filter_map(|subject| match &subject.outcome {
            Outcome::Fitted(fit) => Some(fit),
            Outcome::Failed { .. } => None,
        })
        .collect();
    let total = results.record.subjects.len();
    println!(
        "{}: {} of {total} subjects fitted in {:.1} s ({} converged)\n",
        results.record.model.name,
        fits.len(),
        results.record.provenance.wall_seconds,
        fits.iter().filter(|fit| fit.convergence.converged).count(),
    );
    print_estimates(&fits);
    print_verdicts(&fits);
    for subject in &results.record.subjects {
        if let Outcome::Failed { reason } = &subject.outcome {
            println!("subject {} failed: {reason}", subject.id);
        }
    }
    println!("Report  {}", folder.join("report.html").display());
    println!("Tables  {}", folder.display());
}

fn print_estimates(fits: &[&SubjectFit]) {
    let Some(first) = fits.first() else { return };
    let width = first.estimates.iter().map(|estimate| estimate.parameter.len()).max().unwrap_or(0);
    println!(
        "{:<width$}  {:>9}  {:>9}  {:>9}  {:>11}",
        "parameter", "lower 10 %", "median", "upper 10 %", "contraction"
    );
    for (k, estimate) in first.estimates.iter().enumerate() {
        let column = |read: &dyn Fn(&SubjectFit) -> Option<f64>| -> Vec<f64> {
            let mut values: Vec<f64> = fits.iter().filter_map(|fit| read(fit)).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let estimates = column(&|fit| Some(fit.estimates[k].estimate));
        let contractions = column(&|fit| fit.estimates[k].contraction);
        println!(
            "{:<width$}  {:>10}  {:>9}  {:>10}  {:>11}",
            estimate.parameter,
            at(&estimates, 0.1),
            at(&estimates, 0.5),
            at(&estimates, 0.9),
            at(&contractions, 0.5),
        );
    }
    let actions: usize = fits.iter().map(|fit| fit.actions).sum();
    let log_likelihood: f64 = fits.iter().map(|fit| fit.log_likelihood.actions).sum();
    let chance: f64 = fits.iter().map(|fit| fit.chance_log_likelihood).sum();
    let per_action = |nats: f64| nats / (actions.max(1) as f64);
    println!(
        "\nLog-likelihood per action {:.4} nats (random responder {:.4}); {} of {} subjects above chance\n",
        per_action(log_likelihood),
        per_action(chance),
        fits.iter().filter(|fit| fit.log_likelihood.actions > fit.chance_log_likelihood).count(),
        fits.len(),
    );
}

/// How many subjects got which verdict, the most frequent first.
fn print_verdicts(fits: &[&SubjectFit]) {
    let mut counts: Vec<(usize, &str)> = Vec::new();
    for words in fits.iter().map(|fit| fit.verdict.words()) {
        match counts.iter_mut().find(|(_, known)| *known == words) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, words)),
        }
    }
    counts.sort_by_key(|&(count, words)| (std::cmp::Reverse(count), words));
    let listed: Vec<String> = counts.iter().map(|(count, words)| format!("{count} {words}")).collect();
    if !listed.is_empty() {
        println!("Verdicts  {}\n", listed.join(", "));
    }
}

/// The entry of a sorted list at a share of its length, to three digits.
fn at(sorted: &[f64], share: f64) -> String {
    let index = (share * (sorted.len().saturating_sub(1)) as f64).round() as usize;
    sorted.get(index).map_or("-".to_string(), |value| format!("{value:.3}"))
}
