//! The effects as they are printed.

use crate::commands::aligned::aligned;
use crate::output::first_ones;
use actinf_fit::empirical_bayes::{Conventions, Effects, EffectsRecord, Prediction};
use actinf_fit::probability_text;

/// Models listed at most.
const MODELS: usize = 3;

/// Who took part, the effects, the variability, the best models, and what could be predicted.
pub(super) fn summary(record: &EffectsRecord) -> String {
    let effects = &record.effects;
    let formulas = match effects.conventions {
        Conventions::Exact => "",
        Conventions::Spm => "; SPM's formulas",
    };
    let mut text = format!(
        "{}: {} subjects{}; design {}{formulas}; log evidence {:.2}{}\n\n{}\n{}\n{}",
        record.provenance.model,
        effects.subjects,
        left_out(effects),
        effects.formula,
        effects.log_evidence,
        if effects.converged { "" } else { " (the search did not come to an end)" },
        table(effects),
        variability(effects),
        models(effects),
    );
    if let Some(prediction) = &effects.prediction {
        text.push_str(&predicted(prediction));
    }
    if !effects.straightened.is_empty() {
        text.push_str(&format!(
            "The posterior is wider than the prior along some direction for {} of {} subjects ({}): the likelihood is \
             taken as straight there\n",
            effects.straightened.len(),
            effects.subjects,
            few(&effects.straightened)
        ));
    }
    let out = effects.left_out.iter().map(|out| format!("subject {} left out: {}", out.subject, out.reason));
    text.push_str(&first_ones(&out.collect::<Vec<_>>(), "effects.json"));
    text.trim_end().to_owned() + "\n\n"
}

/// The first names of a list.
fn few(names: &[String]) -> String {
    const MOST: usize = 5;
    let more = if names.len() > MOST { ", ..." } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}

fn left_out(effects: &Effects) -> String {
    match effects.left_out.len() {
        0 => String::new(),
        number => format!(" ({number} left out)"),
    }
}

fn table(effects: &Effects) -> String {
    let heading = ["parameter", "column", "effect", "sd", "probability", "average", "sd of average"];
    let mut rows = vec![heading.map(String::from)];
    for effect in &effects.effects {
        rows.push([
            effect.coordinate.clone(),
            effect.column.clone(),
            format!("{:.3}", effect.mean),
            format!("{:.3}", effect.sd),
            effect.probability.map_or("-".to_string(), probability_text),
            format!("{:.3}", effect.averaged_mean),
            format!("{:.3}", effect.averaged_sd),
        ]);
    }
    aligned(&rows)
}

fn variability(effects: &Effects) -> String {
    let mut rows = vec![["differences between people", "sd", "expected"].map(String::from)];
    for of in &effects.variability {
        rows.push([of.coordinate.clone(), format!("{:.3}", of.sd), format!("{:.3}", of.expected_sd)]);
    }
    aligned(&rows)
}

fn models(effects: &Effects) -> String {
    if effects.models.len() < 2 {
        return String::new();
    }
    let mut rows = vec![["most probable models", "log evidence", "probability"].map(String::from)];
    for model in effects.models.iter().take(MODELS) {
        let without = match model.without.as_slice() {
            [] => "with all effects".to_string(),
            off => format!("without {}", off.join(", ")),
        };
        rows.push([without, change(model.log_evidence_change), probability_text(model.probability)]);
    }
    format!("{}\n", aligned(&rows))
}

/// A change with its sign, none where it rounds to nothing.
fn change(nats: f64) -> String {
    if nats.abs() < 0.005 { "0.00".to_owned() } else { format!("{nats:+.2}") }
}

fn predicted(prediction: &Prediction) -> String {
    let correlation =
        prediction.correlation.map_or("undefined".to_string(), |correlation| format!("{correlation:.3}"));
    let mut text = format!(
        "Leave-one-out prediction of {}: correlation of predicted and true values {correlation}",
        prediction.column
    );
    if prediction.levels <= 8 && prediction.levels < prediction.people.len() {
        text.push_str(&format!(
            "; {:.0} % of {} people put with the right ones of {} values",
            100.0 * prediction.accuracy,
            prediction.people.len(),
            prediction.levels
        ));
    }
    text.push('\n');
    text
}
