//! Smoothing: what is believed in hindsight, from filtered beliefs and the moves between them.
//!
//! ```text
//! r(s')      = q(s'_t+1 | whole trial) / p(s'_t+1 | past)          p(s'_t+1 | past) = Σ_s B(s' | s, u) q_t(s)
//! J_t(s', s) = B(s' | s, u) q_t(s) r(s')                           q(s'_t+1, s_t | whole trial)
//! q(s_t | whole trial) = Σ_s' J_t(s', s)
//! ```
//!
//! The pass goes backwards from the last step, where smoothed and filtered beliefs are the same. A state that was not
//! predicted to be possible has `r = 0`. The transitions are those known when the pass is made.
//!
//! | inference | the pass | |
//! |---|---|---|
//! | exact | on the joint state of all factors | exact |
//! | fixed-point iteration | on each factor's marginal, `q_t` the product of the marginals | as pymdp's `ovf` where every factor depends on its own past; exact where the filtered beliefs are and each factor is depended on by no more than one |
//! | message passing | none within its window, whose marginals are smoothed already; before it, as for fixed-point iteration from the beliefs held at the time | |
//!
//! With marginals, a factor that several factors depend on gets the product of what each of them says, normalised, and
//! one that none depends on keeps its filtered belief.
//!
//! # References
//!
//! Rauch, Tung & Striebel (1965). Maximum likelihood estimates of linear dynamic systems. *AIAA Journal* 3, 1445-1450;
//! for discrete states: Särkkä (2013). *Bayesian Filtering and Smoothing*, theorem 8.1. Cambridge University Press.

mod joint;
mod marginals;
#[cfg(test)]
mod tests;

use super::{Move, StateInference};
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::{InferenceScheme, TaskModel};
use joint::Joint;
use marginals::Marginals;
use ndarray::Array2;
use std::sync::Arc;

/// How beliefs were moved from one step to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Taken<'a, T> {
    /// As after this.
    Known(Move),
    /// As after every joint action, in the proportions of these probabilities.
    Averaged(&'a [T]),
}

impl<'a, T: Real> Taken<'a, T> {
    /// The moves with their weights.
    pub(crate) fn each(self) -> impl Iterator<Item = (Move, T)> + 'a {
        let (known, averaged) = match self {
            Taken::Known(action) => (Some((action, T::ONE)), &[][..]),
            Taken::Averaged(probabilities) => (None, probabilities),
        };
        let possible = averaged.iter().enumerate().filter(|(_, weight)| !weight.is_zero());
        known.into_iter().chain(possible.map(|(action, &weight)| (Move::Action(action), weight)))
    }
}

/// `q(s'_t+1, parents_t | whole trial)` per factor, `[parents' configuration, next state]`; `None` for a factor for
/// which it is not asked for.
pub(crate) type Pairs<T> = [Option<Array2<T>>];

/// One step backwards for one kind of belief.
trait BackwardStep<T: Real>: Send {
    /// Writes the smoothed belief before a move, and the pairs across it, from the filtered belief before it and the
    /// ratio `r` of smoothed to predicted belief after it. Without pairs `pairs` is empty; they need a known action.
    fn retrace(
        &mut self,
        knowledge: &Knowledge<T>,
        taken: Taken<'_, T>,
        filtered: &[T],
        ratio: &[T],
        smoothed: &mut [T],
        pairs: &mut Pairs<T>,
    );
}

/// Smoothing with its workspace.
pub(crate) struct Smoother<T> {
    step: Box<dyn BackwardStep<T>>,
    ratio: Vec<T>,
    branch: Vec<T>,
}

impl<T: Real> Smoother<T> {
    /// The pass for the beliefs of the model's scheme of inference.
    pub(crate) fn new(task: &TaskModel, structure: &Arc<Structure>) -> Self {
        let (step, size): (Box<dyn BackwardStep<T>>, usize) = match task.inference {
            InferenceScheme::Exact => (Box::new(Joint::new(structure.clone())), structure.joint_states),
            InferenceScheme::FixedPointIteration { .. }
            | InferenceScheme::MarginalMessagePassing { .. }
            | InferenceScheme::VariationalMessagePassing { .. }
            | InferenceScheme::TrialMessagePassing(_) => {
                (Box::new(Marginals::new(structure.clone())), structure.marginal_states())
            }
        };
        Smoother { step, ratio: vec![T::ZERO; size], branch: vec![T::ZERO; size] }
    }

    /// Goes one step back: from the smoothed belief after a move and the filtered belief before it to the smoothed
    /// belief before it, written to `smoothed`, and the pairs across the move.
    pub(crate) fn step_back(
        &mut self,
        (inference, knowledge): (&mut dyn StateInference<T>, &Knowledge<T>),
        taken: Taken<'_, T>,
        (filtered, after): (&[T], &[T]),
        smoothed: &mut [T],
        pairs: &mut Pairs<T>,
    ) {
        inference.predict_across(knowledge, taken, filtered, &mut self.ratio, &mut self.branch);
        for (ratio, &q) in self.ratio.iter_mut().zip(after) {
            *ratio = if ratio.value() > 0.0 { q / *ratio } else { T::ZERO };
        }
        self.step.retrace(knowledge, taken, filtered, &self.ratio, smoothed, pairs);
    }
}
