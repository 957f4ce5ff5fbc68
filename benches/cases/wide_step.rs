//! One factor with 64 states, one modality with 100 outcomes, ten actions, all 1000 policies of length 3.

use super::builder::{self, distribution, drawn_columns, labels, parameter, utilities};
use actinf_agents::task_model::{Factor, Modality, Transitions};
use actinf_agents::{ExpressionError, Parameter, Support, TaskModel, Variable};

const STATES: usize = 64;
const OUTCOMES: usize = 100;
const ACTIONS: usize = 10;
const HORIZON: usize = 3;

pub(super) fn task() -> Result<TaskModel, ExpressionError> {
    let parameters = vec![
        parameter("policy_precision", Support::Positive, 1.5),
        parameter("preference", Support::Real, 1.0),
        parameter("habit", Support::Real, 0.2),
        parameter("reliability", Support::Unit, 0.8),
        parameter("first_state", Support::Unit, 0.4),
        parameter("second_outcome", Support::Unit, 0.5),
    ];
    let control = Variable { name: "control".into(), labels: labels("u", ACTIONS) };
    let parts = (vec![factor(&parameters)?], vec![modality(&parameters)?]);
    builder::task("wide_step", parameters, vec![control], parts, HORIZON)
}

fn factor(parameters: &[Parameter]) -> Result<Factor, ExpressionError> {
    let rest = format!("(1 - first_state) / {}", STATES - 1);
    let prior = (0..STATES).map(|state| if state == 0 { "first_state".into() } else { rest.clone() });
    let column = |drawn: Vec<f64>| distribution(drawn.iter().map(f64::to_string), parameters);
    let drawn = drawn_columns(1, ACTIONS * STATES, STATES);
    Ok(Factor {
        name: "factor".into(),
        states: labels("s", STATES),
        prior: distribution(prior, parameters)?,
        transitions: Transitions {
            parents: vec![0],
            controls: vec![0],
            columns: drawn.into_iter().map(column).collect::<Result<_, _>>()?,
        },
        transition_learning: None,
        prior_learning: None,
    })
}

/// Outcomes come as drawn with the probability `reliability`, or else are the first or the second.
fn modality(parameters: &[Parameter]) -> Result<Modality, ExpressionError> {
    let cell = |(outcome, p): (usize, &f64)| match outcome {
        0 => format!("reliability * {p} + (1 - reliability) * (1 - second_outcome)"),
        1 => format!("reliability * {p} + (1 - reliability) * second_outcome"),
        _ => format!("reliability * {p}"),
    };
    let column = |drawn: Vec<f64>| distribution(drawn.iter().enumerate().map(cell), parameters);
    let mut preferences = vec!["0"; OUTCOMES];
    preferences[0] = "preference";
    Ok(Modality {
        name: "modality".into(),
        outcomes: labels("o", OUTCOMES),
        parents: vec![0],
        likelihood: drawn_columns(2, STATES, OUTCOMES).into_iter().map(column).collect::<Result<_, _>>()?,
        preferences: utilities(&preferences, parameters)?,
        information_gain: true,
        learning: None,
    })
}
