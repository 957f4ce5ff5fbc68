//! The free energy of a policy, from what the trial has shown so far.
//!
//! ```text
//! exact   F(π) = Σ_t Σ_f x · (mean of the messages - ln x + ln L̄ / factors)
//! spm     F(π) = Σ_t Σ_f x · (v / 2 - (1 - 1 / factors) ln L̄)       at steps between the first and the last
//!                Σ_t Σ_f x · (v / 2)                                 at the first and the last
//! ```
//!
//! with `v`, the messages and `ln L̄` of [`messages`](super::messages). Every factor's `ln L̄` is about the whole likelihood,
//! so that each may count only its share of it. The two agree between the ends. At the ends SPM counts the likelihood once
//! per factor, and at the last step, which has a single message, it counts half of everything: a one-step trial has half its
//! log evidence. The sign is SPM's: higher is better, `F ≤ ln p(o | π)` where the beliefs are exact.

use super::layout::Layout;
use crate::real::Real;

/// What part of `v` and of the likelihood a factor counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    single: f64,
    likelihood: f64,
}

impl Share {
    pub(super) fn new(layout: &Layout, is_end: bool) -> Share {
        let others = 1.0 - 1.0 / layout.factors() as f64;
        match (layout.is_spm(), is_end) {
            (true, true) => Share { single: 0.5, likelihood: 0.0 },
            (true, false) => Share { single: 0.5, likelihood: others },
            (false, _) => Share { single: 1.0, likelihood: others },
        }
    }

    /// The part of a state, before it is weighted with its probability; `is_linked` where `v` counts two messages.
    #[inline(always)]
    pub(super) fn of<T: Real>(self, v: T, log_likelihood: T, is_linked: bool) -> T {
        let mean = v * if is_linked { 0.5 } else { self.single };
        if self.likelihood > 0.0 { mean - log_likelihood * self.likelihood } else { mean }
    }
}
