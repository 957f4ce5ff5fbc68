//! People alone and as members of the group.

use crate::html::paragraph;
use crate::sections::Section;
use crate::table::{Cell, Table};
use actinf_fit::empirical_bayes::Effects;

pub(super) fn section(effects: &Effects) -> Section {
    let mut table = Table::new(
        "Estimates on the unconstrained scale: as fitted alone, and under the group's empirical prior.",
        &["subject"],
    )
    .sortable();
    for of in &effects.variability {
        table.column(format!("{}, alone", of.coordinate));
        table.column(format!("{}, in the group", of.coordinate));
    }
    for person in &effects.people {
        let mut row = vec![Cell::text(&person.subject)];
        for (alone, in_group) in person.alone.iter().zip(&person.in_group) {
            row.extend([Cell::number(*alone), Cell::number(*in_group)]);
        }
        table.row(row);
    }
    let left_out: String = effects
        .left_out
        .iter()
        .map(|out| paragraph(&format!("{} left out: {}", out.subject, out.reason)))
        .collect();
    Section::new("people", "People", format!("{}{left_out}", table.html()))
}
