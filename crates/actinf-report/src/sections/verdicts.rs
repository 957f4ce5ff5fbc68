//! What the estimates are worth: verdicts with their reasons, the error of Laplace's method and profile intervals.

use super::{NOBODY, Section};
use crate::Error;
use crate::html::{counted, heading, paragraph};
use crate::number;
use crate::statistics::{median, summary};
use crate::study::{Fitted, Study};
use crate::table::{Cell, Table};
use actinf_fit::{ImportanceSampling, Profile, ProfileEnd, Verdict};

/// Weights with a larger Pareto k say nothing reliable.
const GOOD_PARETO_K: f64 = 0.7;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("verdicts", "What the estimates are worth");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let html = format!("{}{}{}", verdicts(study), evidence(study), profiles(study));
    Ok(Section::new(id, title, html))
}

fn verdicts(study: &Study) -> String {
    let counts = counts(study);
    let meanings: String = counts.iter().map(|(verdict, _)| meaning(*verdict)).collect();
    let caption = format!("Subjects that are not well determined, and why.{meanings}");
    let mut table = Table::new(caption, &["subject", "verdict", "why"]).sortable();
    for subject in study.fitted.iter().filter(|subject| subject.fit.verdict != Verdict::WellDetermined) {
        let fit = subject.fit;
        table.row(vec![
            Cell::text(&subject.record.id),
            Cell::text(fit.verdict.words()),
            Cell::text(&fit.verdict_reason),
        ]);
    }
    let line = format!("Of {}: {}.", counted(study.fitted.len(), "fitted subject"), in_words(study));
    format!("{}{}{}", heading("Verdicts"), paragraph(&line), table.html())
}

/// The verdicts that occur, with how many subjects have them, the most frequent first.
fn counts(study: &Study) -> Vec<(Verdict, usize)> {
    let mut counts: Vec<(Verdict, usize)> = vec![];
    for verdict in study.fitted.iter().map(|subject| subject.fit.verdict) {
        match counts.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, count)) => *count += 1,
            None => counts.push((verdict, 1)),
        }
    }
    counts.sort_by_key(|&(verdict, count)| (std::cmp::Reverse(count), verdict.words()));
    counts
}

/// `28 well determined, 12 weakly determined`.
pub(crate) fn in_words(study: &Study) -> String {
    let listed = counts(study);
    let listed =
        listed.iter().map(|(verdict, count)| format!("{} {}", number::count(*count), verdict.words()));
    listed.collect::<Vec<_>>().join(", ")
}

/// What a verdict says, as a sentence that follows another.
fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::WellDetermined => "",
        Verdict::WeaklyDetermined => {
            " Weakly determined: the data take away less than half of the prior variance of a parameter."
        }
        Verdict::Flat => " Flat: the likelihood does not change along some direction.",
        Verdict::SeveralOptima => " Several optima: a different estimate explains the data about as well.",
        Verdict::AtABound => " At a bound: an estimate lies at the end of its range.",
        Verdict::Unbounded => " Unbounded: the likelihood keeps rising towards infinity.",
        Verdict::NoInformation => " No information: the data say nothing about any parameter.",
        Verdict::NotConverged => " Not converged: the search, or the draws, did not come to their end.",
    }
}

fn sampled<'a>(subject: &Fitted<'a>) -> Option<&'a ImportanceSampling> {
    subject.fit.importance_sampling.as_ref()
}

fn evidence(study: &Study) -> String {
    let mut table = Table::new(
        "Log evidence by importance sampling, in nats: its Monte Carlo error, the difference of Laplace's method from \
         it, how many independent draws it is worth, and the Pareto k of the weights (below 0.7: good).",
        &["subject", "log evidence", "Monte Carlo error", "Laplace minus this", "effective draws", "Pareto k"],
    )
    .sortable();
    for (subject, sampled) in study.fitted.iter().filter_map(|subject| Some((subject, sampled(subject)?))) {
        table.row(vec![
            Cell::text(&subject.record.id),
            Cell::shown(sampled.log_evidence, number::one_decimal(sampled.log_evidence)),
            Cell::number(sampled.standard_error),
            Cell::number(sampled.laplace_error),
            Cell::number(sampled.effective_draws),
            Cell::optional(sampled.pareto_k),
        ]);
    }
    let table = table.html();
    if table.is_empty() {
        return table;
    }
    format!("{}{}{table}", heading("The error of Laplace's method"), paragraph(&evidence_in_words(study)))
}

fn evidence_in_words(study: &Study) -> String {
    let of = |value: fn(&ImportanceSampling) -> f64| -> Vec<f64> {
        study.fitted.iter().filter_map(sampled).map(value).collect()
    };
    let errors = of(|sampled| sampled.laplace_error);
    let good = |sampled: &&ImportanceSampling| sampled.pareto_k.is_some_and(|k| k < GOOD_PARETO_K);
    let reliable = study.fitted.iter().filter_map(sampled).filter(good).count();
    format!(
        "Laplace's log evidence differs from that of importance sampling by {} nats on average (median {}); differences of \
         models smaller than that are not for Laplace's method to tell. The weights are good (Pareto k below 0.7) for \
         {} of {}.",
        number::three_digits(summary(&errors).mean),
        median(&errors).map_or(number::ABSENT.to_string(), number::three_digits),
        number::count(reliable),
        counted(errors.len(), "subject"),
    )
}

fn profiles(study: &Study) -> String {
    let mut table = Table::new(
        "Profile intervals, from the shape of the likelihood (or posterior) itself. Open: it does not fall enough before the \
         end of the support.",
        &["subject", "parameter", "50 %", "80 %", "95 %"],
    )
    .sortable();
    for (subject, profile) in
        study.fitted.iter().flat_map(|subject| subject.fit.profiles.iter().map(move |p| (subject, p)))
    {
        table.row(profile_row(&subject.record.id, profile));
    }
    let table = table.html();
    if table.is_empty() { table } else { format!("{}{table}", heading("Profile intervals")) }
}

fn profile_row(subject: &str, profile: &Profile) -> Vec<Cell> {
    let end = |end: &ProfileEnd| match end {
        ProfileEnd::At(value) => number::three_digits(*value),
        ProfileEnd::Open => "open".to_string(),
        ProfileEnd::Unknown(_) => "unknown".to_string(),
    };
    let mut cells = vec![Cell::text(subject), Cell::code(&profile.parameter)];
    let interval = |i: &actinf_fit::ProfileInterval| format!("{} to {}", end(&i.lower), end(&i.upper));
    cells.extend(profile.intervals.iter().map(|i| Cell::text(interval(i))));
    cells
}
