//! The header: what was fitted to what, the result in a sentence, and what to check before believing it.

use super::Section;
use crate::group::{Headlines, is_trusted};
use crate::html::{counted, definitions, escape};
use crate::number;
use crate::plots::chance;
use crate::statistics::median;
use crate::study::{Component, Fitted, Study};
use crate::{Error, html};

/// Below this median contraction, a parameter's estimates are mostly its prior.
const LITTLE_SAID: f64 = 0.1;
/// The most effects on a population that stand in the summary.
const HEADLINES: usize = 5;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let record = &study.results.record;
    let facts = definitions(&[
        ("Model", record.model.name.clone()),
        ("Data", record.data.file.clone()),
        ("Subjects", subjects(study)),
        ("Method", method_words(&record.method.name)),
        ("Free parameters", counted(study.components.len(), "parameter")),
        ("Estimates", super::verdicts::in_words(study)),
    ]);
    let html = if study.fitted.is_empty() {
        format!("{facts}{}", nobody(study))
    } else {
        let group = group(study);
        format!("{facts}{group}<p class=\"lead\">{}</p>\n{}", escape(&result(study)), verdict(study))
    };
    Ok(Section::new("summary", "Summary", html))
}

/// A method's name in fit files as words: `laplace_approximation` is "Laplace approximation".
pub(crate) fn method_words(name: &str) -> String {
    let words = name.replace("no_u_turn", "no-U-turn").replace('_', " ");
    words.replace("laplace", "Laplace").replace("bayesian", "Bayesian")
}

fn subjects(study: &Study) -> String {
    format!("{} fitted, {} failed", number::count(study.fitted.len()), number::count(study.failed.len()))
}

fn result(study: &Study) -> String {
    let typical = |property: fn(&Fitted) -> f64| {
        median(&study.values(property)).map_or(number::ABSENT.to_string(), number::three_digits)
    };
    let above = study.how_many(|subject| subject.fit.pseudo_r2 > 0.0);
    format!(
        "At its estimates the model gives the action taken a typical probability of {} (median over subjects; chance \
         {}; pseudo-R² {}), and describes {} of {} better than chance.",
        typical(|subject| subject.fit.likelihood_per_action),
        typical(chance),
        typical(|subject| subject.fit.pseudo_r2),
        number::count(above),
        counted(study.fitted.len(), "fitted subject"),
    )
}

/// The clear effects on the population.
fn group(study: &Study) -> String {
    let Some(population) = &study.population else { return String::new() };
    let headlines = Headlines::new(population);
    let Some(count) = headlines.count() else { return String::new() };
    let items = headlines.clear_list(HEADLINES);
    format!("{items}<p>{} <a href=\"#effects\">All effects</a></p>\n", escape(&count))
}

/// What stands here when no subject was fitted.
fn nobody(study: &Study) -> String {
    let reason = study.failed.first().map_or(String::new(), |failure| {
        format!(" The first, {}: {}.", html::shortened(&failure.record.id, 40), failure.reason)
    });
    let text = format!("None of {} could be fitted.{reason}", counted(study.failed.len(), "subject"));
    let action = "All reasons are listed under Subjects; correct the data or the fit file and fit again.";
    boxed(("check", "!", "No result"), &text, &[action.to_string()])
}

/// Whether everybody's convergence is that of the chains of one sampler, not of searches from several starts.
fn is_sampled(study: &Study) -> bool {
    study.population.as_ref().is_some_and(|population| population.record.sampling.is_some())
}

/// The state of convergence in a line, and a list of what asks for a look.
fn verdict(study: &Study) -> String {
    let n = study.fitted.len();
    let converged = study.how_many(|subject| subject.fit.convergence.converged);
    let several = study.how_many(|subject| subject.fit.convergence.starts > 1);
    let agreeing = study.how_many(|s| s.fit.convergence.starts > 1 && s.fit.convergence.starts_agreeing > 1);
    let mut line = format!("{} of {} converged", number::count(converged), counted(n, "fitted subject"));
    if several > 0 && !is_sampled(study) {
        line.push_str(&format!(
            "; for {} of {} at least two starts reached the same best optimum",
            number::count(agreeing),
            number::count(several)
        ));
    }
    line.push('.');
    let warnings = warnings(study);
    let look = if warnings.is_empty() {
        ("good", "✓", "Convergence")
    } else {
        ("check", "!", "Check before you interpret")
    };
    boxed(look, &line, &warnings)
}

/// A box with a mark, a title, a sentence and a list.
pub(crate) fn boxed((class, mark, title): (&str, &str, &str), text: &str, items: &[String]) -> String {
    let list: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
    let list = if list.is_empty() { list } else { format!("<ul>\n{list}</ul>\n") };
    format!(
        "<div class=\"verdict {class}\">\n<p><span class=\"mark\" aria-hidden=\"true\">{mark}</span><b>{title}.</b> \
         {}</p>\n{list}</div>\n",
        escape(text)
    )
}

fn warnings(study: &Study) -> Vec<String> {
    let mut warnings = vec![];
    if study.population.as_ref().is_some_and(|population| !is_trusted(population)) {
        let where_to_look =
            "The estimation of the group asks for action: see “Can the group results be trusted?”.";
        warnings.push(where_to_look.to_string());
    }
    if !study.failed.is_empty() {
        let named: Vec<String> =
            study.failed.iter().take(5).map(|failure| html::shortened(&failure.record.id, 40)).collect();
        let more = if study.failed.len() > 5 { ", ..." } else { "" };
        warnings.push(format!(
            "{} could not be fitted and {} in no figure or mean: {}{more}. The reasons are under Subjects.",
            counted(study.failed.len(), "subject"),
            if study.failed.len() == 1 { "is" } else { "are" },
            named.join(", ")
        ));
    }
    let unconverged = study.how_many(|subject| !subject.fit.convergence.converged);
    if unconverged > 0 {
        warnings.push(format!(
            "{} did not converge: read their intervals and evidence with care (rings in the figures).",
            counted(unconverged, "subject")
        ));
    }
    let alone = study.how_many(|s| s.fit.convergence.starts > 1 && s.fit.convergence.starts_agreeing <= 1);
    if alone > 0 && !is_sampled(study) {
        warnings.push(format!(
            "For {} only one start reached the best optimum: more starts may find a better one.",
            counted(alone, "subject")
        ));
    }
    warnings.extend(super::behaviour::warning(study));
    warnings.extend(bound_warning(study));
    warnings.extend(study.components.iter().filter_map(|component| prior_warning(study, component)));
    warnings
}

fn bound_warning(study: &Study) -> Option<String> {
    let count = |component: &Component| {
        study.how_many(|subject| subject.estimate(&component.name).is_some_and(|estimate| estimate.at_bound))
    };
    let counts: Vec<(usize, String)> = study.components.iter().map(|c| (count(c), c.title())).collect();
    let listed: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, title)| format!("{title} ({count})"))
        .collect();
    (!listed.is_empty()).then(|| format!("Estimates at a bound of their support: {}.", listed.join(", ")))
}

fn prior_warning(study: &Study, component: &Component) -> Option<String> {
    let contraction =
        |s: &Fitted| s.estimate(&component.name).and_then(|e| e.contraction).unwrap_or(f64::NAN);
    let median = median(&study.values(contraction)).filter(|median| *median < LITTLE_SAID)?;
    Some(format!(
        "{}: the data say little (median contraction {}), so its estimates are mostly the prior's.",
        component.title(),
        number::three_digits(median)
    ))
}
