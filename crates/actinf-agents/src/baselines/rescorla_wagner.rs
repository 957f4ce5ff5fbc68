//! The Rescorla-Wagner rule (Q-learning with a softmax), with what is commonly added to it.
//!
//! ```text
//! δ = r - Q_a                                        the prediction error of the chosen action a, whose outcome is worth r
//! Q_a ← Q_a + α δ                                    α = learning_rate, or learning_rate_positive where δ ≥ 0 and
//!                                                    learning_rate_negative where δ < 0
//! Q_u ← Q_u + forgetting_rate (initial_value - Q_u)  for u ≠ a
//! C_u ← C_u + choice_learning_rate (1[u = a] - C_u)  the choice trace; C_u = 0 at first
//! p(u) = softmax(inverse_temperature Q_u + perseveration C_u + ln habits_u)
//! ```
//!
//! `Q_u` is `initial_value` at first, 0 unless the model says otherwise. Values are first updated and the next choice is then
//! made from them.
//!
//! | kind                           | free beside `inverse_temperature`                       |
//! |--------------------------------|----------------------------------------------------------|
//! | `rescorla_wagner`              | `learning_rate`                                          |
//! | `rescorla_wagner_dual`         | `learning_rate_positive`, `learning_rate_negative`       |
//! | `rescorla_wagner_forgetting`   | `learning_rate`, `forgetting_rate`                       |
//! | `rescorla_wagner_perseveration` | `learning_rate`, `perseveration`                        |
//! | `rescorla_wagner_choice_kernel` | `learning_rate`, `perseveration`, `choice_learning_rate` |
//!
//! What is not free is fixed at nothing: `forgetting_rate = 0`, `perseveration = 0`, `choice_learning_rate = 1` (only the last
//! choice counts). Any of it can be freed: `[parameters] forgetting_rate = {}`.
//!
//! Where an action is missing, nothing is learned. Where only the outcome is, the chosen value stays as it is; what was not
//! chosen is forgotten and the choice traced all the same.
//!
//! # The same under other names
//!
//! - hBayesDM `bandit2arm_delta` (Ahn, Haines & Zhang 2017): `A` is `learning_rate`, `tau` (0 to 5) is `inverse_temperature`,
//!   outcomes are worth 1 and -1, values start at 0.
//! - CBM's example models (Piray, Dezfouli, Heskes, Frank & Daw 2019): `α = sigmoid(θ₁)`, `β = exp(θ₂)`, outcomes worth 1 and -1,
//!   values start at 0, `α⁺` where `δ ≥ 0`; their log-likelihood adds 2^-52 to every probability, ours adds nothing.
//! - Wilson & Collins (2019), models 3, 5 and 6: values start at 0.5, outcomes are worth 1 and 0. Their bias `B` of model 6, which
//!   is added to the value of the first action, is the habit `inverse_temperature * B`.
//! - Forgetting with `initial_value = 0` and `forgetting_rate = learning_rate` is the F-Q model of Ito & Doya (2009).
//!
//! # References
//!
//! - Rescorla & Wagner (1972). A theory of Pavlovian conditioning. In Black & Prokasy, *Classical Conditioning II*, 64-99.
//! - Ito & Doya (2009). Validation of decision-making models and analysis of decision variables in the rat basal ganglia.
//!   *Journal of Neuroscience* 29, 9861-9874: forgetting.
//! - Frank, Moustafa, Haughey, Curran & Hutchison (2007). *PNAS* 104, 16311-16316: a learning rate each for gains and losses.
//! - Lau & Glimcher (2005). *Journal of the Experimental Analysis of Behavior* 84, 555-579: choice traces.

use super::choice_kernel::{self, Traces};
use super::rule::{Rule, Setting, add_habits, initial_value, inverse_temperature};
use crate::parameter::Support;
use crate::real::Real;

/// What is free beside the learning rate or rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Variant {
    /// Two learning rates.
    pub(super) is_dual: bool,
    pub(super) forgets: bool,
    pub(super) perseverates: bool,
    /// Earlier choices than the last count.
    pub(super) traces_choices: bool,
}

pub(super) fn settings(variant: Variant) -> Vec<Setting> {
    let rate = |name_and_symbol, meaning| Setting::free(name_and_symbol, Support::Unit, 0.3, meaning);
    let mut settings = vec![inverse_temperature()];
    if variant.is_dual {
        let positive = "the share of a prediction error above 0 that is learned";
        let negative = "the share of a prediction error below 0 that is learned";
        settings.push(rate(("learning_rate_positive", "α⁺"), positive));
        settings.push(rate(("learning_rate_negative", "α⁻"), negative));
    } else {
        settings.push(rate(("learning_rate", "α"), "the share of a prediction error that is learned"));
    }
    let forgetting = "the share of the way back to the initial value that options not chosen go at each step";
    let [perseveration, choice_learning_rate] = choice_kernel::settings();
    settings.push(initial_value());
    settings.push(rate(("forgetting_rate", "φ"), forgetting).free_or_at(variant.forgets, 0.0));
    settings.push(perseveration.free_or_at(variant.perseverates, 0.0));
    settings.push(choice_learning_rate.free_or_at(variant.traces_choices, 1.0));
    settings
}

pub(super) struct RescorlaWagner<T> {
    is_dual: bool,
    inverse_temperature: T,
    positive_rate: T,
    negative_rate: T,
    initial_value: T,
    forgetting_rate: T,
    perseveration: T,
    values: Vec<T>,
    choices: Traces<T>,
    prediction_error: T,
}

impl<T: Real> RescorlaWagner<T> {
    pub(super) fn new(is_dual: bool, actions: usize) -> Self {
        RescorlaWagner {
            is_dual,
            inverse_temperature: T::ZERO,
            positive_rate: T::ZERO,
            negative_rate: T::ZERO,
            initial_value: T::ZERO,
            forgetting_rate: T::ZERO,
            perseveration: T::ZERO,
            values: vec![T::ZERO; actions],
            choices: Traces::new(actions),
            prediction_error: T::ZERO,
        }
    }

    fn forget_all_but(&mut self, action: usize) {
        if self.forgetting_rate.is_zero() {
            return;
        }
        for (option, value) in self.values.iter_mut().enumerate() {
            if option != action {
                *value += self.forgetting_rate * (self.initial_value - *value);
            }
        }
    }
}

impl<T: Real> Rule<T> for RescorlaWagner<T> {
    fn set(&mut self, settings: &[T]) {
        let (rates, others) = settings[1..].split_at(if self.is_dual { 2 } else { 1 });
        self.inverse_temperature = settings[0];
        self.positive_rate = rates[0];
        self.negative_rate = rates[rates.len() - 1];
        self.initial_value = others[0];
        self.forgetting_rate = others[1];
        self.perseveration = others[2];
        self.choices.rate = others[3];
    }

    fn restart(&mut self) {
        self.values.fill(self.initial_value);
        self.choices.restart();
        self.prediction_error = T::ZERO;
    }

    fn logits(&self, habits: &[T], logits: &mut [T]) {
        if self.perseveration.is_zero() {
            return add_habits(habits, logits, |action| self.inverse_temperature * self.values[action]);
        }
        add_habits(habits, logits, |action| {
            self.inverse_temperature * self.values[action]
                + self.perseveration * self.choices.of_action[action]
        });
    }

    fn learn(&mut self, action: Option<usize>, outcome: Option<T>) {
        self.prediction_error = T::ZERO;
        let Some(action) = action else { return };
        if let Some(outcome) = outcome {
            let error = outcome - self.values[action];
            let rate = if error.value() >= 0.0 { self.positive_rate } else { self.negative_rate };
            self.values[action] += rate * error;
            self.prediction_error = error;
        }
        self.forget_all_but(action);
        // Plain numbers are recorded; derivatives of what nothing depends on are for nobody.
        if !(T::CARRIES_DERIVATIVES && self.perseveration.is_zero()) {
            self.choices.learn(action);
        }
    }

    fn trace(&self, traces: &mut [T]) {
        let (values, choices) = traces.split_at_mut(self.values.len());
        values.copy_from_slice(&self.values);
        choices.copy_from_slice(&self.choices.of_action[..choices.len()]);
    }

    fn prediction_error(&self) -> T {
        self.prediction_error
    }
}
