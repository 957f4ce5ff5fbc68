//! Whether groups use the models with the same frequencies, if groups were compared.

use crate::Error;
use crate::html::{paragraph, shortened};
use crate::number;
use crate::sections::Section;
use crate::table::{Cell, Table};
use actinf_fit::comparison::Comparison;

pub(super) fn section(comparison: &Comparison) -> Result<Option<Section>, Error> {
    let Some(found) = &comparison.groups else { return Ok(None) };
    let column = comparison.group_column.as_deref().unwrap_or("group");
    let mut table =
        Table::new(format!("Expected frequencies by {column}, with 95 % intervals."), &[column, "n"]);
    for model in &comparison.models {
        table.column(shortened(&model.name, 40));
    }
    table.column("omnibus risk");
    for group in &found.groups {
        let effects = &group.selection.random_effects;
        let mut cells = vec![Cell::text(&group.group), Cell::count(group.subjects.len())];
        let intervals = effects.expected_frequencies.iter().zip(&effects.frequency_intervals);
        cells.extend(intervals.map(|(expected, [lower, upper])| {
            Cell::shown(*expected, number::with_interval(*expected, Some(*lower), Some(*upper)))
        }));
        cells.push(super::frequencies::probability(group.selection.omnibus_risk));
        table.row(cells);
    }
    let mut text = comparison.group_verdict().unwrap_or_default();
    text.push_str(&format!(
        " The log evidence of the same frequencies for all is {} nats, of different ones {} nats.",
        number::one_decimal(found.pooled_free_energy),
        number::one_decimal(found.separate_free_energy)
    ));
    if !found.without_group.is_empty() {
        let named: Vec<String> = found.without_group.iter().take(10).map(|id| shortened(id, 40)).collect();
        let more = if found.without_group.len() > 10 { ", ..." } else { "" };
        text.push_str(&format!(" Left out of this test, without a group: {}{more}.", named.join(", ")));
    }
    let html = format!("{}{}", paragraph(&text), table.html());
    Ok(Some(Section::new("groups", "Groups", html)))
}
