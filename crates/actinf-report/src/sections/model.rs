//! The model: what it is, its parameters and the variables it reads.

use super::{Section, gallery};
use crate::html::{heading, paragraph};
use crate::plots::{Figure, TableMap, figure};
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::{Error, number, prior};
use actinf_agents::{Moment, Quantity, RowOrder};
use actinf_fit::Role;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let model = &study.results.record.model;
    let description =
        if model.description.is_empty() { String::new() } else { paragraph(&model.description) };
    let figures = tables(study)?;
    let html = format!(
        "{description}{}{}{}{}{}{}{}",
        heading("Parameters"),
        parameters(study),
        drawn(study, &figures),
        heading("Variables of the data"),
        variables(study),
        paragraph(row_order(model.schema.row_order)),
        quantities(&model.quantities)
    );
    Ok(Section { id: "model", title: "Model", html, figures })
}

/// The model's tables as heat maps.
fn tables(study: &Study) -> Result<Vec<Figure>, Error> {
    study.results.record.tables.iter().filter_map(TableMap::new).map(|plot| figure(&plot)).collect()
}

fn drawn(study: &Study, figures: &[Figure]) -> String {
    let all = study.results.record.tables.len();
    if all == 0 {
        return String::new();
    }
    let left_out = match all - figures.len() {
        0 => String::new(),
        count => format!(
            " {} too large to be drawn.",
            if count == 1 { "One table is".to_string() } else { format!("{count} tables are") }
        ),
    };
    let reading = format!(
        "The model's tables at the median estimates over subjects and the fixed values, before anything is learned. The \
         stronger the colour, the more probable.{left_out}"
    );
    format!("{}{}{}", heading("The model in numbers"), paragraph(&reading), gallery(figures))
}

fn parameters(study: &Study) -> String {
    let mut table = Table::new(
        "Parameters of the model. Free ones were estimated for each subject; the others were held at their values.",
        &["symbol", "name", "meaning", "support", "role", "prior or value"],
    );
    for record in &study.results.record.model.parameters {
        let parameter = &record.parameter;
        let (role, value) = match &record.role {
            Role::Free { prior, default_prior } => {
                let origin =
                    if *default_prior { " (default of the support)" } else { " (from the fit file)" };
                ("free", format!("{}{origin}", prior::words(prior)))
            }
            Role::Fixed { values } => {
                let values: Vec<String> = values.iter().map(|value| number::three_digits(*value)).collect();
                ("fixed", values.join(", "))
            }
        };
        table.row(vec![
            Cell::text(&parameter.symbol),
            Cell::code(&parameter.name),
            Cell::text(&parameter.meaning),
            Cell::text(parameter.support.to_string()),
            Cell::text(role),
            Cell::text(value),
        ]);
    }
    table.html()
}

fn variables(study: &Study) -> String {
    let schema = &study.results.record.model.schema;
    let mut table = Table::new("What the model reads.", &["name", "kind", "values"]);
    for (kind, variables) in [("action", &schema.controls), ("observation", &schema.modalities)] {
        for variable in variables {
            table.row(vec![
                Cell::code(&variable.name),
                Cell::text(kind),
                Cell::text(variable.labels.join(", ")),
            ]);
        }
    }
    for response in &schema.responses {
        let moment = match response.moment {
            Moment::Step => "a number at every step",
            Moment::TrialEnd => "a number at the end of every trial",
            Moment::SessionEnd => "a number at the end of every session",
        };
        table.row(vec![Cell::code(&response.name), Cell::text("response"), Cell::text(moment)]);
    }
    table.html()
}

fn row_order(order: RowOrder) -> &'static str {
    match order {
        RowOrder::ObserveThenAct => "Within a row, the observation comes before the action.",
        RowOrder::ActThenObserve => "Within a row, the action comes before the observation.",
    }
}

fn quantities(quantities: &[Quantity]) -> String {
    let mut table = Table::new(
        "What the model computes at every step (written to the steps table).",
        &["family", "quantities"],
    );
    for (family, columns) in families(quantities) {
        let labels: Vec<&str> = columns.iter().map(|(label, _)| label.as_str()).collect();
        table.row(vec![Cell::code(family), Cell::text(labels.join(", "))]);
    }
    let table = table.html();
    if table.is_empty() { table } else { format!("{}{table}", heading("Quantities along the steps")) }
}

/// Families in order of first appearance, each with its labels and their positions among the quantities.
pub(crate) fn families(quantities: &[Quantity]) -> Vec<(&str, Vec<(String, usize)>)> {
    let mut families: Vec<(&str, Vec<(String, usize)>)> = vec![];
    for (position, quantity) in quantities.iter().enumerate() {
        let column = (quantity.label.clone(), position);
        match families.iter_mut().find(|(family, _)| *family == quantity.family) {
            Some((_, columns)) => columns.push(column),
            None => families.push((&quantity.family, vec![column])),
        }
    }
    families
}
