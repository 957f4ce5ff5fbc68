//! Message passing on models small enough to check by hand, and what certainty does to it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::float_cmp, reason = "exact zeros and infinities are the question")]

use actinf_agents::{
    ActiveInference, BehaviourModel, LikelihoodErrorKind, Observation, Session, Step, Subject, Trial,
    model_file,
};

/// A coin of two kinds is tossed and seen; its kind stays or changes, and a button does nothing, or sets the kind.
fn model(inference: &str, keeps: f64, shows: f64) -> ActiveInference {
    let (changes, hides) = (1.0 - keeps, 1.0 - shows);
    let text = format!(
        r#"
name = "coin"
order = "observe_then_act"
[[controls]]
name = "button"
actions = ["left", "right"]
[[factors]]
name = "kind"
states = ["heads", "tails"]
prior = "uniform"
transitions = [
  {{ when = {{ kind = "heads" }}, p = {{ heads = {keeps}, tails = {changes} }} }},
  {{ when = {{ kind = "tails" }}, p = {{ heads = {changes}, tails = {keeps} }} }},
]
[[factors]]
name = "lamp"
states = ["left", "right"]
prior = {{ left = 1 }}
transitions = [
  {{ when = {{ button = "left" }}, p = {{ left = 1 }} }},
  {{ when = {{ button = "right" }}, p = {{ right = 1 }} }},
]
[[modalities]]
name = "toss"
outcomes = ["heads", "tails"]
likelihood = [
  {{ when = {{ kind = "heads" }}, p = {{ heads = {shows}, tails = {hides} }} }},
  {{ when = {{ kind = "tails" }}, p = {{ heads = {hides}, tails = {shows} }} }},
]
[choice]
missing_action = "average"
habits = {{ right = "0 + 1.0986122886681098" }}
[inference]
{inference}
"#
    );
    ActiveInference::new(model_file::read(&text, "coin.toml").unwrap_or_else(|error| panic!("{error}")))
}

fn subject(steps: &[(Option<usize>, Option<usize>)]) -> Subject {
    let step = |&(seen, done): &(Option<usize>, Option<usize>)| Step {
        row: 0,
        actions: vec![done],
        observations: vec![seen.map_or(Observation::Missing, Observation::Outcome)],
        responses: vec![],
    };
    let trial = Trial { label: String::new(), aborted: false, steps: steps.iter().map(step).collect() };
    Subject { id: "one".into(), sessions: vec![Session { label: String::new(), trials: vec![trial] }] }
}

/// The belief in heads, the belief that the lamp is left, and the surprise at the last step.
fn last(model: &ActiveInference, steps: &[(Option<usize>, Option<usize>)]) -> (f64, f64, f64) {
    let trajectory = model.trajectory(&subject(steps), &[]).unwrap();
    let quantities = &trajectory.steps.last().unwrap().quantities;
    (quantities[0], quantities[2], *quantities.last().unwrap())
}

const MARGINAL: &str = "scheme = \"marginal_message_passing\"";
const VARIATIONAL: &str = "scheme = \"variational_message_passing\"";
const HEADS: (Option<usize>, Option<usize>) = (Some(0), Some(0));

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn a_state_that_stays_gets_three_times_the_evidence_of_one_toss_after_four_sweeps() {
    // Log odds of the two slots, in units of ln 4 and sweep by sweep: x ← 1 + y / 2 and y ← 1 + x from (0, 0).
    let coin = model(&format!("{MARGINAL}\nsweeps = 4"), 1.0, 0.8);
    let (heads, ..) = last(&coin, &[HEADS, HEADS]);
    assert!(close(heads, 64.0 / 65.0), "{heads}");
}

#[test]
fn expected_logarithms_pass_on_the_difference_between_beliefs() {
    // The first sweep believes heads with 0.8, so the second adds (0.8 - 0.2) ln 4 to the evidence of ln 4.
    let coin = model(&format!("{VARIATIONAL}\nsweeps = 2"), 0.8, 0.8);
    let (heads, ..) = last(&coin, &[HEADS, HEADS]);
    assert!(close(heads, 1.0 / (1.0 + 4.0_f64.powf(-1.6))), "{heads}");
}

#[test]
fn certain_observations_make_certain_beliefs() {
    let coin = model(MARGINAL, 1.0, 1.0);
    let (heads, left, surprise) = last(&coin, &[HEADS, (Some(0), Some(0))]);
    assert_eq!((heads, left), (1.0, 1.0));
    assert!(close(surprise, 2.0_f64.ln()), "{surprise}");
}

#[test]
fn observations_that_exclude_each_other_are_impossible() {
    let coin = model(MARGINAL, 1.0, 1.0);
    let error = coin.trajectory(&subject(&[HEADS, (Some(1), Some(0))]), &[]).unwrap_err();
    assert_eq!(error.kind, LikelihoodErrorKind::ImpossibleObservation);
    assert_eq!(error.place.unwrap().step, 1);
}

#[test]
fn independent_marginals_of_a_state_that_stays_have_infinite_free_energy_and_beliefs_all_the_same() {
    let coin = model(MARGINAL, 1.0, 0.8);
    let (heads, _, surprise) = last(&coin, &[(None, Some(0)), (None, Some(0))]);
    assert_eq!((heads, surprise), (0.5, f64::INFINITY));
    let floored = model(&format!("{MARGINAL}\nnumerics = \"pymdp\""), 1.0, 0.8);
    let (.., surprise) = last(&floored, &[(None, Some(0)), (None, Some(0))]);
    // Half of what is believed is a change of kind. The floor's root, from the halved prior of the lamp, is the rest.
    assert!((surprise - (-0.5 * f64::EPSILON.ln() - 2.0_f64.ln())).abs() < 1e-6, "{surprise}");
}

#[test]
fn a_missing_action_averages_transitions_with_the_agents_own_probabilities() {
    // Habits of 0 and ln 3 make the right button three times as probable; nothing else tells them apart.
    for scheme in [MARGINAL, VARIATIONAL] {
        let coin = model(scheme, 0.8, 0.8);
        let (_, left, _) = last(&coin, &[(Some(0), None), HEADS, HEADS]);
        assert!(close(left, 1.0), "a later action sets the lamp: {left}");
        let (_, left, _) = last(&coin, &[(Some(0), Some(0)), (Some(0), None), HEADS]);
        assert!(close(left, 0.25), "{left}");
    }
}
