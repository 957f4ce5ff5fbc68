//! What makes baselines differ: how values follow from what was done and seen, and choices from values.

use crate::parameter::Support;
use crate::real::Real;

/// A rule of behaviour over a fixed number of joint actions, with what it has learned.
pub(super) trait Rule<T: Real> {
    /// Takes over the values of its settings, in the order of their definition; nothing is learned or forgotten by that.
    fn set(&mut self, settings: &[T]);

    /// Forgets everything.
    fn restart(&mut self);

    /// Writes the logits of choices per joint action, in nats, before lapses. `habits` are added to those of a rule that has them.
    fn logits(&self, habits: &[T], logits: &mut [T]);

    /// Learns from a step: what was done, `None` where missing, and what the outcome was worth, `None` where unknown.
    fn learn(&mut self, action: Option<usize>, outcome: Option<T>);

    /// Writes what a trajectory records, in the order of its traces; there may be no room for choice traces.
    fn trace(&self, traces: &mut [T]);

    /// By how much the latest outcome was worth more than expected; 0 where nothing was expected or learned.
    fn prediction_error(&self) -> T {
        T::ZERO
    }
}

/// The values a setting may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    Finite,
    NotNegative,
    Positive,
    Probability,
}

impl Range {
    /// Whether `value` lies in it, bounds included where they make sense.
    pub(super) fn contains(self, value: f64) -> bool {
        match self {
            Range::Finite => value.is_finite(),
            Range::NotNegative => value >= 0.0 && value.is_finite(),
            Range::Positive => value > 0.0 && value.is_finite(),
            Range::Probability => (0.0..=1.0).contains(&value),
        }
    }

    pub(super) fn in_words(self) -> &'static str {
        match self {
            Range::Finite => "finite",
            Range::NotNegative => "at least 0",
            Range::Positive => "above 0",
            Range::Probability => "between 0 and 1",
        }
    }
}

/// A number that a rule needs, such as a learning rate: a parameter of its own name, a fixed number, or an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) symbol: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) support: Support,
    pub(crate) range: Range,
    /// The default of the parameter; several numbers for a simplex.
    pub(crate) default: Vec<f64>,
    /// The number it is fixed at if the model file does not free it; `None` if it is free anyway.
    pub(crate) fixed_at: Option<f64>,
}

impl Setting {
    /// A parameter with this default.
    pub(super) fn free(
        (name, symbol): (&'static str, &'static str),
        support: Support,
        default: f64,
        meaning: &'static str,
    ) -> Setting {
        let range = match support {
            Support::Positive => Range::Positive,
            Support::Unit | Support::Simplex { .. } => Range::Probability,
            Support::Real | Support::Interval { .. } => Range::Finite,
        };
        Setting {
            name,
            symbol,
            meaning,
            support,
            range,
            default: vec![default; support.size()],
            fixed_at: None,
        }
    }

    /// The same, fixed at this number unless the model file frees it.
    pub(super) fn fixed_at(self, value: f64) -> Setting {
        Setting { fixed_at: Some(value), ..self }
    }

    /// The same, free or fixed at this number.
    pub(super) fn free_or_at(self, is_free: bool, value: f64) -> Setting {
        if is_free { self } else { self.fixed_at(value) }
    }

    /// The same with another range.
    pub(super) fn within(self, range: Range) -> Setting {
        Setting { range, ..self }
    }
}

/// A family of numbers that a trajectory records, one per joint action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    pub(super) family: &'static str,
    pub(super) unit: &'static str,
}

/// The values that options are learned to have.
pub(super) const VALUE: Trace = Trace { family: "value", unit: "value" };

/// Writes `part(u) + habit(u)` per joint action.
pub(super) fn add_habits<T: Real>(habits: &[T], logits: &mut [T], part: impl Fn(usize) -> T) {
    for (action, (logit, &habit)) in logits.iter_mut().zip(habits).enumerate() {
        *logit = part(action) + habit;
    }
}

/// The inverse temperature of a softmax over values.
pub(super) fn inverse_temperature() -> Setting {
    let meaning = "how much a difference in value of 1 counts in choices, in nats";
    Setting::free(("inverse_temperature", "β"), Support::Positive, 3.0, meaning)
}

/// What options are worth before anything is known of them.
pub(super) fn initial_value() -> Setting {
    let meaning = "what every option is taken to be worth at first";
    Setting::free(("initial_value", "Q₀"), Support::Real, 0.0, meaning).fixed_at(0.0)
}

/// The lapse rate.
pub(super) fn lapse() -> Setting {
    let meaning = "how often an action is chosen at random";
    Setting::free(("lapse", "λ"), Support::Unit, 0.1, meaning)
}
