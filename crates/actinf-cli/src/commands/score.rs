//! `actinf score`: log-likelihoods at given parameter values.

use crate::arguments::ScoreArguments;
use crate::exit_code::Exit;
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_agents::{BehaviourModel, Parameter, Subject};
use actinf_data::ParameterValues;
use actinf_fit::{Dataset, Problem, Scored, ScoredValues, SubjectSteps, subject_steps};
use anyhow::{Result, bail};

pub(crate) fn run(arguments: &ScoreArguments) -> Result<Exit> {
    let study = Study::open(&arguments.study.fit)?;
    let problem = study.problem()?;
    let dataset = study.dataset(arguments.study.data.as_deref())?;
    let values = read_values(&study, &problem, arguments)?;
    let per_subject = values_of(&dataset, &values, arguments)?;
    let display = ProgressDisplay::new("scoring");
    let workers = super::workers(arguments.threads)?;
    let scored = actinf_fit::score(
        &study.model,
        &dataset.subjects,
        ScoredValues::PerSubject(&per_subject),
        &workers,
        &|progress| display.tell(progress),
    );
    display.finish();
    let table = actinf_data::scores_table(&scored, study.model.schema())?;
    match &arguments.out {
        Some(path) => actinf_data::write_atomically(path, &table)?,
        None => print!("{}", String::from_utf8_lossy(&table)),
    }
    if let Some(path) = &arguments.steps {
        let steps: Vec<_> = dataset
            .subjects
            .iter()
            .zip(&scored)
            .filter_map(|(subject, s)| {
                Some(subject_steps(subject, s.trajectory.as_ref().ok()?.steps.clone()))
            })
            .collect();
        actinf_data::write_steps(path, &steps, study.model.schema(), study.model.quantities())?;
    }
    let mut failed = 0;
    for subject in &scored {
        match &subject.trajectory {
            Ok(trajectory) => {
                if let Some(reason) = &trajectory.impossible {
                    eprintln!("subject {}: {reason}", subject.subject);
                }
            }
            Err(reason) => {
                failed += 1;
                eprintln!("subject {} could not be scored: {reason}", subject.subject);
            }
        }
    }
    Ok(Exit::of_failures(failed, scored.len()))
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
