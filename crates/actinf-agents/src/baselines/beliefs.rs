//! Beliefs about what options are worth, with their uncertainty.
//!
//! ```text
//! kalman   g = v_a / (v_a + observation_variance)                      the Kalman gain
//!          m_a ← m_a + g (r - m_a)      v_a ← (1 - g) v_a              of the chosen option a
//!          v_u ← v_u + diffusion_variance                              of every option, at every step
//!          at first m_u = initial_value and v_u = initial_variance
//!
//! beta     a_u ← a_u + r                b_u ← b_u + 1 - r              of the chosen option, r between 0 and 1
//!          m_u = a_u / (a_u + b_u)      v_u = m_u (1 - m_u) / (a_u + b_u + 1)
//!          at first a_u = b_u = prior_count
//! ```
//!
//! The Kalman filter is that of Gershman (2018, equations 1 to 3) and, with diffusion but without decay, of Daw et al. (2006).
//! Its gain depends on the ratio of the variances only; `initial_variance` is fixed at 1 so that the weight of uncertainty can be
//! estimated. Where an action or outcome is missing only time passes.

use super::rule::{Range, Setting, initial_value};
use crate::parameter::Support;
use crate::real::Real;

/// The kinds of beliefs a model file can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeliefKind {
    /// Normal beliefs about outcomes with normal noise.
    Kalman,
    /// Beta beliefs about the probability of an outcome worth 1 rather than 0.
    Beta,
}

impl BeliefKind {
    pub(super) fn settings(self) -> Vec<Setting> {
        match self {
            BeliefKind::Kalman => kalman_settings(),
            BeliefKind::Beta => {
                let meaning = "how many outcomes of either kind the initial beliefs are worth";
                vec![Setting::free(("prior_count", "a₀"), Support::Positive, 1.0, meaning)]
            }
        }
    }
}

fn kalman_settings() -> Vec<Setting> {
    let initial = "how uncertain every option's value is at first: the variance";
    let observation = "how much outcomes are believed to vary around an option's value: the variance";
    let diffusion = "how much values are believed to change from step to step: the variance";
    let diffusion = Setting::free(("diffusion_variance", "q"), Support::Positive, 0.01, diffusion);
    vec![
        initial_value(),
        Setting::free(("initial_variance", "v₀"), Support::Positive, 1.0, initial).fixed_at(1.0),
        Setting::free(("observation_variance", "τ²"), Support::Positive, 1.0, observation),
        diffusion.within(Range::NotNegative).fixed_at(0.0),
    ]
}

/// Beliefs about every option.
pub(super) trait Beliefs<T> {
    /// Takes over the values of the settings.
    fn set(&mut self, settings: &[T]);

    /// Forgets everything.
    fn restart(&mut self);

    /// Takes in what an option's outcome was worth.
    fn learn(&mut self, action: usize, outcome: T);

    /// A step is over.
    fn pass(&mut self);

    /// Mean and variance of what an option is believed to be worth.
    fn moments(&self, action: usize) -> (T, T);
}

/// One Kalman filter per option.
pub(super) struct Kalman<T> {
    initial: (T, T),
    observation_variance: T,
    diffusion_variance: T,
    /// Mean and variance of each option.
    moments: Vec<(T, T)>,
}

impl<T: Real> Kalman<T> {
    pub(super) fn new(actions: usize) -> Self {
        let none = (T::ZERO, T::ZERO);
        Kalman {
            initial: none,
            observation_variance: T::ZERO,
            diffusion_variance: T::ZERO,
            moments: vec![none; actions],
        }
    }
}

impl<T: Real> Beliefs<T> for Kalman<T> {
    fn set(&mut self, settings: &[T]) {
        self.initial = (settings[0], settings[1]);
        (self.observation_variance, self.diffusion_variance) = (settings[2], settings[3]);
    }

    fn restart(&mut self) {
        self.moments.fill(self.initial);
    }

    fn learn(&mut self, action: usize, outcome: T) {
        let (mean, variance) = self.moments[action];
        let gain = variance / (variance + self.observation_variance);
        self.moments[action] = (mean + gain * (outcome - mean), (T::ONE - gain) * variance);
    }

    fn pass(&mut self) {
        for (_, variance) in &mut self.moments {
            *variance += self.diffusion_variance;
        }
    }

    fn moments(&self, action: usize) -> (T, T) {
        self.moments[action]
    }
}

/// Counts of wins and losses per option.
pub(super) struct BetaCounts<T> {
    prior: T,
    counts: Vec<(T, T)>,
}

impl<T: Real> BetaCounts<T> {
    pub(super) fn new(actions: usize) -> Self {
        BetaCounts { prior: T::ZERO, counts: vec![(T::ZERO, T::ZERO); actions] }
    }
}

impl<T: Real> Beliefs<T> for BetaCounts<T> {
    fn set(&mut self, settings: &[T]) {
        self.prior = settings[0];
    }

    fn restart(&mut self) {
        self.counts.fill((self.prior, self.prior));
    }

    fn learn(&mut self, action: usize, outcome: T) {
        let (wins, losses) = &mut self.counts[action];
        *wins += outcome;
        *losses += T::ONE - outcome;
    }

    fn pass(&mut self) {}

    fn moments(&self, action: usize) -> (T, T) {
        let (wins, losses) = self.counts[action];
        let total = wins + losses;
        let mean = wins / total;
        (mean, mean * (T::ONE - mean) / (total + 1.0))
    }
}
