//! The contract of statistics: rates, and which of them a moment counts in.

use super::layout::{Layout, MOST_LEVELS};
use super::moment::Moment;
use super::record::{CheckedRate, Condition, StatisticKind};
use actinf_agents::{Schema, Variable};

/// How a moment counts. Controls and rates are positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// In one rate per action of the control, from `first` on: that of the action taken.
    Each {
        /// The rate of the control's first action.
        first: usize,
        /// The control.
        control: usize,
    },
    /// In one rate, if the action is this one.
    Same {
        /// The rate.
        rate: usize,
        /// The control.
        control: usize,
        /// The action.
        action: usize,
    },
    /// In one rate, if the action is another one.
    Other {
        /// The rate.
        rate: usize,
        /// The control.
        control: usize,
        /// The action.
        action: usize,
    },
}

/// A statistic of behaviour: several rates.
pub(super) trait Statistic: Send + Sync {
    /// What its rates are, in order.
    fn rates(&self) -> Vec<CheckedRate>;

    /// Says how a moment counts, with rates numbered from 0 as in [`Statistic::rates`].
    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>);
}

/// The statistics that suit a model and a layout.
pub(super) fn statistics(schema: &Schema, layout: &Layout) -> Vec<Box<dyn Statistic>> {
    let mut all: Vec<Box<dyn Statistic>> = Vec::new();
    for (position, control) in schema.controls.iter().enumerate().filter(|(_, c)| c.labels.len() > 1) {
        let control = Control { position, variable: control.clone() };
        all.push(Box::new(super::choice_rate::ChoiceRate::new(&control, layout)));
        if control.variable.labels.len() <= MOST_LEVELS {
            all.push(Box::new(super::choice_over_time::ChoiceOverTime::new(&control, layout)));
            all.push(Box::new(super::choice_by_session::ChoiceBySession::new(&control, layout)));
            all.push(Box::new(super::choice_by_cue::ChoiceByCue::new(&control, schema)));
        }
        all.push(Box::new(super::switching::Switching::new(&control, layout)));
        all.push(Box::new(super::stay_after_outcome::StayAfterOutcome::new(&control, schema, layout)));
    }
    all
}

/// A control and its position.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub(super) position: usize,
    pub(super) variable: Variable,
}

impl Control {
    /// One rate per action under a condition.
    pub(super) fn each_action(
        &self,
        statistic: StatisticKind,
        condition: Option<Condition>,
    ) -> Vec<CheckedRate> {
        let rate = |action: &String| CheckedRate {
            statistic,
            control: self.variable.name.clone(),
            action: Some(action.clone()),
            condition: condition.clone(),
        };
        self.variable.labels.iter().map(rate).collect()
    }

    /// One rate that is of no action, under a condition.
    pub(super) fn no_action(&self, statistic: StatisticKind, condition: Option<Condition>) -> CheckedRate {
        CheckedRate { statistic, control: self.variable.name.clone(), action: None, condition }
    }

    /// A moment that counts in the rate of the action taken, under condition number `condition`.
    pub(super) fn count_each(&self, condition: usize) -> Count {
        Count::Each { first: condition * self.variable.labels.len(), control: self.position }
    }
}

/// A variable at each of these levels.
pub(super) fn conditions(variable: &str, levels: impl IntoIterator<Item = String>) -> Vec<Condition> {
    levels.into_iter().map(|level| Condition { variable: variable.to_owned(), level }).collect()
}

/// The modalities whose levels can be told apart, with their positions.
pub(super) fn modalities(schema: &Schema) -> Vec<(usize, &Variable)> {
    let few = |labels: usize| (2..=MOST_LEVELS).contains(&labels);
    schema.modalities.iter().enumerate().filter(|(_, modality)| few(modality.labels.len())).collect()
}

/// The block that a moment lies in.
pub(super) fn block(layout: &Layout, moment: &Moment<'_>) -> usize {
    use super::layout::Along;
    let position = match layout.along {
        Along::Trials => moment.place.trial,
        Along::Steps => moment.place.step,
    };
    position / layout.width
}
