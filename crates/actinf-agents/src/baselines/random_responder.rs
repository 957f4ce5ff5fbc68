//! The random responder with bias: actions are drawn with the same probabilities at every step, whatever happens.
//!
//! ```text
//! p(u) = choice_probability[u]
//! ```
//!
//! With two actions this is model 1 of Wilson & Collins (2019), whose bias `b` is the probability of the first. What is not
//! above chance by this measure has been fitted by the frequencies of the actions alone.
//!
//! # References
//!
//! Wilson & Collins (2019). Ten simple rules for the computational modeling of behavioral data. *eLife* 8, e49547.

use super::rule::{Rule, Setting};
use crate::parameter::Support;
use crate::real::Real;

pub(super) fn settings(actions: usize) -> Vec<Setting> {
    let meaning = "how often each action is chosen";
    let support = Support::Simplex { size: actions };
    vec![Setting::free(("choice_probability", "p"), support, 1.0 / actions as f64, meaning)]
}

pub(super) struct RandomResponder<T> {
    probabilities: Vec<T>,
}

impl<T: Real> RandomResponder<T> {
    pub(super) fn new(actions: usize) -> Self {
        RandomResponder { probabilities: vec![T::ZERO; actions] }
    }
}

impl<T: Real> Rule<T> for RandomResponder<T> {
    fn set(&mut self, settings: &[T]) {
        self.probabilities.copy_from_slice(settings);
    }

    fn restart(&mut self) {}

    fn logits(&self, _habits: &[T], logits: &mut [T]) {
        for (logit, p) in logits.iter_mut().zip(&self.probabilities) {
            *logit = p.ln();
        }
    }

    fn learn(&mut self, _action: Option<usize>, _outcome: Option<T>) {}

    fn trace(&self, _traces: &mut [T]) {}
}
