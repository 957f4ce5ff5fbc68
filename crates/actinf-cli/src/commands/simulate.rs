//! `actinf simulate`: behaviour of simulated subjects, and the parameter values they had.

use crate::arguments::SimulateArguments;
use crate::exit_code::Exit;
use crate::progress::ProgressDisplay;
use crate::study::Study;
use actinf_agents::{BehaviourModel, Parameter};
use anyhow::{Context, Result};

pub(crate) fn run(arguments: &SimulateArguments) -> Result<Exit> {
    let study = Study::open(&arguments.fit)?;
    let truth = study.truth()?;
    let simulation = study.fit_file.simulation.as_ref().context("the fit file has no [simulate] table")?;
    let seed = arguments.seed.unwrap_or(simulation.seed);
    let values = actinf_fit::draw_values(&truth, simulation.subjects, seed)?;
    let display = ProgressDisplay::new("simulating");
    let workers = super::workers(None)?;
    let simulated =
        actinf_fit::simulate(&study.model, &values, simulation.design, seed, &workers, &|p| display.tell(p));
    display.finish();
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make the folder `{}`", arguments.out.display()))?;
    let behaviour = arguments.out.join("behaviour.csv");
    actinf_data::write_behaviour(&behaviour, study.model.schema(), &simulated.subjects)?;
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
    Ok(Exit::of_failures(simulated.failures.len(), simulation.subjects))
}
