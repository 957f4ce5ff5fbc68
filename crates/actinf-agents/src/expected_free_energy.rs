//! Expected free energy: how bad a policy looks before it is tried.
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
//! steps a policy looks ahead.
//!
//! # References
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447, section 5.

use crate::categorical::entropy;
use crate::real::Real;
use crate::settings::Weights;
use ndarray::ArrayView2;

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

    /// Adds the terms of one modality at one future step.
    ///
    /// # Formula
    ///
    /// ```text
    /// q(o|π) = A q(s|π)
    /// U(π)   = Σ_o q(o|π) ln C(o)
    /// S(π)   = H[q(o|π)] - Σ_s q(s|π) H[p(o|s)]
    /// ```
    ///
    /// `outcomes` is scratch space, as long as there are outcomes.
    ///
    /// # Example
    ///
    /// Two equally likely states, seen without noise, tell ln 2 nats about themselves; no outcome is preferred:
    ///
    /// ```
    /// use actinf_agents::ExpectedFreeEnergy;
    /// use ndarray::array;
    ///
    /// let likelihood = array![[1.0, 0.0], [0.0, 1.0]];
    /// let indifferent = [0.5_f64.ln(); 2];
    /// let mut terms = ExpectedFreeEnergy::NONE;
    /// terms.add_outcomes(likelihood.view(), &[0.0, 0.0], Some(&indifferent), true, &[0.5, 0.5], &mut [0.0; 2]);
    /// assert_eq!(terms.state_information_gain, 2.0_f64.ln());
    /// assert_eq!(terms.utility, -2.0_f64.ln());
    /// ```
    pub fn add_outcomes(
        &mut self,
        likelihood: ArrayView2<'_, T>,
        ambiguities: &[T],
        log_preferences: Option<&[T]>,
        information_gain: bool,
        parents: &[T],
        outcomes: &mut [T],
    ) {
        outcomes.fill(T::ZERO);
        let mut ambiguity = T::ZERO;
        for ((&q, row), &column_entropy) in parents.iter().zip(likelihood.rows()).zip(ambiguities) {
            if q.is_zero() {
                continue;
            }
            for (outcome, &p) in outcomes.iter_mut().zip(row) {
                *outcome += q * p;
            }
            ambiguity += q * column_entropy;
        }
        for (&q, &log_preference) in outcomes.iter().zip(log_preferences.unwrap_or_default()) {
            if !q.is_zero() {
                self.utility += q * log_preference;
            }
        }
        if information_gain {
            self.state_information_gain += entropy(outcomes) - ambiguity;
        }
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
    use ndarray::array;

    /// The other textbook decomposition: `G = KL[q(o|π) ‖ C] + E_q(s|π) H[p(o|s)]`, risk plus ambiguity.
    #[test]
    fn negative_utility_and_information_equal_risk_plus_ambiguity() {
        for (noise, belief, preference) in [(0.1, 0.3, 0.9), (0.4, 0.5, 0.2), (0.01, 0.99, 0.5)] {
            let likelihood = array![[1.0 - noise, noise], [noise, 1.0 - noise]];
            let column = entropy(&[noise, 1.0 - noise]);
            let log_preferences = [f64::ln(preference), f64::ln(1.0 - preference)];
            let states = [belief, 1.0 - belief];
            let mut terms = ExpectedFreeEnergy::NONE;
            let mut outcomes = [0.0; 2];
            terms.add_outcomes(
                likelihood.view(),
                &[column; 2],
                Some(&log_preferences),
                true,
                &states,
                &mut outcomes,
            );
            let risk: f64 = outcomes.iter().zip(&log_preferences).map(|(q, c)| q * (q.ln() - c)).sum();
            let g = -(terms.utility + terms.state_information_gain);
            assert!((g - (risk + column)).abs() < 1e-14);
        }
    }
}
