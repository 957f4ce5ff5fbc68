//! What missing values, aborted trials and the ends of sessions mean, on models small enough to check by hand.

#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test may panic; certainties are exact")]

use actinf_agents::{
    ActiveInference, BehaviourModel, Observation, Session, Step, Subject, Trajectory, Trial, model_file,
};

/// An arm is pulled and pays or not; what it pays is learned from one prior count per column.
const BANDIT: &str = r#"
name = "bandit"
order = "act_then_observe"

[parameters]
liking = { support = "real", default = 1.0, meaning = "how much a win is preferred" }

[[controls]]
name = "arm"
actions = ["left", "right"]

[[factors]]
name = "pulled"
states = ["none", "left", "right"]
prior = { none = 1 }
transitions = [
  { when = { arm = "left" }, p = { left = 1 } },
  { when = { arm = "right" }, p = { right = 1 } },
]

[[modalities]]
name = "pay"
outcomes = ["loss", "win"]
preferences = { win = "liking" }
learning = { prior_count = 1, rate = 1 }
likelihood = [
  { when = { pulled = "left" }, p = "uniform" },
  { otherwise = true, p = "uniform" },
]
"#;

fn model(missing_action: &str, carry: bool) -> ActiveInference {
    let rest = format!("\n[learning]\ncarry = {carry}\n\n[choice]\nmissing_action = \"{missing_action}\"\n");
    ActiveInference::new(model_file::read(&(BANDIT.to_string() + &rest), "bandit.toml").unwrap())
}

fn step(arm: Option<usize>, pay: Option<usize>) -> Step {
    let observation = pay.map_or(Observation::Missing, Observation::Outcome);
    Step { row: 0, actions: vec![arm], observations: vec![observation], responses: vec![] }
}

fn trial(steps: &[Step]) -> Trial {
    Trial { label: String::new(), aborted: false, steps: steps.to_vec() }
}

fn subject(sessions: Vec<Vec<Trial>>) -> Subject {
    let session = |trials| Session { label: String::new(), trials };
    Subject { id: "one".into(), sessions: sessions.into_iter().map(session).collect() }
}

fn trajectory(model: &ActiveInference, subject: &Subject) -> Trajectory {
    model.trajectory(subject, &[1.0]).unwrap()
}

/// The belief that each arm is the one pulled last, when the action of a step is chosen.
fn pulled(trajectory: &Trajectory, step: usize) -> [f64; 3] {
    let quantities = &trajectory.steps[step].quantities;
    [quantities[0], quantities[1], quantities[2]]
}

/// The probability of the left arm at the last step.
fn last_left(model: &ActiveInference, steps: &[Step]) -> f64 {
    trajectory(model, &subject(vec![vec![trial(steps)]])).steps.last().unwrap().action_probabilities[0]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn one_win_makes_its_arm_better_by_a_quarter_of_the_difference_in_utility() {
    let left = last_left(&model("stay", false), &[step(Some(0), Some(1)), step(Some(0), None)]);
    // After one win the left arm pays with 3/4, and a win is worth 1 nat more than a loss; information gain is 0,
    // because the arm is known.
    assert!(close(left, 1.0 / (1.0 + (-0.25_f64).exp())), "{left}");
}

#[test]
fn a_missing_action_adds_nothing_and_controlled_factors_stay_where_they_were() {
    let steps = [step(Some(0), None), step(None, None), step(Some(1), None)];
    let trajectory = trajectory(&model("stay", false), &subject(vec![vec![trial(&steps)]]));
    assert_eq!(trajectory.steps[1].log_probability, None);
    assert_eq!(pulled(&trajectory, 2), [0.0, 1.0, 0.0]);
    assert!(close(trajectory.log_likelihood.total, 2.0 * 0.5_f64.ln()));
}

#[test]
fn a_missing_action_may_be_averaged_over_instead() {
    let steps = [step(Some(0), None), step(None, None), step(Some(1), None)];
    let trajectory = trajectory(&model("average", false), &subject(vec![vec![trial(&steps)]]));
    let [none, left, right] = pulled(&trajectory, 2);
    assert!(close(none, 0.0) && close(left, 0.5) && close(right, 0.5));
}

#[test]
fn the_outcome_of_a_missing_action_is_still_learned_from() {
    // The left arm is still believed to be the one that paid.
    let seen = [step(Some(0), Some(1)), step(None, Some(1)), step(Some(0), None)];
    let left = last_left(&model("stay", false), &seen);
    assert!(close(left, 1.0 / (1.0 + (-(2.5 / 3.0 - 0.5_f64)).exp())), "{left}");
}

#[test]
fn a_missing_observation_is_no_evidence_and_teaches_nothing() {
    let left = last_left(&model("stay", false), &[step(Some(0), None), step(Some(0), None)]);
    assert!(close(left, 0.5), "{left}");
}

#[test]
fn an_aborted_trial_is_skipped_whole() {
    let lived = trial(&[step(Some(0), Some(1)), step(Some(0), Some(0))]);
    let aborted = Trial { aborted: true, ..trial(&[step(Some(1), Some(1)), step(Some(1), Some(1))]) };
    let with = trajectory(&model("stay", false), &subject(vec![vec![lived.clone(), aborted, lived.clone()]]));
    let without = trajectory(&model("stay", false), &subject(vec![vec![lived.clone(), lived]]));
    assert_eq!(with.log_likelihood, without.log_likelihood);
    assert_eq!(with.steps.len(), 4);
    assert_eq!(with.steps[2].place.trial, 2);
}

#[test]
fn beliefs_restart_with_each_trial_and_counts_with_each_session_unless_they_are_carried() {
    let steps = trial(&[step(Some(0), Some(1))]);
    let behaviour = subject(vec![vec![steps.clone(), steps.clone()], vec![steps]]);
    let left = |trajectory: &Trajectory, step: usize| trajectory.steps[step].action_probabilities[0];
    let after = |wins: f64| 1.0 / (1.0 + (-((wins + 0.5) / (wins + 1.0) - 0.5)).exp());
    let restarted = trajectory(&model("stay", false), &behaviour);
    assert_eq!(pulled(&restarted, 1), [1.0, 0.0, 0.0]);
    assert!(close(left(&restarted, 1), after(1.0)) && close(left(&restarted, 2), 0.5));
    let carried = trajectory(&model("stay", true), &behaviour);
    assert!(close(left(&carried, 1), after(1.0)) && close(left(&carried, 2), after(2.0)));
}
