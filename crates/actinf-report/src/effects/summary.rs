//! What was asked, the result in a sentence, and what to check before believing it.

use crate::html::{counted, definitions, escape, shortened};
use crate::number;
use crate::sections::Section;
use crate::sections::summary::{boxed, method_words};
use actinf_fit::empirical_bayes::{Conventions, Effects, EffectsRecord};

/// An effect whose probability is above this is called one.
const PROBABLE: f64 = 0.95;

pub(super) fn section(record: &EffectsRecord) -> Section {
    let effects = &record.effects;
    let facts = definitions(&[
        ("Model", record.provenance.model.clone()),
        ("Fitted by", method_words(&record.provenance.method)),
        ("Data", record.provenance.data.clone()),
        ("Design", effects.formula.clone()),
        (
            "Subjects",
            format!(
                "{}, {} left out",
                number::count(effects.subjects),
                number::count(effects.left_out.len())
            ),
        ),
        ("Log evidence", format!("{} nats", number::one_decimal(effects.log_evidence))),
    ]);
    let html = format!("{facts}<p class=\"lead\">{}</p>\n{}", escape(&lead(effects)), checks(effects));
    Section::new("summary", "Summary", html)
}

/// The effects that are probably there.
fn lead(effects: &Effects) -> String {
    let searched = effects.effects.iter().filter(|effect| effect.probability.is_some()).count();
    let found: Vec<String> = effects
        .effects
        .iter()
        .filter(|effect| effect.probability.is_some_and(|p| p > PROBABLE))
        .map(|effect| {
            format!(
                "{} on {} ({}, probability {})",
                effect.column,
                effect.coordinate,
                number::three_digits(effect.averaged_mean),
                number::probability(effect.probability.unwrap_or(f64::NAN))
            )
        })
        .collect();
    match (searched, found.as_slice()) {
        (0, _) => "The design has no effects beside the mean.".to_string(),
        (_, []) => format!("None of {} has a probability above 0.95.", counted(searched, "effect")),
        (_, found) => format!("With a probability above 0.95: {}.", found.join("; ")),
    }
}

fn checks(effects: &Effects) -> String {
    let mut warnings = vec![];
    if !effects.converged {
        warnings.push("The search for the group's parameters did not come to its end.".to_string());
    }
    if effects.conventions == Conventions::Spm {
        warnings.push(
            "SPM's formulas were used: with prior means that are not 0, its log evidence cannot be compared between designs."
                .to_string(),
        );
    }
    for out in effects.left_out.iter().take(5) {
        warnings.push(format!("{} was left out: {}.", shortened(&out.subject, 40), out.reason));
    }
    let line = "Subjects are known by normal approximations of their posteriors; nobody was fitted again.";
    let look =
        if warnings.is_empty() { ("good", "✓", "What this rests on") } else { ("check", "!", "Check") };
    boxed(look, line, &warnings)
}
