//! How frequent each model is.

use crate::Error;
use crate::number;
use crate::plots::{Frequencies, Frequency, figure};
use crate::sections::{Section, gallery};
use crate::table::{Cell, Table};
use actinf_fit::comparison::Comparison;

pub(super) fn section(comparison: &Comparison) -> Result<Section, Error> {
    let (selection, effects) = (&comparison.selection, &comparison.selection.random_effects);
    let rows = comparison.models.iter().enumerate().map(|(k, model)| Frequency {
        name: model.name.clone(),
        expected: effects.expected_frequencies[k],
        interval: Some(effects.frequency_intervals[k]),
        protected_exceedance: selection.protected_exceedance[k],
    });
    let figures = vec![figure(&Frequencies::of_models(rows.collect()))?];
    let mut table = Table::new(
        "Random effects: each subject uses one model. Count: prior count plus expected number of subjects. Exceedance: the \
         probability of being the most frequent model, given that frequencies differ; protected: also when they may be equal.",
        &["model", "count", "expected frequency [95 %]", "exceedance", "protected exceedance"],
    );
    for (k, model) in comparison.models.iter().enumerate() {
        let [lower, upper] = effects.frequency_intervals[k];
        let expected = effects.expected_frequencies[k];
        table.row(vec![
            Cell::text(&model.name),
            Cell::number(effects.counts[k]),
            Cell::shown(expected, number::with_interval(expected, Some(lower), Some(upper))),
            probability(selection.exceedance[k]),
            probability(selection.protected_exceedance[k]),
        ]);
    }
    let html = format!("{}{}", gallery(&figures), table.html());
    Ok(Section { id: "frequencies", title: "Frequencies of the models", html, figures })
}

/// A cell with a probability.
pub(super) fn probability(p: f64) -> Cell {
    Cell::shown(p, number::probability(p))
}
