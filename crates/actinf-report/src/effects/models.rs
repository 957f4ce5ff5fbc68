//! The models without some of the effects.

use crate::number;
use crate::sections::Section;
use crate::table::{Cell, Table};
use actinf_fit::empirical_bayes::Effects;

/// Models shown at most.
const SHOWN: usize = 10;

pub(super) fn section(effects: &Effects) -> Option<Section> {
    if effects.models.len() < 2 {
        return None;
    }
    let mut table = Table::new(
        "Models without some of the effects, the most probable first: log evidence minus that of the model with all effects, \
         and posterior probability, all being equally probable before.",
        &["without", "log evidence", "probability"],
    );
    for model in effects.models.iter().take(SHOWN) {
        let without = if model.without.is_empty() {
            "(all effects are there)".into()
        } else {
            model.without.join(", ")
        };
        table.row(vec![
            Cell::text(without),
            Cell::number(model.log_evidence_change),
            Cell::shown(model.probability, number::probability(model.probability)),
        ]);
    }
    Some(Section::new("models", "Reduced models", table.html()))
}
