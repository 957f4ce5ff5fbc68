//! Fixed-point iteration: a mean-field posterior with one marginal per factor.
//!
//! ```text
//! predict   p_f(s') = Σ_parents B_f(s' | parents, u) Π_d q_d(parent d)
//! update    ln q_f(s) ← ln p_f(s) + Σ_m E_q[other parents of m][ ln A_m(o_m | parents) ] + constant
//! surprise  F = Σ_f q_f·(ln q_f - ln p_f) - Σ_m E_q[ ln A_m(o_m | ·) ]  ≥ -ln p(o | past)
//! ```
//!
//! Factors are updated one after the other, starting from the prediction, for a fixed number of sweeps; each update
//! lowers the variational free energy `F`, and a fixed number keeps the result differentiable. With one factor the
//! result is exact. The true posterior is not always a product of marginals; where it is not, [exact
//! filtering](super::exact) differs, and where observations exclude combinations of states, mean field may find no state possible at all.
//!
//! # References
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447, section 4.

use super::exact::control_configuration;
use super::{Move, StateInference, extend};
use crate::behaviour::Observation;
use crate::categorical::log_softmax;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::structure::Structure;
use ndarray::Array2;
use std::sync::Arc;

/// Fixed-point iteration with its workspace.
pub(crate) struct FixedPointIteration<T> {
    structure: Arc<Structure>,
    sweeps: usize,
    log_prior: Vec<T>,
    logits: Vec<T>,
    states: Vec<usize>,
}

impl<T: Real> FixedPointIteration<T> {
    pub(crate) fn new(structure: Arc<Structure>, sweeps: usize) -> Self {
        FixedPointIteration {
            sweeps,
            log_prior: vec![T::ZERO; structure.marginal_states()],
            logits: vec![T::ZERO; structure.marginal_states()],
            states: vec![0; structure.factor_sizes.len()],
            structure,
        }
    }

    /// Adds `E_q[other parents][ln A(o | ·)]` of one modality to the logits of `factor`.
    fn add_expected_log_likelihood(
        &mut self,
        factor: usize,
        modality: usize,
        table: &Array2<T>,
        outcome: usize,
        belief: &[T],
    ) {
        let parents = &self.structure.modalities[modality].parents;
        let offset = self.structure.factor_offsets[factor];
        for row in 0..table.nrows() {
            self.structure.states_of_configuration(parents, row, &mut self.states);
            let others = parents.iter().filter(|&&parent| parent != factor);
            let weight = product(&self.structure, others, &self.states, belief);
            let logit = &mut self.logits[offset + self.states[factor]];
            if !weight.is_zero() && logit.value() > f64::NEG_INFINITY {
                let log = table[(row, outcome)].ln();
                let is_possible = log.value() > f64::NEG_INFINITY;
                *logit = if is_possible { *logit + weight * log } else { T::constant(f64::NEG_INFINITY) };
            }
        }
    }

    /// One update of one factor's marginal. `false` if no state is possible.
    fn update_factor(
        &mut self,
        factor: usize,
        likelihood: &[Array2<T>],
        observations: &[Observation],
        belief: &mut [T],
    ) -> bool {
        let structure = self.structure.clone();
        let range = structure.factor_range(factor);
        self.logits[range.clone()].copy_from_slice(&self.log_prior[range.clone()]);
        for (m, table) in likelihood.iter().enumerate() {
            if let Observation::Outcome(outcome) = observations[m]
                && structure.modalities[m].parents.contains(&factor)
            {
                self.add_expected_log_likelihood(factor, m, table, outcome, belief);
            }
        }
        log_softmax(&mut self.logits[range.clone()]);
        let mut is_possible = false;
        for (q, &logit) in belief[range.clone()].iter_mut().zip(&self.logits[range]) {
            let state_is_possible = logit.value() > f64::NEG_INFINITY;
            *q = if state_is_possible { logit.exp() } else { T::ZERO };
            is_possible |= state_is_possible;
        }
        is_possible
    }

    fn free_energy(&mut self, likelihood: &[Array2<T>], observations: &[Observation], belief: &[T]) -> T {
        let mut free_energy = T::ZERO;
        for (&q, &log_prior) in belief.iter().zip(&self.log_prior) {
            if q.value() > 0.0 {
                free_energy += q * (q.ln() - log_prior);
            }
        }
        for (m, table) in likelihood.iter().enumerate() {
            let Observation::Outcome(outcome) = observations[m] else { continue };
            let parents = &self.structure.modalities[m].parents;
            for row in 0..table.nrows() {
                self.structure.states_of_configuration(parents, row, &mut self.states);
                let weight = product(&self.structure, parents.iter(), &self.states, belief);
                if weight.value() > 0.0 {
                    free_energy -= weight * table[(row, outcome)].ln();
                }
            }
        }
        free_energy
    }
}

/// `Π_f q_f(states[f])` over the given factors.
fn product<'a, T: Real>(
    structure: &Structure,
    factors: impl Iterator<Item = &'a usize>,
    states: &[usize],
    belief: &[T],
) -> T {
    factors.fold(T::ONE, |weight, &f| weight * belief[structure.factor_offsets[f] + states[f]])
}

impl<T: Real> StateInference<T> for FixedPointIteration<T> {
    fn belief_size(&self) -> usize {
        self.structure.marginal_states()
    }

    fn restart(&self, model: &GenerativeModel<T>, belief: &mut [T]) {
        for factor in 0..self.structure.factor_sizes.len() {
            belief[self.structure.factor_range(factor)].copy_from_slice(model.initial_state_prior(factor));
        }
    }

    fn predict(&mut self, model: &GenerativeModel<T>, action: Move, from: &[T], to: &mut [T]) {
        for (factor, transitions) in self.structure.transitions.iter().enumerate() {
            let range = self.structure.factor_range(factor);
            let Some(controls) = control_configuration(transitions, action) else {
                to[range.clone()].copy_from_slice(&from[range]);
                continue;
            };
            to[range.clone()].fill(T::ZERO);
            for row in 0..transitions.parent_configurations {
                self.structure.states_of_configuration(&transitions.parents, row, &mut self.states);
                let weight = product(&self.structure, transitions.parents.iter(), &self.states, from);
                if weight.is_zero() {
                    continue;
                }
                let column = model.transition_column(factor, controls, row);
                for (next, &p) in to[range.clone()].iter_mut().zip(column) {
                    *next += weight * p;
                }
            }
        }
    }

    fn update(
        &mut self,
        likelihood: &[Array2<T>],
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T> {
        if observations.iter().all(|observation| *observation == Observation::Missing) {
            return Some(T::ZERO);
        }
        for (log, &p) in self.log_prior.iter_mut().zip(belief.iter()) {
            *log = p.ln();
        }
        let factors = self.structure.factor_sizes.len();
        let sweeps = if factors == 1 { 1 } else { self.sweeps };
        for _ in 0..sweeps {
            for factor in 0..factors {
                if !self.update_factor(factor, likelihood, observations, belief) {
                    return None;
                }
            }
        }
        let free_energy = self.free_energy(likelihood, observations, belief);
        free_energy.value().is_finite().then_some(free_energy)
    }

    fn parents<'a>(&self, modality: usize, belief: &'a [T], scratch: &'a mut [T]) -> &'a [T] {
        let parents = &self.structure.modalities[modality].parents;
        if let [factor] = parents.as_slice() {
            return &belief[self.structure.factor_range(*factor)];
        }
        scratch[0] = T::ONE;
        let mut filled = 1;
        for &parent in parents {
            let marginal = &belief[self.structure.factor_range(parent)];
            filled = extend(scratch, filled, marginal.len(), |state| marginal[state]);
        }
        &scratch[..filled]
    }

    fn marginals(&self, belief: &[T], marginals: &mut [T]) {
        marginals.copy_from_slice(belief);
    }
}
