//! The learner: which tables are learned, when, and from which beliefs.

use super::hindsight::Hindsight;
use super::knowledge::Knowledge;
use super::{habits, initial_state, likelihood, transitions};
use crate::behaviour::Observation;
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::schema::RowOrder;
use crate::state_inference::smoothing::{Smoother, Taken};
use crate::state_inference::{Move, StateInference};
use crate::structure::Structure;
use crate::task_model::{LearningBeliefs, LearningTime, TaskModel};
use std::sync::Arc;

/// One step as it was lived through.
pub(crate) struct Lived<'a, T> {
    /// What was observed.
    pub(crate) observations: &'a [Observation],
    /// The belief before the move that led to `belief`, if there was a move.
    pub(crate) before: &'a [T],
    /// The move that led to `belief`; `None` if the trial began with it.
    pub(crate) taken: Option<Taken<'a, T>>,
    /// The belief that includes what was observed.
    pub(crate) belief: &'a [T],
    /// `ln q(π)` of the step's plan, in nats.
    pub(crate) log_policies: &'a [T],
}

/// What is known and how it came about.
pub(super) struct Mind<'a, T> {
    pub(super) model: &'a GenerativeModel<T>,
    pub(super) knowledge: &'a mut Knowledge<T>,
    pub(super) inference: &'a mut dyn StateInference<T>,
}

/// Learning with its workspace.
pub(crate) struct Learner<T> {
    structure: Arc<Structure>,
    time: LearningTime,
    learns_transitions: bool,
    learns_initial_state: bool,
    /// No step of the trial is over yet.
    is_first: bool,
    /// Learning from smoothed beliefs.
    hindsight: Option<Hindsight<T>>,
    /// To look back at the state in which a trial began, where the action comes first.
    look_back: Option<Smoother<T>>,
    /// The distribution over a modality's parents.
    parents: Vec<T>,
    first_state: Vec<T>,
    /// The marginals of all factors before and after a move.
    before: Vec<T>,
    after: Vec<T>,
    states: Vec<usize>,
}

impl<T: Real> Learner<T> {
    /// # Errors
    ///
    /// If the model asks for smoothed beliefs that its scheme of inference or its time of learning does not allow.
    pub(crate) fn new(
        task: &TaskModel,
        structure: &Arc<Structure>,
        belief_size: usize,
    ) -> Result<Self, LikelihoodError> {
        let learns_initial_state = task.factors.iter().any(|factor| factor.prior_learning.is_some());
        let acts_first = task.schema.row_order == RowOrder::ActThenObserve;
        let smooths = task.learning.beliefs != LearningBeliefs::Filtered && learns_states(task);
        let looks_back = !smooths && learns_initial_state && acts_first;
        let marginals = vec![T::ZERO; structure.marginal_states()];
        let widest = structure.modalities.iter().map(|modality| modality.parent_configurations).max();
        Ok(Learner {
            time: task.learning.time,
            learns_transitions: task.factors.iter().any(|factor| factor.transition_learning.is_some()),
            learns_initial_state,
            is_first: true,
            hindsight: smooths.then(|| Hindsight::new(task, structure, belief_size)).transpose()?,
            look_back: looks_back.then(|| Smoother::new(task, structure)),
            parents: vec![T::ZERO; widest.unwrap_or(1)],
            first_state: vec![T::ZERO; belief_size],
            before: marginals.clone(),
            after: marginals,
            states: vec![0; structure.factor_sizes.len()],
            structure: structure.clone(),
        })
    }

    /// A trial starts.
    pub(crate) fn start_trial(&mut self) {
        self.is_first = true;
        if let Some(hindsight) = &mut self.hindsight {
            hindsight.clear();
        }
    }

    /// Learns from a step.
    pub(crate) fn learn_step(
        &mut self,
        model: &GenerativeModel<T>,
        knowledge: &mut Knowledge<T>,
        inference: &mut dyn StateInference<T>,
        lived: &Lived<'_, T>,
    ) {
        let mut mind = Mind { model, knowledge, inference };
        if let Some(learning) = &model.learning.habits {
            habits::learn(&mut mind.knowledge.habits, learning.rate, lived.log_policies);
        }
        if let Some(hindsight) = &mut self.hindsight {
            hindsight.live(lived);
            if self.time == LearningTime::Step {
                hindsight.learn(&mut mind, self.is_first);
            }
        } else {
            self.learn_likelihood(&mut mind, lived);
            self.learn_transitions(&mut mind, lived);
            self.learn_initial_state(&mut mind, lived);
        }
        self.is_first = false;
        if self.time == LearningTime::Step {
            mind.knowledge.update(model);
        }
    }

    /// A trial is over.
    pub(crate) fn end_trial(
        &mut self,
        model: &GenerativeModel<T>,
        knowledge: &mut Knowledge<T>,
        inference: &mut dyn StateInference<T>,
    ) {
        if self.time == LearningTime::Step {
            return;
        }
        if let Some(hindsight) = &mut self.hindsight {
            hindsight.learn(&mut Mind { model, knowledge, inference }, true);
            hindsight.clear();
        }
        if self.time == LearningTime::TrialEnd {
            knowledge.update(model);
        }
    }

    /// A session is over.
    pub(crate) fn end_session(&mut self, model: &GenerativeModel<T>, knowledge: &mut Knowledge<T>) {
        if self.time == LearningTime::SessionEnd {
            knowledge.update(model);
        }
    }

    fn learn_likelihood(&mut self, mind: &mut Mind<'_, T>, lived: &Lived<'_, T>) {
        for (m, observation) in lived.observations.iter().enumerate() {
            if let Some(learning) = &mind.model.learning.likelihood[m] {
                let parents = mind.inference.parents(m, lived.belief, &mut self.parents);
                likelihood::learn(&mut mind.knowledge.likelihood[m], learning, observation, parents);
            }
        }
    }

    fn learn_transitions(&mut self, mind: &mut Mind<'_, T>, lived: &Lived<'_, T>) {
        let Some(Taken::Known(Move::Action(action))) = lived.taken else { return };
        if !self.learns_transitions {
            return;
        }
        mind.inference.marginals(lived.before, &mut self.before);
        mind.inference.marginals(lived.belief, &mut self.after);
        for (f, learning) in mind.model.learning.transitions.iter().enumerate() {
            if let Some(learning) = learning {
                transitions::learn(
                    &mut mind.knowledge.transitions[f],
                    learning.rate,
                    (&self.structure, f, action),
                    (&self.before, &self.after),
                    &mut self.states,
                );
            }
        }
    }

    fn learn_initial_state(&mut self, mind: &mut Mind<'_, T>, lived: &Lived<'_, T>) {
        if !(self.is_first && self.learns_initial_state) {
            return;
        }
        let first_state = match (&mut self.look_back, lived.taken) {
            (Some(look_back), Some(taken)) => {
                look_back.step_back(
                    (&mut *mind.inference, mind.knowledge),
                    taken,
                    (lived.before, lived.belief),
                    &mut self.first_state,
                    &mut [],
                );
                &self.first_state
            }
            _ => lived.belief,
        };
        mind.inference.marginals(first_state, &mut self.before);
        learn_first_state(mind, &self.structure, &self.before);
    }
}

/// Notes what the marginals of the state in which the trial began add to D.
pub(super) fn learn_first_state<T: Real>(mind: &mut Mind<'_, T>, structure: &Structure, marginals: &[T]) {
    for (f, learning) in mind.model.learning.initial_state.iter().enumerate() {
        if let Some(learning) = learning {
            let marginal = &marginals[structure.factor_range(f)];
            initial_state::learn(&mut mind.knowledge.initial_state[f], learning.rate, marginal);
        }
    }
}

/// Whether anything is learned that depends on beliefs about states.
fn learns_states(task: &TaskModel) -> bool {
    task.modalities.iter().any(|modality| modality.learning.is_some())
        || task
            .factors
            .iter()
            .any(|factor| factor.transition_learning.is_some() || factor.prior_learning.is_some())
}
