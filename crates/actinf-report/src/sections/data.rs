//! What the data hold and what is missing from them.

use super::Section;
use crate::html::{definitions, heading};
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::{Error, number, statistics};
use actinf_fit::MissingCount;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let data = &study.results.record.data;
    let counts = definitions(&[
        ("File", data.file.clone()),
        ("Rows", number::count(data.rows)),
        ("Subjects", number::count(data.subjects)),
        ("Sessions", number::count(data.sessions)),
        ("Trials", number::count(data.trials)),
        (
            "Aborted trials",
            format!(
                "{} ({})",
                number::count(data.aborted_trials),
                number::percent(data.aborted_trials, data.trials)
            ),
        ),
        ("Steps", format!("{} outside aborted trials", number::count(data.steps))),
    ]);
    let html = format!("{counts}{}{}{}", missing(study), groups(study), covariates(study));
    Ok(Section::new("data", "Data", html))
}

fn missing(study: &Study) -> String {
    let data = &study.results.record.data;
    let mut table = Table::new(
        "Missing values per variable, outside aborted trials. A missing action adds nothing to the likelihood; a \
         missing observation adds no evidence.",
        &["variable", "kind", "expected", "missing", "share"],
    );
    let kinds =
        [("action", &data.actions), ("observation", &data.observations), ("response", &data.responses)];
    for (kind, counts) in kinds {
        for MissingCount { variable, expected, missing } in counts {
            table.row(vec![
                Cell::code(variable),
                Cell::text(kind),
                Cell::count(*expected),
                Cell::count(*missing),
                Cell::shown(*missing as f64 / *expected as f64, number::percent(*missing, *expected)),
            ]);
        }
    }
    titled("Missing values", table.html())
}

fn groups(study: &Study) -> String {
    if !study.has_groups() {
        return String::new();
    }
    let column = study.results.record.group_column.as_deref().unwrap_or("group");
    let mut table = Table::new(
        "Groups and their subjects.",
        &[column, "subjects", "fitted", "failed", "actions recorded"],
    );
    for group in &study.groups {
        let actions: usize = group.members.iter().map(|&member| study.fitted[member].fit.actions).sum();
        table.row(vec![
            Cell::text(&group.label),
            Cell::count(group.members.len() + group.failures),
            Cell::count(group.members.len()),
            Cell::count(group.failures),
            Cell::count(actions),
        ]);
    }
    titled("Groups", table.html())
}

fn covariates(study: &Study) -> String {
    let mut table = Table::new(
        "Covariates of the fitted subjects.",
        &["covariate", "group", "n", "mean", "sd", "median"],
    );
    let names = study.fitted.first().map(|subject| subject.record.covariates.as_slice()).unwrap_or_default();
    for (name, _) in names {
        for group in &study.groups {
            let values = study.values_in(group, |subject| {
                let own = subject.record.covariates.iter().find(|(other, _)| other == name);
                own.and_then(|(_, value)| *value).unwrap_or(f64::NAN)
            });
            let summary = statistics::summary(&values);
            table.row(vec![
                Cell::code(name),
                Cell::text(&group.label),
                Cell::count(summary.n),
                Cell::number(summary.mean),
                Cell::optional(summary.sd),
                Cell::number(summary.median),
            ]);
        }
    }
    titled("Covariates", table.html())
}

/// A table under its heading; nothing if there is no table.
fn titled(title: &str, table: String) -> String {
    if table.is_empty() { table } else { format!("{}{table}", heading(title)) }
}
