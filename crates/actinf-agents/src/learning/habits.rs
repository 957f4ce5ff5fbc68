//! Learning of the habits E.
//!
//! ```text
//! e(π) ← e(π) + η · q(π)                    ln E(π) = ln e(π) - ln Σ e
//! ```
//!
//! `q(π)` is the posterior over policies of the step's plan, whether or not an action was recorded. What was planned
//! often becomes a habit, and a habit is planned more often.

use super::dirichlet::{DirichletStart, Table};
use crate::numerics;
use crate::real::Real;
use crate::task_model::Numerics;

/// Notes what one step's plan adds, given `ln q(π)`.
pub(super) fn learn<T: Real>(table: &mut Table<T>, rate: T, log_posterior: &[T]) {
    table.mark_due();
    for (policy, &log) in log_posterior.iter().enumerate() {
        if log.value() > f64::NEG_INFINITY {
            table.add(0, policy, rate * log.exp());
        }
    }
}

/// Updates the habits and their logarithms with what was noted.
pub(super) fn update<T: Real>(
    table: &mut Table<T>,
    learning: &DirichletStart<T>,
    numerics: Numerics,
    log_habits: &mut [T],
) {
    table.update(learning);
    for (log, &p) in log_habits.iter_mut().zip(table.column(0)) {
        *log = numerics::ln(p, numerics);
    }
}
