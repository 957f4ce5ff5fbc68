//! What an agent believed, expected and would have done at each step: the long form of a likelihood.

use crate::behaviour::Place;
use crate::error::LikelihoodError;
use serde::{Deserialize, Serialize};

/// A number a model computes at every step, such as a belief or a term of the expected free energy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// What it belongs to: `belief.context`, `expected_free_energy`, ...
    pub family: String,
    /// Its name within the family: a state, a term.
    pub label: String,
    /// What it is measured in: `probability`, `nats`, ...
    pub unit: String,
}

impl Quantity {
    /// The column name in result tables: `family.label`.
    pub fn column(&self) -> String {
        format!("{}.{}", self.family, self.label)
    }
}

/// One step of a trajectory. What stands here is what held when the action was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// Where the step stands.
    pub place: Place,
    /// The row of the data file (1 is the first row of data); 0 if simulated.
    pub row: usize,
    /// The joint action taken; `None` where missing.
    pub action: Option<usize>,
    /// `ln p(action)`, in nats; `None` where the action is missing, minus infinity where it is impossible.
    pub log_probability: Option<f64>,
    /// The probability of every joint action.
    pub action_probabilities: Vec<f64>,
    /// The model's quantities, in the order of [`crate::BehaviourModel::quantities`].
    pub quantities: Vec<f64>,
    /// The log density of each response beside the action, in nats; `None` where none was recorded here.
    pub response_log_densities: Vec<Option<f64>>,
}

/// A log-likelihood and its parts, all in nats.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LogLikelihood {
    /// The sum of all parts.
    pub total: f64,
    /// The part of the actions.
    pub actions: f64,
    /// One part per response beside the action.
    pub responses: Vec<f64>,
}

/// A subject's whole trajectory at given parameter values.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// All steps of trials that were not aborted, in order.
    pub steps: Vec<StepRecord>,
    /// The model's quantities at the end of each session, after its last observation.
    pub session_ends: Vec<Vec<f64>>,
    /// The log-likelihood and its parts; minus infinity where a part is impossible.
    pub log_likelihood: LogLikelihood,
    /// The first reason for a part of minus infinity, with its place.
    pub impossible: Option<LikelihoodError>,
}
