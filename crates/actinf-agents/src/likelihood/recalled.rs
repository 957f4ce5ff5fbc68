//! The log-likelihood from what is remembered of behaviour.

use super::memory::Memory;
use super::{checked_response, sum_of_actions};
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::planning::Layout;
use crate::planning::foresight::recall::{LANES, Recall};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::Slots;
use std::sync::Arc;

/// What makes remembered decisions again.
pub(super) struct Recalled<T> {
    model: GenerativeModel<T>,
    decisions: Box<Recall>,
    log_probabilities: Vec<f64>,
}

impl<T: Real> Recalled<T> {
    pub(super) fn new(
        (task, structure, layout): (&TaskModel, &Structure, &Arc<Layout>),
        memory: &Memory,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        let model = GenerativeModel::new(task, values)?;
        let decisions = Recall::new((task, structure, layout), &model, memory.has_free_weights);
        let log_probabilities = Vec::with_capacity(memory.actions.len());
        Ok(Recalled { decisions: Box::new(decisions), model, log_probabilities })
    }

    /// Makes a block of decisions again.
    fn decide(&mut self, block: &[[f64; LANES]], taken: &[usize]) {
        self.decisions.decide(block);
        let (mut actions, mut times) = ([0; LANES], [0.0; LANES]);
        for (lane, &action) in taken.iter().enumerate() {
            let log = self.decisions.log_action(action, lane);
            self.log_probabilities.push(log);
            (actions[lane], times[lane]) = (action, if log.is_finite() { 1.0 } else { 0.0 });
        }
        if T::CARRIES_DERIVATIVES {
            self.decisions.note(block, &actions, &times);
        }
    }

    /// The log-likelihood with the values that stand in the slots.
    pub(super) fn evaluate(
        &mut self,
        (task, structure): (&TaskModel, &Structure),
        memory: &Memory,
        slots: &mut Slots<T>,
    ) -> Result<T, LikelihoodError> {
        self.model.fill(task, slots.values())?;
        self.decisions.set_model(structure, &self.model);
        self.log_probabilities.clear();
        for (block, actions) in memory.blocks() {
            self.decide(block, actions);
        }
        let mut derivatives = T::ZERO;
        if T::CARRIES_DERIVATIVES {
            self.decisions.pass_on(structure, &self.model, &mut derivatives);
        }
        let actions = sum_of_actions(&self.log_probabilities, derivatives);
        let actions = actions.map_err(|(number, kind)| memory.actions[number].located(kind))?;
        let mut responses = T::ZERO;
        for (response, value, beliefs, moment) in memory.responses() {
            let slots = slots.with(beliefs);
            let log = checked_response(task, response, slots, value);
            responses += log.map_err(|kind| moment.located(kind))?;
        }
        Ok(actions + responses)
    }
}
