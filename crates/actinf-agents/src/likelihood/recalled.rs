//! The log-likelihood from what is remembered of behaviour.

use super::memory::Memory;
use super::{checked_response, sum_of_actions};
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::planning::Layout;
use crate::planning::foresight::Foresight;
use crate::planning::foresight::abreast::{Abreast, Decisions, LANES};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::Slots;
use std::sync::Arc;

/// What makes remembered decisions again.
pub(super) struct Recalled<T> {
    model: GenerativeModel<T>,
    decisions: Box<Abreast<T, LANES>>,
}

impl<T: Real> Recalled<T> {
    pub(super) fn new(
        (task, structure, layout): (&TaskModel, &Structure, &Arc<Layout>),
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        let model = GenerativeModel::new(task, values)?;
        let decisions = Abreast::new(Foresight::new(task, structure, layout, &model));
        Ok(Recalled { decisions: Box::new(decisions), model })
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
        for (block, actions) in memory.blocks() {
            self.decisions.recall(block, actions);
        }
        let derivatives = self.decisions.recalled_derivatives(structure, &self.model);
        let actions = sum_of_actions(self.decisions.log_probabilities(), derivatives);
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
