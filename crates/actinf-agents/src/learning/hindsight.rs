//! Learning from smoothed beliefs: the trial is gone through backwards.

use super::history::History;
use super::learner::{Lived, Mind, learn_first_state};
use super::{likelihood, transitions};
use crate::error::LikelihoodError;
use crate::real::Real;
use crate::state_inference::Move;
use crate::state_inference::smoothing::{Smoother, Taken};
use crate::structure::Structure;
use crate::task_model::{LearningBeliefs, LearningTime, TaskModel};
use ndarray::Array2;
use std::sync::Arc;

/// The history of a trial and the workspace to learn from it.
pub(super) struct Hindsight<T> {
    structure: Arc<Structure>,
    history: History<T>,
    smoother: Smoother<T>,
    /// The smoothed belief of the slot the pass has come to.
    smoothed: Vec<T>,
    /// The smoothed belief of the slot before it.
    earlier: Vec<T>,
    /// Per factor whose transitions are learned: `[parents' configuration, next state]`.
    pairs: Vec<Option<Array2<T>>>,
    parents: Vec<T>,
    marginals: Vec<T>,
    states: Vec<usize>,
    /// Steps that have left the window of the scheme of inference are not counted again.
    recounts: bool,
}

impl<T: Real> Hindsight<T> {
    pub(super) fn new(
        task: &TaskModel,
        structure: &Arc<Structure>,
        belief_size: usize,
    ) -> Result<Self, LikelihoodError> {
        let is_each_step = task.learning.time == LearningTime::Step;
        if is_each_step != (task.learning.beliefs == LearningBeliefs::SmoothedRecount) {
            return Err(LikelihoodError::of_model(
                "learning from smoothed beliefs takes place at the end of trials or sessions, and recounting them at \
                 every step",
            ));
        }
        let pairs =
            |(factor, shape): (&crate::task_model::Factor, &crate::structure::TransitionStructure)| {
                let size = (shape.parent_configurations, factor.states.len());
                factor.transition_learning.as_ref().map(|_| Array2::from_elem(size, T::ZERO))
            };
        let widest = structure.modalities.iter().map(|modality| modality.parent_configurations).max();
        Ok(Hindsight {
            history: History::new(structure, belief_size),
            smoother: Smoother::new(task, structure),
            smoothed: vec![T::ZERO; belief_size],
            earlier: vec![T::ZERO; belief_size],
            pairs: task.factors.iter().zip(&structure.transitions).map(pairs).collect(),
            parents: vec![T::ZERO; widest.unwrap_or(1)],
            marginals: vec![T::ZERO; structure.marginal_states()],
            states: vec![0; structure.factor_sizes.len()],
            recounts: is_each_step,
            structure: structure.clone(),
        })
    }

    /// Another trial begins.
    pub(super) fn clear(&mut self) {
        self.history.clear();
    }

    /// Notes a step.
    pub(super) fn live(&mut self, lived: &Lived<'_, T>) {
        if self.history.len() == 0 && lived.taken.is_some() {
            self.history.push_unseen(lived.before);
        }
        self.history.push(lived.taken, lived.belief, lived.observations);
    }

    /// Notes what all steps of the trial so far add to the tables, D only if `with_initial_state`.
    pub(super) fn learn(&mut self, mind: &mut Mind<'_, T>, with_initial_state: bool) {
        let Some(last) = self.history.len().checked_sub(1) else { return };
        self.smoothed.copy_from_slice(self.history.belief(last));
        for slot in (1..=last).rev() {
            self.learn_likelihood(mind, slot);
            let is_within = mind.inference.past(last + 1 - slot).is_some();
            if is_within {
                self.step_within_window(mind, slot, last + 1 - slot);
            } else if self.has_left(mind, slot - 1) {
                return;
            } else {
                self.step_back(mind, slot);
            }
            std::mem::swap(&mut self.smoothed, &mut self.earlier);
        }
        self.learn_likelihood(mind, 0);
        if with_initial_state {
            mind.inference.marginals(&self.smoothed, &mut self.marginals);
            learn_first_state(mind, &self.structure, &self.marginals);
        }
    }

    /// Whether a slot that is not in the window has been there, and is not counted any more.
    fn has_left(&self, mind: &Mind<'_, T>, slot: usize) -> bool {
        self.recounts && mind.inference.past(0).is_some() && slot >= self.history.first_perceived()
    }

    /// Goes back to the slot before this one by smoothing.
    fn step_back(&mut self, mind: &mut Mind<'_, T>, slot: usize) {
        let Some(taken) = self.history.taken(slot) else { return };
        let is_known = matches!(taken, Taken::Known(Move::Action(_)));
        self.smoother.step_back(
            (&mut *mind.inference, mind.knowledge),
            taken,
            (self.history.belief(slot - 1), &self.smoothed),
            &mut self.earlier,
            if is_known { &mut self.pairs } else { &mut [] },
        );
        let Taken::Known(Move::Action(action)) = taken else { return };
        for (f, pairs) in self.pairs.iter().enumerate() {
            if let (Some(learning), Some(pairs)) = (&mind.model.learning.transitions[f], pairs) {
                let table = &mut mind.knowledge.transitions[f];
                transitions::learn_pairs(table, learning.rate, (&self.structure, f, action), pairs);
            }
        }
    }

    /// Goes back to the slot before this one, about which the scheme of inference has beliefs in hindsight of its own.
    /// They are marginals that know nothing of pairs, as in pymdp.
    fn step_within_window(&mut self, mind: &mut Mind<'_, T>, slot: usize, back: usize) {
        if let Some(past) = mind.inference.past(back) {
            self.earlier.copy_from_slice(past);
        }
        let Some(Taken::Known(Move::Action(action))) = self.history.taken(slot) else { return };
        for (f, learning) in mind.model.learning.transitions.iter().enumerate() {
            if let Some(learning) = learning {
                transitions::learn(
                    &mut mind.knowledge.transitions[f],
                    learning.rate,
                    (&self.structure, f, action),
                    (&self.earlier, &self.smoothed),
                    &mut self.states,
                );
            }
        }
    }

    fn learn_likelihood(&mut self, mind: &mut Mind<'_, T>, slot: usize) {
        for (m, learning) in mind.model.learning.likelihood.iter().enumerate() {
            if let Some(learning) = learning {
                let parents = mind.inference.parents(m, &self.smoothed, &mut self.parents);
                let table = &mut mind.knowledge.likelihood[m];
                likelihood::learn_weighted(table, learning, self.history.outcomes(slot, m), parents);
            }
        }
    }
}
