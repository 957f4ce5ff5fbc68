//! Every subject: the failed ones first, with the reason, then the estimates of the others.

use super::Section;
use super::individuals::{anchor, chosen};
use crate::html::{heading, paragraph};
use crate::study::{Fitted, Study};
use crate::table::{Cell, Table};
use crate::{Error, number};

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let html = format!("{}{}", failures(study), estimates(study));
    Ok(Section::new("subjects", "Subjects", html))
}

fn failures(study: &Study) -> String {
    let mut table = Table::new("Subjects that could not be fitted.", &["subject", "group", "reason"]);
    for failure in &study.failed {
        table.row(vec![
            Cell::text(&failure.record.id),
            Cell::text(failure.record.group.as_deref().unwrap_or(number::ABSENT)),
            Cell::text(failure.reason),
        ]);
    }
    let table = table.html();
    if table.is_empty() { table } else { format!("{}{table}", heading("Not fitted")) }
}

fn estimates(study: &Study) -> String {
    if study.fitted.is_empty() {
        return paragraph("No subject was fitted.");
    }
    let mut table = Table::new(
        "Fitted subjects: status, fit, and estimates with their 95 % intervals († at a bound of the support). Log \
         quantities in nats. Names in blue lead to the person's page.",
        &["subject"],
    )
    .sortable();
    if study.has_groups() {
        table.column("group");
    }
    for heading in ["status", "verdict", "starts agreeing", "actions", "likelihood per action", "pseudo-R²"]
    {
        table.column(heading);
    }
    for component in &study.components {
        table.column(component.title());
    }
    for heading in ["log-likelihood", "log evidence", "BIC", "AIC", "why the search stopped"] {
        table.column(heading);
    }
    let pages = chosen(study);
    for (position, subject) in study.fitted.iter().enumerate() {
        let page = pages.contains(&position).then(|| anchor(position));
        table.row(row(study, subject, page));
    }
    format!("{}{}", heading("Fitted"), table.html())
}

fn row(study: &Study, subject: &Fitted, page: Option<String>) -> Vec<Cell> {
    let fit = subject.fit;
    let convergence = &fit.convergence;
    let id = &subject.record.id;
    let mut cells = vec![page.map_or_else(|| Cell::text(id), |page| Cell::link(id, &page))];
    if study.has_groups() {
        cells.push(Cell::text(subject.record.group.as_deref().unwrap_or(number::ABSENT)));
    }
    let agreeing = convergence.starts_agreeing as f64 / convergence.starts as f64;
    cells.extend([
        Cell::text(if convergence.converged { "converged" } else { "not converged" }),
        Cell::text(fit.verdict.words()),
        Cell::shown(agreeing, format!("{} of {}", convergence.starts_agreeing, convergence.starts)),
        Cell::count(fit.actions),
        Cell::number(fit.likelihood_per_action),
        Cell::number(fit.pseudo_r2),
    ]);
    cells.extend(study.components.iter().map(|component| estimate(subject, &component.name)));
    cells.extend([
        Cell::shown(fit.log_likelihood.total, number::one_decimal(fit.log_likelihood.total)),
        match fit.log_evidence {
            Some(evidence) => Cell::shown(evidence, number::one_decimal(evidence)),
            None => Cell::optional(None),
        },
        Cell::shown(fit.bic, number::one_decimal(fit.bic)),
        Cell::shown(fit.aic, number::one_decimal(fit.aic)),
        Cell::text(&convergence.reason),
    ]);
    cells
}

fn estimate(subject: &Fitted, component: &str) -> Cell {
    match subject.estimate(component) {
        Some(estimate) => {
            let shown = number::with_interval(estimate.estimate, estimate.lower, estimate.upper);
            let bound = if estimate.at_bound { " †" } else { "" };
            Cell::shown(estimate.estimate, format!("{shown}{bound}"))
        }
        None => Cell::optional(None),
    }
}
