//! The figures of predictive checks: rates side by side, and along blocks, cues and sessions.

use super::label;
use crate::checked_rates::{CheckedRates, Family, RatesByLevel};
use crate::plots::{Figure, PredictedCurve, PredictedRates, Series, figure};
use crate::study::Study;
use crate::{Error, style};
use actinf_fit::predictive_checks::{RateCheck, StatisticKind};

/// The most figures drawn.
const DRAWN: usize = 12;
/// Of the actions of a control, at most so many have a figure of their own, where colours stand for groups.
const ACTIONS: usize = 2;

/// The groups whose colours are in figures: the first four, or everybody.
pub(super) fn groups(study: &Study, rates: &CheckedRates) -> Vec<Option<String>> {
    let named = rates.checks.checks.iter().flat_map(|check| &check.groups).filter_map(|g| g.group.clone());
    let found: Vec<String> = named.collect();
    let mut groups: Vec<Option<String>> =
        study.groups.iter().filter(|g| found.contains(&g.label)).map(|g| Some(g.label.clone())).collect();
    groups.truncate(style::PANELS);
    if groups.is_empty() { vec![None] } else { groups }
}

/// The figures, and how many more there would be.
pub(super) fn figures(
    study: &Study,
    rates: &CheckedRates,
    groups: &[Option<String>],
) -> Result<(Vec<Figure>, usize), Error> {
    let controls = &study.results.record.model.schema.controls;
    let mut figures = vec![];
    let mut left_out = 0;
    for control in controls {
        let of = if controls.len() > 1 { format!(", {}", control.name) } else { String::new() };
        let overview = overview(rates, &control.name, &of, groups);
        if !overview.rows.is_empty() {
            figures.push(figure(&overview)?);
        }
        for family in rates.families(&control.name) {
            for curve in curves(&family, &of, groups) {
                if figures.len() < DRAWN {
                    figures.push(figure(&curve)?);
                } else {
                    left_out += 1;
                }
            }
        }
    }
    Ok((figures, left_out))
}

fn overview<'a>(
    rates: &CheckedRates<'a>,
    control: &str,
    of: &str,
    groups: &[Option<String>],
) -> PredictedRates<'a> {
    let row = |(name, check): (String, &'a RateCheck)| {
        let found = groups.iter().enumerate();
        let own = |group: &Option<String>| check.groups.iter().find(|own| own.group == *group);
        (name, found.filter_map(|(rank, group)| Some((rank, own(group)?))).collect())
    };
    PredictedRates {
        title: format!("Choices, switching and staying{of}"),
        groups: groups.iter().map(|group| label(group.as_deref()).to_string()).collect(),
        rows: rates.overview(control).into_iter().map(row).collect(),
    }
}

/// The figures of a family: one with all actions where nobody has a group, otherwise one per action.
fn curves<'a>(family: &Family<'a>, of: &str, groups: &[Option<String>]) -> Vec<PredictedCurve<'a>> {
    let curve = |what: &str, series: Vec<Series<'a>>| PredictedCurve {
        title: format!("{}{of}", titled(family, what)),
        variable: match family.statistic {
            StatisticKind::ChoiceOverTime | StatisticKind::SwitchingOverTime
                if family.variable == "trial" =>
            {
                "trial of the session".to_string()
            }
            StatisticKind::ChoiceOverTime | StatisticKind::SwitchingOverTime => {
                "step of the session".to_string()
            }
            StatisticKind::ChoiceRate => "step of the trial".to_string(),
            _ => family.variable.to_string(),
        },
        levels: family.levels.clone(),
        is_over_time: family.statistic.is_over_time(),
        series,
    };
    let series = |label: &str, group: &Option<String>, rates: &[(usize, &'a RateCheck)]| {
        let own = |check: &'a RateCheck| check.groups.iter().find(|own| own.group == *group);
        let points = rates.iter().filter_map(|(level, check)| Some((*level, own(check)?))).collect();
        Series { label: label.to_string(), points }
    };
    if let [None] = groups {
        let of_action = |(action, rates): &(Option<&str>, RatesByLevel<'a>)| {
            series(action.unwrap_or("switching"), &None, rates)
        };
        let what = match family.actions.as_slice() {
            [(Some(action), _)] => action,
            _ => "",
        };
        return vec![curve(what, family.actions.iter().map(of_action).collect())];
    }
    let of_action = |(action, rates): &(Option<&str>, RatesByLevel<'a>)| {
        let each = groups.iter().map(|group| series(label(group.as_deref()), group, rates));
        curve(action.unwrap_or(""), each.collect())
    };
    family.actions.iter().take(ACTIONS).map(of_action).collect()
}

fn titled(family: &Family, action: &str) -> String {
    let choice = if action.is_empty() { "Choices".to_string() } else { format!("Choice of {action}") };
    match family.statistic {
        StatisticKind::SwitchingOverTime => "Switching over time".to_string(),
        StatisticKind::ChoiceOverTime => format!("{choice} over time"),
        StatisticKind::ChoiceRate => format!("{choice} by step"),
        _ => format!("{choice} by {}", family.variable),
    }
}
