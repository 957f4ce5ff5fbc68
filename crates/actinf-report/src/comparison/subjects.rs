//! Every subject: which model it uses, and its evidence under each.

use super::frequencies::probability;
use crate::Error;
use crate::html::{heading, shortened};
use crate::number;
use crate::plots::{Attributions, figure};
use crate::sections::{Section, gallery};
use crate::table::{Cell, Table};
use actinf_fit::comparison::Comparison;

pub(super) fn section(comparison: &Comparison) -> Result<Section, Error> {
    let figures = vec![figure(&Attributions::of_comparison(comparison))?];
    let html = format!("{}{}{}", gallery(&figures), left_out(comparison), table(comparison));
    Ok(Section { id: "subjects", title: "Subjects", html, figures })
}

fn left_out(comparison: &Comparison) -> String {
    let mut table =
        Table::new("Subjects that could not be compared.", &["subject", "model without evidence", "reason"]);
    for out in &comparison.left_out {
        table.row(vec![Cell::text(&out.id), Cell::text(&out.model), Cell::text(&out.reason)]);
    }
    let table = table.html();
    if table.is_empty() { table } else { format!("{}{table}", heading("Left out")) }
}

fn table(comparison: &Comparison) -> String {
    let mut table = Table::new(
        "Compared subjects: the posterior probability of each model, and what counted as its log evidence in nats († the search \
         did not converge).",
        &["subject"],
    )
    .sortable();
    let groups = comparison.groups.is_some();
    if groups {
        table.column(comparison.group_column.as_deref().unwrap_or("group"));
    }
    for model in &comparison.models {
        table.column(format!("P({})", shortened(&model.name, 30)));
    }
    for model in &comparison.models {
        table.column(format!("evidence: {}", shortened(&model.name, 30)));
    }
    for subject in &comparison.subjects {
        let mut cells = vec![Cell::text(&subject.id)];
        if groups {
            cells.push(Cell::text(subject.group.as_deref().unwrap_or(number::ABSENT)));
        }
        cells.extend(subject.attributions.iter().map(|p| probability(*p)));
        cells.extend(subject.scores.iter().map(|score| {
            let mark = if score.converged { "" } else { " †" };
            Cell::shown(score.evidence, format!("{}{mark}", number::one_decimal(score.evidence)))
        }));
        table.row(cells);
    }
    format!("{}{}", heading("Compared"), table.html())
}
