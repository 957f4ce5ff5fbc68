//! How frequent each family of models is, if families were asked for.

use super::frequencies::probability;
use crate::Error;
use crate::html::paragraph;
use crate::number;
use crate::plots::{Frequencies, Frequency, figure};
use crate::sections::{Section, gallery};
use crate::table::{Cell, Table};
use actinf_fit::comparison::Comparison;

pub(super) fn section(comparison: &Comparison) -> Result<Option<Section>, Error> {
    let Some(found) = &comparison.families else { return Ok(None) };
    let rows = found.families.iter().enumerate().map(|(k, family)| Frequency {
        name: family.name.clone(),
        expected: found.expected_frequencies[k],
        interval: Some(found.frequency_intervals[k]),
        protected_exceedance: found.protected_exceedance[k],
    });
    let figures = vec![figure(&Frequencies::of_families(rows.collect()))?];
    let mut table = Table::new(
        "Families of models, equally frequent a priori.",
        &["family", "models", "expected frequency [95 %]", "exceedance", "protected exceedance"],
    );
    for (k, family) in found.families.iter().enumerate() {
        let members: Vec<&str> = family.members.iter().map(|&m| comparison.models[m].name.as_str()).collect();
        let ([lower, upper], expected) = (found.frequency_intervals[k], found.expected_frequencies[k]);
        table.row(vec![
            Cell::text(&family.name),
            Cell::text(members.join(", ")),
            Cell::shown(expected, number::with_interval(expected, Some(lower), Some(upper))),
            probability(found.exceedance[k]),
            probability(found.protected_exceedance[k]),
        ]);
    }
    let risk = number::probability(found.omnibus_risk);
    let text = paragraph(&format!("All families are equally frequent with probability {risk}."));
    let html = format!("{}{}{text}", gallery(&figures), table.html());
    Ok(Some(Section { id: "families", title: "Families", html, figures }))
}
