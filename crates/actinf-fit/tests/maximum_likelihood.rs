//! Maximum likelihood against closed forms, and what it says where there is no maximum.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::Subject;
use actinf_fit::{FittingMethod, MaximumAPosteriori, MaximumLikelihood, Prior, Problem, SubjectFit, Verdict};
use toys::*;

fn fit_likelihood(problem: &Problem<'_>, subject: &Subject) -> SubjectFit {
    MaximumLikelihood::default().fit_subject(problem, subject, 0, 1).unwrap().fit
}

fn has_no_uncertainty(fit: &SubjectFit) -> bool {
    fit.approximation.is_none()
        && fit.estimates.iter().all(|e| e.standard_error.is_none() && e.lower.is_none() && e.upper.is_none())
}

#[test]
fn a_coin_lands_on_its_relative_frequency() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let fit = fit_likelihood(&problem, &tosses("a", 14, 6));
    let estimate = &fit.estimates[0];
    near(estimate.estimate, 0.7, 1e-9);
    near(estimate.standard_error.unwrap(), (0.7 * 0.3 / 20.0_f64).sqrt(), 1e-7);
    assert_eq!(estimate.contraction, None);
    assert_eq!((fit.log_prior, fit.log_evidence), (0.0, None));
    let log_likelihood = 14.0 * 0.7_f64.ln() + 6.0 * 0.3_f64.ln();
    near(fit.log_posterior, log_likelihood, 1e-9);
    near(fit.aic, 2.0 - 2.0 * log_likelihood, 1e-9);
    assert_eq!(fit.verdict, Verdict::WellDetermined, "{}", fit.verdict_reason);
}

#[test]
fn a_line_has_the_errors_of_least_squares() {
    let line = line();
    let problem = Problem::new(&line, Problem::default_roles(&line)).unwrap();
    let y = [0.3, 1.9, 1.2, 3.3, 2.0, 4.4];
    let fit = fit_likelihood(&problem, &ratings("a", &y));
    // Σ t = 15, Σ t² = 55, n = 6: (X'X)⁻¹ = [[55, -15], [-15, 6]] / 105.
    let (sum, weighted): (f64, f64) =
        y.iter().enumerate().fold((0.0, 0.0), |(a, b), (t, y)| (a + y, b + t as f64 * y));
    near(fit.estimates[0].estimate, (55.0 * sum - 15.0 * weighted) / 105.0, 1e-8);
    near(fit.estimates[1].estimate, (6.0 * weighted - 15.0 * sum) / 105.0, 1e-8);
    let approximation = fit.approximation.unwrap();
    near(approximation.covariance[0][0], 55.0 / 105.0, 1e-7);
    near(approximation.correlation(0, 1), -15.0 / (55.0_f64 * 6.0).sqrt(), 1e-7);
    assert!(approximation.strongly_correlated.is_empty());
}

#[test]
fn estimates_that_trade_off_are_listed_as_correlated() {
    let line = line();
    let problem = Problem::new(&line, Problem::default_roles(&line)).unwrap();
    // Ratings late in the row only: the intercept is a far extrapolation. For t = 20..25 the correlation is
    // -Σt / √(n Σt²) = -135 / √(6 · 3055) = -0.997.
    let mut subject = ratings("a", &[1.0; 26]);
    for step in &mut subject.sessions[0].trials[0].steps[..20] {
        step.responses[0] = None;
    }
    let fit = fit_likelihood(&problem, &subject);
    let pairs = fit.approximation.unwrap().strongly_correlated;
    assert_eq!((pairs[0].first.as_str(), pairs[0].second.as_str()), ("intercept", "slope"));
    near(pairs[0].correlation, -135.0 / (6.0_f64 * 3055.0).sqrt(), 1e-6);
}

#[test]
fn choices_that_never_vary_put_a_coin_at_its_bound() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let fit = fit_likelihood(&problem, &tosses("a", 20, 0));
    assert_eq!(fit.verdict, Verdict::AtABound, "{}", fit.verdict_reason);
    assert!(fit.estimates[0].estimate > 0.999);
    assert!(has_no_uncertainty(&fit));
}

#[test]
fn separable_choices_have_no_estimate_and_under_a_prior_are_held_by_it() {
    let separable = logistic_regression();
    let problem = Problem::new(&separable, Problem::default_roles(&separable)).unwrap();
    let subject = sides("a", &[0, 0, 0, 0, 1, 1, 1, 1]);
    let fit = fit_likelihood(&problem, &subject);
    assert_eq!(fit.verdict, Verdict::Unbounded, "{}", fit.verdict_reason);
    assert!(fit.verdict_reason.contains("precision"), "{}", fit.verdict_reason);
    assert!(has_no_uncertainty(&fit));
    let held = MaximumAPosteriori::default().fit_subject(&problem, &subject, 0, 1).unwrap().fit;
    assert_eq!(held.verdict, Verdict::Unbounded, "{}", held.verdict_reason);
    assert!(held.verdict_reason.contains("the prior alone holds the estimate"));
    let mixed = fit_likelihood(&problem, &sides("b", &[0, 1, 0, 0, 1, 1, 0, 1]));
    assert_ne!(mixed.verdict, Verdict::Unbounded, "{}", mixed.verdict_reason);
    assert!(mixed.estimates[0].standard_error.is_some());
}

#[test]
fn a_flat_likelihood_says_nothing_and_gives_no_standard_error() {
    let flat = flat();
    let problem = Problem::new(&flat, Problem::default_roles(&flat)).unwrap();
    let fit = fit_likelihood(&problem, &tosses("a", 1, 1));
    assert_eq!(fit.verdict, Verdict::NoInformation, "{}", fit.verdict_reason);
    assert!(has_no_uncertainty(&fit));
}

#[test]
fn a_product_of_two_parameters_is_flat_along_their_ridge() {
    let product = product();
    let problem = Problem::new(&product, Problem::default_roles(&product)).unwrap();
    let fit = fit_likelihood(&problem, &ratings("a", &[3.0, 2.6, 3.2, 3.1]));
    assert_eq!(fit.verdict, Verdict::Flat, "{}", fit.verdict_reason);
    assert!(fit.verdict_reason.contains("first, second together"), "{}", fit.verdict_reason);
    near(fit.estimates[0].estimate * fit.estimates[1].estimate, 2.975, 1e-6);
    assert!(has_no_uncertainty(&fit));
}

#[test]
fn equal_modes_are_several_optima_though_all_starts_agree_in_nats() {
    let square = square();
    let problem = Problem::new(&square, vec![free(Prior::Normal { mean: 0.0, sd: 2.0 })]).unwrap();
    let fit = fit_likelihood(&problem, &ratings("a", &[4.0, 4.2, 3.9]));
    assert_eq!(fit.convergence.starts_agreeing, fit.convergence.starts);
    assert_eq!(fit.verdict, Verdict::SeveralOptima, "{}", fit.verdict_reason);
    near(fit.estimates[0].estimate.abs(), (12.1_f64 / 3.0).sqrt(), 1e-7);
}
