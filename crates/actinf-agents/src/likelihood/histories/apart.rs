//! Derivatives along parameters that reach planning, choice and responses, but no beliefs: they need not be carried from step
//! to step. All that was decided is summed up in slopes along what planning and choice were told; the model tells, once, how
//! that depends on the parameters.
//!
//! ```text
//! d ln p / dθ = Σ_k (d ln p / d setting_k) (d setting_k / dθ) + Σ_responses d ln p(y | beliefs) / dθ
//! ```

use super::{Histories, Told};
use crate::dual::Dual;
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::likelihood::checked_response;
use crate::planning::foresight::abreast::APART;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::Slots;

/// The model with derivatives along some of those parameters.
pub(in crate::likelihood) struct Apart {
    model: GenerativeModel<Dual<APART>>,
    slots: Slots<Dual<APART>>,
}

impl Apart {
    pub(in crate::likelihood) fn new(
        task: &TaskModel,
        structure: &Structure,
        values: &[f64],
    ) -> Result<Self, LikelihoodError> {
        let mut slots = Slots::new(values.len(), structure);
        slots.values_mut().iter_mut().zip(values).for_each(|(slot, &value)| *slot = Dual::constant(value));
        Ok(Apart { model: GenerativeModel::new(task, slots.values())?, slots })
    }

    /// The slots of parameters, to be filled.
    pub(in crate::likelihood) fn values_mut(&mut self) -> &mut [Dual<APART>] {
        self.slots.values_mut()
    }

    /// The derivatives at the values for which the tree was gone through last.
    ///
    /// # Errors
    ///
    /// If the model is not valid at these values.
    pub(in crate::likelihood) fn derivatives<T: Real>(
        &mut self,
        told: &Told<T>,
        task: &TaskModel,
        histories: &Histories,
    ) -> Result<Dual<APART>, LikelihoodError> {
        self.model.fill(task, self.slots.values())?;
        let mut result = told.decisions.derivatives_apart(&told.structure, &self.model);
        let beliefs = told.beliefs.chunks_exact(told.structure.marginal_states());
        for (given, beliefs) in histories.tree.responses.iter().zip(beliefs) {
            let log = checked_response(task, given.response, self.slots.with(beliefs), given.value);
            result += log.map_err(|kind| LikelihoodError { kind, place: None, row: None })?;
        }
        Ok(result)
    }
}
