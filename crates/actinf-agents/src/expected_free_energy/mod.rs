//! Expected free energy: how bad a policy looks before it is tried.
//!
//! ```text
//! G(π) = - Σ_steps (w_u U + w_s S + w_a N_A + w_b N_B + w_v V)
//! ```
//!
//! | term  |                              | page                                    |
//! |-------|------------------------------|-----------------------------------------|
//! | `U`   | utility                      | [`utility`](mod@utility)                |
//! | `S`   | information gain about states | [`state_information_gain`](mod@state_information_gain) |
//! | `N_A`, `N_B` | information gain about the likelihood and the transitions | [`parameter_information_gain`](mod@parameter_information_gain) |
//! | `V`   | inductive value              | [`inductive_value`]                     |
//!
//! | symbol    | here                  | shape                        |                                            |
//! |-----------|-----------------------|------------------------------|--------------------------------------------|
//! | `A`       | `likelihood`          | `[parents' configuration, o]` | how states generate outcomes              |
//! | `ln C`    | `log_preferences`     | `[o]`                        | log prior over outcomes                    |
//! | `q(s\|π)` | `parents`             | `[parents' configuration]`   | states expected under the policy           |
//! | `q(o\|π)` | `outcomes`            | `[o]`                        | outcomes expected under the policy         |
//! | `H[A]`    | `ambiguities`         | `[parents' configuration]`   | entropy of each column of the likelihood   |
//!
//! Everything is in nats; a smaller expected free energy is better. Terms are summed over modalities and over the
//! steps a policy looks ahead. Utility and the information gain about states are always computed; the others only where
//! their weight is not 0 by the model's definition and the model has counts (`N_A`, `N_B`) or goals (`V`).
//!
//! # References
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447, section 5.

mod active_terms;
pub mod inductive_value;
pub mod parameter_information_gain;
pub mod state_information_gain;
pub mod utility;

pub(crate) use active_terms::{ActiveTerms, NamedTerm};
pub use parameter_information_gain::{information_weights, parameter_information_gain};
pub use state_information_gain::state_information_gain;
pub use utility::utility;

use crate::real::Real;
use crate::settings::Weights;
use ndarray::ArrayView2;

/// Writes the outcomes of one modality that are expected from the states of its parents.
///
/// # Formula
///
/// ```text
/// q(o|π) = Σ_s A(o|s) q(s|π)
/// ```
///
/// # Example
///
/// ```
/// use actinf_agents::expected_free_energy::expected_outcomes;
/// use ndarray::array;
///
/// let likelihood = array![[0.75, 0.25], [0.25, 0.75]];
/// let mut outcomes = [0.0; 2];
/// expected_outcomes(likelihood.view(), &[0.5, 0.5], &mut outcomes);
/// assert_eq!(outcomes, [0.5, 0.5]);
/// ```
pub fn expected_outcomes<T: Real>(likelihood: ArrayView2<'_, T>, parents: &[T], outcomes: &mut [T]) {
    outcomes.fill(T::ZERO);
    for (&q, row) in parents.iter().zip(likelihood.rows()) {
        if q.is_zero() {
            continue;
        }
        for (outcome, &p) in outcomes.iter_mut().zip(row) {
            *outcome += q * p;
        }
    }
}

/// The terms of the expected free energy of a policy, each with the sign "more is better".
#[doc(alias = "EFE")]
#[doc(alias = "G")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedFreeEnergy<T> {
    /// How much expected outcomes are preferred: `E_q(o|π)[ln C(o)]`.
    pub utility: T,
    /// How much outcomes are expected to tell about states: `H[q(o|π)] - E_q(s|π) H[p(o|s)]`.
    pub state_information_gain: T,
    /// How much outcomes are expected to tell about the likelihood A.
    pub likelihood_information_gain: T,
    /// How much transitions are expected to tell about B.
    pub transition_information_gain: T,
    /// How much the policy keeps the goals within reach.
    pub inductive_value: T,
}

impl<T: Real> ExpectedFreeEnergy<T> {
    /// No step yet.
    pub const NONE: Self = ExpectedFreeEnergy {
        utility: T::ZERO,
        state_information_gain: T::ZERO,
        likelihood_information_gain: T::ZERO,
        transition_information_gain: T::ZERO,
        inductive_value: T::ZERO,
    };

    /// Adds `weight` times the terms of another.
    pub(crate) fn add_weighted(&mut self, weight: T, other: &Self) {
        self.utility += weight * other.utility;
        self.state_information_gain += weight * other.state_information_gain;
        self.likelihood_information_gain += weight * other.likelihood_information_gain;
        self.transition_information_gain += weight * other.transition_information_gain;
        self.inductive_value += weight * other.inductive_value;
    }

    /// The expected free energy `G = - Σ_terms weight · term`; lower is better.
    pub(crate) fn weighted(self, weights: &Weights<T>) -> T {
        -(weights.utility * self.utility
            + weights.state_information_gain * self.state_information_gain
            + weights.likelihood_information_gain * self.likelihood_information_gain
            + weights.transition_information_gain * self.transition_information_gain
            + weights.inductive_value * self.inductive_value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::entropy;
    use ndarray::array;

    /// The other textbook decomposition: `G = KL[q(o|π) ‖ C] + E_q(s|π) H[p(o|s)]`, risk plus ambiguity.
    #[test]
    fn negative_utility_and_information_equal_risk_plus_ambiguity() {
        for (noise, belief, preference) in [(0.1, 0.3, 0.9), (0.4, 0.5, 0.2), (0.01, 0.99, 0.5)] {
            let likelihood = array![[1.0 - noise, noise], [noise, 1.0 - noise]];
            let column = entropy(&[noise, 1.0 - noise]);
            let log_preferences = [f64::ln(preference), f64::ln(1.0 - preference)];
            let states = [belief, 1.0 - belief];
            let mut outcomes = [0.0; 2];
            expected_outcomes(likelihood.view(), &states, &mut outcomes);
            let risk: f64 = outcomes.iter().zip(&log_preferences).map(|(q, c)| q * (q.ln() - c)).sum();
            let g = -(utility(&outcomes, &log_preferences)
                + state_information_gain(&outcomes, &states, &[column; 2]));
            assert!((g - (risk + column)).abs() < 1e-14);
        }
    }
}
