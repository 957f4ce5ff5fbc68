//! Simulate, fit, compare with the truth.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{ActiveInference, Design, tasks};
use actinf_fit::{Dataset, MaximumAPosteriori, Outcome, Problem, Role, Workers, draw_values, fit, simulate};

/// True values are drawn from the priors, so that a 95 % interval of the exact posterior covers the truth in 95 % of
/// fits. With 60 subjects and 3 parameters fewer than 160 of 180 are covered with probability 0.0003 (binomial); the
/// Laplace approximation of skewed posteriors costs some of that margin. The seed is fixed.
#[test]
fn intervals_cover_the_truth_they_were_simulated_from() {
    let model = ActiveInference::new(tasks::read("two_armed_bandit").unwrap());
    let mut roles = Problem::default_roles(&model);
    roles[3] = Role::Fixed { values: vec![1.0] };
    roles[4] = Role::Fixed { values: vec![0.0] };
    let problem = Problem::new(&model, roles).unwrap();
    let workers = Workers::new(None).unwrap();
    let values = draw_values(&problem, 60, 1).unwrap();
    let design = Design { sessions: 2, trials: 1, steps: 100 };
    let simulated = simulate(&model, &values, design, 1, &workers, &|_| ());
    assert!(simulated.failures.is_empty());
    let dataset = Dataset { groups: vec![None; 60], subjects: simulated.subjects, ..Dataset::default() };
    let method = MaximumAPosteriori { starts: 4, ..MaximumAPosteriori::default() };
    let fitted = fit(&problem, &dataset, &method, 1, &workers, &|_| ());
    let mut covered = 0;
    for (subject, truth) in fitted.subjects.iter().zip(&values) {
        let Outcome::Fitted(fit) = &subject.outcome else { panic!("{subject:?}") };
        for (estimate, &truth) in fit.estimates.iter().zip(truth) {
            let inside = |(lower, upper): (f64, f64)| lower < truth && truth < upper;
            covered += usize::from(estimate.lower.zip(estimate.upper).is_some_and(inside));
        }
    }
    assert!(covered >= 160, "{covered} of 180 intervals cover the truth");
}
