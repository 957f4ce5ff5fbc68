//! The models that were compared.

use crate::html::{escape, shortened};
use crate::number;
use crate::sections::Section;
use crate::table::{Cell, Table};
use actinf_fit::comparison::{ComparedModel, Comparison};

pub(super) fn section(comparison: &Comparison) -> Section {
    let mut table = Table::new(
        "The models, and what was estimated and held fixed.",
        &["name", "task model", "free parameters", "fixed", "method", "read from"],
    );
    for model in &comparison.models {
        table.row(row(model));
    }
    Section::new("models", "Models", format!("{}{}", table.html(), descriptions(comparison)))
}

fn row(model: &ComparedModel) -> Vec<Cell> {
    let fixed: Vec<String> =
        model.fixed.iter().map(|(name, value)| format!("{name} = {}", shortened(value, 30))).collect();
    let or_none = |texts: Vec<String>| match texts.is_empty() {
        true => number::ABSENT.to_string(),
        false => texts.join(", "),
    };
    vec![
        Cell::text(&model.name),
        Cell::code(&model.model),
        Cell::text(or_none(model.free.clone())),
        Cell::text(or_none(fixed)),
        Cell::text(crate::sections::summary::method_words(&model.method)),
        Cell::code(&model.source),
    ]
}

/// Each description once.
fn descriptions(comparison: &Comparison) -> String {
    let mut seen: Vec<&str> = vec![];
    let mut html = String::new();
    for model in &comparison.models {
        if model.description.is_empty() || seen.contains(&model.model.as_str()) {
            continue;
        }
        seen.push(&model.model);
        html.push_str(&format!("<p><b>{}.</b> {}</p>\n", escape(&model.model), escape(&model.description)));
    }
    html
}
