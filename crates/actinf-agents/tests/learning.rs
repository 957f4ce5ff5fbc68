//! Learning of A, B, D and E on models small enough to check by hand.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

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

/// Columns: left and calm, left and wild, right and calm, right and wild.
fn transitions(order: &str, rows: &[Row], learning: &str) -> Vec<Array2<f64>> {
    let factor = format!("{ANYTHING}transition_learning = {learning}\n");
    let steps = inspect(&weather(order, "1", &factor, "", ""), &[rows]);
    steps.into_iter().map(|step| step.transitions[0].clone()).collect()
}

#[test]
fn a_transition_adds_the_rate_to_its_count_under_the_action_of_the_row_before() {
    let rows = [(LEFT, CALM), (RIGHT, WILD), (LEFT, WILD)];
    let learned = transitions(OBSERVE_FIRST, &rows, "{ prior_count = 2, rate = 0.5 }");
    assert_close(&learned[0], &[HALF; 4]);
    assert_close(&learned[1], &[[1.0 / 2.5, 1.5 / 2.5], HALF, HALF, HALF]);
    assert_close(&learned[2], &[[1.0 / 2.5, 1.5 / 2.5], HALF, HALF, [1.0 / 2.5, 1.5 / 2.5]]);
}

#[test]
fn where_the_action_comes_first_a_transition_belongs_to_the_action_of_its_own_row() {
    let rows = [(LEFT, CALM), (RIGHT, WILD)];
    let learned = transitions(ACT_FIRST, &rows, "{ prior_count = 2 }");
    // The first weather is not known: half of the transition to calm is counted from either.
    assert_close(&learned[0], &[[1.5 / 2.5, 1.0 / 2.5], [1.5 / 2.5, 1.0 / 2.5], HALF, HALF]);
    assert_close(&learned[1], &[[0.6, 0.4], [0.6, 0.4], [1.0 / 3.0, 2.0 / 3.0], HALF]);
}

#[test]
fn a_transition_without_an_action_teaches_nothing_and_nothing_is_forgotten() {
    let rows = [(LEFT, CALM), (None, WILD), (LEFT, WILD)];
    let learned = transitions(OBSERVE_FIRST, &rows, "{ prior_count = 2, forgetting = 0.5 }");
    assert_close(&learned[1], &[[1.0 / 3.0, 2.0 / 3.0], HALF, HALF, HALF]);
    assert_eq!(learned[1], learned[2]);
}

#[test]
fn filtered_transitions_are_learned_from_the_product_of_the_beliefs() {
    let factor = format!("{ANYTHING}transition_learning = {{ prior_count = 2 }}\n");
    let steps = inspect(&weather(OBSERVE_FIRST, "0.75", &factor, "", ""), &[&[(LEFT, CALM), (LEFT, CALM)]]);
    // Three quarters calm before and after: 9/16 + 3/16 of a transition start in calm, 3/16 + 1/16 in wild.
    let from = |weight: f64| [(1.0 + 0.75 * weight) / (2.0 + weight), (1.0 + 0.25 * weight) / (2.0 + weight)];
    assert_close(&steps[1].transitions[0], &[from(0.75), from(0.25), HALF, HALF]);
}

#[test]
fn a_factor_that_stays_may_learn_that_it_does_not() {
    let factor = format!("{STAYS}transition_learning = {{ prior_count = 1 }}\n");
    let steps = inspect(&weather(OBSERVE_FIRST, "0.75", &factor, "", ""), &[&[(LEFT, CALM), (LEFT, WILD)]]);
    // Beliefs are 3/4 calm and then even.
    assert_close(&steps[1].transitions[0], &[[1.375 / 1.75, 0.375 / 1.75], [0.125 / 1.25, 1.125 / 1.25]]);
}

/// The initial prior after each step of two trials of two steps, all of which look calm.
fn priors(order: &str, factor: &str, learning: &str, settings: &str) -> Vec<Array2<f64>> {
    let factor = format!("{factor}prior_learning = {learning}\n");
    let trial = [(LEFT, CALM), (LEFT, CALM)];
    let steps = inspect(&weather(order, "0.75", &factor, "", settings), &[&trial, &trial]);
    steps.into_iter().map(|step| step.initial_state_prior[0].clone()).collect()
}

#[test]
fn the_prior_is_learned_from_the_first_step_of_each_trial() {
    let learned = priors(OBSERVE_FIRST, STAYS, "{ prior_count = 2 }", "");
    let first = [1.75 / 3.0, 1.25 / 3.0];
    assert_close(&learned[0], &[first]);
    assert_close(&learned[1], &[first]);
    // The second trial starts there: 1.75 : 1.25 and one look give 5.25 : 1.25.
    assert_close(&learned[2], &[[(1.75 + 5.25 / 6.5) / 4.0, (1.25 + 1.25 / 6.5) / 4.0]]);
}

#[test]
fn where_the_action_comes_first_the_prior_is_learned_by_looking_back_one_step() {
    // A weather that stays was what the first look tells.
    let stays = priors(ACT_FIRST, STAYS, "{ prior_count = 2 }", "");
    assert_close(&stays[0], &[[1.75 / 3.0, 1.25 / 3.0]]);
    // A weather that the lever has made says nothing of the one before.
    let made =
        priors(ACT_FIRST, &ANYTHING.replace("\"uniform\"\ntr", "[0.8, 0.2]\ntr"), "{ prior_count = 2 }", "");
    assert_close(&made[0], &[[0.8, 0.2]]);
}

#[test]
fn smoothed_priors_are_learned_from_the_whole_trial() {
    for order in [OBSERVE_FIRST, ACT_FIRST] {
        let settings = "[learning]\ntime = \"trial_end\"\nbeliefs = \"smoothed\"";
        let learned = priors(order, STAYS, "{ prior_count = 2 }", settings);
        assert_close(&learned[1], &[HALF]);
        // Two looks give 9 : 1.
        assert_close(&learned[2], &[[1.9 / 3.0, 1.1 / 3.0]]);
    }
}

#[test]
fn explicit_counts_of_a_prior_are_where_it_starts() {
    let factor =
        "transitions = \"stay\"\nprior_learning = { counts = { calm = 1, wild = 3 }, forgetting = 0.5 }\n";
    let model = weather(OBSERVE_FIRST, "1", factor, "", "");
    let steps = inspect(&model, &[&[(LEFT, CALM)], &[(LEFT, CALM)]]);
    assert_close(&steps[0].initial_state_prior[0], &[[2.0 / 5.0, 3.0 / 5.0]]);
    // Half of what was learned is forgotten: 1.5 + 1.
    assert_close(&steps[1].initial_state_prior[0], &[[2.5 / 5.5, 3.0 / 5.5]]);
}

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
fn learned_priors_and_habits_restart_with_each_session_unless_they_are_carried() {
    for (carry, expected) in [(false, 1.75 / 3.0), (true, (1.75 + 5.25 / 6.5) / 4.0)] {
        let factor = format!("{STAYS}prior_learning = {{ prior_count = 2 }}\n");
        let model = weather(OBSERVE_FIRST, "0.75", &factor, "", &format!("[learning]\ncarry = {carry}"));
        let trial: &[Row] = &[(LEFT, CALM)];
        let steps = model.inspect(&subject(&[&[trial], &[trial]]), &[]).unwrap();
        let prior = steps[1].initial_state_prior[0][(0, 0)];
        assert!((prior - expected).abs() < 1e-12, "{prior}");
    }
}

/// The probability of the left lever at each of three steps, with the action in the second one missing. No weather is
/// preferred to another, so that only habits speak.
fn habits(learning: &str, settings: &str) -> Vec<f64> {
    let choice =
        format!("{settings}\n[choice]\nhabits = {{ left = \"ln(3)\" }}\nhabit_learning = {learning}\n");
    let model = weather(OBSERVE_FIRST, "1", STAYS, "", &choice);
    let rows = [(RIGHT, CALM), (None, CALM), (RIGHT, CALM)];
    inspect(&model, &[&rows]).iter().map(|step| step.log_action_probabilities[0].exp()).collect()
}

#[test]
fn habits_grow_by_what_was_planned_not_by_what_was_done() {
    for left in habits("{ prior_count = 4 }", "") {
        // Counts 3 : 1 grow in the same proportion.
        assert!((left - 0.75).abs() < 1e-12, "{left}");
    }
}

#[test]
fn learned_habits_and_preferences_add_up_in_the_plan() {
    let preferring = "preferences = { clear = \"ln(3)\" }\n";
    let factor = r#"prior = "uniform"
transitions = [ { when = { lever = "left" }, p = { calm = 1 } }, { otherwise = true, p = { wild = 1 } } ]
"#;
    let choice =
        "[choice]\nhabit_learning = { counts = { left = 1, right = 1 }, rate = 2, forgetting = 0.5 }\n";
    let model = weather(OBSERVE_FIRST, "1", factor, preferring, choice);
    let steps = inspect(&model, &[&[(LEFT, CALM), (LEFT, CALM), (LEFT, CALM)]]);
    let left = |step: usize| steps[step].log_action_probabilities[0].exp();
    // Left is preferred 3 : 1.
    assert!((left(0) - 0.75).abs() < 1e-12);
    // Counts are 1 + 1.5 and 1 + 0.5.
    let second = 3.0 * 2.5 / (3.0 * 2.5 + 1.5);
    assert!((left(1) - second).abs() < 1e-12, "{}", left(1));
    // Half of what was learned is forgotten, and the second plan is added.
    let (a, b) = (1.75 + 2.0 * second, 1.25 + 2.0 * (1.0 - second));
    assert!((left(2) - 3.0 * a / (3.0 * a + b)).abs() < 1e-12, "{}", left(2));
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
