//! Exact gradients against central differences, and the value beside them.

use super::{agent, simulated, text};
use actinf_agents::{ActiveInference, BehaviourModel, Parameter, Subject, default_values};

/// The five-point central difference of the log-likelihood along one value.
fn difference(model: &ActiveInference, subject: &Subject, values: &[f64], k: usize) -> f64 {
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

#[track_caller]
fn check(model: &ActiveInference, subject: &Subject, what: &str) {
    let values = default_values(model.parameters());
    let names: Vec<String> = model.parameters().iter().flat_map(Parameter::component_names).collect();
    let free: Vec<usize> = (0..values.len()).collect();
    let mut gradient = vec![0.0; values.len()];
    let mut scorer = model.scorer(subject, &values, &free).unwrap();
    let beside = scorer.log_likelihood_gradient(&values, &mut gradient).unwrap();
    assert_eq!(beside.to_bits(), scorer.log_likelihood(&values).unwrap().to_bits(), "{what}");
    for (k, &exact) in gradient.iter().enumerate() {
        let difference = difference(model, subject, &values, k);
        let error = (exact - difference).abs() / exact.abs().max(1.0);
        assert!(error < 1e-7, "{what} {}: exact {exact}, difference {difference}", names[k]);
        assert!(exact.abs() > 1e-6, "{what}: nothing depends on {}", names[k]);
    }
}

#[test]
fn gradients_equal_differences_for_both_kinds_of_policies_and_both_numerics() {
    for whole_trial in [true, false] {
        for numerics in ["spm", "exact"] {
            let model = agent(&text(whole_trial, numerics));
            for seed in 0..4 {
                let what = format!("{numerics}, whole trial {whole_trial}, seed {seed}");
                check(&model, &simulated(&model, seed), &what);
            }
        }
    }
}

#[test]
fn gradients_pass_through_missing_actions_and_outcomes() {
    for whole_trial in [true, false] {
        // No difference may cross a threshold: nothing is dropped here and no sweep left out.
        let model = agent(&text(whole_trial, "exact").replace("reset = 2", "reset = 2\npruning = \"none\""));
        let mut subject = simulated(&model, 9);
        for trial in subject.sessions.iter_mut().flat_map(|session| &mut session.trials) {
            trial.steps[1].observations[0] = actinf_agents::Observation::Missing;
            trial.steps[0].actions[0] = None;
        }
        check(&model, &subject, "with gaps");
    }
}
