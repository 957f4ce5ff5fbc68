//! Planning: the expected free energy of every policy from the current belief, and the posterior over policies.
//!
//! ```text
//! q(π) = softmax(-γ G(π) + ln E(π))
//! ```
//!
//! Beliefs are rolled forward along the tree of policies, so that policies with the same beginning share it.

use crate::categorical::log_softmax;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::state_inference::{Move, StateInference};
use crate::structure::Structure;

/// The valued policies of the latest plan, with the workspace to make it.
pub(crate) struct Planner<T> {
    /// Per policy, the terms of its expected free energy.
    pub(crate) terms: Vec<ExpectedFreeEnergy<T>>,
    /// Per policy, `ln q(π)`.
    pub(crate) log_posterior: Vec<T>,
    beliefs: Vec<Vec<T>>,
    path: Vec<ExpectedFreeEnergy<T>>,
    parents: Vec<T>,
    outcomes: Vec<T>,
}

impl<T: Real> Planner<T> {
    pub(crate) fn new(structure: &Structure, belief_size: usize) -> Self {
        let horizon = structure.policies.horizon();
        let most = |size: fn(&crate::structure::ModalityStructure) -> usize| {
            structure.modalities.iter().map(size).max().unwrap_or(1)
        };
        Planner {
            terms: vec![ExpectedFreeEnergy::NONE; structure.policies.len()],
            log_posterior: vec![T::ZERO; structure.policies.len()],
            beliefs: vec![vec![T::ZERO; belief_size]; horizon + 1],
            path: vec![ExpectedFreeEnergy::NONE; horizon + 1],
            parents: vec![T::ZERO; most(|m| m.parent_configurations)],
            outcomes: vec![T::ZERO; most(|m| m.outcomes)],
        }
    }

    /// Values every policy from `belief` and normalises `ln q(π)`.
    pub(crate) fn plan(
        &mut self,
        structure: &Structure,
        model: &GenerativeModel<T>,
        knowledge: &Knowledge<T>,
        inference: &mut dyn StateInference<T>,
        belief: &[T],
    ) {
        self.beliefs[0].copy_from_slice(belief);
        for step in structure.policies.steps() {
            let (before, after) = self.beliefs.split_at_mut(step.depth + 1);
            inference.predict(knowledge, Move::Action(step.action), &before[step.depth], &mut after[0]);
            self.path[step.depth + 1] = self.path[step.depth];
            self.add_step(structure, model, knowledge, inference, step.depth + 1);
            if let Some(policy) = step.ends {
                self.terms[policy] = self.path[step.depth + 1];
            }
        }
        let settings = &model.settings;
        for ((log_q, terms), &log_habit) in
            self.log_posterior.iter_mut().zip(&self.terms).zip(&knowledge.log_habits)
        {
            *log_q = log_habit - settings.policy_precision * terms.weighted(&settings.weights);
        }
        log_softmax(&mut self.log_posterior);
    }

    /// Adds the terms of all modalities for the belief at `depth`.
    fn add_step(
        &mut self,
        structure: &Structure,
        model: &GenerativeModel<T>,
        knowledge: &Knowledge<T>,
        inference: &dyn StateInference<T>,
        depth: usize,
    ) {
        for (m, modality) in structure.modalities.iter().enumerate() {
            let log_preferences = model.log_preferences(m, depth - 1);
            if !modality.has_preferences {
                self.path[depth].utility += log_preferences[0];
            }
            if !modality.has_preferences && !modality.information_gain {
                continue;
            }
            self.path[depth].add_outcomes(
                knowledge.likelihood[m].expected().view(),
                knowledge.likelihood[m].entropies(),
                modality.has_preferences.then_some(log_preferences),
                modality.information_gain,
                inference.parents(m, &self.beliefs[depth], &mut self.parents),
                &mut self.outcomes[..modality.outcomes],
            );
        }
    }
}
