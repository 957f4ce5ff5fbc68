//! Learning from smoothed beliefs: the trial is gone through backwards.

use super::history::History;
use super::learner::{Lived, Mind, learn_first_state};
use super::{likelihood, transitions};
use crate::error::LikelihoodError;
use crate::real::Real;
use crate::state_inference::Move;
use crate::state_inference::smoothing::{Smoother, Taken};
use crate::structure::Structure;
use crate::task_model::{InferenceScheme, LearningBeliefs, LearningTime, TaskModel};
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
    /// The scheme keeps past steps in mind, but not all of a trial.
    forgets: bool,
    /// The trial began with a move, before anything was observed.
    began_unseen: bool,
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
        let forgets = matches!(
            task.inference,
            InferenceScheme::MarginalMessagePassing { window: Some(_), .. }
                | InferenceScheme::VariationalMessagePassing { window: Some(_), .. }
        );
        if forgets && !is_each_step {
            return Err(LikelihoodError::of_model(
                "learning from smoothed beliefs at the end of trials needs all steps of a trial in the window of message \
                 passing; give it no limit",
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
            forgets,
            began_unseen: false,
            structure: structure.clone(),
        })
    }

    /// Another trial begins.
    pub(super) fn clear(&mut self) {
        self.history.clear();
    }

    /// Notes a step.
    pub(super) fn live(&mut self, lived: &Lived<'_, T>) {
        if self.history.len() == 0 {
            self.began_unseen = lived.taken.is_some();
            if self.began_unseen {
                self.history.push(None, lived.before, &[]);
            }
        }
        self.history.push(lived.taken, lived.belief, lived.observations);
    }

    /// Notes what all steps of the trial so far add to the tables, D only if `with_initial_state`.
    pub(super) fn learn(&mut self, mind: &mut Mind<'_, T>, with_initial_state: bool) {
        let Some(last) = self.history.len().checked_sub(1) else { return };
        self.smoothed.copy_from_slice(self.history.belief(last));
        for slot in (0..=last).rev() {
            self.learn_likelihood(mind, slot);
            if slot == 0 {
                break;
            }
            match mind.inference.remembered(last - slot + 1) {
                Some(earlier) => {
                    self.earlier.copy_from_slice(earlier);
                    self.learn_transitions_of_marginals(mind, slot);
                }
                // It was dropped from the window, and what came before it as well.
                None if self.forgets && !(slot == 1 && self.began_unseen) => return,
                None => self.step_back(mind, slot),
            }
            std::mem::swap(&mut self.smoothed, &mut self.earlier);
        }
        if with_initial_state {
            mind.inference.marginals(&self.smoothed, &mut self.marginals);
            learn_first_state(mind, &self.structure, &self.marginals);
        }
    }

    /// Smooths the slot before `slot` and learns from the move between them.
    fn step_back(&mut self, mind: &mut Mind<'_, T>, slot: usize) {
        let Some(taken) = self.history.taken(slot) else { return };
        self.smoother.step_back(
            (&mut *mind.inference, mind.knowledge),
            taken,
            (self.history.belief(slot - 1), &self.smoothed),
            &mut self.earlier,
            if matches!(taken, Taken::Known(Move::Action(_))) { &mut self.pairs } else { &mut [] },
        );
        learn_transitions(mind, &self.structure, taken, &self.pairs);
    }

    /// Learns from the move into `slot`, given the marginals before and after it.
    fn learn_transitions_of_marginals(&mut self, mind: &mut Mind<'_, T>, slot: usize) {
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
