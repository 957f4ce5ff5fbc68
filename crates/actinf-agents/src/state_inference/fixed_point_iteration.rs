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
use super::mean_field::{add_expected_log, adopt, expected_log, flatten};
use super::{Move, StateInference, free_energy, mean_field};
use crate::behaviour::Observation;
use crate::categorical::log_softmax;
use crate::learning::Knowledge;
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
            structure,
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
        let logits = &mut self.logits[range.clone()];
        logits.copy_from_slice(&self.log_prior[range]);
        for (m, table) in knowledge.likelihood.iter().enumerate() {
            let parents = &self.structure.modalities[m].parents;
            if parents.contains(&factor) && observations[m] != Observation::Missing {
                let log = |row| log_evidence(table.column(row), &observations[m], self.numerics);
                add_expected_log(&self.structure, parents, factor, belief, log, logits);
            }
        }
        log_softmax(logits);
    }

    /// Turns the logits of one factor into its marginal. `false` if no state is possible.
    fn adopt_logits(&self, factor: usize, belief: &mut [T]) -> bool {
        let range = self.structure.factor_range(factor);
        adopt(&self.logits[range.clone()], &mut belief[range])
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

    fn free_energy(&self, knowledge: &Knowledge<T>, observations: &[Observation], belief: &[T]) -> T {
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
            let log = |row| log_evidence(table.column(row), &observations[m], self.numerics);
            free_energy -= expected_log(&self.structure, parents, belief, log);
        }
        free_energy
    }
}

impl<T: Real> StateInference<T> for FixedPointIteration<T> {
    fn belief_size(&self) -> usize {
        self.structure.marginal_states()
    }

    fn restart(&mut self, knowledge: &Knowledge<T>, belief: &mut [T]) {
        mean_field::restart(&self.structure, knowledge, belief);
    }

    fn predict(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]) {
        mean_field::predict(&self.structure, knowledge, action, from, to);
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
            flatten(&self.structure, belief);
        }
        for _ in 0..if is_exact { 1 } else { self.sweeps } {
            if !self.sweep(knowledge, observations, belief) {
                return None;
            }
        }
        let free_energy = self.free_energy(knowledge, observations, belief);
        free_energy.value().is_finite().then_some(free_energy)
    }

    fn accuracy(
        &self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &[T],
        scratch: &mut [T],
    ) -> T {
        free_energy::accuracy(self, knowledge, (observations, belief), self.numerics, scratch)
    }

    fn is_exact(&self) -> bool {
        self.structure.factor_sizes.len() == 1
    }

    fn parents<'a>(&self, modality: usize, belief: &'a [T], scratch: &'a mut [T]) -> &'a [T] {
        mean_field::parents(&self.structure, modality, belief, scratch)
    }

    fn marginals(&self, belief: &[T], marginals: &mut [T]) {
        marginals.copy_from_slice(belief);
    }
}
