//! What one observation says about one column of a likelihood.
//!
//! ```text
//! outcome o          A(o | s)                      distribution p    exp Σ_o p(o) ln A(o | s)
//! masked o, trust k  k A(o | s) + (1 - k) / n, in the mean over k o + (1 - k) / n as for a distribution
//! ```
//!
//! | symbol | what it is | shape |
//! |---|---|---|
//! | `A` | likelihood, one column `A(· \| s)` per configuration of the parents | `[parents' configuration, outcome]` |
//! | `p` | a distribution over outcomes that was given instead of one outcome | `[outcome]` |
//! | `k`, `n` | how far a masked outcome is trusted, from 0 to 1, and the number of outcomes | |
//!
//! A missing observation is no evidence: 1 for all states. Masks and distributions follow pymdp 1.0.4 (its `mask` and
//! categorical observations).

use crate::behaviour::Observation;
use crate::numerics;
use crate::real::Real;
use crate::task_model::Numerics;

/// The evidence of an observation for a column (one probability per outcome): a likelihood, 1 where nothing was seen.
#[inline]
pub(crate) fn evidence<T: Real>(column: &[T], observation: &Observation) -> T {
    match observation {
        Observation::Missing => T::ONE,
        Observation::Outcome(outcome) => column[*outcome],
        _ => log_evidence(column, observation, Numerics::Exact).exp(),
    }
}

/// The logarithm of the evidence under a numerical policy, in nats.
#[inline]
pub(crate) fn log_evidence<T: Real>(column: &[T], observation: &Observation, policy: Numerics) -> T {
    match observation {
        Observation::Missing => T::ZERO,
        Observation::Outcome(outcome) => numerics::ln(column[*outcome], policy),
        Observation::Distribution(weights) => {
            expected_log(column.iter().copied().zip(weights.iter().copied()), policy)
        }
        Observation::Masked { outcome, trust } => {
            let rest = (1.0 - trust) / column.len() as f64;
            let masked =
                |(k, &p): (usize, &T)| (p * *trust + rest, if k == *outcome { trust + rest } else { rest });
            expected_log(column.iter().enumerate().map(masked), policy)
        }
    }
}

/// `Σ w ln p` over the pairs; outcomes of weight 0 are left out.
fn expected_log<T: Real>(pairs: impl Iterator<Item = (T, f64)>, policy: Numerics) -> T {
    let mut sum = T::ZERO;
    for (p, weight) in pairs.filter(|(_, weight)| *weight > 0.0) {
        let log = numerics::ln(p, policy);
        if log.value() == f64::NEG_INFINITY {
            return log;
        }
        sum += log * weight;
    }
    sum
}
