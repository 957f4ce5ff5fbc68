//! What was compared, the result in a sentence, and what to check before believing it.

use crate::html::{definitions, escape, shortened};
use crate::number;
use crate::sections::Section;
use crate::sections::summary::boxed;
use actinf_fit::comparison::{Comparison, EvidenceKind, FrequencyPrior};

pub(super) fn section(comparison: &Comparison) -> Section {
    let facts = definitions(&[
        ("Models", names(comparison)),
        ("Data", comparison.data.file.clone()),
        ("Subjects", subjects(comparison)),
        ("Evidence", evidence(comparison.evidence).to_string()),
        ("Prior of frequencies", prior(comparison.prior).to_string()),
    ]);
    let verdicts = [
        Some(comparison.verdict()),
        comparison.criteria_verdict(),
        comparison.family_verdict(),
        comparison.group_verdict(),
    ];
    let lead: String =
        verdicts.iter().flatten().map(|text| format!("<p class=\"lead\">{}</p>\n", escape(text))).collect();
    Section::new("summary", "Summary", format!("{facts}{lead}{}", checks(comparison)))
}

fn names(comparison: &Comparison) -> String {
    let names: Vec<String> = comparison.models.iter().map(|model| shortened(&model.name, 40)).collect();
    names.join(", ")
}

fn subjects(comparison: &Comparison) -> String {
    let (kept, out) = (comparison.subjects.len(), comparison.left_out.len());
    format!("{} compared, {} left out", number::count(kept), number::count(out))
}

/// What counted as evidence, in words.
pub(super) fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::LogEvidence => "log evidence of the fitting method",
        EvidenceKind::ImportanceSampled => "importance-sampled log evidence",
        EvidenceKind::Bic => "−BIC/2",
        EvidenceKind::Aic => "−AIC/2",
    }
}

/// The prior over frequencies, in words.
pub(super) fn prior(prior: FrequencyPrior) -> &'static str {
    match prior {
        FrequencyPrior::OnePerModel => "one count per model (as SPM)",
        FrequencyPrior::OneInTotal => "one count in total (as VBA)",
    }
}

fn checks(comparison: &Comparison) -> String {
    let risk = number::probability(comparison.selection.omnibus_risk);
    let line =
        format!("The probability that all models are equally frequent (Bayes omnibus risk) is {risk}.");
    let warnings = warnings(comparison);
    let look = if warnings.is_empty() {
        ("good", "✓", "Chance")
    } else {
        ("check", "!", "Check before you interpret")
    };
    boxed(look, &line, &warnings)
}

fn warnings(comparison: &Comparison) -> Vec<String> {
    let mut warnings = vec![];
    if !comparison.left_out.is_empty() {
        let named: Vec<String> =
            comparison.left_out.iter().take(5).map(|out| shortened(&out.id, 40)).collect();
        let more = if comparison.left_out.len() > 5 { ", ..." } else { "" };
        warnings.push(format!(
            "Left out, as a model has no evidence for them: {}{more}. The reasons are under Subjects.",
            named.join(", ")
        ));
    }
    warnings.extend(comparison.warnings());
    warnings
}
