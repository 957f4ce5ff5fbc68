//! Learning of the likelihood: `a ← a + ω (a_0 - a) + η · o ⊗ q(parents)`.

use super::dirichlet::{DirichletStart, Table};
use crate::behaviour::Observation;
use crate::real::Real;

/// One update of one modality's counts, given the distribution over its parents; nothing where nothing was observed.
pub(super) fn learn<T: Real>(
    table: &mut Table<T>,
    learning: &DirichletStart<T>,
    observation: &Observation,
    parents: &[T],
) {
    if *observation == Observation::Missing {
        return;
    }
    table.forget(learning);
    for (column, &q) in parents.iter().enumerate() {
        let increment = learning.rate * q;
        if increment.is_zero() {
            continue;
        }
        match observation {
            Observation::Missing => {}
            Observation::Outcome(outcome) | Observation::Masked { outcome, .. } => {
                table.add(column, *outcome, increment);
            }
            Observation::Distribution(weights) => {
                for (outcome, &weight) in weights.iter().enumerate() {
                    table.add(column, outcome, increment * weight);
                }
            }
        }
        table.refresh(column);
    }
}
