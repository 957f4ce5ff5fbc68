//! The table of profile intervals: one row per fitted subject, scalar parameter and level.

use crate::error::Error;
use crate::frames::frame;
use actinf_fit::{FitRecord, Outcome, ProfileEnd, ProfileInterval};
use polars::prelude::*;

/// Columns `subject, group, parameter, level, lower, upper, lower_is, upper_is`; the last two are `found`, `open` (to the end of
/// the support) or the reason why it is unknown, and where they are not `found` the number is missing. `None` where no
/// profile was made.
pub(crate) fn profiles(record: &FitRecord) -> Result<Option<DataFrame>, Error> {
    let mut rows: Vec<(&str, Option<&str>, &str, &ProfileInterval)> = Vec::new();
    for subject in &record.subjects {
        let Outcome::Fitted(fit) = &subject.outcome else { continue };
        for profile in &fit.profiles {
            let row = |interval| (&*subject.id, subject.group.as_deref(), &*profile.parameter, interval);
            rows.extend(profile.intervals.iter().map(row));
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let ends = |name: &str, end: fn(&ProfileInterval) -> &ProfileEnd| {
        let (numbers, words): (Vec<_>, Vec<_>) =
            rows.iter().map(|row| (end(row.3).value(), words(end(row.3)))).unzip();
        [Column::new(name.into(), numbers), Column::new(format!("{name}_is").into(), words)]
    };
    let [lower, lower_is] = ends("lower", |interval| &interval.lower);
    let [upper, upper_is] = ends("upper", |interval| &interval.upper);
    let columns = vec![
        Column::new("subject".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
        Column::new("group".into(), rows.iter().map(|row| row.1).collect::<Vec<_>>()),
        Column::new("parameter".into(), rows.iter().map(|row| row.2).collect::<Vec<_>>()),
        Column::new("level".into(), rows.iter().map(|row| row.3.level).collect::<Vec<_>>()),
        lower,
        upper,
        lower_is,
        upper_is,
    ];
    frame(columns).map(Some)
}

fn words(end: &ProfileEnd) -> &str {
    match end {
        ProfileEnd::At(_) => "found",
        ProfileEnd::Open => "open",
        ProfileEnd::Unknown(reason) => reason,
    }
}
