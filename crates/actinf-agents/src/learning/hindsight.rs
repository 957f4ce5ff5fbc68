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
            smoother: Smoother::new(task, structure)?,
            smoothed: vec![T::ZERO; belief_size],
            earlier: vec![T::ZERO; belief_size],
            pairs: task.factors.iter().zip(&structure.transitions).map(pairs).collect(),
            parents: vec![T::ZERO; widest.unwrap_or(1)],
            marginals: vec![T::ZERO; structure.marginal_states()],
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
            self.history.push(None, lived.before, &[]);
        }
        self.history.push(lived.taken, lived.belief, lived.observations);
    }

    /// Notes what all steps of the trial so far add to the tables, D only if `with_initial_state`.
    pub(super) fn learn(&mut self, mind: &mut Mind<'_, T>, with_initial_state: bool) {
        let Some(last) = self.history.len().checked_sub(1) else { return };
        self.smoothed.copy_from_slice(self.history.belief(last));
        for slot in (0..=last).rev() {
            self.learn_likelihood(mind, slot);
            if let Some(taken) = self.history.taken(slot) {
                self.smoother.step_back(
                    (&mut *mind.inference, mind.knowledge),
                    taken,
                    (self.history.belief(slot - 1), &self.smoothed),
                    &mut self.earlier,
                    if matches!(taken, Taken::Known(Move::Action(_))) { &mut self.pairs } else { &mut [] },
                );
                learn_transitions(mind, &self.structure, taken, &self.pairs);
                std::mem::swap(&mut self.smoothed, &mut self.earlier);
            }
        }
        if with_initial_state {
            mind.inference.marginals(&self.smoothed, &mut self.marginals);
            learn_first_state(mind, &self.structure, &self.marginals);
        }
    }

    fn learn_likelihood(&mut self, mind: &mut Mind<'_, T>, slot: usize) {
        for (m, learning) in mind.model.learning.likelihood.iter().enumerate() {
            if let Some(learning) = learning {
                let parents = mind.inference.parents(m, &self.smoothed, &mut self.parents);
                let table = &mut mind.knowledge.likelihood[m];
                likelihood::learn_weighted(table, learning.rate, self.history.outcomes(slot, m), parents);
            }
        }
    }
}

fn learn_transitions<T: Real>(
    mind: &mut Mind<'_, T>,
    structure: &Structure,
    taken: Taken<'_, T>,
    pairs: &[Option<Array2<T>>],
) {
    let Taken::Known(Move::Action(action)) = taken else { return };
    for (f, pairs) in pairs.iter().enumerate() {
        if let (Some(learning), Some(pairs)) = (&mind.model.learning.transitions[f], pairs) {
            let table = &mut mind.knowledge.transitions[f];
            transitions::learn_pairs(table, learning.rate, (structure, f, action), pairs);
        }
    }
}
