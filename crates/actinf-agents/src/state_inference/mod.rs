//! How beliefs about hidden states are held, moved and updated: one file per scheme.
//!
//! A belief is a plain list of numbers whose meaning belongs to the scheme: the joint distribution over all factors
//! ([`exact`]) or one marginal per factor ([`fixed_point_iteration`]). Everything else — planning, learning,
//! responses — sees beliefs only through the crate's trait `StateInference`.

pub(crate) mod evidence;
pub mod exact;
pub mod fixed_point_iteration;
pub mod smoothing;

pub(crate) use exact::Exact;
pub(crate) use fixed_point_iteration::FixedPointIteration;

use crate::behaviour::Observation;
use crate::error::LikelihoodError;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::{InferenceScheme, TaskModel};

/// What beliefs assume was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// This joint action.
    Action(usize),
    /// Nothing: controlled factors stay where they were, the others move on.
    Stay,
}

/// A scheme of state inference. The belief slices have [`StateInference::belief_size`] entries.
pub(crate) trait StateInference<T: Real>: Send {
    /// The number of entries of a belief.
    fn belief_size(&self) -> usize;

    /// Writes the initial prior `D`.
    fn restart(&self, knowledge: &Knowledge<T>, belief: &mut [T]);

    /// Predicts the next states: `to = B(move) from`.
    fn predict(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]);

    /// Updates a predicted belief with the observations, given what is known of `A`. Returns the surprise:
    /// `-ln p(o | past)` or its upper bound, the variational free energy, in nats; `None` if the observations are
    /// impossible in every state held possible.
    fn update(
        &mut self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T>;

    /// The distribution over the configurations of a modality's parents; `scratch` may hold the result.
    fn parents<'a>(&self, modality: usize, belief: &'a [T], scratch: &'a mut [T]) -> &'a [T];

    /// The marginals of all factors, one after the other.
    fn marginals(&self, belief: &[T], marginals: &mut [T]);
}

/// The scheme a task model asks for, with its workspace.
pub(crate) fn scheme<T: Real>(
    task: &TaskModel,
    structure: &std::sync::Arc<Structure>,
) -> Result<Box<dyn StateInference<T>>, LikelihoodError> {
    Ok(match task.inference {
        InferenceScheme::Exact => Box::new(Exact::new(structure.clone())),
        InferenceScheme::FixedPointIteration { sweeps, schedule } => {
            Box::new(FixedPointIteration::new(structure.clone(), sweeps, schedule, task.numerics))
        }
        InferenceScheme::MarginalMessagePassing { .. }
        | InferenceScheme::VariationalMessagePassing { .. } => {
            return Err(LikelihoodError::of_model("message passing is not there yet"));
        }
    })
}

/// Extends a product distribution over `filled` configurations by one more variable, which varies fastest, in place;
/// returns how many configurations there are now.
fn extend<T: Real>(product: &mut [T], filled: usize, size: usize, p: impl Fn(usize) -> T) -> usize {
    // From the last to the first: a configuration moves up and never onto one that is still to be read.
    for prefix in (0..filled).rev() {
        let mass = product[prefix];
        for state in 0..size {
            product[prefix * size + state] = mass * p(state);
        }
    }
    filled * size
}
