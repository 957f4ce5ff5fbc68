//! The expected free energy of a policy, from the present step to the end of the trial.
//!
//! ```text
//! - G(π) = Σ_t [ I(o_t; s_t) + Σ_g Σ_o q(o_g) ln C_g(o_g, t) + novelty of A and B ] + novelty of D
//!
//! I(o; s)      = Σ_s q(s) Σ_o p(o | s) ln p(o | s) - Σ_o q(o) ln q(o)         joint outcomes, joint states q(s) = Π_f x_f(s_f)
//! novelty of A = Σ_g Σ_o,s w_g(o, s) q(o_g) q(s)                              w(a) = ½ (1/a - 1/Σa), 0 where a = 0
//! novelty of B = Σ_f Σ_s',s w_f(s', s | u) x_t+1(s') x_t(s)
//! novelty of D = Σ_f Σ_s w_f(s) x_1(s)
//! ```
//!
//! The sum includes the present step, whose outcome is known. Each term has its weight from the model.

use super::layout::Layout;
use super::outcomes::{Outcomes, ln_information, novelty};
use super::route::Route;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::numerics::SPM_INFORMATION_FLOOR;
use crate::real::Real;
use std::ops::Range;

use super::knowledge::{TrialKnowledge, column_of};

/// What a policy is worth, with the sign "more is better".
#[derive(Clone, Copy, Debug)]
pub(super) struct Worth<T> {
    pub(super) terms: ExpectedFreeEnergy<T>,
    pub(super) initial_state_information_gain: T,
}

/// The workspace.
pub(super) struct Valuation<T> {
    /// `q(s)` per joint state.
    joint: Vec<T>,
    /// `q(o)` per joint outcome.
    joint_outcomes: Vec<T>,
    /// `q(o)` of one modality.
    outcomes: Vec<T>,
}

impl<T: Real> Valuation<T> {
    pub(super) fn new(layout: &Layout) -> Self {
        let most = layout.structure.modalities.iter().map(|m| m.outcomes).max().unwrap_or(1);
        Valuation {
            joint: vec![T::ZERO; layout.structure.joint_states],
            joint_outcomes: vec![T::ZERO; layout.joint_outcomes],
            outcomes: vec![T::ZERO; most],
        }
    }

    /// Values a policy whose beliefs are `x`, `[step, factor's state]`, over `steps`.
    pub(super) fn value(&mut self, route: &Route<'_, T>, x: &[T], steps: Range<usize>) -> Worth<T> {
        let (layout, knowledge) = (route.layout, route.knowledge);
        let active = &layout.structure.terms;
        let end = steps.end;
        let mut terms = ExpectedFreeEnergy::NONE;
        for step in steps {
            self.cross(layout, &x[step * layout.marginal_states..(step + 1) * layout.marginal_states]);
            terms.state_information_gain += self.information_gain(layout, &knowledge.outcomes);
            for (&q, &utility) in self.joint.iter().zip(knowledge.outcomes.utilities(layout, step)) {
                terms.utility += q * utility;
            }
            for (m, _) in active.likelihood_information_gain.iter().enumerate().filter(|(_, active)| **active)
            {
                terms.likelihood_information_gain += self.likelihood_novelty(layout, knowledge, m);
            }
            if step + 1 < end {
                let active = active.transition_information_gain.iter().enumerate();
                for (f, _) in active.filter(|(_, active)| **active) {
                    terms.transition_information_gain += transition_novelty(route, x, step, f);
                }
            }
        }
        Worth { terms, initial_state_information_gain: initial_state_novelty(layout, knowledge, x) }
    }

    /// `q(s) = Π_f x_f(s_f)` over joint states.
    fn cross(&mut self, layout: &Layout, marginals: &[T]) {
        self.joint[0] = T::ONE;
        let mut filled = 1;
        for (f, &size) in layout.structure.factor_sizes.iter().enumerate() {
            let marginal = &marginals[layout.structure.factor_range(f)];
            // From the last to the first: a configuration moves up and never onto one that is still to be read.
            for prefix in (0..filled).rev() {
                let mass = self.joint[prefix];
                for (state, &p) in marginal.iter().enumerate() {
                    self.joint[prefix * size + state] = mass * p;
                }
            }
            filled *= size;
        }
    }

    fn information_gain(&mut self, layout: &Layout, outcomes: &Outcomes<T>) -> T {
        let least = if layout.is_spm() { SPM_INFORMATION_FLOOR } else { 0.0 };
        let mut gain = T::ZERO;
        self.joint_outcomes.fill(T::ZERO);
        for (state, &q) in self.joint.iter().enumerate().filter(|(_, q)| q.value() > least) {
            gain += q * outcomes.negative_entropy(state);
            for &(outcome, p) in outcomes.of_state(state) {
                self.joint_outcomes[outcome] += q * p;
            }
        }
        for &q in self.joint_outcomes.iter().filter(|q| q.value() > 0.0) {
            gain -= q * ln_information(q, layout);
        }
        gain
    }

    fn likelihood_novelty(&mut self, layout: &Layout, knowledge: &TrialKnowledge<T>, modality: usize) -> T {
        let table = &knowledge.likelihood[modality];
        let size = layout.structure.modalities[modality].outcomes;
        let outcomes = &mut self.outcomes[..size];
        outcomes.fill(T::ZERO);
        for (state, &q) in self.joint.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
            let column = table.column(layout.parents(modality, state));
            outcomes.iter_mut().zip(column).for_each(|(sum, &p)| *sum += q * p);
        }
        let mut gain = T::ZERO;
        for (state, &q) in self.joint.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
            let counts = table.weights(layout.parents(modality, state));
            let sum = total(counts);
            for (&expected, &count) in outcomes.iter().zip(counts) {
                gain += novelty(count, sum, size, layout, false) * expected * q;
            }
        }
        gain
    }
}

fn total<T: Real>(counts: &[T]) -> T {
    counts.iter().fold(T::ZERO, |sum, &count| sum + count)
}

/// SPM takes the transitions of the action whose number is that of the policy, where there is one, and pairs next states with
/// present ones the wrong way round.
fn transition_novelty<T: Real>(route: &Route<'_, T>, x: &[T], step: usize, factor: usize) -> T {
    let layout = route.layout;
    let shape = &layout.structure.transitions[factor];
    let range = layout.structure.factor_range(factor);
    let at = |step: usize| &x[step * layout.marginal_states..][range.clone()];
    let (present, next) = (at(step), at(step + 1));
    let configuration = if layout.is_spm() {
        Some(route.policy).filter(|&policy| policy < route.knowledge.forward[factor].len())
    } else {
        route.action(step).map(|action| shape.control_configurations[action])
    };
    let Some(configuration) = configuration else { return T::ZERO };
    let mut gain = T::ZERO;
    for from in 0..range.len() {
        let counts = route.knowledge.transitions[factor].weights(column_of(shape, configuration, from));
        let sum = total(counts);
        for (to, &count) in counts.iter().enumerate() {
            let pair = if layout.is_spm() { present[to] * next[from] } else { next[to] * present[from] };
            gain += novelty(count, sum, range.len(), layout, false) * pair;
        }
    }
    gain
}

fn initial_state_novelty<T: Real>(layout: &Layout, knowledge: &TrialKnowledge<T>, x: &[T]) -> T {
    let mut gain = T::ZERO;
    if layout.settings.initial_state_information_gain == 0.0 {
        return gain;
    }
    for (f, table) in knowledge.initial_state.iter().enumerate().filter(|(_, table)| table.is_learned()) {
        let counts = table.weights(0);
        let sum = total(counts);
        for (&count, &q) in counts.iter().zip(&x[layout.structure.factor_range(f)]) {
            gain += novelty(count, sum, counts.len(), layout, true) * q;
        }
    }
    gain
}
