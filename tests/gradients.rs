//! Exact gradients against central differences, for every parameter of every built-in model.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{BehaviourModel, Design, Model, Parameter, Subject, default_values};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const RELATIVE: f64 = 1e-6;

fn simulated(model: &Model, seed: u64) -> Subject {
    let values = default_values(model.parameters());
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // Three trials, so that what was learned from one is forgotten before another.
    let design = Design { sessions: 3, trials: 3, steps: 8 };
    let sessions = model.simulate(&values, design, &mut rng).unwrap();
    Subject { id: "simulated".into(), sessions }
}

/// The five-point central difference of the log-likelihood along one value.
fn difference(model: &Model, subject: &Subject, values: &[f64], k: usize) -> f64 {
    let free: Vec<usize> = (0..values.len()).collect();
    let mut scorer = model.scorer(subject, values, &free).unwrap();
    let step = 1e-4 * values[k].abs().max(0.1);
    let mut at = |steps: f64| {
        let mut shifted = values.to_vec();
        shifted[k] += steps * step;
        scorer.log_likelihood(&shifted).unwrap()
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step)
}

#[test]
fn gradients_equal_central_differences_for_every_parameter_of_the_built_in_models() {
    for name in Model::built_in_names() {
        let model = Model::built_in(name).unwrap();
        let names: Vec<String> = model.parameters().iter().flat_map(Parameter::component_names).collect();
        let values = default_values(model.parameters());
        let free: Vec<usize> = (0..values.len()).collect();
        for seed in 0..3 {
            let subject = simulated(&model, seed);
            let mut gradient = vec![0.0; values.len()];
            let mut scorer = model.scorer(&subject, &values, &free).unwrap();
            scorer.log_likelihood_gradient(&values, &mut gradient).unwrap();
            for (k, &exact) in gradient.iter().enumerate() {
                let difference = difference(&model, &subject, &values, k);
                let error = (exact - difference).abs() / exact.abs().max(1.0);
                assert!(error < RELATIVE, "{name} {}: exact {exact}, difference {difference}", names[k]);
            }
            assert!(gradient.iter().all(|component| *component != 0.0), "{name}: {gradient:?}");
        }
    }
}
