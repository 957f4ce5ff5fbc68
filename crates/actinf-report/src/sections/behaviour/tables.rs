//! The tables of predictive checks: all rates, and the people that the model does not describe.

use super::super::individuals::{anchor, chosen};
use super::{label, p_value};
use crate::checked_rates::CheckedRates;
use crate::html::heading;
use crate::number;
use crate::study::Study;
use crate::table::{Cell, Table};
use actinf_fit::predictive_checks::{OutsideRate, PersonChecks};

/// The most rows in the table of rates and in that of people.
const LISTED: usize = 300;

/// The table of rates with its heading.
pub(super) fn rates_table(rates: &CheckedRates) -> String {
    let all: usize = rates.shown().map(|(_, check)| check.groups.len()).sum();
    let cut = if all > LISTED {
        format!(" The first {LISTED} of {all}; all are in the table beside this report.")
    } else {
        String::new()
    };
    let mut table = Table::new(
        format!(
            "Rates of behaviour, observed and predicted: means over subjects. Subjects outside: outside a 95 % band of their \
             own, of those with at least ten such moments.{cut}"
        ),
        &["people ..."],
    )
    .sortable();
    let grouped = rates.shown().any(|(_, check)| check.groups.len() > 1);
    let headings = ["n", "observed", "predicted", "95 % band", "p", "subjects outside"];
    for heading in grouped.then_some("group").into_iter().chain(headings) {
        table.column(heading);
    }
    let rows = rates.shown().flat_map(|(_, check)| check.groups.iter().map(move |group| (check, group)));
    for (check, group) in rows.take(LISTED) {
        let mark = if group.is_outside() { " ●" } else { "" };
        let mut cells = vec![Cell::text(format!("{}{mark}", rates.words(&check.rate)))];
        cells.extend(grouped.then(|| Cell::text(label(group.group.as_deref()))));
        cells.extend([
            Cell::count(group.persons),
            Cell::number(group.observed),
            Cell::number(group.predicted),
            Cell::shown(group.band_95[0], number::interval(group.band_95[0], group.band_95[1])),
            Cell::shown(group.p, p_value(group.p, rates.checks.replicates)),
            Cell::shown(
                group.outside as f64 / group.judged.max(1) as f64,
                format!("{} of {}", number::count(group.outside), number::count(group.judged)),
            ),
        ]);
        table.row(cells);
    }
    format!("{}{}", heading("All rates (● outside the 95 % band)"), table.html())
}

/// The persons outside bands of their own, those with the most first.
pub(super) fn people(study: &Study, rates: &CheckedRates) -> String {
    let shown = |person: &PersonChecks| {
        let is_shown = |check: usize| rates.checks.checks.get(check).is_some_and(|c| rates.is_shown(&c.rate));
        person.outside.iter().filter(|outside| is_shown(outside.check)).count()
    };
    let mut persons: Vec<(usize, &PersonChecks)> =
        rates.checks.persons.iter().map(|person| (shown(person), person)).filter(|(n, _)| *n > 0).collect();
    persons.sort_by_key(|(outside, _)| std::cmp::Reverse(*outside));
    let checked = study.fitted.len() - rates.checks.unchecked.len().min(study.fitted.len());
    let cut = if persons.len() > LISTED { format!(" The first {LISTED} are listed.") } else { String::new() };
    let mut table = Table::new(
        format!(
            "Subjects outside their own 95 % bands: {} of {}. By chance it is at most one rate in twenty.{cut}",
            number::count(persons.len()),
            number::count(checked)
        ),
        &["subject", "rates outside", "the most deviating", "observed", "predicted", "95 % band"],
    )
    .sortable();
    let pages = chosen(study);
    for (outside, person) in persons.into_iter().take(LISTED) {
        table.row(person_row(study, rates, &pages, (outside, person)));
    }
    let table = table.html();
    if table.is_empty() {
        table
    } else {
        format!("{}{table}", heading("Subjects that the model does not describe"))
    }
}

fn person_row(
    study: &Study,
    rates: &CheckedRates,
    pages: &[usize],
    (outside, person): (usize, &PersonChecks),
) -> Vec<Cell> {
    let place = study.fitted.iter().position(|fitted| fitted.record.id == person.subject);
    let page = place.filter(|place| pages.contains(place)).map(anchor);
    let far = |own: &&OutsideRate| {
        (own.observed - own.predicted).abs() / (own.band_95[1] - own.band_95[0]).max(1e-9)
    };
    let known = person
        .outside
        .iter()
        .filter(|own| rates.checks.checks.get(own.check).is_some_and(|check| rates.is_shown(&check.rate)));
    let mut cells = vec![
        page.map_or_else(|| Cell::text(&person.subject), |page| Cell::link(&person.subject, &page)),
        Cell::shown(outside as f64, number::count(outside)),
    ];
    if let Some(worst) = known.max_by(|a, b| far(a).total_cmp(&far(b))) {
        let words = rates.checks.checks.get(worst.check).map(|check| rates.words(&check.rate));
        cells.extend([
            Cell::text(words.unwrap_or_default()),
            Cell::number(worst.observed),
            Cell::number(worst.predicted),
            Cell::shown(worst.band_95[0], number::interval(worst.band_95[0], worst.band_95[1])),
        ]);
    }
    cells
}
