//! Summed evidence and criteria, and each subject's differences.

use crate::Error;
use crate::html::paragraph;
use crate::number;
use crate::plots::{EvidenceDifferences, figure};
use crate::sections::{Section, gallery};
use crate::table::{Cell, Table};
use actinf_fit::comparison::{Comparison, Criteria};

pub(super) fn section(comparison: &Comparison) -> Result<Section, Error> {
    let figures = vec![figure(&EvidenceDifferences::new(comparison))?];
    let html = format!("{}{}{}", table(comparison), fixed_effects(comparison), gallery(&figures));
    Ok(Section { id: "criteria", title: "Evidence and criteria", html, figures })
}

fn table(comparison: &Comparison) -> String {
    let mut table = Table::new(
        "Sums over subjects; in brackets the difference to the best model. Log evidence in nats: higher is better. BIC and AIC: \
         lower is better. Best for: subjects with the highest evidence under this model.",
        &["model", "best for", "log evidence", "BIC", "AIC", "free parameters", "likelihood per action"],
    );
    for heading in ["pseudo-R²", "log-likelihood"] {
        table.column(heading);
    }
    let best = Best::of(comparison);
    for model in &comparison.models {
        let criteria = &model.criteria;
        let evidence = criteria.log_evidence.unwrap_or(f64::NAN);
        table.row(vec![
            Cell::text(&model.name),
            Cell::count(criteria.best_for),
            beside_best(evidence, best.log_evidence),
            beside_best(criteria.bic, best.bic),
            beside_best(criteria.aic, best.aic),
            Cell::count(criteria.free_parameters),
            Cell::number(criteria.likelihood_per_action),
            Cell::number(criteria.pseudo_r2),
            Cell::shown(criteria.log_likelihood, number::one_decimal(criteria.log_likelihood)),
        ]);
    }
    table.html()
}

/// The best of each criterion.
struct Best {
    log_evidence: f64,
    bic: f64,
    aic: f64,
}

impl Best {
    fn of(comparison: &Comparison) -> Best {
        let each = |value: fn(&Criteria) -> f64| comparison.models.iter().map(move |m| value(&m.criteria));
        Best {
            log_evidence: each(|c| c.log_evidence.unwrap_or(f64::NAN)).fold(f64::NAN, f64::max),
            bic: each(|c| c.bic).fold(f64::NAN, f64::min),
            aic: each(|c| c.aic).fold(f64::NAN, f64::min),
        }
    }
}

/// `−1234.5 (−3.2)`.
fn beside_best(value: f64, best: f64) -> Cell {
    let difference = value - best;
    let sign = if difference > 0.0 { "+" } else { "" };
    let shown = match difference.is_nan() || difference.abs() <= 0.0 {
        true => number::one_decimal(value),
        false => format!("{} ({sign}{})", number::one_decimal(value), number::one_decimal(difference)),
    };
    Cell::shown(value, shown)
}

fn fixed_effects(comparison: &Comparison) -> String {
    let found = &comparison.fixed_effects;
    let Some(best) = found.log_bayes_factors.iter().position(|factor| *factor <= 0.0) else {
        return String::new();
    };
    let others = found.log_bayes_factors.iter().enumerate().filter(|(k, _)| *k != best);
    let factors: Vec<String> = others
        .map(|(k, factor)| format!("{} by {} nats", comparison.models[k].name, number::one_decimal(*factor)))
        .collect();
    paragraph(&format!(
        "If everybody used the same model (fixed effects), it would be {} with probability {}: its summed log evidence exceeds \
         that of {}.",
        comparison.models[best].name,
        number::probability(found.probabilities[best]),
        factors.join(", of ")
    ))
}
