//! Exploration that follows uncertainty: directed towards uncertain options (a bonus, as in the upper confidence bound), or
//! random, the more so the less is known altogether (as in Thompson sampling).
//!
//! ```text
//! p(u) = softmax(inverse_temperature m_u + directed_exploration s_u + random_exploration m_u / s + ln habits_u)
//! s = √(Σ_u s_u²)
//! ```
//!
//! `m_u` is what option `u` is believed to be worth and `s_u` the standard deviation of that belief ([`beliefs`](super::beliefs)).
//! For two actions the log odds of the first are `inverse_temperature V + directed_exploration RU + random_exploration V/TU` with
//! the value difference, relative uncertainty and total uncertainty of Gershman (2018), who has the same sum in a probit instead
//! of a logit: his weights are about 1 / 1.7 of these. The logit is used because it holds for any number of actions.
//!
//! | kind                  | free beside what the beliefs have        | fixed at 0                                    |
//! |-----------------------|-------------------------------------------|----------------------------------------------|
//! | `directed_exploration` | `inverse_temperature`, `directed_exploration` | `random_exploration`                     |
//! | `random_exploration`  | `random_exploration`                      | `inverse_temperature`, `directed_exploration` |
//! | `hybrid_exploration`  | all three                                 |                                               |
//!
//! # References
//!
//! - Gershman (2018). Deconstructing the human algorithms for exploration. *Cognition* 173, 34-42: equations 1 to 5.
//! - Auer, Cesa-Bianchi & Fischer (2002). Finite-time analysis of the multiarmed bandit problem. *Machine Learning* 47, 235-256.
//! - Thompson (1933). On the likelihood that one unknown probability exceeds another. *Biometrika* 25, 285-294.
//! - Daw, O'Doherty, Dayan, Seymour & Dolan (2006). Cortical substrates for exploratory decisions in humans. *Nature* 441, 876-879:
//!   softmax with an uncertainty bonus over Kalman filters.

use super::beliefs::Beliefs;
use super::rule::{Range, Rule, Setting, Trace, add_habits};
use crate::parameter::Support;
use crate::real::Real;

/// The standard deviation of what an option is believed to be worth.
pub(super) const UNCERTAINTY: Trace = Trace { family: "uncertainty", unit: "value" };

/// The weights, of which the value and the directed and random exploration may be free.
pub(super) fn settings(value: bool, directed: bool, random: bool) -> [Setting; 3] {
    let values = "how much a difference in believed value of 1 counts in choices, in nats";
    let bonus = "how much uncertain options are sought, in nats per standard deviation; avoided if below 0";
    let noise = "how much a believed difference in value as large as the total uncertainty counts, in nats";
    let weight = |name_and_symbol, support, default, meaning, is_free| {
        Setting::free(name_and_symbol, support, default, meaning)
            .within(Range::Finite)
            .free_or_at(is_free, 0.0)
    };
    [
        weight(("inverse_temperature", "β"), Support::Positive, 2.0, values, value),
        weight(("directed_exploration", "ω"), Support::Real, 1.0, bonus, directed),
        weight(("random_exploration", "ρ"), Support::Positive, 1.0, noise, random),
    ]
}

pub(super) struct Exploration<T, B> {
    inverse_temperature: T,
    directed: T,
    random: T,
    beliefs: B,
    means: Vec<T>,
    deviations: Vec<T>,
    total: T,
    prediction_error: T,
}

impl<T: Real, B: Beliefs<T>> Exploration<T, B> {
    pub(super) fn new(actions: usize, beliefs: B) -> Self {
        Exploration {
            inverse_temperature: T::ZERO,
            directed: T::ZERO,
            random: T::ZERO,
            beliefs,
            means: vec![T::ZERO; actions],
            deviations: vec![T::ZERO; actions],
            total: T::ZERO,
            prediction_error: T::ZERO,
        }
    }

    /// Takes over means and standard deviations from the beliefs.
    fn read_beliefs(&mut self) {
        let mut total = T::ZERO;
        for (action, (mean, deviation)) in self.means.iter_mut().zip(&mut self.deviations).enumerate() {
            let (m, variance) = self.beliefs.moments(action);
            total += variance;
            (*mean, *deviation) = (m, variance.sqrt());
        }
        self.total = total.sqrt();
    }
}

impl<T: Real, B: Beliefs<T>> Rule<T> for Exploration<T, B> {
    fn set(&mut self, settings: &[T]) {
        self.inverse_temperature = settings[0];
        self.directed = settings[1];
        self.random = settings[2];
        self.beliefs.set(&settings[3..]);
    }

    fn restart(&mut self) {
        self.beliefs.restart();
        self.prediction_error = T::ZERO;
        self.read_beliefs();
    }

    fn logits(&self, habits: &[T], logits: &mut [T]) {
        let value_weight = self.inverse_temperature + self.random / self.total;
        add_habits(habits, logits, |action| {
            value_weight * self.means[action] + self.directed * self.deviations[action]
        });
    }

    fn learn(&mut self, action: Option<usize>, outcome: Option<T>) {
        self.prediction_error = T::ZERO;
        if let (Some(action), Some(outcome)) = (action, outcome) {
            self.prediction_error = outcome - self.means[action];
            self.beliefs.learn(action, outcome);
        }
        self.beliefs.pass();
        self.read_beliefs();
    }

    fn trace(&self, traces: &mut [T]) {
        let (means, deviations) = traces.split_at_mut(self.means.len());
        means.copy_from_slice(&self.means);
        deviations.copy_from_slice(&self.deviations);
    }

    fn prediction_error(&self) -> T {
        self.prediction_error
    }
}
