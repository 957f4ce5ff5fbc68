//! Fixed-point iteration: a mean-field posterior with one marginal per factor.
//!
//! ```text
//! predict   p_f(s') = Σ_parents B_f(s' | parents, u) Π_d q_d(parent d)
//! update    ln q_f(s) ← ln p_f(s) + Σ_m E_q[other parents of m][ ln A_m(o_m | parents) ] + constant
//! surprise  F = Σ_f q_f·(ln q_f - ln p_f) - Σ_m E_q[ ln A_m(o_m | ·) ]  ≥ -ln p(o | past)
//! ```
//!
//! By default factors are updated one after the other, starting from the prediction, for a fixed number of sweeps; each
//! update lowers the variational free energy `F`, and a fixed number keeps the result differentiable. With one factor the
//! result is exact. The true posterior is not always a product of marginals; where it is not, [exact
//! filtering](super::exact) differs, and where observations exclude combinations of states, mean field may find no state
//! possible at all. The parallel schedule of pymdp updates all factors at once, starting from uniform marginals.
//!
//! # References
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447, section 4.

use super::evidence::log_evidence;
use super::exact::control_configuration;
use super::{Move, StateInference, extend};
use crate::behaviour::Observation;
use crate::categorical::log_softmax;
use crate::learning::{Knowledge, Table};
use crate::numerics;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::{Numerics, Schedule};
use std::sync::Arc;

/// Fixed-point iteration with its workspace.
pub(crate) struct FixedPointIteration<T> {
    structure: Arc<Structure>,
    sweeps: usize,
    schedule: Schedule,
    numerics: Numerics,
    log_prior: Vec<T>,
    logits: Vec<T>,
    states: Vec<usize>,
}

impl<T: Real> FixedPointIteration<T> {
    pub(crate) fn new(
        structure: Arc<Structure>,
        sweeps: usize,
        schedule: Schedule,
        numerics: Numerics,
    ) -> Self {
        FixedPointIteration {
            sweeps,
            schedule,
            numerics,
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
        table: &Table<T>,
        observation: &Observation,
        belief: &[T],
    ) {
        let parents = &self.structure.modalities[modality].parents;
        let offset = self.structure.factor_offsets[factor];
        for row in 0..table.expected().nrows() {
            self.structure.states_of_configuration(parents, row, &mut self.states);
            let others = parents.iter().filter(|&&parent| parent != factor);
            let weight = product(&self.structure, others, &self.states, belief);
            let logit = &mut self.logits[offset + self.states[factor]];
            if !weight.is_zero() && logit.value() > f64::NEG_INFINITY {
                let log = log_evidence(table.column(row), observation, self.numerics);
                let is_possible = log.value() > f64::NEG_INFINITY;
                *logit = if is_possible { *logit + weight * log } else { T::constant(f64::NEG_INFINITY) };
            }
        }
    }

    /// Computes the logits of one factor's marginal from the others'.
    fn update_logits(
        &mut self,
        factor: usize,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &[T],
    ) {
        let range = self.structure.factor_range(factor);
        self.logits[range.clone()].copy_from_slice(&self.log_prior[range.clone()]);
        for (m, table) in knowledge.likelihood.iter().enumerate() {
            let is_parent = self.structure.modalities[m].parents.contains(&factor);
            if is_parent && observations[m] != Observation::Missing {
                self.add_expected_log_likelihood(factor, m, table, &observations[m], belief);
            }
        }
        log_softmax(&mut self.logits[range]);
    }

    /// Turns the logits of one factor into its marginal. `false` if no state is possible.
    fn adopt_logits(&self, factor: usize, belief: &mut [T]) -> bool {
        let range = self.structure.factor_range(factor);
        let mut is_possible = false;
        for (q, &logit) in belief[range.clone()].iter_mut().zip(&self.logits[range]) {
            let state_is_possible = logit.value() > f64::NEG_INFINITY;
            *q = if state_is_possible { logit.exp() } else { T::ZERO };
            is_possible |= state_is_possible;
        }
        is_possible
    }

    /// One sweep over all factors. `false` if no state of some factor is possible.
    fn sweep(&mut self, knowledge: &Knowledge<T>, observations: &[Observation], belief: &mut [T]) -> bool {
        let factors = 0..self.structure.factor_sizes.len();
        match self.schedule {
            Schedule::Sequential => factors.into_iter().all(|factor| {
                self.update_logits(factor, knowledge, observations, belief);
                self.adopt_logits(factor, belief)
            }),
            Schedule::Parallel => {
                factors.clone().for_each(|f| self.update_logits(f, knowledge, observations, belief));
                factors.into_iter().all(|factor| self.adopt_logits(factor, belief))
            }
        }
    }

    /// Makes all marginals uniform: where pymdp's parallel sweeps start.
    fn flatten(&self, belief: &mut [T]) {
        for (factor, &size) in self.structure.factor_sizes.iter().enumerate() {
            belief[self.structure.factor_range(factor)].fill(T::constant(1.0 / size as f64));
        }
    }

    fn free_energy(&mut self, knowledge: &Knowledge<T>, observations: &[Observation], belief: &[T]) -> T {
        let mut free_energy = T::ZERO;
        for (&q, &log_prior) in belief.iter().zip(&self.log_prior) {
            if q.value() > 0.0 {
                free_energy += q * (q.ln() - log_prior);
            }
        }
        for (m, table) in knowledge.likelihood.iter().enumerate() {
            if observations[m] == Observation::Missing {
                continue;
            }
            let parents = &self.structure.modalities[m].parents;
            for row in 0..table.expected().nrows() {
                self.structure.states_of_configuration(parents, row, &mut self.states);
                let weight = product(&self.structure, parents.iter(), &self.states, belief);
                if weight.value() > 0.0 {
                    free_energy -= weight * log_evidence(table.column(row), &observations[m], self.numerics);
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

    fn restart(&self, knowledge: &Knowledge<T>, belief: &mut [T]) {
        for factor in 0..self.structure.factor_sizes.len() {
            belief[self.structure.factor_range(factor)]
                .copy_from_slice(knowledge.initial_state[factor].column(0));
        }
    }

    fn predict(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]) {
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
                let column =
                    knowledge.transitions[factor].column(controls * transitions.parent_configurations + row);
                for (next, &p) in to[range.clone()].iter_mut().zip(column) {
                    *next += weight * p;
                }
            }
        }
    }

    fn update(
        &mut self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T> {
        if observations.iter().all(|observation| *observation == Observation::Missing) {
            return Some(T::ZERO);
        }
        for (log, &p) in self.log_prior.iter_mut().zip(belief.iter()) {
            *log = numerics::ln(p, self.numerics);
        }
        let is_exact = self.structure.factor_sizes.len() == 1;
        if self.schedule == Schedule::Parallel && !is_exact {
            self.flatten(belief);
        }
        for _ in 0..if is_exact { 1 } else { self.sweeps } {
            if !self.sweep(knowledge, observations, belief) {
                return None;
            }
        }
        let free_energy = self.free_energy(knowledge, observations, belief);
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
