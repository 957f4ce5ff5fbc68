//! The contract between models of behaviour and whatever fits them.
//!
//! Agents and baselines implement [`BehaviourModel`]; methods see nothing else of them. Parameter values are
//! passed as one slice on the natural scale: the components of all parameters one after the other, in the order
//! of [`BehaviourModel::parameters`].

use crate::behaviour::{Session, Subject};
use crate::error::LikelihoodError;
use crate::parameter::Parameter;
use crate::schema::Schema;
use crate::trajectory::{Quantity, Trajectory};
use rand::Rng;
use serde::Serialize;

/// How much behaviour to simulate: the same for every subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Design {
    /// Sessions per subject.
    pub sessions: usize,
    /// Trials per session.
    pub trials: usize,
    /// Steps per trial; fewer where the model fixes the number of steps of a trial.
    pub steps: usize,
}

/// A model that gives recorded behaviour a likelihood and can simulate behaviour.
pub trait BehaviourModel: Send + Sync {
    /// The name of the model.
    fn name(&self) -> &str;

    /// One paragraph on what it is, for reports.
    fn description(&self) -> &str;

    /// Its parameters, in the order of every `values` slice.
    fn parameters(&self) -> &[Parameter];

    /// The variables it expects in the data.
    fn schema(&self) -> &Schema;

    /// What its trajectories hold at each step.
    fn quantities(&self) -> &[Quantity];

    /// Prepares to score one subject many times. `free` lists the positions in `values` that will vary and with
    /// respect to which gradients are taken; the other positions keep the values given here as `fixed`.
    ///
    /// # Errors
    ///
    /// If the behaviour does not fit the schema.
    fn scorer<'a>(
        &'a self,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Result<Box<dyn Scorer + 'a>, LikelihoodError>;

    /// Everything the model computes along a subject's behaviour. Impossible actions and responses are recorded
    /// as minus infinity and the trajectory goes on.
    ///
    /// # Errors
    ///
    /// If the behaviour does not fit the schema, an observation is impossible, or a quantity is not finite.
    fn trajectory(&self, subject: &Subject, values: &[f64]) -> Result<Trajectory, LikelihoodError>;

    /// Simulates one subject's sessions, drawing states, outcomes, actions and responses from `rng`.
    ///
    /// # Errors
    ///
    /// If the values are outside their supports or a quantity is not finite.
    fn simulate(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<Vec<Session>, LikelihoodError>;
}

/// The log-likelihood of one subject as a function of the free values, with its workspace.
pub trait Scorer {
    /// `ln p(behaviour | values)` in nats, at the free values (in the order of `free`).
    ///
    /// # Errors
    ///
    /// If the likelihood is zero or undefined; [`LikelihoodError::is_recoverable`] tells whether a search may go on.
    fn log_likelihood(&mut self, free_values: &[f64]) -> Result<f64, LikelihoodError>;

    /// The same, bit for bit, and its exact partial derivatives with respect to the free values on the natural
    /// scale, written to `gradient`. The components of a simplex are varied freely, without renormalisation.
    ///
    /// # Errors
    ///
    /// As [`Scorer::log_likelihood`].
    fn log_likelihood_gradient(
        &mut self,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError>;
}
