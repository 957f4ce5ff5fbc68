//! Variational free energy: how well beliefs explain what is observed, and how far they had to move for it.
//!
//! ```text
//! F          = complexity - accuracy  ≥  -ln p(o | past)                  equal where inference is exact
//! complexity = KL[q(s) ‖ p(s | past)]  = Σ_s q(s) (ln q(s) - ln p(s | past))
//! accuracy   = E_q[ln p(o | s)]        = Σ_m Σ_parents q(parents of m) ln A_m(o_m | parents)
//! ```
//!
//! | symbol | here | shape |
//! |---|---|---|
//! | `q(s)` | the belief after the observations | joint states, or one marginal per factor |
//! | `p(s \| past)` | the belief predicted before them | the same |
//! | `A_m` | the likelihood of modality `m` | `[parents' configuration, o_m]` |
//!
//! All in nats. What is missing has no accuracy, and where nothing is observed `F` is 0. Schemes that infer over a
//! [window](super::window) of past steps have one free energy for all of them: their complexity is the divergence from the
//! window's prior and transitions (see [message passing](super::message_passing)), and their accuracy is summed over the
//! window's steps.
//!
//! # References
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447, section 4.

use super::StateInference;
use super::evidence::log_evidence;
use super::mean_field::add_weighted_log;
use crate::behaviour::Observation;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::task_model::Numerics;

/// The terms of the variational free energy of one update of beliefs, in nats.
#[doc(alias = "VFE")]
#[doc(alias = "F")]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VariationalFreeEnergy<T> {
    /// How far beliefs moved from what was predicted: `KL[q(s) ‖ p(s | past)]`.
    pub complexity: T,
    /// How well they explain the observations: `E_q[ln p(o | s)]`.
    pub accuracy: T,
}

impl<T: Real> VariationalFreeEnergy<T> {
    /// The terms of a free energy of which total and accuracy are known.
    ///
    /// # Example
    ///
    /// Two states believed with 1/2 each, of which the one seen predicts the outcome with 3/4 and the other with 1/4:
    ///
    /// ```
    /// use actinf_agents::state_inference::free_energy::VariationalFreeEnergy;
    ///
    /// let (p, q) = ([0.5, 0.5], [0.75, 0.25]);
    /// let surprise = -f64::ln(0.5 * 0.75 + 0.5 * 0.25);
    /// let accuracy = 0.75 * f64::ln(0.75) + 0.25 * f64::ln(0.25);
    /// let divergence = 0.75 * f64::ln(q[0] / p[0]) + 0.25 * f64::ln(q[1] / p[1]);
    /// let terms = VariationalFreeEnergy::from_total(surprise, accuracy);
    /// assert!((terms.complexity - divergence).abs() < 1e-15);
    /// ```
    pub fn from_total(total: T, accuracy: T) -> Self {
        VariationalFreeEnergy { complexity: total + accuracy, accuracy }
    }
}

/// `Σ_m E_q[ln A_m(o_m | parents)]` of one step; `scratch` holds a distribution over the parents of any modality.
pub(super) fn accuracy<T: Real>(
    inference: &(impl StateInference<T> + ?Sized),
    knowledge: &Knowledge<T>,
    (observations, belief): (&[Observation], &[T]),
    numerics: Numerics,
    scratch: &mut [T],
) -> T {
    let mut accuracy = T::ZERO;
    for (m, (table, observation)) in knowledge.likelihood.iter().zip(observations).enumerate() {
        if *observation == Observation::Missing {
            continue;
        }
        for (row, &q) in inference.parents(m, belief, scratch).iter().enumerate() {
            add_weighted_log(&mut accuracy, q, || log_evidence(table.column(row), observation, numerics));
        }
    }
    accuracy
}
