//! `actinf simulate`: behaviour of simulated subjects, and the parameter values they had.

use crate::arguments::SimulateArguments;
use crate::exit_code::Exit;
use crate::fit_file::SimulationSettings;
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_agents::{BehaviourModel, Parameter, Subject};
use actinf_fit::Simulated;
use anyhow::{Context, Result};

pub(crate) fn run(arguments: &SimulateArguments) -> Result<Exit> {
    let study = Study::open(&arguments.fit)?;
    let simulation = study.simulation()?;
    let seed = arguments.seed.unwrap_or(simulation.seed);
    let (values, groups) = true_values(&study, simulation, seed)?;
    let display = ProgressDisplay::new("simulating", "subjects");
    let workers = super::workers(None)?;
    let simulated =
        actinf_fit::simulate(&study.model, &values, simulation.design, seed, &workers, &|p| display.tell(p));
    display.finish();
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make the folder `{}`", arguments.out.display()))?;
    let behaviour = arguments.out.join("behaviour.csv");
    actinf_data::write_behaviour(
        &behaviour,
        study.model.schema(),
        &simulated.subjects,
        &groups_of(&simulated, &groups),
    )?;
    let names: Vec<String> = study.model.parameters().iter().flat_map(Parameter::component_names).collect();
    let rows: Vec<(String, Vec<f64>)> =
        simulated.subjects.iter().map(|subject| subject.id.clone()).zip(simulated.values.clone()).collect();
    let true_parameters = arguments.out.join("true_parameters.csv");
    actinf_data::write_values(&true_parameters, &names, &rows)?;
    for (subject, reason) in &simulated.failures {
        eprintln!("{subject} could not be simulated: {reason}");
    }
    println!("Behaviour        {}", behaviour.display());
    println!("True parameters  {}", true_parameters.display());
    Ok(Exit::of_failures(simulated.failures.len(), values.len()))
}

/// The true values and the group of every subject.
fn true_values(
    study: &Study,
    simulation: &SimulationSettings,
    seed: u64,
) -> Result<(Vec<Vec<f64>>, Vec<Option<String>>)> {
    let (mut values, mut groups) = (Vec::new(), Vec::new());
    for group in &simulation.groups {
        // Draws belong to the subject's position, so that no two groups share them.
        let until = values.len() + group.subjects;
        let drawn = actinf_fit::draw_values(&study.truth(group)?, until, seed)?;
        values.extend(drawn.into_iter().skip(values.len()));
        groups.resize(until, group.name.clone());
    }
    Ok((values, groups))
}

/// The groups of the subjects that could be simulated.
fn groups_of(simulated: &Simulated, groups: &[Option<String>]) -> Vec<Option<String>> {
    let position = |subject: &Subject| subject.id.rsplit('-').next()?.parse::<usize>().ok()?.checked_sub(1);
    let group = |subject: &Subject| groups.get(position(subject)?).cloned().flatten();
    simulated.subjects.iter().map(group).collect()
}
