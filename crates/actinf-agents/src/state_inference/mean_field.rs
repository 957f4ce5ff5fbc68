//! What all schemes with one marginal per factor share: expectations under a product of marginals.
//!
//! ```text
//! p(s' | parents ~ q)  = Σ_parents Π_d q_d(parent d) B(s' | parents)
//! E_q[ln p]            = Σ_parents Π_d q_d(parent d) ln p(parents)
//! E_q[others][ln p](s) = the same over configurations in which the parent apart is in s, without its own q
//! ```
//!
//! A configuration of probability 0 takes part in no sum, so `0 · ln 0 = 0`; one that is impossible (`ln p = -∞`) but has
//! weight makes the sum minus infinity.

use super::exact::control_configuration;
use super::{Move, extend};
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;

/// `sum ← sum + weight · log`, with `0 · (-∞) = 0`; a sum of minus infinity stays.
#[inline]
pub(super) fn add_weighted_log<T: Real>(sum: &mut T, weight: T, log: impl FnOnce() -> T) {
    if weight.is_zero() || sum.value() == f64::NEG_INFINITY {
        return;
    }
    let log = log();
    if log.value() > f64::NEG_INFINITY {
        *sum += weight * log;
    } else if weight.value() > 0.0 {
        *sum = log;
    }
}

/// `Σ_i w_i ln p_i`.
#[inline]
pub(super) fn weighted_logs<T: Real>(weights: &[T], logs: &[T]) -> T {
    let mut sum = T::ZERO;
    for (&weight, &log) in weights.iter().zip(logs) {
        add_weighted_log(&mut sum, weight, || log);
    }
    sum
}

/// The number of configurations of some factors.
pub(super) fn configurations(structure: &Structure, factors: &[usize]) -> usize {
    factors.iter().map(|&factor| structure.factor_sizes[factor]).product()
}

/// `Π_d q_d(parent d)` of configuration `row` of `parents`.
#[inline]
pub(super) fn weight<T: Real>(structure: &Structure, parents: &[usize], mut row: usize, belief: &[T]) -> T {
    parents.iter().rev().fold(T::ONE, |weight, &parent| {
        let size = structure.factor_sizes[parent];
        let state = row % size;
        row /= size;
        weight * belief[structure.factor_offsets[parent] + state]
    })
}

/// The state of the parent `apart` in configuration `row`, and `Π_d q_d(parent d)` over the others.
#[inline]
pub(super) fn weight_of_others<T: Real>(
    structure: &Structure,
    parents: &[usize],
    apart: usize,
    mut row: usize,
    belief: &[T],
) -> (usize, T) {
    parents.iter().rev().fold((0, T::ONE), |(own, weight), &parent| {
        let size = structure.factor_sizes[parent];
        let state = row % size;
        row /= size;
        if parent == apart {
            (state, weight)
        } else {
            (own, weight * belief[structure.factor_offsets[parent] + state])
        }
    })
}

/// `E_q[ln p]` over the configurations of `parents`.
pub(super) fn expected_log<T: Real>(
    structure: &Structure,
    parents: &[usize],
    belief: &[T],
    log: impl Fn(usize) -> T,
) -> T {
    let mut sum = T::ZERO;
    for row in 0..configurations(structure, parents) {
        add_weighted_log(&mut sum, weight(structure, parents, row, belief), || log(row));
    }
    sum
}

/// Adds `E_q[others][ln p]` to the logits of the parent `apart`, state by state.
pub(super) fn add_expected_log<T: Real>(
    structure: &Structure,
    parents: &[usize],
    apart: usize,
    belief: &[T],
    log: impl Fn(usize) -> T,
    logits: &mut [T],
) {
    for row in 0..configurations(structure, parents) {
        let (state, weight) = weight_of_others(structure, parents, apart, row, belief);
        add_weighted_log(&mut logits[state], weight, || log(row));
    }
}

/// Writes `Σ_parents Π_d q_d(parent d) B(· | parents)`; columns stand one after the other.
pub(super) fn predict_factor<T: Real>(
    structure: &Structure,
    parents: &[usize],
    columns: &[T],
    from: &[T],
    to: &mut [T],
) {
    to.fill(T::ZERO);
    for (row, column) in columns.chunks_exact(to.len()).enumerate() {
        let weight = weight(structure, parents, row, from);
        if weight.is_zero() {
            continue;
        }
        for (next, &p) in to.iter_mut().zip(column) {
            *next += weight * p;
        }
    }
}

/// Predicts all factors, each from the product of its parents' marginals.
pub(super) fn predict<T: Real>(
    structure: &Structure,
    knowledge: &Knowledge<T>,
    action: Move,
    from: &[T],
    to: &mut [T],
) {
    for (factor, transitions) in structure.transitions.iter().enumerate() {
        let range = structure.factor_range(factor);
        match control_configuration(transitions, action) {
            None => to[range.clone()].copy_from_slice(&from[range]),
            Some(controls) => {
                let rows = transitions.parent_configurations;
                let columns = knowledge.transitions[factor].columns(controls * rows, rows);
                predict_factor(structure, &transitions.parents, columns, from, &mut to[range]);
            }
        }
    }
}

/// Writes the initial prior `D` of all factors.
pub(super) fn restart<T: Real>(structure: &Structure, knowledge: &Knowledge<T>, belief: &mut [T]) {
    for (factor, prior) in knowledge.initial_state.iter().enumerate() {
        belief[structure.factor_range(factor)].copy_from_slice(prior.column(0));
    }
}

/// Makes all marginals uniform.
pub(super) fn flatten<T: Real>(structure: &Structure, belief: &mut [T]) {
    for (factor, &size) in structure.factor_sizes.iter().enumerate() {
        belief[structure.factor_range(factor)].fill(T::constant(1.0 / size as f64));
    }
}

/// Turns the log-probabilities of one factor into its marginal. `false` if no state is possible.
pub(super) fn adopt<T: Real>(logs: &[T], marginal: &mut [T]) -> bool {
    let mut is_possible = false;
    for (q, &log) in marginal.iter_mut().zip(logs) {
        let state_is_possible = log.value() > f64::NEG_INFINITY;
        *q = if state_is_possible { log.exp() } else { T::ZERO };
        is_possible |= state_is_possible;
    }
    is_possible
}

/// The distribution over the configurations of a modality's parents; `scratch` may hold the result.
pub(super) fn parents<'a, T: Real>(
    structure: &Structure,
    modality: usize,
    belief: &'a [T],
    scratch: &'a mut [T],
) -> &'a [T] {
    let parents = &structure.modalities[modality].parents;
    if let [factor] = parents.as_slice() {
        return &belief[structure.factor_range(*factor)];
    }
    scratch[0] = T::ONE;
    let mut filled = 1;
    for &parent in parents {
        let marginal = &belief[structure.factor_range(parent)];
        filled = extend(scratch, filled, marginal.len(), |state| marginal[state]);
    }
    &scratch[..filled]
}
