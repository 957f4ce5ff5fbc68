//! What predictive checks found, as it is written to `fit.json`.

use serde::{Deserialize, Serialize};

/// Predictive checks of a fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictiveChecks {
    /// Replicates of everybody's behaviour.
    pub replicates: usize,
    /// Parameters drawn per person.
    pub parameter_draws: usize,
    /// Persons who were replicated at their estimate alone, for lack of a covariance.
    pub at_estimate: usize,
    /// Persons who could not be replicated.
    pub unchecked: Vec<Unchecked>,
    /// One entry per rate that somebody's behaviour speaks to.
    pub checks: Vec<RateCheck>,
    /// The persons outside a 95 % band of their own, in the order of the data.
    pub persons: Vec<PersonChecks>,
}

/// A person who could not be replicated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unchecked {
    /// The identity in the data.
    pub subject: String,
    /// Why, in words.
    pub reason: String,
}

/// A statistic of behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatisticKind {
    /// How often an action is taken; by step of the trial where trials have several.
    ChoiceRate,
    /// How often an action is taken, by block of trials or steps within the session.
    ChoiceOverTime,
    /// How often an action is taken, by what was last seen in the same trial.
    ChoiceByCue,
    /// How often an action is taken, by session.
    ChoiceBySession,
    /// How often the action differs from the last one.
    Switching,
    /// The same, by block.
    SwitchingOverTime,
    /// How often the last action is repeated, by the outcome it had.
    StayAfterOutcome,
}

impl StatisticKind {
    /// Its name in tables, which is that in `fit.json`.
    pub fn name(self) -> &'static str {
        match self {
            StatisticKind::ChoiceRate => "choice_rate",
            StatisticKind::ChoiceOverTime => "choice_over_time",
            StatisticKind::ChoiceByCue => "choice_by_cue",
            StatisticKind::ChoiceBySession => "choice_by_session",
            StatisticKind::Switching => "switching",
            StatisticKind::SwitchingOverTime => "switching_over_time",
            StatisticKind::StayAfterOutcome => "stay_after_outcome",
        }
    }

    /// Whether its conditions follow one another in time.
    pub fn is_over_time(self) -> bool {
        matches!(self, StatisticKind::ChoiceOverTime | StatisticKind::SwitchingOverTime)
    }
}

/// The moments that a rate is taken over: those at which a variable had a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// A modality, or `trial`, `step`, `session`.
    pub variable: String,
    /// An outcome, or which trials, step or session: `1-25`.
    pub level: String,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedRate {
    /// The statistic.
    pub statistic: StatisticKind,
    /// The control that actions are of.
    pub control: String,
    /// The action, where it is one action's rate.
    pub action: Option<String>,
    /// The moments, where they are not all.
    pub condition: Option<Condition>,
}

/// A rate, observed and predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateCheck {
    /// What is counted.
    pub rate: CheckedRate,
    /// Everybody first, then every group that somebody is in.
    pub groups: Vec<GroupCheck>,
}

impl RateCheck {
    /// Everybody's check.
    pub fn everybody(&self) -> Option<&GroupCheck> {
        self.groups.first()
    }
}

/// A rate of some persons, observed and predicted: means over persons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupCheck {
    /// The group; `None` for everybody.
    pub group: Option<String>,
    /// Persons with at least one such moment.
    pub persons: usize,
    /// Their moments.
    pub moments: u64,
    /// The observed rate.
    pub observed: f64,
    /// The mean over replicates.
    pub predicted: f64,
    /// The middle 50 % of the replicates.
    pub band_50: [f64; 2],
    /// The middle 95 % of the replicates.
    pub band_95: [f64; 2],
    /// The share of replicates above the observed rate, ties counted half: near 0 people do it more than the model, near
    /// 1 less.
    pub p: f64,
    /// Persons with enough moments (ten) to be judged one by one.
    pub judged: usize,
    /// How many of those lie outside a 95 % band of their own.
    pub outside: usize,
}

impl GroupCheck {
    /// Whether the observed rate lies outside the 95 % band.
    pub fn is_outside(&self) -> bool {
        self.observed < self.band_95[0] || self.observed > self.band_95[1]
    }
}

/// A person with rates outside the bands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonChecks {
    /// The identity in the data.
    pub subject: String,
    /// Rates that the person was judged by.
    pub judged: usize,
    /// Those outside.
    pub outside: Vec<OutsideRate>,
}

/// One person's rate outside its 95 % band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutsideRate {
    /// Its place among the checks.
    pub check: usize,
    /// Moments it is over.
    pub moments: u32,
    /// The observed rate.
    pub observed: f64,
    /// The mean over replicates.
    pub predicted: f64,
    /// The middle 95 % of the replicates.
    pub band_95: [f64; 2],
    /// As [`GroupCheck::p`].
    pub p: f64,
}
