//! Learning of transitions.

use super::{
    ACT_FIRST, ANYTHING, CALM, HALF, LEFT, OBSERVE_FIRST, RIGHT, Row, STAYS, WILD, assert_close, inspect,
    weather,
};
use ndarray::Array2;

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
