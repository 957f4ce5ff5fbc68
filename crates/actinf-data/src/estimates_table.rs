//! The table of estimates: one row per fitted subject and scalar parameter.

use crate::error::Error;
use crate::frames::frame;
use actinf_fit::{Estimate, FitRecord, Outcome};
use polars::prelude::*;

/// Columns `subject, group, parameter, estimate, standard_error, lower, upper, contraction, at_bound`.
pub(crate) fn estimates(record: &FitRecord) -> Result<DataFrame, Error> {
    let rows: Vec<(&str, Option<&str>, &Estimate)> = record
        .subjects
        .iter()
        .filter_map(|subject| match &subject.outcome {
            Outcome::Fitted(fit) => Some((subject, fit)),
            Outcome::Failed { .. } => None,
        })
        .flat_map(|(subject, fit)| {
            fit.estimates.iter().map(move |estimate| (&*subject.id, subject.group.as_deref(), estimate))
        })
        .collect();
    let number = |name: &str, value: fn(&Estimate) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(|(_, _, estimate)| value(estimate)).collect::<Vec<_>>())
    };
    frame(vec![
        Column::new("subject".into(), rows.iter().map(|(id, _, _)| *id).collect::<Vec<_>>()),
        Column::new("group".into(), rows.iter().map(|(_, group, _)| *group).collect::<Vec<_>>()),
        Column::new(
            "parameter".into(),
            rows.iter().map(|(_, _, e)| e.parameter.as_str()).collect::<Vec<_>>(),
        ),
        number("estimate", |e| Some(e.estimate)),
        number("standard_error", |e| e.standard_error),
        number("lower", |e| e.lower),
        number("upper", |e| e.upper),
        number("contraction", |e| e.contraction),
        Column::new("at_bound".into(), rows.iter().map(|(_, _, e)| e.at_bound).collect::<Vec<_>>()),
    ])
}
