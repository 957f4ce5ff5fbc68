//! State information gain: how much outcomes are expected to tell about states.

use crate::categorical::entropy;
use crate::real::Real;

/// The mutual information between the outcomes of one modality and states, in nats.
///
/// # Formula
///
/// ```text
/// S(π) = H[q(o|π)] - Σ_s q(s|π) H[A(o|s)]
/// ```
///
/// `outcomes` is `q(o|π)`; `parents` is `q(s|π)` over the configurations of the modality's parents, and `ambiguities` the
/// entropy of each of their columns of the likelihood. The gains of several modalities are summed, which counts what two
/// of them tell alike twice.
///
/// # Example
///
/// Two equally likely states, seen without noise, tell ln 2 nats about themselves:
///
/// ```
/// use actinf_agents::expected_free_energy::state_information_gain;
/// assert_eq!(state_information_gain(&[0.5, 0.5], &[0.5, 0.5], &[0.0, 0.0]), 2.0_f64.ln());
/// ```
#[doc(alias = "epistemic value")]
#[doc(alias = "salience")]
pub fn state_information_gain<T: Real>(outcomes: &[T], parents: &[T], ambiguities: &[T]) -> T {
    let mut ambiguity = T::ZERO;
    for (&q, &column_entropy) in parents.iter().zip(ambiguities) {
        if !q.is_zero() {
            ambiguity += q * column_entropy;
        }
    }
    entropy(outcomes) - ambiguity
}
