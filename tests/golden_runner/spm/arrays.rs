//! Nested lists of numbers, the first index outermost.

use serde_json::Value;

/// All numbers of a nested list in row-major order; `null` is minus infinity.
pub(super) fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        Value::Null => vec![f64::NEG_INFINITY],
        other => other.as_f64().into_iter().collect(),
    }
}

/// A list of numbers that count something.
pub(super) fn counts(value: &Value) -> Vec<usize> {
    flat(value).into_iter().map(|number| number as usize).collect()
}

/// The items of a list; none if it is no list.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The number at the end of a path of indices; not a number where there is none.
pub(super) fn number(value: &Value, path: &[usize]) -> f64 {
    path.iter().fold(value, |value, &index| &value[index]).as_f64().unwrap_or(f64::NAN)
}

/// The columns of a likelihood `[outcome][state of factor 1]...`: one list of outcomes per joint state.
pub(super) fn likelihood_columns(value: &Value) -> Vec<Vec<f64>> {
    let (outcomes, cells) = (items(value).len(), flat(value));
    let states = cells.len() / outcomes;
    let column = |state: usize| (0..outcomes).map(|outcome| cells[outcome * states + state]).collect();
    (0..states).map(column).collect()
}

/// The columns of transitions `[next][present][action]`: one list of next states per action and present state.
pub(super) fn transition_columns(value: &Value) -> Vec<Vec<f64>> {
    let (states, cells) = (items(value).len(), flat(value));
    let actions = cells.len() / (states * states);
    let column = |k: usize| {
        let (action, present) = (k / states, k % states);
        (0..states).map(|next| cells[(next * states + present) * actions + action]).collect()
    };
    (0..actions * states).map(column).collect()
}

/// The columns of preferences `[outcome][step]`: one list of outcomes per step.
pub(super) fn preference_columns(value: &Value) -> Vec<Vec<f64>> {
    likelihood_columns(value)
}
