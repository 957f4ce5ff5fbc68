//! A population as it is printed: the weights, what is wrong, and how it ended.

use crate::commands::aligned::aligned;
use crate::output::counted;
use actinf_fit::{PopulationRecord, WeightKind, WeightRecord, probability_text};

/// The table of weights with their intervals and tests, then warnings and advice.
pub(super) fn summary(population: &PopulationRecord) -> String {
    let mut text = String::from("Population, on the unconstrained scale of each parameter\n\n");
    text.push_str(&weights(population));
    text.push('\n');
    let convergence = &population.convergence;
    let ended = if convergence.converged { "Converged" } else { "NOT converged" };
    let rounds = match population.sampling {
        Some(_) => String::new(),
        None => format!(" ({})", counted(convergence.iterations, "round")),
    };
    text.push_str(&format!("{ended}: {}{rounds}\n", convergence.reason));
    if let Some(sampling) = &population.sampling {
        text.push_str(&format!(
            "{} chains of {} draws, {} divergences, {} cut at the maximal depth\n",
            sampling.chains, sampling.draws, sampling.divergences, sampling.cut
        ));
    }
    if let Some(bic) = population.integrated_bic {
        text.push_str(&format!("Integrated BIC {bic:.1}\n"));
    }
    let advice = population.sampling.iter().flat_map(|sampling| &sampling.advice);
    for warning in population.warnings.iter().chain(advice) {
        text.push_str(&format!("Warning: {warning}\n"));
    }
    text.push('\n');
    text
}

fn weights(population: &PopulationRecord) -> String {
    let has = |value: fn(&WeightRecord) -> Option<f64>| population.weights.iter().any(|w| value(w).is_some());
    let (tests, regions) = (has(|w| w.p), has(|w| w.practical_equivalence));
    let mut heading = vec!["weight", "estimate", "95 % interval", "natural", "95 % interval"];
    heading.push(if tests { "p" } else { "direction" });
    if regions {
        heading.push("equivalent");
    }
    let mut rows = vec![heading.into_iter().map(String::from).collect::<Vec<_>>()];
    for weight in &population.weights {
        let mut row = vec![
            weight.name.clone(),
            format!("{:.3}", weight.estimate),
            interval(weight.interval),
            weight.natural.map_or_else(dash, |natural| natural_value(weight.kind, natural.estimate)),
            interval(weight.natural.and_then(|natural| natural.interval)),
            probability(if tests {
                weight.p
            } else {
                weight.direction.filter(|_| weight.kind != WeightKind::Mean)
            }),
        ];
        if regions {
            row.push(probability(weight.practical_equivalence));
        }
        rows.push(row);
    }
    aligned(&rows)
}

fn dash() -> String {
    "-".to_owned()
}

/// A change with its sign, a mean without.
fn natural_value(kind: WeightKind, value: f64) -> String {
    match kind {
        WeightKind::Mean => format!("{value:.3}"),
        _ => format!("{value:+.3}"),
    }
}

fn interval(ends: Option<[f64; 2]>) -> String {
    ends.map_or_else(dash, |[lower, upper]| format!("{lower:.3} to {upper:.3}"))
}

fn probability(value: Option<f64>) -> String {
    value.map_or_else(dash, probability_text)
}
