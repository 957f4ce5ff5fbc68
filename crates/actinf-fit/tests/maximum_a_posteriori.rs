//! Maximum a posteriori estimates against closed forms.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::{Subject, Support};
use actinf_fit::log_posterior::LogPosterior;
use actinf_fit::{FittingMethod, MaximumAPosteriori, Objective, Prior, Problem, Role};
use nalgebra::{DMatrix, DVector};
use std::f64::consts::PI;
use toys::*;

const BETA: Prior = Prior::Beta { a: 2.0, b: 3.0 };

#[test]
fn a_coin_under_a_beta_prior_has_its_closed_form() {
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(BETA)]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 14, 6)).unwrap().fit;
    let p: f64 = 16.0 / 25.0;
    let estimate = &fit.estimates[0];
    near(estimate.estimate, p, 1e-8);
    near(estimate.standard_error.unwrap(), (p * (1.0 - p) / 25.0).sqrt(), 1e-7);
    let (logit, sd) = ((p / (1.0 - p)).ln(), (1.0 / (25.0 * p * (1.0 - p))).sqrt());
    let ends = [-1.959964, 1.959964].map(|z| 1.0 / (1.0 + (-(logit + z * sd)).exp()));
    near(estimate.lower.unwrap(), ends[0], 1e-6);
    near(estimate.upper.unwrap(), ends[1], 1e-6);
    near(estimate.contraction.unwrap(), 1.0 - (1.0 / 16.0 + 1.0 / 9.0) / (1.0 / 2.0 + 1.0 / 3.0), 1e-7);
    assert!(!estimate.at_bound);
}

#[test]
fn the_measures_of_fit_follow_from_the_likelihood() {
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(BETA)]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 14, 6)).unwrap().fit;
    let p: f64 = 16.0 / 25.0;
    let log_likelihood = 14.0 * p.ln() + 6.0 * (1.0 - p).ln();
    near(fit.log_likelihood.total, log_likelihood, 1e-7);
    near(fit.aic, 2.0 - 2.0 * log_likelihood, 1e-7);
    near(fit.bic, 20.0_f64.ln() - 2.0 * log_likelihood, 1e-7);
    near(fit.chance_log_likelihood, 20.0 * 0.5_f64.ln(), 1e-12);
    near(fit.pseudo_r2, 1.0 - log_likelihood / (20.0 * 0.5_f64.ln()), 1e-7);
    near(fit.likelihood_per_action, (log_likelihood / 20.0).exp(), 1e-7);
    // ln B(2, 3) = ln(1/12), and the Jacobian of the logistic turns p^(a-1) into p^a.
    near(fit.log_prior, 2.0 * p.ln() + 3.0 * (1.0 - p).ln() + 12.0_f64.ln(), 1e-7);
    near(fit.log_posterior, fit.log_likelihood.total + fit.log_prior, 1e-12);
    assert_eq!(fit.actions, 20);
}

#[test]
fn every_start_of_an_easy_subject_agrees() {
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(BETA)]).unwrap();
    let convergence = fit_one(&problem, &tosses("a", 14, 6)).unwrap().fit.convergence;
    assert!(convergence.converged);
    assert_eq!((convergence.starts, convergence.starts_agreeing), (8, 8));
    assert_eq!(convergence.gap_to_second, None);
    assert!(convergence.gradient_norm < 1e-4);
    near(convergence.hessian_condition.unwrap(), 1.0, 1e-12);
    assert!(convergence.evaluations < 8 * 40, "{} evaluations", convergence.evaluations);
}

#[test]
fn laplace_evidence_is_exact_for_a_linear_gaussian_model() {
    let line = line();
    let prior = |mean, sd| free(Prior::Normal { mean, sd });
    let problem = Problem::new(&line, vec![prior(1.0, 2.0), prior(-0.5, 0.7)]).unwrap();
    let y = [0.3, 1.9, 1.2, 3.3, 2.0, 4.4];
    let fit = fit_one(&problem, &ratings("a", &y)).unwrap().fit;
    // y ~ Normal(mean, I + 2² 11' + 0.7² tt'), by direct multivariate normal density.
    let t = DVector::from_fn(6, |k, _| k as f64);
    let ones = DVector::from_element(6, 1.0);
    let covariance = DMatrix::identity(6, 6) + &ones * ones.transpose() * 4.0 + &t * t.transpose() * 0.49;
    let error = DVector::from_column_slice(&y) - (&ones - &t * 0.5);
    let inverse = covariance.clone().try_inverse().unwrap();
    let square = (error.transpose() * inverse * &error)[(0, 0)];
    let evidence = -0.5 * square - 0.5 * covariance.determinant().ln() - 3.0 * (2.0 * PI).ln();
    near(fit.log_evidence.unwrap(), evidence, 1e-7);
    assert_eq!(fit.actions, 0);
    near(fit.bic, 2.0 * 6.0_f64.ln() - 2.0 * fit.log_likelihood.total, 1e-9);
    assert!(fit.pseudo_r2.is_finite() && fit.likelihood_per_action.is_finite());
}

#[test]
fn a_flat_likelihood_leaves_the_prior_as_it_was() {
    let flat = flat();
    let roles = vec![
        free(Prior::Normal { mean: 0.4, sd: 2.0 }),
        free(Prior::HalfNormal { sd: 1.5 }),
        free(Prior::Uniform),
        free(Prior::LogitNormal { mean: 0.0, sd: 1.5 }),
        free(Prior::Dirichlet { concentration: vec![2.0, 3.0, 5.0] }),
    ];
    let problem = Problem::new(&flat, roles).unwrap();
    let fit = fit_one(&problem, &tosses("a", 1, 1)).unwrap().fit;
    let modes = [0.4, 1.5, 0.5, 1.5, 0.2, 0.3, 0.5];
    for (estimate, mode) in fit.estimates.iter().zip(modes) {
        near(estimate.estimate, mode, 1e-6);
        near(estimate.contraction.unwrap(), 0.0, 1e-6);
    }
    assert_eq!(fit.estimates.len(), 7);
}

#[test]
fn two_modes_are_reported_with_their_gap() {
    let square = square();
    let problem = Problem::new(&square, vec![free(Prior::Normal { mean: 0.3, sd: 2.0 })]).unwrap();
    let method = MaximumAPosteriori { starts: 12, ..MaximumAPosteriori::default() };
    let fit = method.fit_subject(&problem, &ratings("a", &[4.0, 4.2, 3.9]), 0, 1).unwrap().fit;
    let convergence = &fit.convergence;
    assert!(fit.estimates[0].estimate > 0.0);
    assert!(convergence.starts_agreeing > 0 && convergence.starts_agreeing < 12, "{convergence:?}");
    // To first order the modes ±x differ by the prior alone: ((x + 0.3)² - (x - 0.3)²) / 8 = 0.15 x.
    near(convergence.gap_to_second.unwrap(), 0.15 * fit.estimates[0].estimate, 0.01);
}

#[test]
fn the_log_posterior_gradient_agrees_with_central_differences_on_every_support() {
    let tangled = tangled();
    let subject = tosses("a", 1, 0);
    let problem = Problem::new(&tangled, Problem::default_roles(&tangled)).unwrap();
    let mut posterior = LogPosterior::new(&problem, &subject).unwrap();
    let start = [0.2, -0.7, 1.1, -1.4, 0.5, -0.3];
    assert_eq!(problem.dimension(), start.len());
    let mut gradient = [0.0; 6];
    posterior.evaluate(&start, &mut gradient).unwrap();
    for k in 0..6 {
        let mut at = |by: f64| {
            let mut moved = start;
            moved[k] += by;
            posterior.evaluate(&moved, &mut [0.0; 6]).unwrap()
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        near(gradient[k], difference, 1e-8);
    }
}

#[test]
fn fixing_a_parameter_removes_it_from_the_search() {
    let line = line();
    let free_slope = free(Prior::Normal { mean: 0.0, sd: 10.0 });
    let problem = Problem::new(&line, vec![Role::Fixed { values: vec![1.0] }, free_slope]).unwrap();
    let fit = fit_one(&problem, &ratings("a", &[1.0, 3.0, 5.0])).unwrap().fit;
    assert_eq!(fit.estimates.len(), 1);
    assert_eq!(fit.estimates[0].parameter, "slope");
    // Precision 0² + 1² + 2² + 1/100, weighted sum 1·2 + 2·4.
    near(fit.estimates[0].estimate, 10.0 / 5.01, 1e-8);
    near(fit.aic, 2.0 - 2.0 * fit.log_likelihood.total, 1e-9);
}

#[test]
fn a_search_turns_back_where_the_likelihood_is_undefined() {
    let coin = fragile_coin();
    let problem = Problem::new(&coin, vec![free(BETA)]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 45, 52)).unwrap().fit;
    near(fit.estimates[0].estimate, 47.0 / 102.0, 1e-7);
    assert!(fit.convergence.converged);
    assert_eq!(fit.convergence.starts_agreeing, 8);
}

#[test]
fn a_maximum_at_the_rim_of_the_undefined_is_not_called_converged() {
    let coin = fragile_coin();
    let problem = Problem::new(&coin, vec![free(BETA)]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 5, 95)).unwrap().fit;
    assert!(fit.estimates[0].estimate >= 0.4 && fit.estimates[0].estimate < 0.41);
    assert!(!fit.convergence.converged);
}

#[test]
fn an_estimate_near_its_bound_is_marked() {
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(Prior::Beta { a: 0.5, b: 0.5 })]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 0, 2000)).unwrap().fit;
    near(fit.estimates[0].estimate, 0.5 / 2001.0, 1e-9);
    assert!(fit.estimates[0].at_bound);
    assert!(fit.convergence.converged);
}

#[test]
fn a_simplex_interval_lies_on_the_logit_scale_of_each_component() {
    let shares = vec![parameter("shares", Support::Simplex { size: 2 }, &[0.5, 0.5])];
    let model = Toy::new(shares, |subject: &Subject, values, gradient| {
        let count = |action| subject.steps().filter(|(_, s)| s.actions[0] == Some(action)).count() as f64;
        gradient[0] = count(0) / values[0];
        gradient[1] = count(1) / values[1];
        Ok(count(0) * values[0].ln() + count(1) * values[1].ln())
    });
    let dirichlet = Prior::Dirichlet { concentration: vec![3.0, 2.0] };
    let problem = Problem::new(&model, vec![free(dirichlet)]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 14, 6)).unwrap().fit;
    let coin = coin();
    let as_coin = Problem::new(&coin, vec![free(BETA)]).unwrap();
    let expected = fit_one(&as_coin, &tosses("a", 14, 6)).unwrap().fit;
    let (found, expected_estimate) = (&fit.estimates[1], &expected.estimates[0]);
    assert_eq!(found.parameter, "shares[2]");
    near(found.estimate, expected_estimate.estimate, 1e-7);
    near(found.lower.unwrap(), expected_estimate.lower.unwrap(), 1e-6);
    near(found.upper.unwrap(), expected_estimate.upper.unwrap(), 1e-6);
    near(found.contraction.unwrap(), expected_estimate.contraction.unwrap(), 1e-6);
    near(fit.log_evidence.unwrap(), expected.log_evidence.unwrap(), 1e-6);
}

#[test]
fn a_problem_refuses_what_cannot_be_estimated() {
    let coin = coin();
    let message = |roles| Problem::new(&coin, roles).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message(vec![Role::Fixed { values: vec![0.5] }]).contains("nothing to estimate"));
    assert!(message(vec![Role::Fixed { values: vec![1.5] }]).contains("the fixed value of parameter `p`"));
    assert!(message(vec![free(Prior::HalfNormal { sd: 1.0 })]).contains("logit_normal, beta, uniform"));
    assert!(message(vec![]).contains("1 parameters, but 0 roles"));
}
