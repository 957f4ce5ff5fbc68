//! A hierarchical posterior drawn by actinf: the counterpart of `group_numpyro.py`, one JSON line.
//!
//! `cargo bench -p actinf-benches --bench group -- [FOLDER]` simulates twenty people with a hundred choices each from
//! Rescorla-Wagner learning, writes what they did to FOLDER for the other side, and draws from the posterior of everybody
//! together: four chains of a thousand draws after a thousand of warm-up, on one thread. Time counts from the data to the last
//! draw, the estimation that chains start from included; it is wall-clock time, which bounds processor time above.

use actinf_agents::{BehaviourModel, Design, Model, Observation, Subject};
use actinf_benches::cases::Error;
use actinf_fit::hierarchical::{ExpectationMaximisation, GroupProblem, HierarchicalSampler};
use actinf_fit::sampling::{QuantitySummary, unwatched};
use actinf_fit::simulate::draw_values;
use actinf_fit::{Dataset, Problem, Workers};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

const PEOPLE: usize = 20;
const DESIGN: Design = Design { sessions: 1, trials: 1, steps: 100 };

/// People whose parameters are drawn from the default priors.
fn people(model: &Model, problem: &Problem<'_>) -> Result<Vec<Subject>, Error> {
    let truths = draw_values(problem, PEOPLE, 1)?;
    let subject = |(k, truth): (usize, &Vec<f64>)| {
        let sessions = model.simulate(truth, DESIGN, &mut ChaCha8Rng::seed_from_u64(k as u64))?;
        Ok(Subject { id: k.to_string(), sessions })
    };
    truths.iter().enumerate().map(subject).collect()
}

/// What one person chose and what came of it, numbers from 0.
fn behaviour(subject: &Subject) -> Value {
    let outcome = |observation: &Observation| match observation {
        Observation::Outcome(outcome) => Some(*outcome),
        _ => None,
    };
    let choices: Vec<_> = subject.steps().map(|(_, step)| step.actions[0]).collect();
    let outcomes: Vec<_> = subject.steps().map(|(_, step)| outcome(&step.observations[0])).collect();
    json!({ "choices": choices, "outcomes": outcomes })
}

fn summary(quantity: &QuantitySummary) -> Value {
    json!({ "name": quantity.name, "mean": quantity.mean, "standard_error": quantity.mean_standard_error })
}

fn main() -> Result<(), Error> {
    let model = Model::built_in("rescorla_wagner")?;
    let problem = Problem::new(&model, Problem::default_roles(&model))?;
    let dataset = Dataset { subjects: people(&model, &problem)?, ..Dataset::default() };
    if let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) {
        let people: Vec<Value> = dataset.subjects.iter().map(behaviour).collect();
        std::fs::write(Path::new(&folder).join("group.json"), serde_json::to_string(&people)?)?;
    }
    let start = Instant::now();
    let group = GroupProblem::new(&problem, &dataset, &BTreeMap::new())?;
    let workers = Workers::serial();
    let estimates = ExpectationMaximisation::default().fit(&group, 1, &workers)?;
    let of_start = start.elapsed().as_secs_f64();
    let found = HierarchicalSampler::default().fit(&group, &estimates, 1, &workers, &unwatched)?;
    let seconds = start.elapsed().as_secs_f64();
    let sizes = found.report.quantities.iter().map(|quantity| quantity.bulk_effective_size);
    let smallest = sizes.fold(f64::INFINITY, f64::min);
    let line = json!({
        "sampler": "actinf (nuts-rs)",
        "seconds": seconds,
        "seconds_to_start": of_start,
        "gradients": found.sample.gradients,
        "smallest_effective_size": smallest,
        "worst_r_hat": found.report.worst_r_hat(),
        "divergences": found.sample.divergences(),
        "population": found.report.quantities.iter().take(4).map(summary).collect::<Vec<_>>(),
    });
    println!("{line}");
    Ok(())
}
