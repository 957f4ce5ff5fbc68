//! The table of compared subjects: one row per subject and model.

use crate::error::Error;
use crate::frames::frame;
use actinf_fit::comparison::{Comparison, SubjectScore};
use polars::prelude::*;

/// One row: a compared subject under a model, or a subject that was left out because of one.
struct Row<'a> {
    subject: &'a str,
    group: Option<&'a str>,
    model: &'a str,
    reason: Option<&'a str>,
    score: Option<(&'a SubjectScore, f64)>,
}

/// Columns `subject, group, model, status` (`compared` or `left_out`), `reason` (why it was left out), `evidence` (what
/// counted as log evidence), `log_evidence, log_likelihood, bic, aic, converged` and `attribution`, the
/// posterior probability that the subject uses the model. Of a subject that was left out there is one row, with the first
/// model that has no evidence for it.
pub(crate) fn subjects(comparison: &Comparison) -> Result<DataFrame, Error> {
    let rows = rows(comparison);
    let text = |name: &str, text: fn(&Row<'_>) -> Option<String>| {
        Column::new(name.into(), rows.iter().map(text).collect::<Vec<_>>())
    };
    let number = |name: &str, number: fn(&SubjectScore) -> Option<f64>| {
        let value = |row: &Row<'_>| row.score.and_then(|(score, _)| number(score));
        Column::new(name.into(), rows.iter().map(value).collect::<Vec<_>>())
    };
    let converged: Vec<_> = rows.iter().map(|row| row.score.map(|(score, _)| score.converged)).collect();
    let attributions: Vec<_> = rows.iter().map(|row| row.score.map(|(_, attribution)| attribution)).collect();
    frame(vec![
        text("subject", |row| Some(row.subject.to_owned())),
        text("group", |row| row.group.map(str::to_owned)),
        text("model", |row| Some(row.model.to_owned())),
        text("status", |row| Some(if row.reason.is_some() { "left_out" } else { "compared" }.to_owned())),
        text("reason", |row| row.reason.map(str::to_owned)),
        number("evidence", |score| Some(score.evidence)),
        number("log_evidence", |score| score.log_evidence),
        number("log_likelihood", |score| Some(score.log_likelihood)),
        number("bic", |score| Some(score.bic)),
        number("aic", |score| Some(score.aic)),
        Column::new("converged".into(), converged),
        Column::new("attribution".into(), attributions),
    ])
}

fn rows(comparison: &Comparison) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for subject in &comparison.subjects {
        for ((model, score), attribution) in
            comparison.models.iter().zip(&subject.scores).zip(&subject.attributions)
        {
            rows.push(Row {
                subject: &subject.id,
                group: subject.group.as_deref(),
                model: &model.name,
                reason: None,
                score: Some((score, *attribution)),
            });
        }
    }
    rows.extend(comparison.left_out.iter().map(|out| Row {
        subject: &out.id,
        group: None,
        model: &out.model,
        reason: Some(&out.reason),
        score: None,
    }));
    rows
}
