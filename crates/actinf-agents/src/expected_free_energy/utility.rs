//! Utility: how much expected outcomes are preferred.

use crate::real::Real;

/// The expected log preference of outcomes, in nats.
///
/// # Formula
///
/// ```text
/// U(π) = Σ_o q(o|π) ln C(o)
/// ```
///
/// `outcomes` is `q(o|π)`, `log_preferences` is `ln C`; both have one entry per outcome. An outcome that is not expected
/// adds nothing.
///
/// # Example
///
/// A win, worth two nats more than a loss, comes three times out of four:
///
/// ```
/// use actinf_agents::expected_free_energy::utility;
/// assert_eq!(utility(&[0.25, 0.75], &[0.0, 2.0]), 1.5);
/// ```
pub fn utility<T: Real>(outcomes: &[T], log_preferences: &[T]) -> T {
    let mut utility = T::ZERO;
    for (&q, &log_preference) in outcomes.iter().zip(log_preferences) {
        if !q.is_zero() {
            utility += q * log_preference;
        }
    }
    utility
}
