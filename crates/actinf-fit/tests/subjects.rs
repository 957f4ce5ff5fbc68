//! All subjects at once: order, failures, threads, progress, scoring and simulation.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod toys;

use actinf_agents::Design;
use actinf_fit::{
    Covariate, Fitted, MaximumAPosteriori, Outcome, Prior, Problem, Progress, Role, ScoreError, ScoredValues,
    Workers, draw_values, fit, score, simulate,
};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use toys::*;

fn workers(threads: usize) -> Workers {
    Workers::new(NonZeroUsize::new(threads)).unwrap()
}

fn fitted(threads: usize) -> Fitted {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let subjects = (0..12).map(|k| tosses(&format!("s{k}"), k, 20 - k)).collect();
    fit(&problem, &dataset(subjects), &MaximumAPosteriori::default(), 5, &workers(threads), &|_| {})
}

/// Every digit of everything, as text.
fn text(fitted: &Fitted) -> String {
    format!("{fitted:?}")
}

#[test]
fn two_threads_agree_with_one_bit_for_bit() {
    assert_eq!(text(&fitted(1)), text(&fitted(2)));
    assert_eq!(text(&fitted(1)), text(&fitted(4)));
}

#[test]
fn a_failing_subject_is_named_with_its_reason_and_loses_no_other() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let subjects = vec![
        tosses("a", 3, 4),
        tosses("bad", 2, 2),
        silent("mute"),
        tosses("wrong", 1, 1),
        tosses("b", 9, 1),
    ];
    let last = Mutex::new(Vec::new());
    let progress = |p: Progress| last.lock().unwrap().push(p);
    let data = dataset(subjects);
    let fitted = fit(&problem, &data, &MaximumAPosteriori::default(), 5, &workers(2), &progress);
    let reasons: Vec<String> = fitted
        .subjects
        .iter()
        .map(|subject| match &subject.outcome {
            Outcome::Fitted(_) => "fitted".into(),
            Outcome::Failed { reason } => reason.clone(),
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "fitted",
            "the recorded action has probability 0 under the model (session 1, trial 1, step 3, row 3)",
            "has no recorded action or response to fit",
            "an index is out of range",
            "fitted",
        ]
    );
    let steps: Vec<&str> = fitted.steps.iter().map(|steps| steps.subject.as_str()).collect();
    assert_eq!(steps, ["a", "b"]);
    assert_eq!(fitted.steps[0].steps.len(), 7);
    let told = last.into_inner().unwrap();
    assert_eq!(told.len(), 5 * 8);
    assert!(told.iter().any(|p| p.done == 40 && p.total == 40));
    assert_eq!(told.iter().map(|p| p.failures).max(), Some(3));
}

#[test]
fn groups_and_covariates_go_with_their_subjects() {
    let coin = coin();
    let problem = Problem::new(&coin, Problem::default_roles(&coin)).unwrap();
    let mut data = dataset(vec![tosses("a", 3, 4), tosses("b", 4, 3)]);
    data.groups = vec![Some("patient".into()), None];
    data.covariates = vec![Covariate { name: "age".into(), values: vec![Some(30.0), None] }];
    let fitted = fit(&problem, &data, &MaximumAPosteriori::default(), 5, &Workers::serial(), &|_| {});
    assert_eq!(fitted.subjects[0].group.as_deref(), Some("patient"));
    assert_eq!(fitted.subjects[0].covariates, [("age".to_owned(), Some(30.0))]);
    assert_eq!(fitted.subjects[1].covariates, [("age".to_owned(), None)]);
}

#[test]
fn scoring_reports_errors_per_subject() {
    let coin = coin();
    let subjects = [tosses("a", 3, 1), tosses("bad", 1, 1), tosses("c", 1, 1)];
    let same = score(&coin, &subjects, ScoredValues::Same(&[0.25]), &workers(2), &|_| {});
    let first = same[0].trajectory.as_ref().unwrap();
    near(first.log_likelihood.total, 3.0 * 0.25_f64.ln() + 0.75_f64.ln(), 1e-12);
    assert!(matches!(same[1].trajectory, Err(ScoreError::Likelihood(_))));
    let sets = [vec![0.5], vec![0.5], vec![1.5]];
    let own = score(&coin, &subjects, ScoredValues::PerSubject(&sets), &Workers::serial(), &|_| {});
    assert!(own[0].trajectory.is_ok());
    assert!(matches!(own[2].trajectory, Err(ScoreError::Values(_))));
    let few = score(&coin, &subjects, ScoredValues::PerSubject(&sets[..2]), &Workers::serial(), &|_| {});
    assert_eq!(few[2].trajectory, Err(ScoreError::NoValues));
}

#[test]
fn simulation_does_not_depend_on_threads_or_on_the_number_of_subjects() {
    let coin = coin();
    let roles = vec![Role::Free { prior: Prior::Beta { a: 2.0, b: 2.0 }, default_prior: false }];
    let problem = Problem::new(&coin, roles).unwrap();
    let values = draw_values(&problem, 9, 3).unwrap();
    let design = Design { sessions: 1, trials: 1, steps: 50 };
    let one = simulate(&coin, &values, design, 3, &workers(1), &|_| {});
    assert_eq!(one, simulate(&coin, &values, design, 3, &workers(3), &|_| {}));
    let fewer = simulate(&coin, &values[..4], design, 3, &workers(2), &|_| {});
    assert_eq!(fewer.subjects[..], one.subjects[..4]);
    assert_eq!(draw_values(&problem, 4, 3).unwrap()[..], values[..4]);
    assert_ne!(one.subjects[0].sessions, one.subjects[1].sessions);
    assert_ne!(one, simulate(&coin, &values, design, 4, &workers(1), &|_| {}));
}

#[test]
fn a_subject_that_cannot_be_simulated_loses_no_other() {
    let coin = coin();
    let values = vec![vec![0.5], vec![2.0], vec![0.1]];
    let design = Design { sessions: 1, trials: 1, steps: 5 };
    let simulated = simulate(&coin, &values, design, 3, &Workers::serial(), &|_| {});
    let names: Vec<&str> = simulated.subjects.iter().map(|subject| subject.id.as_str()).collect();
    assert_eq!(names, ["simulated-1", "simulated-3"]);
    assert_eq!(simulated.values, [vec![0.5], vec![0.1]]);
    assert_eq!(simulated.failures[0].0, "simulated-2");
    assert!(simulated.failures[0].1.contains("between 0 and 1"));
}

#[test]
fn simulated_parameters_are_recovered() {
    let coin = coin();
    let roles = vec![Role::Free { prior: Prior::Beta { a: 2.0, b: 2.0 }, default_prior: false }];
    let problem = Problem::new(&coin, roles).unwrap();
    let values = draw_values(&problem, 60, 8).unwrap();
    let design = Design { sessions: 1, trials: 1, steps: 200 };
    let simulated = simulate(&coin, &values, design, 8, &workers(2), &|_| {});
    let data = dataset(simulated.subjects);
    let fitted = fit(&problem, &data, &MaximumAPosteriori::default(), 8, &workers(2), &|_| {});
    let covered = fitted.subjects.iter().zip(&simulated.values).filter(|(subject, truth)| {
        let Outcome::Fitted(fit) = &subject.outcome else { panic!("{:?}", subject.outcome) };
        let estimate = &fit.estimates[0];
        estimate.lower.unwrap() <= truth[0] && truth[0] <= estimate.upper.unwrap()
    });
    // Binomial(60, 0.95): at least 52 with probability 0.995; the seed makes the outcome certain.
    assert!(covered.count() >= 52);
}
