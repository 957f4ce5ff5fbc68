//! Learning at the end of a trial, from what is then believed about all its steps.
//!
//! ```text
//! A   a ← a + η Σ_t o_t ⊗ X_t                           X_t = Σ_π π x_t: beliefs averaged over policies, in hindsight
//! B   b(u) ← b(u) + η Σ_t Σ_π π_t x_t x_t-1' [u = π's action]
//! C   c_t ← c_t + η o_t
//! D   d ← d + η X_1
//! E   e ← e + η π
//! ```
//!
//! Counts of 0 stay 0. Forgetting, `a ← a + ω (a_0 - a)`, takes place once per trial before anything is added. With
//! SPM's numerics it takes place as often as SPM's code comes by: for A at every step, for the used transitions of
//! B at every step and policy, for C once per step's preferences, for D and E once; what is added early in the trial is
//! then partly forgotten before its end.

use super::beliefs::Beliefs;
use super::counts::CountTable;
use super::evidence::Evidence;
use super::knowledge::{TrialKnowledge, column_of};
use super::layout::Layout;
use super::route::Executed;
use crate::real::Real;

/// What the trial has left.
pub(super) struct Lived<'a, T> {
    pub(super) layout: &'a Layout,
    pub(super) evidence: &'a Evidence<T>,
    pub(super) executed: &'a Executed<T>,
    pub(super) beliefs: &'a Beliefs<T>,
    /// The posterior over policies at each step: `[step, policy]`.
    pub(super) posteriors: &'a [T],
}

impl<T: Real> Lived<'_, T> {
    fn beliefs(&self, policy: usize, step: usize, factor: usize) -> &[T] {
        &self.beliefs.at(policy, step)[self.layout.structure.factor_range(factor)]
    }

    /// The posterior over policies at a step.
    fn posterior(&self, step: usize) -> &[T] {
        let policies = self.layout.policies();
        &self.posteriors[step * policies..(step + 1) * policies]
    }

    /// Writes the beliefs about a step averaged over the last posterior over policies.
    fn average(&self, step: usize, marginals: &mut [T]) {
        self.beliefs.average(self.posterior(self.evidence.steps() - 1), step, marginals);
    }
}

/// Updates all counts and probabilities; `marginals` is scratch space.
pub(super) fn learn<T: Real>(knowledge: &mut TrialKnowledge<T>, lived: &Lived<'_, T>, marginals: &mut [T]) {
    if lived.evidence.steps() == 0 {
        return;
    }
    for step in 0..lived.evidence.steps() {
        if knowledge.likelihood.iter().any(CountTable::is_learned) {
            lived.average(step, marginals);
            learn_likelihood(knowledge, lived, step, marginals);
        }
        learn_preferences(knowledge, lived, step);
    }
    knowledge.likelihood.iter_mut().for_each(CountTable::refresh);
    learn_transitions(knowledge, lived);
    lived.average(0, marginals);
    for (f, table) in knowledge.initial_state.iter_mut().enumerate() {
        learn_column(table, &marginals[lived.layout.structure.factor_range(f)]);
    }
    learn_column(&mut knowledge.habits, lived.posterior(lived.evidence.steps() - 1));
}

/// Adds a distribution to the only column of a table.
fn learn_column<T: Real>(table: &mut CountTable<T>, amounts: &[T]) {
    table.forget(0..1);
    for (entry, &amount) in amounts.iter().enumerate() {
        table.add(0, entry, amount);
    }
    table.refresh();
}

fn is_seen(weights: &[f64]) -> bool {
    weights.iter().any(|&weight| weight > 0.0)
}

fn learn_likelihood<T: Real>(
    knowledge: &mut TrialKnowledge<T>,
    lived: &Lived<'_, T>,
    step: usize,
    marginals: &[T],
) {
    let layout = lived.layout;
    for (m, table) in knowledge.likelihood.iter_mut().enumerate().filter(|(_, table)| table.is_learned()) {
        let weights = lived.evidence.weights(step, m);
        if !is_seen(weights) {
            continue;
        }
        if layout.is_spm() || !(0..step).any(|before| is_seen(lived.evidence.weights(before, m))) {
            table.forget(0..table.columns());
        }
        for joint in 0..layout.structure.joint_states {
            let states = layout.states(joint).iter().zip(&layout.structure.factor_offsets);
            let q = states.fold(T::ONE, |q, (&state, &offset)| q * marginals[offset + state]);
            let column = layout.parents(m, joint);
            for (outcome, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
                table.add(column, outcome, q * weight);
            }
        }
    }
}

fn learn_preferences<T: Real>(knowledge: &mut TrialKnowledge<T>, lived: &Lived<'_, T>, step: usize) {
    for (m, table) in knowledge.preferences.iter_mut().enumerate() {
        let Some(table) = table else { continue };
        let weights = lived.evidence.weights(step, m);
        if !is_seen(weights) {
            continue;
        }
        let last = table.columns() - 1;
        let column = step.min(last);
        let was_seen =
            |before: usize| before.min(last) == column && is_seen(lived.evidence.weights(before, m));
        if lived.layout.is_spm() || !(0..step).any(was_seen) {
            table.forget(column..column + 1);
        }
        for (outcome, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            table.add(column, outcome, T::constant(weight));
        }
        table.refresh();
    }
}

fn learn_transitions<T: Real>(knowledge: &mut TrialKnowledge<T>, lived: &Lived<'_, T>) {
    let steps = lived.evidence.steps();
    for (factor, table) in
        knowledge.transitions.iter_mut().enumerate().filter(|(_, table)| table.is_learned())
    {
        if !lived.layout.is_spm() && steps > 1 {
            table.forget(0..table.columns());
        }
        for step in 1..steps {
            for policy in 0..lived.layout.policies() {
                learn_transition(table, lived, factor, (policy, step));
            }
        }
        table.refresh();
    }
}

/// What one policy says about the transition into a step.
fn learn_transition<T: Real>(
    table: &mut CountTable<T>,
    lived: &Lived<'_, T>,
    factor: usize,
    (policy, step): (usize, usize),
) {
    let shape = &lived.layout.structure.transitions[factor];
    let Some(action) = lived.executed.action(lived.layout, policy, step - 1) else { return };
    let configuration = shape.control_configurations[action];
    if lived.layout.is_spm() {
        let first = configuration * shape.parent_configurations;
        table.forget(first..first + shape.parent_configurations);
    }
    let weight = lived.posterior(step)[policy];
    if weight.is_zero() {
        return;
    }
    let (before, after) = (lived.beliefs(policy, step - 1, factor), lived.beliefs(policy, step, factor));
    for (from, &p) in before.iter().enumerate() {
        for (to, &q) in after.iter().enumerate() {
            table.add(column_of(shape, configuration, from), to, weight * p * q);
        }
    }
}
