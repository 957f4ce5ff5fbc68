//! `actinf simulate`: behaviour of simulated subjects, and the parameter values they had.

use crate::arguments::SimulateArguments;
use crate::exit_code::Exit;
use crate::fit_file::{SimulatedGroup, SimulationSettings};
use crate::output::{Output, complain, written};
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_agents::{BehaviourModel, Parameter, Subject};
use actinf_fit::Simulated;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &SimulateArguments, output: Output) -> Result<Exit> {
    let study = Study::open(&arguments.fit)?;
    let simulation = study.simulation()?;
    let found = write(&study, arguments.seed.unwrap_or(simulation.seed), &arguments.out, output)?;
    let Written { behaviour, true_parameters, subjects, failures } = &found;
    output.found(
        || {
            let (behaviour, values) = (behaviour.display(), true_parameters.display());
            Ok(format!("Behaviour        {behaviour}\nTrue parameters  {values}\n"))
        },
        || written(&[behaviour, true_parameters]),
    )?;
    Ok(Exit::of_failures(*failures, *subjects))
}

/// What was simulated.
pub(super) struct Written {
    behaviour: PathBuf,
    true_parameters: PathBuf,
    subjects: usize,
    failures: usize,
}

/// Simulates what the fit file says into a folder.
pub(super) fn write(study: &Study, seed: u64, folder: &Path, output: Output) -> Result<Written> {
    let simulation = study.simulation()?;
    let values = true_values(study, simulation, seed)?;
    let display = ProgressDisplay::new("simulating", "subjects", output);
    let workers = super::workers(None)?;
    let simulated =
        actinf_fit::simulate(&study.model, &values, simulation.design, seed, &workers, &|p| display.tell(p));
    display.finish();
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let behaviour = folder.join("behaviour.csv");
    actinf_data::write_behaviour(
        &behaviour,
        study.model.schema(),
        &simulated.subjects,
        &groups_of(&simulated, simulation),
    )?;
    let names: Vec<String> = study.model.parameters().iter().flat_map(Parameter::component_names).collect();
    let rows: Vec<(String, Vec<f64>)> =
        simulated.subjects.iter().map(|subject| subject.id.clone()).zip(simulated.values.clone()).collect();
    let true_parameters = folder.join("true_parameters.csv");
    actinf_data::write_values(&true_parameters, &names, &rows)?;
    for (subject, reason) in &simulated.failures {
        complain(&format!("{subject} could not be simulated: {reason}"));
    }
    Ok(Written { behaviour, true_parameters, subjects: values.len(), failures: simulated.failures.len() })
}

/// The true values of all subjects, group after group.
fn true_values(study: &Study, simulation: &SimulationSettings, seed: u64) -> Result<Vec<Vec<f64>>> {
    let mut values = Vec::new();
    for group in &simulation.groups {
        // Draws belong to the subject's position, so that no two groups share them.
        let drawn = actinf_fit::draw_values(&study.truth(group)?, values.len() + group.subjects, seed)?;
        values.extend(drawn.into_iter().skip(values.len()));
    }
    Ok(values)
}

/// The groups of the subjects that could be simulated.
fn groups_of(simulated: &Simulated, simulation: &SimulationSettings) -> Vec<Option<String>> {
    let names = |group: &SimulatedGroup| std::iter::repeat_n(group.name.clone(), group.subjects);
    let groups: Vec<Option<String>> = simulation.groups.iter().flat_map(names).collect();
    let position = |subject: &Subject| subject.id.rsplit('-').next()?.parse::<usize>().ok()?.checked_sub(1);
    let group = |subject: &Subject| groups.get(position(subject)?).cloned().flatten();
    simulated.subjects.iter().map(group).collect()
}
