//! Each rule by hand, missing values, orders and gradients.

mod by_hand;
mod gradients;
mod missing;

use crate::{
    BehaviourModel, Model, Observation, Parameter, Session, Step, Subject, Trajectory, Trial, default_values,
};

/// A built-in baseline with lines put before its tables, in place of its `[parameters]` if it has any.
fn with(name: &str, lines: &str) -> Model {
    let text = super::text(name).unwrap().replacen("\n[[controls]]", &format!("\n{lines}\n[[controls]]"), 1);
    Model::read(&text, "test.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// An arm and what came of it.
type Pull = (Option<usize>, Option<usize>);

/// One session per list of trials; a step is an arm and an outcome, each missing where it is `None`.
fn subject(sessions: &[&[&[Pull]]]) -> Subject {
    let step = |&(arm, outcome): &Pull| Step {
        row: 0,
        actions: vec![arm],
        observations: vec![outcome.map_or(Observation::Missing, Observation::Outcome)],
        responses: vec![],
    };
    let trial = |steps: &&[_]| Trial {
        label: String::new(),
        aborted: false,
        steps: steps.iter().map(step).collect(),
    };
    let session =
        |trials: &&[&[_]]| Session { label: String::new(), trials: trials.iter().map(trial).collect() };
    Subject { id: "one".into(), sessions: sessions.iter().map(session).collect() }
}

/// Steps with nothing missing.
fn steps(pairs: &[(usize, usize)]) -> Subject {
    let known: Vec<_> = pairs.iter().map(|&(arm, outcome)| (Some(arm), Some(outcome))).collect();
    subject(&[&[&known]])
}

/// The values of the model's parameters: the defaults, but for those named.
fn values(model: &Model, named: &[(&str, &[f64])]) -> Vec<f64> {
    let mut parameters: Vec<Parameter> = model.parameters().to_vec();
    for (name, values) in named {
        let parameter = parameters.iter_mut().find(|parameter| parameter.name == *name).unwrap();
        parameter.default = values.to_vec();
    }
    default_values(&parameters)
}

fn trajectory(model: &Model, subject: &Subject, named: &[(&str, &[f64])]) -> Trajectory {
    model.trajectory(subject, &values(model, named)).unwrap()
}

/// The probability of the left arm at every step.
fn left(trajectory: &Trajectory) -> Vec<f64> {
    trajectory.steps.iter().map(|step| step.action_probabilities[0]).collect()
}

/// A quantity at every step.
fn quantity(model: &Model, trajectory: &Trajectory, column: &str) -> Vec<f64> {
    let position = model.quantities().iter().position(|quantity| quantity.column() == column).unwrap();
    trajectory.steps.iter().map(|step| step.quantities[position]).collect()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[track_caller]
fn close(found: &[f64], expected: &[f64]) {
    let error = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(found.len() == expected.len() && error < 1e-14, "found {found:?}, expected {expected:?}");
}
