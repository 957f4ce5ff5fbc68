//! The comparison as it is printed.

use crate::commands::aligned::aligned;
use crate::output::first_ones;
use actinf_fit::comparison::{Comparison, EvidenceKind, FrequencyPrior};
use actinf_fit::probability_text;

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
    let risk = probability_text(comparison.selection.omnibus_risk);
    text.push_str(&format!("Bayes omnibus risk {risk}\n"));
    let verdicts = [
        Some(comparison.verdict()),
        comparison.criteria_verdict(),
        comparison.family_verdict(),
        comparison.group_verdict(),
    ];
    for verdict in verdicts.into_iter().flatten() {
        text.push_str(&format!("{verdict}\n"));
    }
    for warning in comparison.warnings() {
        text.push_str(&format!("Warning: {warning}\n"));
    }
    let out = comparison
        .left_out
        .iter()
        .map(|out| format!("subject {} left out (model {}): {}", out.id, out.model, out.reason));
    text.push_str(&first_ones(&out.collect::<Vec<_>>(), "comparison.json"));
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
        let evidence = match comparison.evidence {
            EvidenceKind::ImportanceSampled => Some(comparison.fixed_effects.log_evidences[k]),
            EvidenceKind::LogEvidence | EvidenceKind::Bic | EvidenceKind::Aic => criteria.log_evidence,
        };
        rows.push([
            model.name.clone(),
            evidence.map_or("-".to_string(), |nats| format!("{nats:.1}")),
            format!("{:.1}", criteria.bic),
            format!("{:.1}", criteria.aic),
            criteria.best_for.to_string(),
            format!("{:.3}", selection.random_effects.expected_frequencies[k]),
            probability_text(selection.exceedance[k]),
            probability_text(selection.protected_exceedance[k]),
        ]);
    }
    aligned(&rows)
}
