//! The Pearce-Hall hybrid: options whose outcomes surprised lately are learned about faster.
//!
//! ```text
//! δ = r - Q_a
//! Q_a ← Q_a + learning_rate A_a δ                                    with the associability from before this outcome
//! A_a ← associability_rate |δ| + (1 - associability_rate) A_a        at first A_u = initial_associability
//! p(u) = softmax(inverse_temperature Q_u + ln habits_u)
//! ```
//!
//! This is the hybrid of Li, Schiller, Schoenbaum, Phelps & Daw (2011) with values and associabilities of actions instead of
//! cues: their `κ` is `learning_rate`, their `η` is `associability_rate`. It is Rescorla-Wagner for `associability_rate = 0` and
//! `initial_associability = 1`, which is the default. Where an action or outcome is missing, nothing is learned.
//!
//! # References
//!
//! - Pearce & Hall (1980). A model for Pavlovian learning: variations in the effectiveness of conditioned but not of unconditioned
//!   stimuli. *Psychological Review* 87, 532-552.
//! - Li, Schiller, Schoenbaum, Phelps & Daw (2011). Differential roles of human striatum and amygdala in associative learning.
//!   *Nature Neuroscience* 14, 1250-1252.

use super::rule::{Rule, Setting, Trace, add_habits, initial_value, inverse_temperature};
use crate::parameter::Support;
use crate::real::Real;

/// How much of a prediction error is learned, before the learning rate.
pub(super) const ASSOCIABILITY: Trace = Trace { family: "associability", unit: "1" };

pub(super) fn settings() -> Vec<Setting> {
    let rate = "the share of a prediction error that is learned at an associability of 1";
    let associability_rate = "how fast the associability follows the size of prediction errors";
    let initial = "the associability of every option at first";
    vec![
        inverse_temperature(),
        Setting::free(("learning_rate", "κ"), Support::Unit, 0.3, rate),
        Setting::free(("associability_rate", "η"), Support::Unit, 0.3, associability_rate),
        initial_value(),
        Setting::free(("initial_associability", "A₀"), Support::Positive, 1.0, initial).fixed_at(1.0),
    ]
}

pub(super) struct PearceHall<T> {
    inverse_temperature: T,
    learning_rate: T,
    associability_rate: T,
    initial_value: T,
    initial_associability: T,
    values: Vec<T>,
    associabilities: Vec<T>,
    prediction_error: T,
}

impl<T: Real> PearceHall<T> {
    pub(super) fn new(actions: usize) -> Self {
        PearceHall {
            inverse_temperature: T::ZERO,
            learning_rate: T::ZERO,
            associability_rate: T::ZERO,
            initial_value: T::ZERO,
            initial_associability: T::ZERO,
            values: vec![T::ZERO; actions],
            associabilities: vec![T::ZERO; actions],
            prediction_error: T::ZERO,
        }
    }
}

impl<T: Real> Rule<T> for PearceHall<T> {
    fn set(&mut self, settings: &[T]) {
        self.inverse_temperature = settings[0];
        self.learning_rate = settings[1];
        self.associability_rate = settings[2];
        self.initial_value = settings[3];
        self.initial_associability = settings[4];
    }

    fn restart(&mut self) {
        self.values.fill(self.initial_value);
        self.associabilities.fill(self.initial_associability);
        self.prediction_error = T::ZERO;
    }

    fn logits(&self, habits: &[T], logits: &mut [T]) {
        add_habits(habits, logits, |action| self.inverse_temperature * self.values[action]);
    }

    fn learn(&mut self, action: Option<usize>, outcome: Option<T>) {
        self.prediction_error = T::ZERO;
        let (Some(action), Some(outcome)) = (action, outcome) else { return };
        let error = outcome - self.values[action];
        let size = if error.value() >= 0.0 { error } else { -error };
        let associability = self.associabilities[action];
        self.values[action] += self.learning_rate * associability * error;
        self.associabilities[action] = associability + self.associability_rate * (size - associability);
        self.prediction_error = error;
    }

    fn trace(&self, traces: &mut [T]) {
        let (values, associabilities) = traces.split_at_mut(self.values.len());
        values.copy_from_slice(&self.values);
        associabilities.copy_from_slice(&self.associabilities);
    }

    fn prediction_error(&self) -> T {
        self.prediction_error
    }
}
