//! Behaviour written down in words, and the probabilities a task's agent gives to actions along it.

use actinf_agents::{
    ActiveInference, BehaviourModel, Observation, Parameter, Session, Step, Subject, Trial, Variable,
    default_values, tasks,
};

/// A built-in task at its defaults, some of them replaced.
pub(crate) struct Agent {
    model: ActiveInference,
    values: Vec<f64>,
}

/// How close numbers worked out by hand are.
pub(crate) const CLOSE: f64 = 1e-12;

impl Agent {
    pub(crate) fn new(task: &str, changed: &[(&str, f64)]) -> Agent {
        let model = ActiveInference::new(tasks::read(task).unwrap());
        let mut values = default_values(model.parameters());
        for (name, value) in changed {
            let named = |parameter: &Parameter| parameter.name == *name;
            values[model.parameters().iter().position(named).unwrap()] = *value;
        }
        Agent { model, values }
    }

    /// The probabilities of all actions at every step of one session of trials. A step is written as
    /// `"choice=left outcome=win"`; what is not named is missing.
    pub(crate) fn probabilities(&self, trials: &[&[&str]]) -> Vec<Vec<f64>> {
        let trial = |(number, steps): (usize, &&[&str])| Trial {
            label: number.to_string(),
            aborted: false,
            steps: steps.iter().map(|step| self.step(step)).collect(),
        };
        let trials = trials.iter().enumerate().map(trial).collect();
        let sessions = vec![Session { label: "1".into(), trials }];
        let subject = Subject { id: "one".into(), sessions };
        let trajectory = self.model.trajectory(&subject, &self.values).unwrap();
        trajectory.steps.into_iter().map(|step| step.action_probabilities).collect()
    }

    fn step(&self, written: &str) -> Step {
        let schema = self.model.schema();
        let variables = || schema.controls.iter().chain(&schema.modalities);
        for part in written.split(' ').filter(|part| !part.is_empty()) {
            let is_known = |v: &Variable| part.starts_with(&format!("{}=", v.name));
            assert!(variables().any(is_known), "the task has no variable for `{part}`");
        }
        let index = |variable: &Variable| {
            let label =
                written.split(' ').find_map(|part| part.strip_prefix(&format!("{}=", variable.name)))?;
            Some(variable.labels.iter().position(|known| known == label).unwrap())
        };
        let observed =
            |variable: &Variable| index(variable).map_or(Observation::Missing, Observation::Outcome);
        Step {
            row: 1,
            actions: schema.controls.iter().map(index).collect(),
            observations: schema.modalities.iter().map(observed).collect(),
            responses: vec![None; schema.responses.len()],
        }
    }
}

/// `softmax` of some values.
pub(crate) fn softmax(values: &[f64]) -> Vec<f64> {
    let sum: f64 = values.iter().map(|value| value.exp()).sum();
    values.iter().map(|value| value.exp() / sum).collect()
}

pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The entropy of some probabilities, in nats.
pub(crate) fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum()
}

#[track_caller]
pub(crate) fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let differs = found.iter().zip(expected).any(|(a, b)| (a - b).abs() > CLOSE);
    assert!(!differs, "found {found:?}, expected {expected:?}");
}
