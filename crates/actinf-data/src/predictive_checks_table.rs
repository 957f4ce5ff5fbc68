//! The tables of predictive checks: rates of behaviour, observed and predicted, and who is outside the bands.

use crate::error::Error;
use crate::frames::frame;
use actinf_fit::FitRecord;
use actinf_fit::predictive_checks::{
    CheckedRate, Condition, GroupCheck, OutsideRate, PredictiveChecks, RateCheck,
};
use polars::prelude::*;
use std::collections::HashMap;

/// Columns `statistic, control, action, variable, level, group, persons, moments, observed, predicted, lower_95, lower_50,
/// upper_50, upper_95, p, judged, outside`, one row per rate and group; `group` is missing where the row is of everybody.
pub(crate) fn rates(checks: &PredictiveChecks) -> Result<DataFrame, Error> {
    let of = |check: &RateCheck| check.groups.len();
    let rates: Vec<&CheckedRate> =
        checks.checks.iter().flat_map(|check| std::iter::repeat_n(&check.rate, of(check))).collect();
    let groups: Vec<&GroupCheck> = checks.checks.iter().flat_map(|check| &check.groups).collect();
    let number = |name: &str, value: fn(&GroupCheck) -> f64| {
        Column::new(name.into(), groups.iter().map(|group| value(group)).collect::<Vec<_>>())
    };
    let count = |name: &str, value: fn(&GroupCheck) -> u64| {
        Column::new(name.into(), groups.iter().map(|group| value(group)).collect::<Vec<_>>())
    };
    let mut columns = what(&rates);
    columns.extend([
        Column::new("group".into(), groups.iter().map(|group| group.group.as_deref()).collect::<Vec<_>>()),
        count("persons", |group| group.persons as u64),
        count("moments", |group| group.moments),
        number("observed", |group| group.observed),
        number("predicted", |group| group.predicted),
        number("lower_95", |group| group.band_95[0]),
        number("lower_50", |group| group.band_50[0]),
        number("upper_50", |group| group.band_50[1]),
        number("upper_95", |group| group.band_95[1]),
        number("p", |group| group.p),
        count("judged", |group| group.judged as u64),
        count("outside", |group| group.outside as u64),
    ]);
    frame(columns)
}

/// Columns `subject, group, statistic, control, action, variable, level, moments, observed, predicted, lower_95, upper_95, p`,
/// one row per person and rate outside that person's 95 % band.
pub(crate) fn persons(record: &FitRecord, checks: &PredictiveChecks) -> Result<DataFrame, Error> {
    let mut rows: Vec<(&str, &CheckedRate, &OutsideRate)> = Vec::new();
    for person in &checks.persons {
        let rate = |outside: &'_ OutsideRate| checks.checks.get(outside.check).map(|check| &check.rate);
        rows.extend(person.outside.iter().filter_map(|own| Some((&*person.subject, rate(own)?, own))));
    }
    let groups: HashMap<&str, Option<&str>> =
        record.subjects.iter().map(|subject| (&*subject.id, subject.group.as_deref())).collect();
    let group_of = |id: &str| groups.get(id).copied().flatten();
    let number = |name: &str, value: fn(&OutsideRate) -> f64| {
        Column::new(name.into(), rows.iter().map(|row| value(row.2)).collect::<Vec<_>>())
    };
    let mut columns = vec![
        Column::new("subject".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
        Column::new("group".into(), rows.iter().map(|row| group_of(row.0)).collect::<Vec<_>>()),
    ];
    columns.extend(what(&rows.iter().map(|row| row.1).collect::<Vec<_>>()));
    columns.extend([
        Column::new("moments".into(), rows.iter().map(|row| row.2.moments).collect::<Vec<_>>()),
        number("observed", |own| own.observed),
        number("predicted", |own| own.predicted),
        number("lower_95", |own| own.band_95[0]),
        number("upper_95", |own| own.band_95[1]),
        number("p", |own| own.p),
    ]);
    frame(columns)
}

/// What is counted: `statistic, control, action, variable, level`.
fn what(rates: &[&CheckedRate]) -> Vec<Column> {
    let condition = |name: &str, read: fn(&Condition) -> &str| {
        let values: Vec<Option<&str>> = rates.iter().map(|rate| rate.condition.as_ref().map(read)).collect();
        Column::new(name.into(), values)
    };
    vec![
        Column::new("statistic".into(), rates.iter().map(|r| r.statistic.name()).collect::<Vec<_>>()),
        Column::new("control".into(), rates.iter().map(|rate| &*rate.control).collect::<Vec<_>>()),
        Column::new("action".into(), rates.iter().map(|rate| rate.action.as_deref()).collect::<Vec<_>>()),
        condition("variable", |condition| &condition.variable),
        condition("level", |condition| &condition.level),
    ]
}
