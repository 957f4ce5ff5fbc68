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

/// Pearson's correlation of two lists.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |read: fn(&(f64, f64)) -> f64| pairs.iter().map(read).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - x, p.1 - y)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// Prints what is recovered of 100 people in the agency task whose true values are drawn from the default priors:
/// `cargo test --release -p actinf-tests --test recovery -- --ignored --nocapture`.
#[test]
#[ignore = "takes a minute and prints a table instead of judging it"]
fn recovery_of_the_agency_task() {
    let model = ActiveInference::new(tasks::read("agency").unwrap());
    let mut roles = Problem::default_roles(&model);
    roles[7] = Role::Fixed { values: vec![1.0] };
    roles[8] = Role::Fixed { values: vec![1.0] };
    let problem = Problem::new(&model, roles).unwrap();
    let workers = Workers::new(None).unwrap();
    let values = draw_values(&problem, 100, 1).unwrap();
    let design = Design { sessions: 15, trials: 1, steps: 24 };
    let simulated = simulate(&model, &values, design, 1, &workers, &|_| ());
    assert!(simulated.failures.is_empty());
    let dataset = Dataset { groups: vec![None; 100], subjects: simulated.subjects, ..Dataset::default() };
    let fitted = fit(&problem, &dataset, &MaximumAPosteriori::default(), 1, &workers, &|_| ());
    println!("parameter                    r   bias   covered by the 95 % interval");
    for (k, &position) in problem.free_positions().iter().enumerate() {
        let (mut pairs, mut covered) = (Vec::new(), 0);
        for (subject, truth) in fitted.subjects.iter().zip(&values) {
            let Outcome::Fitted(fit) = &subject.outcome else { panic!("{subject:?}") };
            let (estimate, truth) = (&fit.estimates[k], truth[position]);
            pairs.push((truth, estimate.estimate));
            let inside = |(lower, upper): (f64, f64)| lower < truth && truth < upper;
            covered += usize::from(estimate.lower.zip(estimate.upper).is_some_and(inside));
        }
        let name = &problem.parameters()[position].parameter.name;
        let bias = pairs.iter().map(|(truth, estimate)| estimate - truth).sum::<f64>() / 100.0;
        println!("{name:<25} {:.3} {bias:>6.3}   {covered} of 100", correlation(&pairs));
    }
}
