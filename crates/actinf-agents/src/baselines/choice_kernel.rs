//! The choice kernel: what was chosen lately is chosen again, whatever came of it.
//!
//! ```text
//! C_u ← C_u + choice_learning_rate (1[u chosen] - C_u)            at first C_u = 0
//! p(u) = softmax(perseveration C_u + ln habits_u)
//! ```
//!
//! This is model 4 of Wilson & Collins (2019), whose `α_c` and `β_c` are `choice_learning_rate` and `perseveration`. A rate of 1
//! remembers the last choice only, and the rule is then stickiness. Below 0, `perseveration` is a wish to alternate. Where an
//! action is missing, the traces stay as they are.
//!
//! # References
//!
//! - Akaishi, Umeda, Nagase & Sakai (2014). Autonomous mechanism of internal choice estimate underlies decision inertia.
//!   *Neuron* 81, 195-206.
//! - Wilson & Collins (2019). Ten simple rules for the computational modeling of behavioral data. *eLife* 8, e49547.

use super::rule::{Rule, Setting, Trace, add_habits};
use crate::parameter::Support;
use crate::real::Real;

/// How much each action was chosen lately, from 0 to 1.
pub(super) const TRACE: Trace = Trace { family: "choice_trace", unit: "choices" };

/// The weight and the rate of the traces.
pub(super) fn settings() -> [Setting; 2] {
    let weight = "how much the last choices are repeated, in nats; avoided if below 0";
    let rate = "how fast past choices are forgotten; 1: only the last choice counts";
    [
        Setting::free(("perseveration", "κ"), Support::Real, 1.0, weight),
        Setting::free(("choice_learning_rate", "α_c"), Support::Unit, 0.3, rate),
    ]
}

/// The traces of past choices.
pub(super) struct Traces<T> {
    pub(super) of_action: Vec<T>,
    pub(super) rate: T,
}

impl<T: Real> Traces<T> {
    pub(super) fn new(actions: usize) -> Self {
        Traces { of_action: vec![T::ZERO; actions], rate: T::ZERO }
    }

    pub(super) fn restart(&mut self) {
        self.of_action.fill(T::ZERO);
    }

    pub(super) fn learn(&mut self, action: usize) {
        for (option, trace) in self.of_action.iter_mut().enumerate() {
            let chosen = if option == action { T::ONE } else { T::ZERO };
            *trace += self.rate * (chosen - *trace);
        }
    }
}

pub(super) struct ChoiceKernel<T> {
    perseveration: T,
    traces: Traces<T>,
}

impl<T: Real> ChoiceKernel<T> {
    pub(super) fn new(actions: usize) -> Self {
        ChoiceKernel { perseveration: T::ZERO, traces: Traces::new(actions) }
    }
}

impl<T: Real> Rule<T> for ChoiceKernel<T> {
    fn set(&mut self, settings: &[T]) {
        (self.perseveration, self.traces.rate) = (settings[0], settings[1]);
    }

    fn restart(&mut self) {
        self.traces.restart();
    }

    fn logits(&self, habits: &[T], logits: &mut [T]) {
        add_habits(habits, logits, |action| self.perseveration * self.traces.of_action[action]);
    }

    fn learn(&mut self, action: Option<usize>, _outcome: Option<T>) {
        if let Some(action) = action {
            self.traces.learn(action);
        }
    }

    fn trace(&self, traces: &mut [T]) {
        traces.copy_from_slice(&self.traces.of_action[..traces.len()]);
    }
}
