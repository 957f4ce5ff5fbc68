//! Learning of the likelihood A.
//!
//! ```text
//! a(o | parents) ← a(o | parents) + η · o · q(parents)
//! ```
//!
//! Where a model has a learning rate for every outcome, `η` is that of the outcome `o`.
//!
//! `o` is 1 for the outcome seen and 0 for the others, or the distribution over outcomes where one was given. A masked
//! outcome counts in full. A missing observation is nothing to learn from.

use super::dirichlet::{DirichletStart, Table};
use crate::behaviour::Observation;
use crate::real::Real;

/// Notes what one step's observation adds, given the distribution over the modality's parents.
pub(super) fn learn<T: Real>(
    table: &mut Table<T>,
    learning: &DirichletStart<T>,
    observation: &Observation,
    parents: &[T],
) {
    match observation {
        Observation::Missing => {}
        Observation::Distribution(weights) => learn_weighted(table, learning, weights, parents),
        Observation::Outcome(outcome) | Observation::Masked { outcome, .. } => {
            learn_outcome(table, learning.rate_of(*outcome), *outcome, parents.iter().copied().enumerate());
        }
    }
}

/// Notes what one outcome adds, given the probabilities of configurations of the modality's parents.
pub(crate) fn learn_outcome<T: Real>(
    table: &mut Table<T>,
    rate: T,
    outcome: usize,
    parents: impl Iterator<Item = (usize, T)>,
) {
    table.mark_due();
    for (column, q) in parents {
        let increment = rate * q;
        if !increment.is_zero() {
            table.add(column, outcome, increment);
        }
    }
}

/// The same for a weight per outcome; all of them are 0 where nothing was observed.
pub(super) fn learn_weighted<T: Real>(
    table: &mut Table<T>,
    learning: &DirichletStart<T>,
    weights: &[f64],
    parents: &[T],
) {
    if weights.iter().all(|&weight| weight <= 0.0) {
        return;
    }
    table.mark_due();
    for (column, &q) in parents.iter().enumerate() {
        for (outcome, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let increment = learning.rate_of(outcome) * q;
            if !increment.is_zero() {
                table.add(column, outcome, increment * weight);
            }
        }
    }
}
