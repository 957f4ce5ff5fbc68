//! Parameters that cannot be told apart, found before any fit, in a model where it is known which.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use actinf_agents::BehaviourModel;
use actinf_agents::{Design, Model, Parameter};
use actinf_fit::identifiability::{Unidentified, unidentified};
use actinf_fit::{Prior, Problem, Role, Workers};
use std::num::NonZeroUsize;

/// The two-armed bandit's choices depend on the product of precision and preference and on the ratio of learning rate and prior
/// count only (its card says so).
fn bandit(fixed: &[&str]) -> Vec<Unidentified> {
    let model = Model::built_in("two_armed_bandit").unwrap();
    let role = |p: &Parameter| match fixed.contains(&p.name.as_str()) {
        true => Role::Fixed { values: p.default.clone() },
        false => Role::Free { prior: Prior::default_for(p), default_prior: true },
    };
    let problem = Problem::new(&model, model.parameters().iter().map(role).collect()).unwrap();
    let design = Design { sessions: 2, trials: 1, steps: 100 };
    let found = unidentified(&problem, design, 1, &Workers::serial()).unwrap();
    let threads = Workers::new(NonZeroUsize::new(2)).unwrap();
    assert_eq!(unidentified(&problem, design, 1, &threads).unwrap(), found);
    found
}

#[test]
fn a_product_and_a_ratio_are_found_and_named() {
    let found = bandit(&["habit_right"]);
    let words: Vec<&str> = found.iter().map(|direction| direction.words.as_str()).collect();
    let product =
        "ln(policy_precision) and outcome_preference cannot be told apart: only their product matters";
    assert!(words.iter().any(|words| words.starts_with(product)), "{words:?}");
    let ratio = "logit(learning_rate) and ln(prior_count) cannot be told apart: only their ratio matters";
    assert!(words.iter().any(|words| words.starts_with(ratio)), "{words:?}");
}

/// With one of either pair kept, what is left of long behaviour is seen.
#[test]
fn what_can_be_told_apart_is_not_named() {
    let found = bandit(&["outcome_preference", "prior_count", "learning_rate"]);
    assert_eq!(found, []);
}
