//! `[[modalities]]`: outcome modalities with their likelihood, preferences and learning.

use super::claims::Requirement;
use super::context::Context;
use super::distribution::{cells, certain};
use super::labels::{Kind, Labels};
use super::learning;
use super::process::Declared;
use super::rules::{self, Scope, Table, Target};
use super::trial_message_passing;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::nearest_name::suggestion;
use crate::task_model::{InferenceScheme, Modality, Planning, PreferenceForm, Preferences};

pub(super) const KEYS: [&str; 9] = [
    "name",
    "outcomes",
    "meaning",
    "likelihood",
    "preferences",
    "preference_form",
    "preference_learning",
    "learning",
    "information_gain",
];

const PREFERENCE_FORMS: [(&str, PreferenceForm); 2] =
    [("log_softmax", PreferenceForm::LogSoftmax), ("utilities", PreferenceForm::Utilities)];

/// Reads the name and outcomes of a modality.
pub(super) fn labels(value: Value<'_>) -> Result<Labels, DocumentError> {
    let section = value.section(&KEYS)?;
    section.optional_text("meaning")?;
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
    let learned = section.optional("learning");
    Ok(Modality {
        name: labels.name.clone(),
        outcomes: labels.labels.clone(),
        parents: table.parents,
        learning: learned
            .map(|at| learning::of_likelihood(at, labels, &table.columns, context))
            .transpose()?,
        likelihood: table.columns,
        preferences: preferences(&section, labels, context)?,
        information_gain: section.optional("information_gain").map_or(Ok(true), Value::boolean)?,
    })
}

/// Reads preferences: cells that hold for all steps ahead, or a list of them, one for each step.
fn preferences<'a>(
    section: &Section<'a>,
    labels: &Labels,
    context: &mut Context<'a>,
) -> Result<Preferences, DocumentError> {
    let form = section.optional("preference_form");
    let form = form.map_or(Ok(PreferenceForm::LogSoftmax), |form| form.choice(&PREFERENCE_FORMS))?;
    let learned = section.optional("preference_learning");
    let Some(value) = section.optional("preferences") else {
        if let Some(at) = learned {
            return Err(at.reject("needs `preferences`, which are the counts to start with"));
        }
        let steps = vec![vec![Expression::constant(0.0); labels.len()]];
        return Ok(Preferences { form, steps, learning: None });
    };
    let requirement = if learned.is_some() { Requirement::Positive } else { Requirement::Finite };
    let by_step = steps(value)?;
    let mut steps = Vec::new();
    for (step, at) in by_step.clone().unwrap_or_else(|| vec![value]).into_iter().enumerate() {
        let preferences = cells(at, labels, context)?;
        let ahead = if by_step.is_some() { format!(" at step {} ahead", step + 1) } else { String::new() };
        let subject = format!("the preferences of {}{ahead}", labels.title());
        context.claim(at, subject, labels.labels.clone(), requirement, &preferences);
        steps.push(preferences);
    }
    let learning = learned.map(|at| learning::of_preferences(at, &steps, context)).transpose()?;
    Ok(Preferences { form, steps, learning })
}

/// The items of preferences that are given step by step; `None` if they are given once for all.
fn steps(value: Value<'_>) -> Result<Option<Vec<Value<'_>>>, DocumentError> {
    if !value.is_list() {
        return Ok(None);
    }
    let items = value.list()?;
    Ok(items.first().is_some_and(|item| item.is_list() || item.is_table()).then_some(items))
}

/// Refuses preferences given step by step for another number of steps than they are asked for, and learned ones where
/// inference does not learn them.
pub(super) fn check_preferences(
    declared: &[Declared<'_>],
    modalities: &[Modality],
    (scheme, planning): (InferenceScheme, &Planning),
) -> Result<(), DocumentError> {
    let infers_trials = matches!(scheme, InferenceScheme::TrialMessagePassing(_));
    let wanted = trial_message_passing::preference_steps(scheme, planning);
    for (declared, modality) in declared.iter().zip(modalities) {
        let section = declared.value.section(&KEYS)?;
        if let (Some(at), false) = (section.optional("preference_learning"), infers_trials) {
            return Err(at.reject("needs scheme = \"trial_message_passing\" under [inference]"));
        }
        learning::refuse_outcome_rates(section.optional("learning"), modality.learning.as_ref(), scheme)?;
        let (Some(value), Some(wanted)) = (section.optional("preferences"), wanted) else { continue };
        let given = modality.preferences.steps.len();
        if steps(value)?.is_none() || given == wanted {
            continue;
        }
        let steps = if given == 1 { "step" } else { "steps" };
        let asked = if infers_trials {
            format!("a trial has {wanted}")
        } else {
            format!("planning looks {wanted} ahead")
        };
        return Err(value.reject(format!(
            "is given for {given} {steps}, but {asked}; give a table or list for each of them, or a single one for all"
        )));
    }
    Ok(())
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
