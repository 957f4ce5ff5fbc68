//! Log evidences against quadrature, on the built-in two-armed bandit.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::{ActiveInference, BehaviourModel, Design, Subject, tasks};
use actinf_fit::{
    FittingMethod, LaplaceApproximation, LogPosterior, Prior, Problem, Role, SubjectFit, draw_values,
    simulate,
};
use nalgebra::DMatrix;
use toys::*;

/// The bandit with these parameters free under their default priors, and the others at their defaults.
fn roles(model: &ActiveInference, free: &[&str]) -> Vec<Role> {
    let role = |p: &actinf_agents::Parameter| match free.contains(&p.name.as_str()) {
        true => Role::Free { prior: Prior::default_for(p), default_prior: true },
        false => Role::Fixed { values: p.default.clone() },
    };
    model.parameters().iter().map(role).collect()
}

fn people(problem: &Problem<'_>, count: usize, steps: usize) -> Vec<Subject> {
    let values = draw_values(problem, count, 21).unwrap();
    let design = Design { sessions: 1, trials: 1, steps };
    let simulated = simulate(problem.model(), &values, design, 21, &actinf_fit::Workers::serial(), &|_| {});
    assert!(simulated.failures.is_empty());
    simulated.subjects
}

fn fitted(problem: &Problem<'_>, subject: &Subject, position: usize, draws: usize) -> SubjectFit {
    let mut method = LaplaceApproximation::default();
    method.importance.draws = draws;
    method.fit_subject(problem, subject, position, 5).unwrap().fit
}

/// The log evidence by the trapezoidal rule on a square of ±`reach` standard deviations around the mode, in units in
/// which the curvature is 1. For smooth functions that vanish at the edges the rule converges faster than any power.
fn quadrature(problem: &Problem<'_>, subject: &Subject, fit: &SubjectFit, reach: f64, points: usize) -> f64 {
    let approximation = fit.approximation.as_ref().unwrap();
    let d = approximation.mean.len();
    let covariance = DMatrix::from_fn(d, d, |i, j| approximation.covariance[i][j]);
    let factor = nalgebra::Cholesky::new(covariance).unwrap().l();
    let mut posterior = LogPosterior::new(problem, subject).unwrap();
    let step = 2.0 * reach / (points - 1) as f64;
    let mut sum = 0.0;
    for index in 0..points.pow(d as u32) {
        let cell = |k: u32| (index / points.pow(k)) % points;
        let z = nalgebra::DVector::from_fn(d, |k, _| cell(k as u32) as f64 * step - reach);
        let shift = &factor * z;
        let point: Vec<f64> = approximation.mean.iter().zip(shift.iter()).map(|(m, s)| m + s).collect();
        sum += posterior.value(&point).map_or(0.0, |value| (value - fit.log_posterior).exp());
    }
    fit.log_posterior + (sum * step.powi(d as i32) * factor.determinant()).ln()
}

/// Each of twenty subjects is within 4 Monte Carlo standard errors with probability 1 - 6e-5 if the error is normal: a
/// false alarm in one of 800 seeds, and this seed is fixed. The estimate of Pareto k from the 135 largest weights is noisy; it
/// may call a few good estimates bad.
fn compare(free: &[&str], points: usize, laplace_within: f64) {
    let bandit = ActiveInference::new(tasks::read("two_armed_bandit").unwrap());
    let problem = Problem::new(&bandit, roles(&bandit, free)).unwrap();
    let mut warned = 0;
    for (position, subject) in people(&problem, 20, 60).iter().enumerate() {
        let fit = fitted(&problem, subject, position, 2000);
        let exact = quadrature(&problem, subject, &fit, 12.0, points);
        let coarser = quadrature(&problem, subject, &fit, 12.0, points * 2 / 3);
        near(coarser, exact, 1e-3);
        let sampled = fit.importance_sampling.unwrap();
        near(sampled.log_evidence, exact, 4.0 * sampled.standard_error);
        assert!(sampled.standard_error < 0.03, "{position}: {sampled:?}");
        warned += usize::from(sampled.pareto_k.unwrap() > 0.7);
        near(sampled.laplace_error, fit.log_evidence.unwrap() - sampled.log_evidence, 1e-9);
        near(fit.log_evidence.unwrap(), exact, laplace_within);
    }
    assert!(warned <= 4, "{warned} of 20 subjects with k above 0.7");
}

#[test]
fn evidences_of_one_parameter_agree_with_quadrature() {
    compare(&["policy_precision"], 481, 0.15);
}

#[test]
fn evidences_of_two_parameters_agree_with_quadrature() {
    compare(&["policy_precision", "habit_right"], 61, 0.3);
}

/// Where the posterior is normal every evidence is known: `y ~ Normal(1, 1 + 4)`.
#[test]
fn importance_sampling_of_a_normal_posterior_is_exact_within_its_error() {
    let line = line();
    let intercept = free(Prior::Normal { mean: 1.0, sd: 2.0 });
    let problem = Problem::new(&line, vec![intercept, Role::Fixed { values: vec![0.0] }]).unwrap();
    let fit = fitted(&problem, &ratings("a", &[2.5]), 0, 4000);
    let exact = -0.5 * 1.5 * 1.5 / 5.0 - 0.5 * (2.0 * std::f64::consts::PI * 5.0).ln();
    near(fit.log_evidence.unwrap(), exact, 1e-8);
    let sampled = fit.importance_sampling.unwrap();
    near(sampled.log_evidence, exact, 4.0 * sampled.standard_error);
    assert!(sampled.standard_error < 0.01 && sampled.pareto_k.unwrap() < 0.5, "{sampled:?}");
    assert!(sampled.effective_draws > 2000.0);
}

/// Two modes far apart: Laplace's method sees one of them, importance sampling draws around both. The trapezoidal rule on ±8 in
/// steps of 1e-3 is exact to far more digits than are compared.
#[test]
fn importance_sampling_counts_every_mode() {
    let square = square();
    let problem = Problem::new(&square, vec![free(Prior::Normal { mean: 0.05, sd: 2.0 })]).unwrap();
    let subject = ratings("a", &[4.0, 4.2, 3.9]);
    let fit = fitted(&problem, &subject, 0, 4000);
    let mut posterior = LogPosterior::new(&problem, &subject).unwrap();
    let density = |k: i32, posterior: &mut LogPosterior<'_>| {
        (posterior.value(&[f64::from(k) * 1e-3]).unwrap() - fit.log_posterior).exp()
    };
    let mass: f64 = (-8000..=8000).map(|k| density(k, &mut posterior)).sum::<f64>() * 1e-3;
    let exact = fit.log_posterior + mass.ln();
    let sampled = fit.importance_sampling.unwrap();
    near(sampled.log_evidence, exact, 4.0 * sampled.standard_error);
    assert!(sampled.standard_error < 0.02 && sampled.pareto_k.unwrap() < 0.7, "{sampled:?}");
    assert!(sampled.laplace_error < -0.5, "the second mode nearly doubles the evidence: {sampled:?}");
}

#[test]
fn draws_belong_to_the_subject_and_its_seed() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let sampled = |position| {
        let subject = tosses("a", 14, 6);
        fitted(&problem, &subject, position, 100).importance_sampling.unwrap().log_evidence
    };
    assert_eq!(sampled(0).to_bits(), sampled(0).to_bits());
    assert_ne!(sampled(0).to_bits(), sampled(1).to_bits());
}

#[test]
fn smoothed_weights_change_little_where_the_tail_is_short() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let sampled = |smoothed| {
        let mut method = LaplaceApproximation::default();
        method.importance.smoothed = smoothed;
        let fit = method.fit_subject(&problem, &tosses("a", 14, 6), 0, 5).unwrap().fit;
        fit.importance_sampling.unwrap()
    };
    let (raw, smooth) = (sampled(false), sampled(true));
    assert_eq!(raw.pareto_k, smooth.pareto_k);
    near(smooth.log_evidence, raw.log_evidence, 3.0 * raw.standard_error);
}
