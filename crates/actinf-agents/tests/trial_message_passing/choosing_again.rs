//! An evaluation where only the action precision or the lapse has moved uses beliefs of one before: it gives the bits that a
//! scorer gives that was never asked before.

use super::{agent, simulated, text};
use actinf_agents::tasks;
use actinf_agents::{ActiveInference, BehaviourModel, LikelihoodError, Observation, Subject, default_values};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A log-likelihood and the gradient beside it, if it was asked for, as bits.
type Bits = Result<(u64, Vec<u64>), LikelihoodError>;

fn with_lapse(text: &str) -> ActiveInference {
    let text = text
        .replace("[parameters]", "[parameters]\nslip = { support = \"unit\", default = 0.05 }")
        .replace("[choice]", "[choice]\nlapse = \"slip\"");
    agent(&text)
}

/// The subject with missing actions and outcomes.
fn with_gaps(mut subject: Subject) -> Subject {
    for trial in subject.sessions.iter_mut().flat_map(|session| &mut session.trials) {
        trial.steps[1].observations[0] = Observation::Missing;
        trial.steps[0].actions[0] = None;
    }
    subject
}

/// Another point: mostly the choice alone moves, sometimes something else, sometimes it is one that was there before.
fn moved(points: &[Vec<f64>], of_choice: &[usize], rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut point = points[points.len() - 1].clone();
    let kind = rng.random_range(0..10);
    if kind < 2 {
        return points[rng.random_range(0..points.len())].clone();
    }
    let k = if kind < 8 {
        of_choice[rng.random_range(0..of_choice.len())]
    } else {
        rng.random_range(0..point.len())
    };
    point[k] *= rng.random_range(0.9..1.1);
    point
}

fn evaluate(scorer: &mut dyn actinf_agents::Scorer, point: &[f64], with_gradient: bool) -> Bits {
    if !with_gradient {
        return scorer.log_likelihood(point).map(|value| (value.to_bits(), Vec::new()));
    }
    let mut gradient = vec![0.0; point.len()];
    let value = scorer.log_likelihood_gradient(point, &mut gradient)?;
    Ok((value.to_bits(), gradient.into_iter().map(f64::to_bits).collect()))
}

#[track_caller]
fn check(model: &ActiveInference, subject: &Subject, names_of_choice: &[&str], free: &[usize], seed: u64) {
    let values = default_values(model.parameters());
    let is_of_choice = |&k: &usize| names_of_choice.contains(&model.parameters()[free[k]].name.as_str());
    let of_choice: Vec<usize> = (0..free.len()).filter(is_of_choice).collect();
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut points = vec![free.iter().map(|&k| values[k]).collect::<Vec<f64>>()];
    let mut asked_before = model.scorer(subject, &values, free).unwrap();
    let mut found = Vec::new();
    for _ in 0..40 {
        let point = moved(&points, &of_choice, rng);
        let with_gradient = rng.random_range(0..2) == 0;
        let result = evaluate(&mut *asked_before, &point, with_gradient);
        let mut fresh = model.scorer(subject, &values, free).unwrap();
        assert_eq!(result, evaluate(&mut *fresh, &point, with_gradient), "seed {seed}, {point:?}");
        found.push(result.unwrap());
        points.push(point);
    }
    let mut different = found.clone();
    different.sort_unstable();
    different.dedup();
    assert!(different.len() > found.len() / 2, "too few points differ");
}

#[test]
fn evaluations_in_any_order_give_the_bits_of_a_fresh_scorer() {
    for whole_trial in [true, false] {
        for (numerics, missing) in [("spm", "average"), ("exact", "average"), ("exact", "stay")] {
            let text = text(whole_trial, numerics)
                .replace("missing_action = \"average\"", &format!("missing_action = \"{missing}\""));
            let model = with_lapse(&text);
            let all: Vec<usize> = (0..model.parameters().len()).collect();
            for seed in 0..3 {
                let subject = simulated(&model, seed);
                check(&model, &subject, &["alpha", "slip"], &all, seed);
                check(&model, &with_gaps(subject), &["alpha", "slip"], &all, seed);
            }
        }
    }
}

/// Habits that depend on the action precision move the posterior over policies with it.
#[test]
fn an_action_precision_that_reaches_policies_is_no_mere_choice() {
    let model = with_lapse(&text(true, "exact").replace("\"habit\"", "\"habit + alpha\""));
    let all: Vec<usize> = (0..model.parameters().len()).collect();
    check(&model, &simulated(&model, 1), &["alpha", "slip"], &all, 1);
}

#[test]
fn the_inversions_of_the_tutorial_are_evaluated_with_the_same_bits() {
    for name in ["explore_exploit", "three_arm_maze"] {
        let model = ActiveInference::new(tasks::read(name).unwrap());
        let is_of_choice = |k: &usize| model.parameters()[*k].name == "action_precision";
        let (of_choice, others): (Vec<usize>, Vec<usize>) =
            (0..model.parameters().len()).partition(is_of_choice);
        let free = [of_choice[0], others[0]];
        check(&model, &simulated(&model, 2), &["action_precision"], &free, 2);
    }
}
