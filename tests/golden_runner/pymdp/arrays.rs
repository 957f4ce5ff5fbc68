//! Nested lists of numbers as flat ones.

use serde_json::Value;

/// All numbers of a nested list in row-major order; `null` is minus infinity.
pub(super) fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        Value::Null => vec![f64::NEG_INFINITY],
        other => other.as_f64().into_iter().collect(),
    }
}

/// All whole numbers of a nested list.
pub(super) fn indices(value: &Value) -> Vec<i64> {
    match value {
        Value::Array(items) => items.iter().flat_map(indices).collect(),
        other => other.as_i64().into_iter().collect(),
    }
}

/// A list of whole numbers that are not negative.
pub(super) fn counts(value: &Value) -> Vec<usize> {
    indices(value).into_iter().map(|index| usize::try_from(index).unwrap_or(0)).collect()
}

/// The items of a list; none if it is no list.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The columns of a likelihood recorded as `[outcome][parents ...]`: one list of outcomes per configuration.
pub(super) fn likelihood_columns(value: &Value, outcomes: usize) -> Vec<Vec<f64>> {
    let cells = flat(value);
    let configurations = cells.len() / outcomes;
    let column = |configuration: usize| {
        (0..outcomes).map(|outcome| cells[outcome * configurations + configuration]).collect()
    };
    (0..configurations).map(column).collect()
}

/// The columns of transitions recorded as `[next][parents ...][action]`: one list of next states per action and
/// configuration, actions slowest.
pub(super) fn transition_columns(value: &Value, states: usize, actions: usize) -> Vec<Vec<f64>> {
    let cells = flat(value);
    let configurations = cells.len() / states / actions;
    let cell = |next: usize, configuration: usize, action: usize| {
        cells[(next * configurations + configuration) * actions + action]
    };
    let column =
        |k: usize| (0..states).map(|next| cell(next, k % configurations, k / configurations)).collect();
    (0..actions * configurations).map(column).collect()
}
