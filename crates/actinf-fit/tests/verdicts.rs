//! Difficult subjects among easy ones: each gets its verdict, and the others the numbers they get without them.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::LikelihoodError;
use actinf_fit::{
    FittingMethod, LaplaceApproximation, MaximumAPosteriori, MaximumLikelihood, Outcome, Prior, Problem,
    SubjectFit, Verdict, Workers, fit,
};
use toys::*;

/// A coin that is undefined, in various ways, for subjects of certain names.
fn temperamental_coin() -> Toy {
    let p = vec![parameter("p", actinf_agents::Support::Unit, &[0.5])];
    Toy::new(p, |subject, values, gradient| match subject.id.as_str() {
        "not a number" => {
            gradient.fill(f64::NAN);
            Ok(f64::NAN)
        }
        "infinite" => Ok(f64::INFINITY),
        "refused" => Err(LikelihoodError::of_model("the beliefs are not finite")),
        "flat" => {
            gradient.fill(0.0);
            Ok(-3.0)
        }
        _ => toss_log_likelihood(subject, values, gradient),
    })
}

fn fitted(method: &dyn FittingMethod) -> Vec<(String, Outcome)> {
    let coin = temperamental_coin();
    let problem = Problem::new(&coin, vec![free(Prior::Beta { a: 2.0, b: 2.0 })]).unwrap();
    let subjects = vec![
        tosses("easy", 14, 6),
        silent("silent"),
        tosses("not a number", 3, 3),
        tosses("infinite", 3, 3),
        tosses("refused", 3, 3),
        tosses("flat", 3, 3),
        tosses("one trial", 1, 0),
        tosses("always right", 30, 0),
        tosses("easy too", 14, 6),
    ];
    let fitted = fit(&problem, &dataset(subjects), method, 3, &Workers::serial(), &|_| {});
    fitted.subjects.into_iter().map(|subject| (subject.id, subject.outcome)).collect()
}

fn of<'a>(all: &'a [(String, Outcome)], id: &str) -> &'a Outcome {
    &all.iter().find(|(found, _)| found == id).unwrap().1
}

fn fit_of<'a>(all: &'a [(String, Outcome)], id: &str) -> &'a SubjectFit {
    match of(all, id) {
        Outcome::Fitted(fit) => fit,
        Outcome::Failed { reason } => panic!("{id} failed: {reason}"),
    }
}

fn reason_of<'a>(all: &'a [(String, Outcome)], id: &str) -> &'a str {
    match of(all, id) {
        Outcome::Failed { reason } => reason,
        Outcome::Fitted(_) => panic!("{id} was fitted"),
    }
}

#[test]
fn subjects_without_a_likelihood_fail_with_the_reason() {
    let methods: [&dyn FittingMethod; 3] =
        [&MaximumAPosteriori::default(), &MaximumLikelihood::default(), &LaplaceApproximation::default()];
    for method in methods {
        let all = fitted(method);
        assert_eq!(reason_of(&all, "silent"), "has no recorded action or response to fit");
        assert!(reason_of(&all, "not a number").contains("is not finite at p = "));
        assert!(reason_of(&all, "infinite").contains("is not finite at p = "));
        assert!(reason_of(&all, "refused").contains("the beliefs are not finite"));
    }
}

#[test]
fn easy_subjects_are_unharmed() {
    let all = fitted(&MaximumAPosteriori::default());
    for id in ["easy", "easy too"] {
        let fit = fit_of(&all, id);
        near(fit.estimates[0].estimate, 16.0 / 24.0, 1e-8);
        assert_eq!(fit.verdict, Verdict::WellDetermined, "{}", fit.verdict_reason);
    }
}

#[test]
fn a_subject_without_information_says_so() {
    let all = fitted(&MaximumAPosteriori::default());
    let fit = fit_of(&all, "flat");
    assert_eq!(fit.verdict, Verdict::NoInformation);
    assert!(fit.verdict_reason.contains("the estimate is that of the prior"));
    near(fit.estimates[0].contraction.unwrap(), 0.0, 1e-6);
}

#[test]
fn one_trial_determines_little_under_a_prior_and_nothing_without() {
    let all = fitted(&MaximumAPosteriori::default());
    let fit = fit_of(&all, "one trial");
    assert_eq!(fit.verdict, Verdict::WeaklyDetermined, "{}", fit.verdict_reason);
    near(fit.estimates[0].estimate, 3.0 / 5.0, 1e-8);
    let all = fitted(&MaximumLikelihood::default());
    let fit = fit_of(&all, "one trial");
    assert_eq!(fit.verdict, Verdict::AtABound, "{}", fit.verdict_reason);
    assert_eq!(fit.estimates[0].standard_error, None);
}

#[test]
fn a_parameter_that_lies_at_its_bound_in_spite_of_the_prior_is_at_a_bound() {
    let coin = coin();
    let problem = Problem::new(&coin, vec![free(Prior::Beta { a: 0.5, b: 0.5 })]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 0, 2000)).unwrap().fit;
    assert_eq!(fit.verdict, Verdict::AtABound, "{}", fit.verdict_reason);
}

#[test]
fn two_modes_are_several_optima() {
    let square = square();
    let problem = Problem::new(&square, vec![free(Prior::Normal { mean: 0.3, sd: 2.0 })]).unwrap();
    let fit = fit_one(&problem, &ratings("a", &[4.0, 4.2, 3.9])).unwrap().fit;
    assert_eq!(fit.verdict, Verdict::SeveralOptima, "{}", fit.verdict_reason);
    // With a prior far on one side the other mode, exp(-0.15 x 10 x ...) as likely, is no rival: odds of 20 are 3 nats.
    let one_sided = Problem::new(&square, vec![free(Prior::Normal { mean: 3.0, sd: 1.0 })]).unwrap();
    let fit = fit_one(&one_sided, &ratings("a", &[4.0, 4.2, 3.9])).unwrap().fit;
    assert_eq!(fit.verdict, Verdict::WellDetermined, "{}", fit.verdict_reason);
}

#[test]
fn the_rim_of_the_undefined_is_no_optimum() {
    let coin = fragile_coin();
    let problem = Problem::new(&coin, vec![free(Prior::Beta { a: 2.0, b: 3.0 })]).unwrap();
    let fit = fit_one(&problem, &tosses("a", 5, 95)).unwrap().fit;
    assert_eq!(fit.verdict, Verdict::NotConverged, "{}", fit.verdict_reason);
}
