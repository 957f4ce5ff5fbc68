//! Predictive checks sorted out for figures, sentences and tables: rates in words, and curves of rates.

use actinf_agents::Schema;
use actinf_fit::predictive_checks::{CheckedRate, GroupCheck, PredictiveChecks, RateCheck, StatisticKind};
use std::collections::{HashMap, HashSet};

/// The most actions of one control in one figure.
const MOST_ACTIONS: usize = 6;

/// The checks of a fit.
pub(crate) struct CheckedRates<'a> {
    pub(crate) checks: &'a PredictiveChecks,
    /// The actions that are shown, by control, the most frequent first.
    shown: HashMap<&'a str, Vec<&'a str>>,
    several_controls: bool,
}

/// Positions among levels, and the rates there.
pub(crate) type RatesByLevel<'a> = Vec<(usize, &'a RateCheck)>;

/// Rates that belong into one figure: those of a statistic by one variable.
pub(crate) struct Family<'a> {
    pub(crate) statistic: StatisticKind,
    /// What they are by.
    pub(crate) variable: &'a str,
    /// The levels that somebody met, in order.
    pub(crate) levels: Vec<&'a str>,
    /// One list of rates per action, or a single one without; levels by position.
    pub(crate) actions: Vec<(Option<&'a str>, RatesByLevel<'a>)>,
}

impl<'a> CheckedRates<'a> {
    pub(crate) fn new(checks: &'a PredictiveChecks, schema: &'a Schema) -> CheckedRates<'a> {
        let mut shown: HashMap<&str, Vec<&str>> = HashMap::new();
        for control in &schema.controls {
            shown.insert(&control.name, shown_actions(checks, &control.name));
        }
        let controls = schema.controls.iter().filter(|control| control.labels.len() > 1).count();
        CheckedRates { checks, shown, several_controls: controls > 1 }
    }

    /// Whether a rate is shown: the less frequent of two actions mirrors the other one.
    pub(crate) fn is_shown(&self, rate: &CheckedRate) -> bool {
        let Some(action) = &rate.action else { return true };
        self.shown.get(rate.control.as_str()).is_none_or(|shown| shown.contains(&action.as_str()))
    }

    /// The rates that are shown, with their places among the checks.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (usize, &'a RateCheck)> {
        self.checks.checks.iter().enumerate().filter(|(_, check)| self.is_shown(&check.rate))
    }

    /// What the rate is of, in the past tense: "chose left in trials 1–25".
    pub(crate) fn words(&self, rate: &CheckedRate) -> String {
        let did = match (rate.statistic, &rate.action) {
            (_, Some(action)) => format!("chose {action}"),
            (StatisticKind::StayAfterOutcome, None) => "repeated the last action".to_string(),
            (_, None) => "changed their action".to_string(),
        };
        let control = if self.several_controls { format!(" ({})", rate.control) } else { String::new() };
        let when = match &rate.condition {
            None => String::new(),
            Some(condition) => {
                let (variable, level) = (&condition.variable, &condition.level);
                match rate.statistic {
                    StatisticKind::StayAfterOutcome => format!(" after {variable} {level}"),
                    StatisticKind::ChoiceByCue => format!(" when {variable} was {level}"),
                    _ if level.contains('-') && rate.statistic.is_over_time() => {
                        format!(" in {variable}s {}", level.replace('-', "–"))
                    }
                    _ => format!(" in {variable} {level}"),
                }
            }
        };
        format!("{did}{control}{when}")
    }

    /// The rates of a control without levels, and those of repeating after outcomes, with their names in a figure.
    pub(crate) fn overview(&self, control: &str) -> Vec<(String, &'a RateCheck)> {
        let of_overview = |rate: &CheckedRate| {
            rate.condition.is_none() || rate.statistic == StatisticKind::StayAfterOutcome
        };
        let found: Vec<&'a RateCheck> = self
            .shown()
            .map(|(_, check)| check)
            .filter(|check| check.rate.control == control && of_overview(&check.rate))
            .collect();
        let variables: HashSet<&str> =
            found.iter().filter_map(|check| Some(check.rate.condition.as_ref()?.variable.as_str())).collect();
        let name = |rate: &CheckedRate| match (&rate.action, &rate.condition) {
            (Some(action), _) => format!("choice of {action}"),
            (None, Some(c)) if variables.len() > 1 => format!("stay after {} {}", c.variable, c.level),
            (None, Some(condition)) => format!("staying after {}", condition.level),
            (None, None) => "switching".to_string(),
        };
        found.into_iter().map(|check| (name(&check.rate), check)).collect()
    }

    /// The families of a control's rates, in the order of the checks.
    pub(crate) fn families(&self, control: &str) -> Vec<Family<'a>> {
        let mut families: Vec<Family<'a>> = Vec::new();
        for (_, check) in self.shown().filter(|(_, check)| check.rate.control == control) {
            let rate = &check.rate;
            let Some(condition) = &rate.condition else { continue };
            if rate.statistic == StatisticKind::StayAfterOutcome {
                continue;
            }
            let is_it = |f: &Family| f.statistic == rate.statistic && f.variable == condition.variable;
            let place = families.iter().position(is_it).unwrap_or_else(|| {
                families.push(Family {
                    statistic: rate.statistic,
                    variable: &condition.variable,
                    levels: vec![],
                    actions: vec![],
                });
                families.len() - 1
            });
            families[place].add(check, &condition.level);
        }
        families
    }
}

impl<'a> Family<'a> {
    fn add(&mut self, check: &'a RateCheck, level: &'a str) {
        let position = self.levels.iter().position(|known| *known == level).unwrap_or_else(|| {
            self.levels.push(level);
            self.levels.len() - 1
        });
        let action = check.rate.action.as_deref();
        match self.actions.iter_mut().find(|(known, _)| *known == action) {
            Some((_, rates)) => rates.push((position, check)),
            None => self.actions.push((action, vec![(position, check)])),
        }
    }
}

/// How many half-widths of the 95 % band the observed rate is from the prediction; above 1 it is about outside.
pub(crate) fn distance(found: &GroupCheck) -> f64 {
    let half = 0.5 * (found.band_95[1] - found.band_95[0]);
    (found.observed - found.predicted).abs() / half.max(1e-9)
}

/// The actions of a control by how often they are taken: the first of two, or the first six.
fn shown_actions<'a>(checks: &'a PredictiveChecks, control: &str) -> Vec<&'a str> {
    let in_all = |check: &'a RateCheck| {
        let rate = &check.rate;
        let is_it = rate.control == control
            && rate.statistic == StatisticKind::ChoiceRate
            && rate.condition.is_none();
        is_it.then_some(()).and(rate.action.as_deref()).zip(check.everybody().map(|all| all.observed))
    };
    let mut actions: Vec<(&str, f64)> = checks.checks.iter().filter_map(in_all).collect();
    actions.sort_by(|a, b| b.1.total_cmp(&a.1));
    let wanted = if actions.len() == 2 { 1 } else { MOST_ACTIONS };
    actions.into_iter().take(wanted).map(|(action, _)| action).collect()
}
