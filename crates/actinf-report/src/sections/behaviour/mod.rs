//! Whether the model behaves like the people: predictive checks on behaviour.

mod figures;
mod tables;

use super::{NOBODY, Section, gallery};
use crate::checked_rates::{CheckedRates, distance};
use crate::html::{counted, escape, paragraph};
use crate::number::three_digits;
use crate::study::Study;
use crate::{Error, number};
use actinf_fit::predictive_checks::{GroupCheck, RateCheck};
use figures::{figures, groups};
use tables::{people, rates_table};

/// The most deviations named.
const NAMED: usize = 6;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("behaviour", "Does the model behave like the people?");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let record = &study.results.record;
    let Some(checks) = record.predictive_checks.as_ref().filter(|checks| !checks.checks.is_empty()) else {
        let none = "The fit was not checked against behaviour (predictive_checks = false in the fit file), or there is \
                    nothing to check.";
        return Ok(Section::new(id, title, paragraph(none)));
    };
    let rates = CheckedRates::new(checks, &record.model.schema);
    let groups = groups(study, &rates);
    let (figures, left_out) = figures(study, &rates, &groups)?;
    let html = format!(
        "<p class=\"lead\">{}</p>\n{}{}{}{}{}",
        escape(&verdict(&rates)),
        deviations(&rates),
        paragraph(&how_to_read(&rates, left_out)),
        gallery(&figures),
        rates_table(&rates),
        people(study, &rates)
    );
    Ok(Section { id, title, html, figures })
}

/// How many rates of everybody are outside, of how many.
fn outside(rates: &CheckedRates) -> (usize, usize) {
    let all: Vec<&GroupCheck> = rates.shown().filter_map(|(_, check)| check.everybody()).collect();
    (all.iter().filter(|check| check.is_outside()).count(), all.len())
}

/// What to check before believing the model, where it deviates in more respects than chance explains.
pub(super) fn warning(study: &Study) -> Option<String> {
    let record = &study.results.record;
    let rates = CheckedRates::new(record.predictive_checks.as_ref()?, &record.model.schema);
    let (outside, all) = outside(&rates);
    (outside > 1 && 10 * outside > all).then(|| {
        format!(
            "In {outside} of {all} respects the model does not behave like the people: see “Does the model behave like the \
             people?”."
        )
    })
}

/// What a Methods section says of the checks; nothing where there are none.
pub(super) fn methods(study: &Study) -> String {
    let record = &study.results.record;
    let Some(checks) = record.predictive_checks.as_ref().filter(|checks| !checks.checks.is_empty()) else {
        return String::new();
    };
    let (outside, all) = outside(&CheckedRates::new(checks, &record.model.schema));
    format!(
        " Posterior predictive checks (Gelman et al., 1996) compared rates of choices, of switching and of repeating an action after \
         each outcome with {} replicates per subject, drawn with {} draws of the parameters one step ahead of the recorded \
         history; {outside} of {all} observed rates lay outside the 95 % band of the replicates.",
        number::count(checks.replicates),
        number::count(checks.parameter_draws)
    )
}

fn verdict(rates: &CheckedRates) -> String {
    let (outside, all) = outside(rates);
    let chance =
        format!("chance alone would put at most about {} there", number::one_decimal(0.05 * all as f64));
    match outside {
        0 => format!(
            "In none of {all} respects does what people did lie outside the 95 % band of what the model predicts ({chance})."
        ),
        _ => format!(
            "In {outside} of {all} respects what people did lies outside the 95 % band of what the model predicts ({chance})."
        ),
    }
}

/// What deviates, in sentences: the farthest first.
fn deviations(rates: &CheckedRates) -> String {
    let mut found: Vec<(&RateCheck, &GroupCheck)> = vec![];
    for (_, check) in rates.shown() {
        let everybody = check.everybody().filter(|all| all.is_outside());
        found.extend(everybody.map(|all| (check, all)));
        let own = check.groups.iter().skip(1).filter(|group| group.is_outside());
        found.extend(own.filter(|_| everybody.is_none()).map(|group| (check, group)));
    }
    found.sort_by(|a, b| distance(b.1).total_cmp(&distance(a.1)));
    let items: String = found
        .iter()
        .take(NAMED)
        .map(|(check, group)| format!("<li>{}</li>\n", escape(&deviation(rates, check, group))))
        .collect();
    let more = match found.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => paragraph(&format!("{more} more are in the table below.")),
    };
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n{more}") }
}

fn deviation(rates: &CheckedRates, check: &RateCheck, group: &GroupCheck) -> String {
    let who = group.group.as_ref().map_or("People".to_string(), |group| format!("In group {group}, people"));
    let direction = if group.observed > group.predicted { "more" } else { "less" };
    format!(
        "{who} {} {direction} often than the model predicts: a rate of {} against {} {} (p {}).",
        rates.words(&check.rate),
        three_digits(group.observed),
        three_digits(group.predicted),
        number::interval(group.band_95[0], group.band_95[1]),
        match p_value(group.p, rates.checks.replicates) {
            text if text.starts_with(['<', '>']) => text,
            text => format!("= {text}"),
        }
    )
}

/// A p value to the digits that so many replicates give.
fn p_value(p: f64, replicates: usize) -> String {
    let least = 1.0 / replicates.max(1) as f64;
    match p {
        p if p < least => format!("< {least:.3}"),
        p if p > 1.0 - least => format!("> {:.3}", 1.0 - least),
        p => format!("{p:.3}"),
    }
}

fn how_to_read(rates: &CheckedRates, left_out: usize) -> String {
    let checks = rates.checks;
    let mut text = format!(
        "The behaviour of every subject was drawn again {} times, with {} draws of the parameters from the subject's posterior, \
         each action given what the person saw and did so far. So these are checks one step ahead: they ask whether the model \
         predicts the next action in these respects, not whether it would produce such a history by itself. p is the share of \
         replicates above the observed rate (ties counted half): near 0 people do it more often than the model, near 1 less \
         (Gelman, Meng & Stern, 1996). It is conservative, because the data serve twice, to fit and to check: what it finds \
         is there, and what it does not find may still be.",
        number::count(checks.replicates),
        number::count(checks.parameter_draws)
    );
    if checks.at_estimate > 0 {
        text.push_str(&format!(
            " Without a covariance, {} replicated at the estimate alone.",
            was(checks.at_estimate)
        ));
    }
    if let Some(first) = checks.unchecked.first() {
        text.push_str(&format!(
            " {} not replicated (the first, {}: {}).",
            was(checks.unchecked.len()),
            first.subject,
            first.reason
        ));
    }
    if left_out > 0 {
        text.push_str(&format!(
            " {} not drawn; their numbers are in the table.",
            counted(left_out, "figure")
        ));
    }
    text
}

fn was(count: usize) -> String {
    format!("{} {}", counted(count, "subject"), if count == 1 { "was" } else { "were" })
}

/// The label of a group's check.
fn label(group: Option<&str>) -> &str {
    group.unwrap_or("everybody")
}
