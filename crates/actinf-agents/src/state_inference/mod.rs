//! How beliefs about hidden states are held, moved and updated: one file per scheme.
//!
//! A belief is a plain list of numbers whose meaning belongs to the scheme: the joint distribution over all factors
//! ([`exact`]) or one marginal per factor ([`fixed_point_iteration`], and [marginal](marginal_message_passing) and
//! [variational](variational_message_passing) [`message_passing`] over a [`window`] of past steps). Everything else —
//! planning, learning, responses — sees beliefs only through the crate's trait `StateInference`.
//!
//! | scheme | belief | its equation | page |
//! |---|---|---|---|
//! | exact | joint distribution over all factors | `q(s') ∝ Π_m A_m(o_m \| s') Σ_s B(s' \| s, u) q(s)` | [`exact`] |
//! | fixed-point iteration | one marginal per factor | `ln q_f ← ln p_f + Σ_m E_q[ln A_m(o_m \| ·)]`, in sweeps | [`fixed_point_iteration`] |
//! | marginal message passing | one marginal per factor and step of a window | with messages `½ ln Σ B q` from both sides | [`marginal_message_passing`] |
//! | variational message passing | one marginal per factor and step of a window | with messages `E_q[ln B]` from both sides | [`variational_message_passing`] |
//! | smoothing | as filtered | the pass backwards, for learning in hindsight | [`smoothing`] |
//!
//! | symbol | what it is | shape |
//! |---|---|---|
//! | `q` | what is believed: probabilities | `[joint state]`, or per factor `[state]` |
//! | `p` | what was predicted before the observation | the same |
//! | `A_m` | likelihood of modality `m` | `[parents' configuration, outcome]` |
//! | `B_f` | transitions of factor `f` | `[controls' and parents' configuration, next state]` |
//! | `D` | initial prior, which every trial starts from | per factor `[state]` |
//! | `o_m`, `u` | outcome of modality `m`, joint action; what partly seen or missing outcomes are worth is on the page [`evidence`] | |
//!
//! Every scheme reports the [variational free energy](free_energy) of its beliefs. Exact inference makes it as small as it
//! can be, fixed-point iteration and variational message passing lead downwards within their family of beliefs, and
//! marginal message passing goes by messages of its own.

pub mod evidence;
pub mod exact;
pub mod fixed_point_iteration;
pub mod free_energy;
pub mod marginal_message_passing;
pub mod mean_field;
pub mod message_passing;
pub(crate) mod partly_known;
mod passage;
pub mod smoothing;
pub mod variational_message_passing;
pub mod window;

pub(crate) use exact::Exact;
pub(crate) use fixed_point_iteration::FixedPointIteration;
pub(crate) use marginal_message_passing::MarginalMessagePassing;
pub(crate) use variational_message_passing::VariationalMessagePassing;

use crate::behaviour::Observation;
use crate::error::LikelihoodError;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::{InferenceScheme, Numerics, TaskModel};
use smoothing::Taken;

/// What beliefs assume was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// This joint action.
    Action(usize),
    /// Nothing: controlled factors stay where they were, the others move on.
    Stay,
}

/// A scheme of state inference. The belief slices have [`StateInference::belief_size`] entries.
///
/// [`predict`](StateInference::predict) and [`update`](StateInference::update) work on any belief, such as one that is
/// imagined while planning, and leave no trace. [`advance`](StateInference::advance) and
/// [`perceive`](StateInference::perceive) take the step that the agent really makes; schemes that remember more of a trial
/// than the belief do so there, and forget it in [`restart`](StateInference::restart).
pub(crate) trait StateInference<T: Real>: Send {
    /// The number of entries of a belief.
    fn belief_size(&self) -> usize;

    /// Starts a trial and writes the initial prior `D`.
    fn restart(&mut self, knowledge: &Knowledge<T>, belief: &mut [T]);

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

    /// Predicts the next states across a move that may be an average: `to = Σ_u p(u) B(u) from`; `branch` is scratch space
    /// as long as a belief.
    fn predict_across(
        &mut self,
        knowledge: &Knowledge<T>,
        taken: Taken<'_, T>,
        from: &[T],
        to: &mut [T],
        branch: &mut [T],
    ) {
        if let Taken::Known(action) = taken {
            return self.predict(knowledge, action, from, to);
        }
        to.fill(T::ZERO);
        for (action, weight) in taken.each() {
            self.predict(knowledge, action, from, branch);
            for (next, &p) in to.iter_mut().zip(branch.iter()) {
                *next += weight * p;
            }
        }
    }

    /// Predicts the next states across the move that was really made; as [`StateInference::predict_across`].
    fn advance(
        &mut self,
        knowledge: &Knowledge<T>,
        taken: Taken<'_, T>,
        from: &[T],
        to: &mut [T],
        branch: &mut [T],
    ) {
        self.predict_across(knowledge, taken, from, to, branch);
    }

    /// Updates a predicted belief with what was really observed; as [`StateInference::update`], but schemes that infer past
    /// states as well return the free energy of all the steps they remember.
    fn perceive(
        &mut self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T> {
        self.update(knowledge, observations, belief)
    }

    /// The accuracy of the free energy that [`StateInference::perceive`] returned: `E_q[ln p(o | s)]`, in nats, over all the
    /// steps that the scheme remembers; `scratch` holds a distribution over the parents of any modality.
    fn accuracy(
        &self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &[T],
        scratch: &mut [T],
    ) -> T {
        free_energy::accuracy(self, knowledge, (observations, belief), Numerics::Exact, scratch)
    }

    /// Whether the surprise that [`StateInference::update`] returns is `-ln p(o | past)` itself, not a bound.
    fn is_exact(&self) -> bool {
        false
    }

    /// What is believed by now about the step `back` steps before the last one that was perceived, as a belief, where the
    /// scheme infers past states along with the present ones and still remembers that step.
    fn past(&self, _back: usize) -> Option<&[T]> {
        None
    }

    /// The distribution over the configurations of a modality's parents; `scratch` may hold the result.
    fn parents<'a>(&self, modality: usize, belief: &'a [T], scratch: &'a mut [T]) -> &'a [T];

    /// The marginals of all factors, one after the other.
    fn marginals(&self, belief: &[T], marginals: &mut [T]);
}

/// The scheme a task model asks for, with its workspace.
///
/// # Errors
///
/// If it asks for trial message passing, which carries no belief from step to step.
pub(crate) fn scheme<T: Real>(
    task: &TaskModel,
    structure: &std::sync::Arc<Structure>,
) -> Result<Box<dyn StateInference<T>>, LikelihoodError> {
    Ok(match task.inference {
        InferenceScheme::Exact => Box::new(Exact::new(structure.clone())),
        InferenceScheme::FixedPointIteration { sweeps, schedule } => {
            Box::new(FixedPointIteration::new(structure.clone(), sweeps, schedule, task.numerics))
        }
        InferenceScheme::MarginalMessagePassing { sweeps, window } => {
            Box::new(MarginalMessagePassing::new(structure.clone(), sweeps, window, task.numerics))
        }
        InferenceScheme::VariationalMessagePassing { sweeps, window } => {
            Box::new(VariationalMessagePassing::new(structure.clone(), sweeps, window, task.numerics))
        }
        InferenceScheme::TrialMessagePassing(_) => {
            return Err(LikelihoodError::of_model(
                "trial message passing carries no belief from step to step",
            ));
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
