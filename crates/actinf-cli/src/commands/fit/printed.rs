//! A fit as it is printed at its end.

use super::population;
use crate::output::{first_ones, visible};
use actinf_fit::{Outcome, Results, SubjectFit, Verdict};

/// How many were fitted, their estimates and verdicts, and who could not be.
pub(super) fn summary(results: &Results) -> String {
    let subjects = &results.record.subjects;
    let mut fits: Vec<&SubjectFit> = Vec::new();
    for subject in subjects {
        if let Outcome::Fitted(fit) = &subject.outcome {
            fits.push(fit);
        }
    }
    let mut text = format!(
        "{}: {} of {} subjects fitted in {} ({} converged)\n\n",
        results.record.model.name,
        fits.len(),
        subjects.len(),
        seconds(results.record.provenance.wall_seconds),
        fits.iter().filter(|fit| fit.convergence.converged).count(),
    );
    text.push_str(&estimates(&fits));
    if let Some(found) = &results.record.population {
        text.push_str(&population::summary(found));
    }
    text.push_str(&verdicts(&fits));
    let failures: Vec<String> = failures(results).collect();
    text + &first_ones(&failures, "subjects.csv")
}

fn seconds(wall: f64) -> String {
    if wall < 0.05 { "less than 0.1 s".to_owned() } else { format!("{wall:.1} s") }
}

/// Who could not be fitted, and why.
pub(super) fn failures(results: &Results) -> impl Iterator<Item = String> {
    results.record.subjects.iter().filter_map(|subject| match &subject.outcome {
        Outcome::Failed { reason } => Some(visible(&format!("subject {} failed: {reason}", subject.id))),
        Outcome::Fitted(_) => None,
    })
}

fn estimates(fits: &[&SubjectFit]) -> String {
    let Some(first) = fits.first() else { return String::new() };
    let width = first.estimates.iter().map(|estimate| estimate.parameter.len()).max().unwrap_or(0);
    let mut text = format!(
        "{:<width$}  {:>9}  {:>9}  {:>9}  {:>11}\n",
        "parameter", "lower 10 %", "median", "upper 10 %", "contraction"
    );
    for (k, estimate) in first.estimates.iter().enumerate() {
        let column = |read: &dyn Fn(&SubjectFit) -> Option<f64>| -> Vec<f64> {
            let mut values: Vec<f64> = fits.iter().filter_map(|fit| read(fit)).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let estimates = column(&|fit| Some(fit.estimates[k].estimate));
        let contractions = column(&|fit| fit.estimates[k].contraction);
        text.push_str(&format!(
            "{:<width$}  {:>10}  {:>9}  {:>10}  {:>11}\n",
            estimate.parameter,
            at(&estimates, 0.1),
            at(&estimates, 0.5),
            at(&estimates, 0.9),
            at(&contractions, 0.5),
        ));
    }
    text + &likelihood(fits)
}

/// How well actions are predicted, and by chance.
fn likelihood(fits: &[&SubjectFit]) -> String {
    let actions: usize = fits.iter().map(|fit| fit.actions).sum();
    let log_likelihood: f64 = fits.iter().map(|fit| fit.log_likelihood.actions).sum();
    let chance: f64 = fits.iter().map(|fit| fit.chance_log_likelihood).sum();
    let per_action = |nats: f64| nats / (actions.max(1) as f64);
    format!(
        "\nLog-likelihood per action {:.4} nats (random responder {:.4}); {} of {} subjects above chance\n\n",
        per_action(log_likelihood),
        per_action(chance),
        fits.iter().filter(|fit| fit.log_likelihood.actions > fit.chance_log_likelihood).count(),
        fits.len(),
    )
}

/// How many subjects got which verdict, the most frequent first.
fn verdicts(fits: &[&SubjectFit]) -> String {
    let mut counts: Vec<(usize, &str)> = Vec::new();
    for words in fits.iter().map(|fit| fit.verdict.words()) {
        match counts.iter_mut().find(|(_, known)| *known == words) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, words)),
        }
    }
    counts.sort_by_key(|&(count, words)| (std::cmp::Reverse(count), words));
    let listed: Vec<String> = counts.iter().map(|(count, words)| format!("{count} {words}")).collect();
    match counts.as_slice() {
        [] => String::new(),
        [(_, words)] if *words == Verdict::WellDetermined.words() => {
            format!("Verdicts  {}\n\n", listed.join(", "))
        }
        _ => format!("Verdicts  {} (why: `verdict_reason` in subjects.csv)\n\n", listed.join(", ")),
    }
}

/// The entry of a sorted list at a share of its length, to three digits.
fn at(sorted: &[f64], share: f64) -> String {
    let index = (share * (sorted.len().saturating_sub(1)) as f64).round() as usize;
    sorted.get(index).map_or("-".to_string(), |value| format!("{value:.3}"))
}
