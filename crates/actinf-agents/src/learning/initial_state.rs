//! Learning of the initial prior D.
//!
//! ```text
//! d(s) ← d(s) + η · q(s_0)
//! ```
//!
//! `s_0` is the state in which the trial began. With filtered beliefs `q(s_0)` is what is believed about it once the first
//! step's observation has been seen; with smoothed beliefs, once the whole trial has. Where the observation precedes
//! the action, the first is the filtered belief of the first step, as in pymdp's older versions. Where the action comes
//! first, `s_0` is the state before it: the belief after the first step is taken one step back
//! ([`crate::state_inference::smoothing`]), so that a factor that stays is learned from what was seen and one that was
//! moved, wherever it was, from nothing but D itself.

use super::dirichlet::Table;
use crate::real::Real;

/// Notes what one trial adds, given the marginal belief about the factor's first state.
pub(super) fn learn<T: Real>(table: &mut Table<T>, rate: T, first_state: &[T]) {
    table.mark_due();
    for (state, &q) in first_state.iter().enumerate() {
        let increment = rate * q;
        if !increment.is_zero() {
            table.add(0, state, increment);
        }
    }
}
