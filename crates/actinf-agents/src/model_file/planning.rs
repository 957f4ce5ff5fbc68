//! `[planning]`.

use super::claims::Requirement;
use super::context::Context;
use super::{induction, monte_carlo_tree_search, policies, sophistication};
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::schema::Schema;
use crate::task_model::{Factor, Modality, Planning, TermWeights};

const KEYS: [&str; 10] = [
    "horizon",
    "policies",
    "utility",
    "state_information_gain",
    "likelihood_information_gain",
    "transition_information_gain",
    "inductive_value",
    "induction",
    "sophistication",
    "monte_carlo_tree_search",
];

/// Reads `[planning]`, all of whose keys have defaults.
pub(super) fn planning<'a>(
    root: &Section<'a>,
    schema: &Schema,
    (factors, modalities): (&[Factor], &[Modality]),
    context: &mut Context<'a>,
) -> Result<Planning, DocumentError> {
    let section = root.optional("planning").map(|value| value.section(&KEYS)).transpose()?;
    let at = |key: &str| section.as_ref().and_then(|section| section.optional(key));
    let horizon = at("horizon").map_or(Ok(1), |horizon| horizon.count(1))?;
    let policies = policies::read(at("policies"), at("horizon").unwrap_or(root.value()), schema, horizon)?;
    let induction = at("induction").map(|value| induction::read(value, factors)).transpose()?;
    let sophistication = at("sophistication")
        .map(|value| sophistication::read(value, at("horizon"), &policies, modalities))
        .transpose()?;
    let monte_carlo_tree_search = at("monte_carlo_tree_search")
        .map(|value| monte_carlo_tree_search::read(value, at("horizon"), &policies, modalities))
        .transpose()?;
    if let (Some(_), Some(second)) = (&sophistication, at("monte_carlo_tree_search")) {
        return Err(second.reject("is a second way to plan beside [planning.sophistication]; keep one"));
    }
    let mut weight = |key: &str, default: f64| match at(key) {
        None => Ok(Expression::constant(default)),
        Some(value) => context.scalar(value, Requirement::Finite),
    };
    let weights = TermWeights {
        utility: weight("utility", 1.0)?,
        state_information_gain: weight("state_information_gain", 1.0)?,
        likelihood_information_gain: weight("likelihood_information_gain", 0.0)?,
        transition_information_gain: weight("transition_information_gain", 0.0)?,
        inductive_value: weight("inductive_value", if induction.is_some() { 1.0 } else { 0.0 })?,
    };
    if let Some(section) = &section {
        refuse_idle_weights(section, induction.is_some(), factors, modalities)?;
    }
    Ok(Planning { horizon, policies, weights, induction, sophistication, monte_carlo_tree_search })
}

/// Refuses weights of terms that have nothing to be about.
fn refuse_idle_weights(
    section: &Section<'_>,
    has_goals: bool,
    factors: &[Factor],
    modalities: &[Modality],
) -> Result<(), DocumentError> {
    let learns_likelihood = modalities.iter().any(|m| m.learning.is_some() && m.information_gain);
    let learns_transitions = factors.iter().any(|f| f.transition_learning.is_some());
    for (key, has_object, object) in [
        (
            "likelihood_information_gain",
            learns_likelihood,
            "a modality with `learning` whose `information_gain` is not false",
        ),
        ("transition_information_gain", learns_transitions, "a factor with `transition_learning`"),
        ("inductive_value", has_goals, "goals under [planning.induction]"),
    ] {
        if let (Some(value), false) = (section.optional(key), has_object) {
            return Err(value.reject(format!("needs {object}; without it there is nothing to weigh")));
        }
    }
    Ok(())
}
/// The number at `value`, which must be from `least` to `most`.
pub(super) fn number_between(value: Value<'_>, least: f64, most: f64) -> Result<f64, DocumentError> {
    let number = value.number()?;
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(value.reject(if most == f64::INFINITY {
        format!("must be at least {least}, not {number}")
    } else {
        format!("must be from {least} to {most}, not {number}")
    }))
}
