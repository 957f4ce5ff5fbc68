//! The two textbook decompositions of the expected free energy, each summed over joint states by its definition.

use super::planning::{column, inspect, log_preferences, predicted, prior, risk_and_ambiguity};
use super::random_models::{Shape, model, subject, values};
use actinf_agents::{Inspection, RowOrder, TaskModel};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// `E_q(o)[ln C(o)]` and `E_q(o) KL[q(s|o) ‖ q(s)]`, summed over modalities.
fn value_and_bayesian_surprise(task: &TaskModel, belief: &[f64]) -> (f64, f64) {
    let (mut value, mut surprise) = (0.0, 0.0);
    for m in 0..task.modalities.len() {
        for (outcome, log_preference) in log_preferences(task, m).into_iter().enumerate() {
            let joint: Vec<f64> = belief.iter().zip(column(task, m, outcome)).map(|(q, p)| q * p).collect();
            let probability: f64 = joint.iter().sum();
            value += probability * log_preference;
            let posterior = joint.iter().map(|joint| joint / probability);
            let divergence: f64 = posterior.zip(belief).map(|(p, q)| p * (p / q).ln()).sum();
            surprise += probability * divergence;
        }
    }
    (value, surprise)
}

/// A random model of up to three factors that does not learn, and what it holds at its first step.
fn first_plan(seed: u64) -> (TaskModel, Inspection) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let shape = Shape { learns: false, order: RowOrder::ActThenObserve, ..Shape::small(&mut rng) };
    let task = model(&shape, &mut rng);
    let subject = subject(&task, 1, 0.0, &mut rng);
    let plan = inspect(&task, &subject, &values()).swap_remove(0);
    (task, plan)
}

/// The beliefs that a policy leads to, step by step.
fn beliefs_along(task: &TaskModel, policy: &[usize]) -> Vec<Vec<f64>> {
    let mut belief = prior(task);
    let mut step = |&action: &usize| {
        belief = predicted(task, &belief, action);
        belief.clone()
    };
    policy.iter().map(&mut step).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// `G = KL[q(o) ‖ C] + E_q H[A]`.
    #[test]
    fn policies_have_the_risk_and_ambiguity_of_the_states_they_lead_to(seed: u64) {
        let (task, plan) = first_plan(seed);
        for (policy, &g) in task.planning.policies.iter().zip(&plan.expected_free_energies) {
            let expected: f64 = beliefs_along(&task, policy).iter().map(|q| risk_and_ambiguity(&task, q)).sum();
            prop_assert!((g - expected).abs() < 1e-11, "{g} {expected}");
        }
    }

    /// `G = - E_q(o)[ln C(o)] - E_q(o) KL[q(s|o) ‖ q(s)]`: how much outcomes are preferred, and how far they are expected
    /// to move beliefs.
    #[test]
    fn policies_have_the_value_and_the_bayesian_surprise_of_the_outcomes_they_lead_to(seed: u64) {
        let (task, plan) = first_plan(seed);
        for (policy, terms) in task.planning.policies.iter().zip(&plan.terms) {
            let (mut value, mut surprise) = (0.0, 0.0);
            for belief in beliefs_along(&task, policy) {
                let step = value_and_bayesian_surprise(&task, &belief);
                value += step.0;
                surprise += step.1;
            }
            prop_assert!((terms.utility - value).abs() < 1e-11, "{terms:?} {value}");
            prop_assert!((terms.state_information_gain - surprise).abs() < 1e-11, "{terms:?} {surprise}");
        }
    }
}
