#![allow(clippy::float_cmp, reason = "sums in the same order and infinities are exact")]

use super::*;

const LEFT_WINS: Pull = (Some(0), Some(1));

fn sticky() -> Model {
    with("rescorla_wagner_perseveration", "")
}

const HALF: [(&str, &[f64]); 2] = [("learning_rate", &[0.5]), ("perseveration", &[1.0])];

#[test]
fn nothing_is_learned_from_a_missing_action() {
    let model = sticky();
    let found = trajectory(&model, &subject(&[&[&[LEFT_WINS, (None, Some(0)), LEFT_WINS]]]), &HALF);
    close(&quantity(&model, &found, "value.left"), &[0.0, 0.5, 0.5]);
    close(&quantity(&model, &found, "choice_trace.left"), &[0.0, 1.0, 1.0]);
    assert_eq!(found.steps[1].log_probability, None);
    let known: f64 = [0, 2].iter().map(|&step| found.steps[step].log_probability.unwrap()).sum();
    assert_eq!(found.log_likelihood.actions, known);
}

#[test]
fn a_missing_outcome_leaves_the_value_but_traces_the_choice() {
    let model = sticky();
    let found = trajectory(&model, &subject(&[&[&[LEFT_WINS, (Some(1), None), LEFT_WINS]]]), &HALF);
    close(&quantity(&model, &found, "value.right"), &[0.0; 3]);
    close(&quantity(&model, &found, "choice_trace.right"), &[0.0, 0.0, 1.0]);
    close(&quantity(&model, &found, "prediction_error.outcome"), &[1.0, 0.0, 0.5]);
}

#[test]
fn aborted_trials_are_skipped_and_learning_passes_between_trials_but_not_sessions() {
    let model = sticky();
    let mut behaviour = subject(&[&[&[LEFT_WINS], &[LEFT_WINS], &[LEFT_WINS]], &[&[LEFT_WINS]]]);
    behaviour.sessions[0].trials[1].aborted = true;
    let found = trajectory(&model, &behaviour, &HALF);
    close(&quantity(&model, &found, "value.left"), &[0.0, 0.5, 0.0]);
    let carried = trajectory(&with("rescorla_wagner_perseveration", "carry = true"), &behaviour, &HALF);
    close(&quantity(&model, &carried, "value.left"), &[0.0, 0.5, 0.75]);
}

#[test]
fn where_observations_come_first_the_next_row_holds_the_outcome() {
    let text = crate::baselines::text("rescorla_wagner").unwrap();
    let model = Model::read(&text.replacen("act_then_observe", "observe_then_act", 1), "m.toml").unwrap();
    // The first row's outcome belongs to nothing; the second row's to the first action; a new trial forgets what is due.
    let first = [LEFT_WINS, LEFT_WINS];
    let found = trajectory(&model, &subject(&[&[&first, &[LEFT_WINS]]]), &[("learning_rate", &[0.5])]);
    close(&quantity(&model, &found, "value.left"), &[0.0, 0.5, 0.5]);
}

#[test]
fn a_distribution_of_outcomes_is_worth_its_expectation() {
    let model = with("rescorla_wagner", "");
    let mut behaviour = steps(&[(0, 1), (0, 1), (0, 1)]);
    let rows = &mut behaviour.sessions[0].trials[0].steps;
    rows[0].observations = vec![Observation::Distribution(vec![0.25, 0.75])];
    rows[1].observations = vec![Observation::Masked { outcome: 1, trust: 0.5 }];
    let found = trajectory(&model, &behaviour, &[("learning_rate", &[1.0])]);
    close(&quantity(&model, &found, "value.left"), &[0.0, 0.75, 0.75]);
}

#[test]
fn an_impossible_action_is_recorded_and_ends_the_score() {
    let model = with("win_stay_lose_shift", "[parameters]\nlapse = 0");
    let behaviour = steps(&[(0, 1), (1, 1), (1, 1)]);
    let found = model.trajectory(&behaviour, &[]).unwrap();
    assert_eq!(found.log_likelihood.total, f64::NEG_INFINITY);
    let impossible = found.impossible.unwrap();
    assert_eq!(impossible.place.unwrap().step, 1);
    let error = model.scorer(&behaviour, &[], &[]).unwrap().log_likelihood(&[]).unwrap_err();
    assert_eq!(error, impossible);
}

#[test]
fn values_outside_a_setting_s_range_are_an_error_that_names_it() {
    let model = with("rescorla_wagner", "");
    let error = model.trajectory(&steps(&[(0, 1)]), &[1.0, 1.5]).unwrap_err();
    assert_eq!(error.to_string(), "`learning_rate` is 1.5; it must be between 0 and 1");
}

#[test]
fn what_does_not_fit_the_schema_is_refused() {
    let model = with("rescorla_wagner", "");
    assert!(model.scorer(&steps(&[(2, 1)]), &[1.0, 0.5], &[]).is_err());
}
