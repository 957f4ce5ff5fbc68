//! `[[modalities]]`: outcome modalities with their likelihood, preferences and learning.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::{cells, certain};
use super::labels::{Kind, Labels};
use super::learning;
use super::rules::{self, Scope, Table, Target};
use crate::document::{DocumentError, Value};
use crate::expression::Expression;
use crate::nearest_name::suggestion;
use crate::task_model::{Modality, PreferenceForm, Preferences};

pub(super) const KEYS: [&str; 6] =
    ["name", "outcomes", "likelihood", "preferences", "learning", "information_gain"];

/// Reads the name and outcomes of a modality.
pub(super) fn labels(value: Value<'_>) -> Result<Labels, DocumentError> {
    let section = value.section(&KEYS)?;
    Labels::read(Kind::Modality, section.required("name")?, section.required("outcomes")?)
}

/// Reads the modality with these `labels`.
pub(super) fn modality<'a>(
    value: Value<'a>,
    labels: &Labels,
    scope: Scope<'_>,
    context: &mut Context<'a>,
) -> Result<Modality, DocumentError> {
    let section = value.section(&KEYS)?;
    let table = likelihood(section.required("likelihood")?, labels, scope, context)?;
    let preferences = match section.optional("preferences") {
        None => vec![Expression::constant(0.0); labels.len()],
        Some(at) => {
            let preferences = cells(at, labels, context)?;
            let subject = format!("the preferences of {}", labels.title());
            context.claim(at, subject, labels.labels.clone(), Requirement::Finite, &preferences);
            preferences
        }
    };
    Ok(Modality {
        name: labels.name.clone(),
        outcomes: labels.labels.clone(),
        parents: table.parents,
        likelihood: table.columns,
        preferences: Preferences { form: PreferenceForm::LogSoftmax, steps: vec![preferences] },
        information_gain: section.optional("information_gain").map_or(Ok(true), Value::boolean)?,
        learning: section.optional("learning").map(|at| learning::of_table(at, context)).transpose()?,
    })
}

/// Reads a likelihood: a list of rules, or `{ observes = "factor" }`.
pub(super) fn likelihood<'a>(
    value: Value<'a>,
    labels: &Labels,
    scope: Scope<'_>,
    context: &mut Context<'a>,
) -> Result<Table, DocumentError> {
    if value.is_table() {
        return observes(value.section(&["observes"])?.required("observes")?, labels, scope);
    }
    if !value.is_list() {
        return Err(value.reject(format!(
            "must be a list of rules or {{ observes = \"factor\" }}, not {}",
            value.kind()
        )));
    }
    let target = Target { labels, moves: None, subject: format!("the likelihood of {}", labels.title()) };
    rules::read(value, scope, &target, context)
}

fn observes(value: Value<'_>, labels: &Labels, scope: Scope<'_>) -> Result<Table, DocumentError> {
    let name = value.text()?;
    let Some(parent) = scope.factors.iter().position(|factor| factor.name == name) else {
        let names: Vec<&str> = scope.factors.iter().map(|factor| factor.name.as_str()).collect();
        let hint = suggestion(name, &names, "The factors are");
        return Err(value.error(format!("there is no factor `{name}`{hint}")));
    };
    let states = &scope.factors[parent].labels;
    let outcome = |state: &String| labels.labels.iter().position(|label| label == state);
    let seen: Option<Vec<usize>> = states.iter().map(outcome).collect();
    let Some(seen) = seen.filter(|seen| seen.len() == labels.len()) else {
        return Err(value.error(format!(
            "{} observes factor `{name}`, so its outcomes must be the factor's states: {}",
            labels.title(),
            states.join(", ")
        )));
    };
    let columns = seen.into_iter().map(|outcome| certain(outcome, labels.len())).collect();
    Ok(Table { controls: vec![], parents: vec![parent], columns })
}
