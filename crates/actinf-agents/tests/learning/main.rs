//! Learning of A, B, D and E on models small enough to check by hand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod habits;
mod priors;
mod transitions;

use actinf_agents::{
    ActiveInference, BehaviourModel, Inspection, Observation, Session, Step, Subject, Trial, model_file,
};
use ndarray::Array2;

/// A weather that one of two levers may change. Where the eye is sharp the weather is seen as it is; where it is not, it
/// is seen rightly three times out of four. `ORDER`, `SHARP`, `FACTOR`, `MODALITY` and `SETTINGS` are filled in.
const WEATHER: &str = r#"
name = "weather"
order = "ORDER"

[[controls]]
name = "lever"
actions = ["left", "right"]

[[factors]]
name = "weather"
states = ["calm", "wild"]
FACTOR

[[modalities]]
name = "sky"
outcomes = ["clear", "cloudy"]
likelihood = [
  { when = { weather = "calm" }, p = { clear = SHARP, cloudy = "1 - SHARP" } },
  { when = { weather = "wild" }, p = { clear = "1 - SHARP", cloudy = SHARP } },
]
MODALITY

SETTINGS
"#;

const OBSERVE_FIRST: &str = "observe_then_act";
const ACT_FIRST: &str = "act_then_observe";

/// Any weather follows any other, whatever the lever.
const ANYTHING: &str = r#"prior = "uniform"
transitions = [
  { when = { lever = ["left", "right"], weather = ["calm", "wild"] }, p = "uniform" },
]
"#;
const STAYS: &str = "prior = \"uniform\"\ntransitions = \"stay\"\n";

fn weather(order: &str, sharp: &str, factor: &str, modality: &str, settings: &str) -> ActiveInference {
    let text = WEATHER
        .replace("ORDER", order)
        .replace("1 - SHARP", &format!("1 - {sharp}"))
        .replace("SHARP", sharp)
        .replace("FACTOR", factor)
        .replace("MODALITY", modality)
        .replace("SETTINGS", settings);
    ActiveInference::new(model_file::read(&text, "weather.toml").unwrap())
}

/// A row: the lever pulled and the sky seen.
fn row((lever, sky): (Option<usize>, Option<usize>)) -> Step {
    let observation = sky.map_or(Observation::Missing, Observation::Outcome);
    Step { row: 0, actions: vec![lever], observations: vec![observation], responses: vec![] }
}

type Row = (Option<usize>, Option<usize>);

fn subject(sessions: &[&[&[Row]]]) -> Subject {
    let trial = |rows: &&[Row]| Trial {
        label: String::new(),
        aborted: false,
        steps: rows.iter().copied().map(row).collect(),
    };
    let session =
        |trials: &&[&[Row]]| Session { label: String::new(), trials: trials.iter().map(trial).collect() };
    Subject { id: "one".into(), sessions: sessions.iter().map(session).collect() }
}

/// What the agent held at each step of one session.
fn inspect(model: &ActiveInference, trials: &[&[Row]]) -> Vec<Inspection> {
    model.inspect(&subject(&[trials]), &[]).unwrap()
}

#[track_caller]
fn assert_close(found: &Array2<f64>, expected: &[[f64; 2]]) {
    let found: Vec<f64> = found.iter().copied().collect();
    for (a, b) in found.iter().zip(expected.iter().flatten()) {
        assert!((a - b).abs() < 1e-12, "{found:?} is not {expected:?}");
    }
    assert_eq!(found.len(), 2 * expected.len());
}

const LEFT: Option<usize> = Some(0);
const RIGHT: Option<usize> = Some(1);
const CALM: Option<usize> = Some(0);
const WILD: Option<usize> = Some(1);
const HALF: [f64; 2] = [0.5, 0.5];

/// The likelihoods after each step of two trials of two steps that look calm and then wild.
fn likelihoods(settings: &str, learning: &str) -> Vec<Array2<f64>> {
    let modality = format!("learning = {learning}\n");
    let trial = [(LEFT, CALM), (LEFT, WILD)];
    let model = weather(OBSERVE_FIRST, "0.75", STAYS, &modality, settings);
    inspect(&model, &[&trial, &trial]).into_iter().map(|step| step.likelihood[0].clone()).collect()
}

#[test]
fn at_trial_ends_likelihoods_are_learned_from_the_beliefs_held_during_the_trial() {
    let start = [[0.75, 0.25], [0.25, 0.75]];
    // Clear counts at 3 : 1, cloudy at 1 : 1, after both were seen once.
    let filtered = likelihoods("[learning]\ntime = \"trial_end\"", "{ prior_count = 4 }");
    assert_close(&filtered[1], &start);
    assert_close(&filtered[2], &[[3.75 / 5.25, 1.5 / 5.25], [1.25 / 4.75, 3.5 / 4.75]]);
    // In hindsight both count at 1 : 1.
    let settings = "[learning]\ntime = \"trial_end\"\nbeliefs = \"smoothed\"";
    let smoothed = likelihoods(settings, "{ prior_count = 4 }");
    assert_close(&smoothed[1], &start);
    assert_close(&smoothed[2], &[[3.5 / 5.0, 1.5 / 5.0], [1.5 / 5.0, 3.5 / 5.0]]);
}

#[test]
fn forgetting_takes_its_share_once_per_update() {
    let counts = |settings: &str| likelihoods(settings, "{ prior_count = 4, rate = 2, forgetting = 0.5 }");
    // At steps: 3 + 1.5 in the first step; 0.75 of it is left in the second, which adds 2 q to cloudy.
    let steps = counts("");
    assert_close(&steps[0], &[[4.5 / 5.5, 1.0 / 5.5], [1.5 / 4.5, 3.0 / 4.5]]);
    let belief = {
        let (calm, wild) = (0.75 / 5.5, 0.25 * 3.0 / 4.5);
        calm / (calm + wild)
    };
    let second = [[3.75, 1.0 + 2.0 * belief], [1.25, 3.0 + 2.0 * (1.0 - belief)]];
    assert_close(&steps[1], &second.map(|[a, b]| [a / (a + b), b / (a + b)]));
    // At trial ends nothing is forgotten within the first trial: 3 + 1.5, 1 + 1.
    let trials = counts("[learning]\ntime = \"trial_end\"");
    assert_close(&trials[2], &[[4.5 / 6.5, 2.0 / 6.5], [1.5 / 5.5, 4.0 / 5.5]]);
}

#[test]
fn forgetting_everything_leaves_the_last_update_alone() {
    let model = |modality: &str| weather(OBSERVE_FIRST, "0.75", ANYTHING, modality, "");
    let forgetful = model("learning = { prior_count = 4, forgetting = 1 }\n");
    let steps = inspect(&forgetful, &[&[(LEFT, CALM), (LEFT, WILD), (LEFT, WILD)]]);
    let belief = steps[2].beliefs[0];
    let alone = [[3.0, 1.0 + belief], [1.0, 3.0 + 1.0 - belief]];
    assert_close(&steps[2].likelihood[0], &alone.map(|[a, b]| [a / (a + b), b / (a + b)]));
}

#[test]
fn at_session_ends_all_trials_are_learned_from_at_once_and_carried() {
    let settings = "[learning]\ntime = \"session_end\"\ncarry = true";
    let factor = format!("{STAYS}prior_learning = {{ prior_count = 2 }}\n");
    let model = weather(OBSERVE_FIRST, "0.75", &factor, "learning = { prior_count = 4 }\n", settings);
    let trial: &[Row] = &[(LEFT, CALM)];
    let steps = model.inspect(&subject(&[&[trial, trial], &[trial]]), &[]).unwrap();
    assert_close(&steps[1].likelihood[0], &[[0.75, 0.25], [0.25, 0.75]]);
    assert_close(&steps[2].likelihood[0], &[[4.5 / 5.5, 1.0 / 5.5], [1.5 / 4.5, 3.0 / 4.5]]);
    assert_close(&steps[2].initial_state_prior[0], &[[2.5 / 4.0, 1.5 / 4.0]]);
}

#[test]
fn the_gradient_reaches_counts_and_rates_of_every_kind() {
    let text = r#"
name = "all"
order = "observe_then_act"
[parameters]
count = { support = "positive", default = 2.0 }
rate = { support = "positive", default = 0.5 }
[[controls]]
name = "lever"
actions = ["left", "right"]
[[factors]]
name = "weather"
states = ["calm", "wild"]
prior_learning = { counts = ["count", 1], rate = "rate" }
transitions = [{ when = { lever = ["left", "right"], weather = ["calm", "wild"] }, p = [0.75, 0.25] }]
transition_learning = { prior_count = "count", rate = "rate" }
[[modalities]]
name = "sky"
outcomes = ["clear", "cloudy"]
preferences = { clear = 1 }
likelihood = [{ when = { weather = "calm" }, p = [0.75, 0.25] }, { otherwise = true, p = [0.25, 0.75] }]
learning = { prior_count = "count", rate = "rate" }
[choice]
habit_learning = { prior_count = "count", rate = "rate" }
"#;
    let model = ActiveInference::new(model_file::read(text, "all.toml").unwrap());
    let behaviour = subject(&[&[&[(LEFT, CALM), (RIGHT, WILD)], &[(LEFT, WILD), (LEFT, CALM)]]]);
    let mut scorer = model.scorer(&behaviour, &[2.0, 0.5], &[0, 1]).unwrap();
    let mut gradient = [0.0; 2];
    let value = scorer.log_likelihood_gradient(&[2.0, 0.5], &mut gradient).unwrap();
    assert_eq!(value.to_bits(), scorer.log_likelihood(&[2.0, 0.5]).unwrap().to_bits());
    for k in 0..2 {
        let mut ends = [[2.0, 0.5]; 2];
        ends[0][k] += 1e-5;
        ends[1][k] -= 1e-5;
        let [up, down] = ends.map(|values| scorer.log_likelihood(&values).unwrap());
        let difference = (up - down) / 2e-5;
        assert!((gradient[k] - difference).abs() < 1e-8, "{k}: {} {difference}", gradient[k]);
        assert!(difference.abs() > 1e-4, "{k} {difference}");
    }
}
