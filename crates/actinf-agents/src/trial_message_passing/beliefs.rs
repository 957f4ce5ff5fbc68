//! Beliefs about all steps of a trial, for every policy.

use super::layout::Layout;
use super::messages::{PolicyBeliefs, softmax};
use crate::categorical::normalise;
use crate::numerics::{SPM_ADDED, ln_added};
use crate::real::Real;
use std::ops::Range;

/// Marginals of all factors and their logarithms: `[policy, step, factor's state]`.
pub(super) struct Beliefs<T> {
    /// The number of steps of the trial.
    points: usize,
    /// The number of states over all factors.
    states: usize,
    values: Vec<T>,
    logs: Vec<T>,
}

impl<T: Real> Beliefs<T> {
    pub(super) fn new(layout: &Layout) -> Self {
        Beliefs { points: 0, states: layout.marginal_states, values: Vec::new(), logs: Vec::new() }
    }

    /// A trial of so many steps begins: beliefs are uniform, but for the first step's, which are D. Space is reused.
    pub(super) fn begin(&mut self, layout: &Layout, initial: &[T], points: usize) {
        self.points = points;
        let cells = layout.policies() * points * self.states;
        self.values.resize(cells, T::ZERO);
        self.logs.resize(cells, T::ZERO);
        self.make_uniform(layout);
        for policy in 0..if points > 0 { layout.policies() } else { 0 } {
            let cells = self.cells(policy, 0);
            self.values[cells].copy_from_slice(initial);
        }
    }

    /// Nothing is believed.
    pub(super) fn make_uniform(&mut self, layout: &Layout) {
        for step in self.values.chunks_exact_mut(self.states) {
            for (factor, &size) in layout.structure.factor_sizes.iter().enumerate() {
                step[layout.structure.factor_range(factor)].fill(T::constant(1.0 / size as f64));
            }
        }
    }

    /// Beliefs fall back towards uniform: `x ← softmax(ln x / reset)`.
    pub(super) fn reset(&mut self, layout: &Layout) {
        let steps = self.values.chunks_exact_mut(self.states).zip(self.logs.chunks_exact_mut(self.states));
        for (x, log_x) in steps {
            for factor in 0..layout.factors() {
                let range = layout.structure.factor_range(factor);
                reset(layout, &mut x[range.clone()], &mut log_x[range]);
            }
        }
    }

    fn cells(&self, policy: usize, step: usize) -> Range<usize> {
        let start = (policy * self.points + step) * self.states;
        start..start + self.states
    }

    /// All beliefs of a policy: `[step, factor's state]`.
    pub(super) fn of_policy(&self, policy: usize) -> &[T] {
        &self.values[policy * self.points * self.states..][..self.points * self.states]
    }

    /// The same, to be changed.
    pub(super) fn of_policy_mut(&mut self, policy: usize) -> PolicyBeliefs<'_, T> {
        let length = self.points * self.states;
        let cells = policy * length..(policy + 1) * length;
        PolicyBeliefs { beliefs: &mut self.values[cells.clone()], logs: &mut self.logs[cells] }
    }

    /// The beliefs of a policy about a step.
    pub(super) fn at(&self, policy: usize, step: usize) -> &[T] {
        &self.values[self.cells(policy, step)]
    }

    /// Writes the beliefs about a step averaged over policies.
    pub(super) fn average(&self, posterior: &[T], step: usize, marginals: &mut [T]) {
        marginals.fill(T::ZERO);
        for (policy, &weight) in posterior.iter().enumerate().filter(|(_, weight)| !weight.is_zero()) {
            for (sum, &q) in marginals.iter_mut().zip(self.at(policy, step)) {
                *sum += weight * q;
            }
        }
    }
}

fn reset<T: Real>(layout: &Layout, x: &mut [T], log_x: &mut [T]) {
    let reset = layout.settings.reset;
    if reset > 1.0 {
        let mut largest = f64::NEG_INFINITY;
        for (log, &p) in log_x.iter_mut().zip(x.iter()) {
            *log = ln_added(p, layout.numerics) / reset;
            largest = largest.max(log.value());
        }
        softmax(x, log_x, largest);
    } else {
        let added = if layout.is_spm() { SPM_ADDED } else { 0.0 };
        x.iter_mut().for_each(|p| *p = *p + added);
        normalise(x);
    }
    log_x.iter_mut().zip(x.iter()).for_each(|(log, &p)| *log = ln_added(p, layout.numerics));
}
