//! Three factors seen through three modalities that depend on all of them; peers/pymdp_models.py holds the same model.

use super::builder::{self, distribution, drawn_columns, labels, parameter, utilities};
use actinf_agents::task_model::{Distribution, Factor, Modality, Transitions};
use actinf_agents::{ExpressionError, Parameter, Support, TaskModel, Variable};

const FACTORS: [usize; 3] = [4, 4, 3];
const OUTCOMES: [usize; 3] = [4, 4, 3];
const ACTIONS: usize = 4;
const HORIZON: usize = 3;
const PREFERENCES: [&[&str]; 3] =
    [&["preference", "0", "0", "0"], &["0", "0.5", "0", "-0.5"], &["0", "0", "0"]];

/// The model with its first `controlled` factors controlled.
pub(super) fn task(controlled: usize) -> Result<TaskModel, ExpressionError> {
    let parameters = vec![
        parameter("policy_precision", Support::Positive, 1.5),
        parameter("preference", Support::Real, 1.0),
        parameter("habit", Support::Real, 0.2),
        parameter("reliability", Support::Unit, 0.8),
        parameter("persistence", Support::Unit, 0.6),
        parameter("first_state", Support::Unit, 0.4),
    ];
    let controls = (0..controlled)
        .map(|c| Variable { name: format!("control{c}"), labels: labels("u", ACTIONS) })
        .collect();
    let factors = (0..3).map(|f| factor(f, f < controlled, &parameters)).collect::<Result<_, _>>()?;
    let modalities = (0..3).map(|m| modality(m, &parameters)).collect::<Result<_, _>>()?;
    let name = if controlled == 1 { "three_factors" } else { "three_factors_two_controls" };
    builder::task(name, parameters, controls, (factors, modalities), HORIZON)
}

/// A controlled factor moves as drawn; the others keep their state with the probability `persistence`, or else move
/// as drawn.
fn factor(f: usize, is_controlled: bool, parameters: &[Parameter]) -> Result<Factor, ExpressionError> {
    let states = FACTORS[f];
    let actions = if is_controlled { ACTIONS } else { 1 };
    let cell = |p: f64, stays: bool| match (is_controlled, stays) {
        (true, _) => p.to_string(),
        (false, true) => format!("persistence + (1 - persistence) * {p}"),
        (false, false) => format!("(1 - persistence) * {p}"),
    };
    let column = |(k, drawn): (usize, &Vec<f64>)| {
        distribution(drawn.iter().enumerate().map(|(next, &p)| cell(p, next == k % states)), parameters)
    };
    let drawn = drawn_columns(20 + f as u64, actions * states, states);
    Ok(Factor {
        name: format!("factor{f}"),
        states: labels("s", states),
        prior: prior(f, parameters)?,
        transitions: Transitions {
            parents: vec![f],
            controls: if is_controlled { vec![f] } else { Vec::new() },
            columns: drawn.iter().enumerate().map(column).collect::<Result<_, _>>()?,
        },
        transition_learning: None,
        prior_learning: None,
    })
}

/// Uniform, but for the second factor, which starts in its first state with the probability `first_state`.
fn prior(f: usize, parameters: &[Parameter]) -> Result<Distribution, ExpressionError> {
    let cell = |state: usize| match (f, state) {
        (1, 0) => "first_state".to_owned(),
        (1, _) => format!("(1 - first_state) / {}", FACTORS[1] - 1),
        _ => format!("1 / {}", FACTORS[f]),
    };
    distribution((0..FACTORS[f]).map(cell), parameters)
}

/// Outcomes come as drawn with the probability `reliability`, or else uniformly.
fn modality(m: usize, parameters: &[Parameter]) -> Result<Modality, ExpressionError> {
    let outcomes = OUTCOMES[m];
    let column = |drawn: Vec<f64>| {
        let cell = |p: f64| format!("reliability * {p} + (1 - reliability) / {outcomes}");
        distribution(drawn.into_iter().map(cell), parameters)
    };
    let drawn = drawn_columns(10 + m as u64, FACTORS.iter().product(), outcomes);
    Ok(Modality {
        name: format!("modality{m}"),
        outcomes: labels("o", outcomes),
        parents: vec![0, 1, 2],
        likelihood: drawn.into_iter().map(column).collect::<Result<_, _>>()?,
        preferences: utilities(PREFERENCES[m], parameters)?,
        information_gain: true,
        learning: None,
    })
}
