//! `actinf score`: log-likelihoods at given parameter values.

use crate::arguments::ScoreArguments;
use crate::exit_code::Exit;
use crate::output::{Output, as_json, complain};
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_agents::{BehaviourModel, LogLikelihood, Parameter, Subject};
use actinf_data::ParameterValues;
use actinf_fit::{Dataset, Problem, Scored, ScoredValues, SubjectSteps, subject_steps};
use anyhow::{Result, bail};
use serde::Serialize;

pub(crate) fn run(arguments: &ScoreArguments, output: Output) -> Result<Exit> {
    let study = Study::open(&arguments.study.fit)?;
    let problem = study.any_problem()?;
    let dataset = study.dataset(arguments.study.data.as_deref())?;
    let values = read_values(&study, &problem, arguments)?;
    let per_subject = values_of(&dataset, &values, arguments)?;
    let display = ProgressDisplay::new("scoring", "subjects", output);
    let workers = super::workers(arguments.threads)?;
    let scored = actinf_fit::score(
        &study.model,
        &dataset.subjects,
        ScoredValues::PerSubject(&per_subject),
        &workers,
        &|progress| display.tell(progress),
    );
    display.finish();
    write(&study, &dataset, &scored, arguments, output)?;
    Ok(Exit::of_failures(failures(&scored), scored.len()))
}

/// The table of parameter values; parameters that the fit file fixes may be left out of it.
fn read_values(study: &Study, problem: &Problem<'_>, arguments: &ScoreArguments) -> Result<ParameterValues> {
    let names: Vec<String> = study.model.parameters().iter().flat_map(Parameter::component_names).collect();
    let fixed = |position: usize| {
        let is_fixed = !problem.free_positions().contains(&position);
        is_fixed.then(|| problem.values()[position])
    };
    let defaults: Vec<Option<f64>> = (0..names.len()).map(fixed).collect();
    Ok(actinf_data::read_values_or(&arguments.parameters, &names, &defaults)?)
}

/// Writes or prints what was asked for.
fn write(
    study: &Study,
    dataset: &Dataset,
    scored: &[Scored],
    arguments: &ScoreArguments,
    output: Output,
) -> Result<()> {
    let schema = study.model.schema();
    if let Some(path) = &arguments.out {
        actinf_data::write_scores(path, scored, schema)?;
    }
    let table = || match &arguments.out {
        Some(_) => Ok(String::new()),
        None => Ok(String::from_utf8_lossy(&actinf_data::scores_table(scored, schema)?).into_owned()),
    };
    output.found(table, || as_json(&scored.iter().map(score_record).collect::<Vec<_>>()))?;
    if let Some(path) = &arguments.steps {
        let steps = |(subject, scored): (&Subject, &Scored)| {
            Some(subject_steps(subject, scored.trajectory.as_ref().ok()?.steps.clone()))
        };
        let all: Vec<SubjectSteps> = dataset.subjects.iter().zip(scored).filter_map(steps).collect();
        actinf_data::write_steps(path, schema, study.model.quantities(), &all)?;
    }
    Ok(())
}

/// A subject's scores, in nats, and why there are none or what is impossible under the model.
#[derive(Serialize)]
struct ScoreRecord<'a> {
    subject: &'a str,
    log_likelihood: Option<&'a LogLikelihood>,
    reason: Option<String>,
}

fn score_record(scored: &Scored) -> ScoreRecord<'_> {
    let subject = &scored.subject;
    match &scored.trajectory {
        Ok(trajectory) => ScoreRecord {
            subject,
            log_likelihood: Some(&trajectory.log_likelihood),
            reason: trajectory.impossible.as_ref().map(ToString::to_string),
        },
        Err(reason) => ScoreRecord { subject, log_likelihood: None, reason: Some(reason.to_string()) },
    }
}

/// Says who could not be scored or did something impossible; returns how many could not be scored.
fn failures(scored: &[Scored]) -> usize {
    let mut failed = 0;
    for Scored { subject, trajectory } in scored {
        match trajectory {
            Ok(trajectory) => {
                if let Some(reason) = &trajectory.impossible {
                    complain(&format!("subject {subject}: {reason}"));
                }
            }
            Err(reason) => {
                failed += 1;
                complain(&format!("subject {subject} could not be scored: {reason}"));
            }
        }
    }
    failed
}

/// The values of every subject, in the order of the data.
fn values_of(
    dataset: &Dataset,
    values: &ParameterValues,
    arguments: &ScoreArguments,
) -> Result<Vec<Vec<f64>>> {
    let mut all = Vec::with_capacity(dataset.subjects.len());
    for subject in &dataset.subjects {
        match values.of(&subject.id) {
            Some(own) => all.push(own.to_vec()),
            None => bail!(
                "`{}` has no row for subject `{}`; give every subject a row, or one row without a `subject` column",
                arguments.parameters.display(),
                subject.id
            ),
        }
    }
    Ok(all)
}
