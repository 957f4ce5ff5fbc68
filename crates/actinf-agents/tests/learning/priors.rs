//! Learning of the initial prior.

use super::{
    ACT_FIRST, ANYTHING, CALM, HALF, LEFT, OBSERVE_FIRST, Row, STAYS, assert_close, inspect, subject, weather,
};
use ndarray::Array2;

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

#[test]
fn learned_priors_restart_with_each_session_unless_they_are_carried() {
    for (carry, expected) in [(false, 1.75 / 3.0), (true, (1.75 + 5.25 / 6.5) / 4.0)] {
        let factor = format!("{STAYS}prior_learning = {{ prior_count = 2 }}\n");
        let model = weather(OBSERVE_FIRST, "0.75", &factor, "", &format!("[learning]\ncarry = {carry}"));
        let trial: &[Row] = &[(LEFT, CALM)];
        let steps = model.inspect(&subject(&[&[trial], &[trial]]), &[]).unwrap();
        let prior = steps[1].initial_state_prior[0][(0, 0)];
        assert!((prior - expected).abs() < 1e-12, "{prior}");
    }
}
