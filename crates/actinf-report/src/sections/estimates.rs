//! The estimates by group.

use super::{NOBODY, Section, gallery};
use crate::html::{escape, paragraph};
use crate::plots::{Estimates, Figure, figure};
use crate::statistics::summary;
use crate::study::{Component, Fitted, Group, Study};
use crate::table::{Cell, Table};
use crate::{Error, number};

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("estimates", "Estimates by group");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    if study.components.is_empty() {
        return Ok(Section::new(id, title, paragraph("The model has no free parameter in this fit.")));
    }
    let figures: Vec<Figure> = study
        .components
        .iter()
        .enumerate()
        .map(|(position, component)| figure(&Estimates::new(study, position, component)))
        .collect::<Result<_, _>>()?;
    let html = format!("{}{}{}", introduction(study), gallery(&figures), table(study));
    Ok(Section { id, title, html, figures })
}

fn introduction(study: &Study) -> String {
    let caution = match (study.population.is_some(), study.has_groups()) {
        (true, _) => {
            "<p class=\"caution\"><b>Estimated together.</b> Each estimate is drawn towards what the population predicts for the \
             person, so the estimates differ less than people do. They are shown here to be looked at; what differs between \
             groups is said by the weights of the population.</p>\n"
        }
        (false, true) => {
            "<p class=\"caution\"><b>Individual fits.</b> Each subject was fitted alone, and the prior draws every \
             estimate towards the same value, whatever the group. Differences between groups are shown here to be \
             looked at; they are descriptive, not a test.</p>\n"
        }
        (false, false) => "",
    };
    let prior = if study.population.is_some() { "" } else { " Grey shape: the prior." };
    let reading = format!(
        "In each figure a dot is a subject, sorted by its estimate within its group, and the thin line its 95 % interval. \
         Diamond and bar: the mean of the group with the 95 % t interval of the mean.{prior} Point at a dot for the \
         subject's name."
    );
    format!("{caution}<p>{}</p>\n", escape(&reading))
}

fn table(study: &Study) -> String {
    let mut table = Table::new(
        "Estimates of the fitted subjects by group: mean, standard deviation and median over subjects, and the 95 % t \
         interval of the mean.",
        &[
            "parameter",
            "symbol",
            "group",
            "n",
            "mean",
            "sd",
            "median",
            "95 % interval of the mean",
            "at a bound",
        ],
    );
    for component in &study.components {
        for group in &study.groups {
            table.row(row(study, component, group));
        }
    }
    table.html()
}

fn row(study: &Study, component: &Component, group: &Group) -> Vec<Cell> {
    let of =
        |subject: &Fitted| subject.estimate(&component.name).map_or(f64::NAN, |estimate| estimate.estimate);
    let at_bound = group.members.iter().filter(|&&member| at_bound(&study.fitted[member], component)).count();
    let summary = summary(&study.values_in(group, of));
    let interval = summary.interval.map_or(number::ABSENT.to_string(), |(a, b)| number::interval(a, b));
    let mut cells = vec![Cell::code(&component.name), Cell::text(&component.symbol)];
    if study.has_groups() {
        cells.push(Cell::text(&group.label));
    }
    cells.extend([
        Cell::count(summary.n),
        Cell::number(summary.mean),
        Cell::optional(summary.sd),
        Cell::number(summary.median),
        Cell::shown(summary.mean, interval),
        Cell::count(at_bound),
    ]);
    cells
}

fn at_bound(subject: &Fitted, component: &Component) -> bool {
    subject.estimate(&component.name).is_some_and(|estimate| estimate.at_bound)
}
