//! The comparison as it is printed.

use crate::commands::aligned::aligned;
use actinf_fit::comparison::{Comparison, FrequencyPrior};

/// Who was compared, the table of models, and what it says.
pub(super) fn summary(comparison: &Comparison) -> String {
    let mut text = format!(
        "{} models, {} subjects{}; {}; {}\n\n{}\n",
        comparison.models.len(),
        comparison.subjects.len(),
        left_out(comparison),
        format_args!("evidence: {}", comparison.evidence.in_words()),
        match comparison.prior {
            FrequencyPrior::OnePerModel => "prior: one count per model (SPM)",
            FrequencyPrior::OneInTotal => "prior: one count in total (VBA)",
        },
        models(comparison)
    );
    text.push_str(&format!("Bayes omnibus risk {:.3}\n", comparison.selection.omnibus_risk));
    let verdicts = [
        Some(comparison.verdict()),
        comparison.criteria_verdict(),
        comparison.family_verdict(),
        comparison.group_verdict(),
    ];
    for verdict in verdicts.into_iter().flatten() {
        text.push_str(&format!("{verdict}\n"));
    }
    for out in &comparison.left_out {
        text.push_str(&format!("subject {} left out (model {}): {}\n", out.id, out.model, out.reason));
    }
    text.push('\n');
    text
}

fn left_out(comparison: &Comparison) -> String {
    match comparison.left_out.len() {
        0 => String::new(),
        number => format!(" ({number} left out)"),
    }
}

fn models(comparison: &Comparison) -> String {
    let heading = ["model", "log evidence", "BIC", "AIC", "best for", "frequency", "exceedance", "protected"];
    let mut rows = vec![heading.map(String::from)];
    let selection = &comparison.selection;
    for (k, model) in comparison.models.iter().enumerate() {
        let criteria = &model.criteria;
        rows.push([
            model.name.clone(),
            criteria.log_evidence.map_or("-".to_string(), |nats| format!("{nats:.1}")),
            format!("{:.1}", criteria.bic),
            format!("{:.1}", criteria.aic),
            criteria.best_for.to_string(),
            format!("{:.3}", selection.random_effects.expected_frequencies[k]),
            format!("{:.3}", selection.exceedance[k]),
            format!("{:.3}", selection.protected_exceedance[k]),
        ]);
    }
    aligned(&rows)
}
