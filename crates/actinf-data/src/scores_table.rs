//! The table of scores: the log-likelihood of every subject at given parameter values.

use crate::error::Error;
use crate::frames::{ColumnNames, csv, frame};
use crate::replace::replace_file;
use actinf_agents::{LogLikelihood, Schema};
use actinf_fit::Scored;
use polars::prelude::Column;
use std::path::Path;

/// The table of scores as CSV: `subject`, `log_likelihood`, `log_likelihood_actions`, one `log_likelihood_<response>` per
/// response (all in nats), `actions` (how many were recorded) and `reason` (why a subject could not be scored, or what is
/// impossible under the model). Minus infinity is written `-inf`.
///
/// # Errors
///
/// If the table cannot be encoded.
pub fn scores_table(scored: &[Scored], schema: &Schema) -> Result<Vec<u8>, Error> {
    let parts = |read: &dyn Fn(&LogLikelihood) -> Option<f64>| -> Vec<Option<f64>> {
        scored.iter().map(|s| s.trajectory.as_ref().ok().and_then(|t| read(&t.log_likelihood))).collect()
    };
    let mut names = ColumnNames::reserving(&["subject", "log_likelihood", "actions", "reason"]);
    let ids: Vec<&str> = scored.iter().map(|s| s.subject.as_str()).collect();
    let mut columns = vec![
        Column::new("subject".into(), ids),
        Column::new("log_likelihood".into(), parts(&|parts| Some(parts.total))),
        Column::new(
            names.claim("log_likelihood_actions", "part").into(),
            parts(&|parts| Some(parts.actions)),
        ),
    ];
    for (index, response) in schema.responses.iter().enumerate() {
        let name = names.claim(&format!("log_likelihood_{}", response.name), "response");
        columns.push(Column::new(name.into(), parts(&|parts| parts.responses.get(index).copied())));
    }
    let actions = |s: &Scored| {
        let steps = s.trajectory.as_ref().ok().map(|t| t.steps.iter());
        steps.map(|steps| steps.filter(|step| step.action.is_some()).count() as u64)
    };
    let reason = |s: &Scored| match &s.trajectory {
        Ok(trajectory) => trajectory.impossible.as_ref().map(ToString::to_string),
        Err(error) => Some(error.to_string()),
    };
    columns.push(Column::new("actions".into(), scored.iter().map(actions).collect::<Vec<_>>()));
    columns.push(Column::new("reason".into(), scored.iter().map(reason).collect::<Vec<_>>()));
    csv(&mut frame(columns)?)
}

/// Writes [`scores_table`] to a file, atomically.
///
/// # Errors
///
/// If the file cannot be written; the error names it.
pub fn write_scores(path: &Path, scored: &[Scored], schema: &Schema) -> Result<(), Error> {
    let bytes = scores_table(scored, schema).map_err(|error| error.about(path.display()))?;
    replace_file(path, &bytes)
}
