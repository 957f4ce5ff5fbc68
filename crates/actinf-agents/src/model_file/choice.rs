//! `[choice]`: how actions follow from policies.

use super::claims::Requirement;
use super::context::Context;
use super::learning;
use super::policies::labelled_joint_action;
use crate::document::{DocumentError, Entry, Section, Value};
use crate::expression::Expression;
use crate::schema::Schema;
use crate::task_model::{ActionSelection, Choice, Distribution, Form, MissingAction, Planning};

const KEYS: [&str; 7] = [
    "policy_precision",
    "action_precision",
    "lapse",
    "habits",
    "habit_learning",
    "selection",
    "missing_action",
];

/// Reads `[choice]`, all of whose keys have defaults.
pub(super) fn choice<'a>(
    value: Option<Value<'a>>,
    schema: &Schema,
    planning: &Planning,
    context: &mut Context<'a>,
) -> Result<Choice, DocumentError> {
    let section = value.map(|value| value.section(&KEYS)).transpose()?;
    let at = |key: &str| section.as_ref().and_then(|section: &Section<'a>| section.optional(key));
    let mut scalar = |key: &str, default: f64, requirement: Requirement| match at(key) {
        None => Ok(Expression::constant(default)),
        Some(value) => context.scalar(value, requirement),
    };
    let policy_precision = scalar("policy_precision", 1.0, Requirement::NotNegative)?;
    let action_precision = scalar("action_precision", 1.0, Requirement::NotNegative)?;
    let lapse = scalar("lapse", 0.0, Requirement::Probability)?;
    let selections = [
        ("policy", ActionSelection::Policy),
        ("joint_action", ActionSelection::JointAction),
        ("marginal", ActionSelection::Marginal),
    ];
    let missing_actions = [("stay", MissingAction::Stay), ("average", MissingAction::Average)];
    let habits = habits((at("habits"), at("habit_learning")), schema, planning, context)?;
    let habit_learning = at("habit_learning")
        .map(|value| learning::of_distribution(value, &habits.cells, context))
        .transpose()?;
    Ok(Choice {
        policy_precision,
        action_precision,
        lapse,
        habits,
        habit_learning,
        selection: at("selection").map_or(Ok(ActionSelection::Policy), |v| v.choice(&selections))?,
        missing_action: at("missing_action")
            .map_or(Ok(MissingAction::Stay), |v| v.choice(&missing_actions))?,
    })
}

/// The habits as logits, or in proportion to the counts they are learned from.
fn habits<'a>(
    (logits, learning): (Option<Value<'a>>, Option<Value<'a>>),
    schema: &Schema,
    planning: &Planning,
    context: &mut Context<'a>,
) -> Result<Distribution, DocumentError> {
    let (form, cells) = match (logits, learning::counts_of(learning)?) {
        (Some(logits), Some(counts)) => {
            return Err(logits.reject(format!("are given a second time by {}; keep one", counts.place())));
        }
        (None, Some(at)) => {
            let counts = by_policy(at, Requirement::Positive, schema, planning, context)?;
            let Some(counts) = counts.into_iter().collect() else {
                return Err(at.reject("needs a count for every action that a policy starts with"));
            };
            (Form::Normalised, counts)
        }
        (None, None) => (Form::Softmax, vec![Expression::constant(0.0); planning.policies.len()]),
        (Some(at), None) => {
            let logits = by_policy(at, Requirement::Finite, schema, planning, context)?;
            let or_none = |logit: Option<Expression>| logit.unwrap_or_else(|| Expression::constant(0.0));
            (Form::Softmax, logits.into_iter().map(or_none).collect())
        }
    };
    Ok(Distribution { form, cells })
}

/// One cell per policy: by the label of its first joint action, `None` where that is not named, or listed.
fn by_policy<'a>(
    value: Value<'a>,
    requirement: Requirement,
    schema: &Schema,
    planning: &Planning,
    context: &mut Context<'a>,
) -> Result<Vec<Option<Expression>>, DocumentError> {
    if value.is_list() {
        return listed(value, requirement, planning.policies.len(), context);
    }
    let mut cells = vec![None; planning.policies.len()];
    for Entry { key, value } in value.entries()? {
        let action = labelled_joint_action(key, value, schema)?;
        let read = context.scalar(value, requirement)?;
        let starts = |policy: &Vec<usize>| policy.first() == Some(&action);
        if !planning.policies.iter().any(starts) {
            return Err(value.error(format!("no policy starts with `{key}`, so it can have no habit")));
        }
        for (cell, policy) in cells.iter_mut().zip(&planning.policies) {
            if starts(policy) {
                *cell = Some(read.clone());
            }
        }
    }
    Ok(cells)
}

fn listed<'a>(
    value: Value<'a>,
    requirement: Requirement,
    policies: usize,
    context: &mut Context<'a>,
) -> Result<Vec<Option<Expression>>, DocumentError> {
    let items = value.list()?;
    if items.len() != policies {
        return Err(value.reject(format!(
            "has {} {} for {policies} policies; give one per policy, or a table by first action",
            items.len(),
            if items.len() == 1 { "cell" } else { "cells" }
        )));
    }
    items.into_iter().map(|item| context.scalar(item, requirement).map(Some)).collect()
}
