//! Learning of the transitions B.
//!
//! ```text
//! filtered   b(s' | parents, u) ← b(s' | parents, u) + η · q_t+1(s') Π_d q_t(parent d)
//! smoothed   b(s' | parents, u) ← b(s' | parents, u) + η · q(s'_t+1, parents_t | whole trial)
//! ```
//!
//! `u` is the action taken between the two steps; a transition whose action is missing is nothing to learn from. With
//! filtered beliefs the product of the factors' marginals is used whatever the scheme, as in pymdp: it knows nothing
//! of how a state and the next one depend on each other. Smoothed beliefs do, see [`crate::state_inference::smoothing`].

use super::dirichlet::Table;
use crate::real::Real;
use crate::structure::Structure;
use ndarray::Array2;

/// Where the columns of a factor's transitions under a joint action start.
fn first_column(structure: &Structure, factor: usize, action: usize) -> usize {
    let transitions = &structure.transitions[factor];
    transitions.control_configurations[action] * transitions.parent_configurations
}

/// Notes what one transition adds, given the marginals of all factors before and after it. `states` is scratch space.
pub(super) fn learn<T: Real>(
    table: &mut Table<T>,
    rate: T,
    (structure, factor, action): (&Structure, usize, usize),
    (before, after): (&[T], &[T]),
    states: &mut [usize],
) {
    let first = first_column(structure, factor, action);
    let transitions = &structure.transitions[factor];
    table.mark_due();
    for configuration in 0..transitions.parent_configurations {
        structure.states_of_configuration(&transitions.parents, configuration, states);
        let weight = transitions
            .parents
            .iter()
            .fold(rate, |weight, &parent| weight * before[structure.factor_offsets[parent] + states[parent]]);
        if weight.is_zero() {
            continue;
        }
        for (next, &q) in after[structure.factor_range(factor)].iter().enumerate() {
            if !q.is_zero() {
                table.add(first + configuration, next, weight * q);
            }
        }
    }
}

/// The same for the joint distribution of parents and next state: `[parents' configuration, next state]`.
pub(super) fn learn_pairs<T: Real>(
    table: &mut Table<T>,
    rate: T,
    (structure, factor, action): (&Structure, usize, usize),
    pairs: &Array2<T>,
) {
    let first = first_column(structure, factor, action);
    table.mark_due();
    for ((configuration, next), &q) in pairs.indexed_iter() {
        if !q.is_zero() {
            table.add(first + configuration, next, rate * q);
        }
    }
}
