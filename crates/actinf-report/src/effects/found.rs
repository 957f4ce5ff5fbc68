//! The effects and the variability between people.

use crate::Error;
use crate::number;
use crate::plots::{EffectIntervals, figure};
use crate::sections::{Section, gallery};
use crate::table::{Cell, Table};
use actinf_fit::empirical_bayes::Effects;

pub(super) fn section(effects: &Effects) -> Result<Section, Error> {
    let mut figures = vec![];
    if effects.effects.iter().any(|effect| effect.probability.is_some()) {
        figures.push(figure(&EffectIntervals::new(effects))?);
    }
    let html = format!("{}{}{}", gallery(&figures), table(effects).html(), variability(effects).html());
    Ok(Section { id: "effects", title: "Effects", html, figures })
}

fn table(effects: &Effects) -> Table {
    let mut table = Table::new(
        "Effects on the unconstrained scale. Effect: all effects being there; average: over models with and without them. \
         Probability: that the effect is not 0; the mean (column 1) is not searched.",
        &["parameter", "column", "effect", "sd", "prior", "probability", "average", "sd of average"],
    );
    for effect in &effects.effects {
        table.row(vec![
            Cell::code(&effect.coordinate),
            Cell::code(&effect.column),
            Cell::number(effect.mean),
            Cell::number(effect.sd),
            Cell::text(format!(
                "{} ± {}",
                number::three_digits(effect.prior_mean),
                number::three_digits(effect.prior_sd)
            )),
            probability(effect.probability),
            Cell::number(effect.averaged_mean),
            Cell::number(effect.averaged_sd),
        ]);
    }
    table
}

fn probability(p: Option<f64>) -> Cell {
    p.map_or_else(|| Cell::optional(None), |p| Cell::shown(p, number::probability(p)))
}

fn variability(effects: &Effects) -> Table {
    let mut table = Table::new(
        "Differences between people that the design does not explain.",
        &["parameter", "standard deviation", "expected before the data"],
    );
    for of in &effects.variability {
        table.row(vec![Cell::code(&of.coordinate), Cell::number(of.sd), Cell::number(of.expected_sd)]);
    }
    table
}
