//! `[choice]`: how actions follow from policies.

use super::claims::Requirement;
use super::context::Context;
use super::policies::labelled_joint_action;
use crate::document::{DocumentError, Entry, Section, Value};
use crate::expression::Expression;
use crate::schema::Schema;
use crate::task_model::{ActionSelection, Choice, Distribution, Form, MissingAction, Planning};

const KEYS: [&str; 6] =
    ["policy_precision", "action_precision", "lapse", "habits", "selection", "missing_action"];

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
    Ok(Choice {
        policy_precision,
        action_precision,
        lapse,
        habits: Distribution { form: Form::Softmax, cells: habits(at("habits"), schema, planning, context)? },
        habit_learning: None,
        selection: at("selection").map_or(Ok(ActionSelection::Policy), |v| v.choice(&selections))?,
        missing_action: at("missing_action")
            .map_or(Ok(MissingAction::Stay), |v| v.choice(&missing_actions))?,
    })
}

/// One logit per policy: by the label of its first joint action, or listed.
fn habits<'a>(
    value: Option<Value<'a>>,
    schema: &Schema,
    planning: &Planning,
    context: &mut Context<'a>,
) -> Result<Vec<Expression>, DocumentError> {
    let mut habits = vec![Expression::constant(0.0); planning.policies.len()];
    let Some(value) = value else { return Ok(habits) };
    if value.is_list() {
        return listed_habits(value, habits.len(), context);
    }
    for Entry { key, value } in value.entries()? {
        let action = labelled_joint_action(key, value, schema)?;
        let logit = context.scalar(value, Requirement::Finite)?;
        let starts = |policy: &Vec<usize>| policy.first() == Some(&action);
        if !planning.policies.iter().any(starts) {
            return Err(value.error(format!("no policy starts with `{key}`, so it can have no habit")));
        }
        for (habit, policy) in habits.iter_mut().zip(&planning.policies) {
            if starts(policy) {
                *habit = logit.clone();
            }
        }
    }
    Ok(habits)
}

fn listed_habits<'a>(
    value: Value<'a>,
    policies: usize,
    context: &mut Context<'a>,
) -> Result<Vec<Expression>, DocumentError> {
    let items = value.list()?;
    if items.len() != policies {
        return Err(value.reject(format!(
            "has {} {} for {policies} policies; give one per policy, or a table by first action",
            items.len(),
            if items.len() == 1 { "cell" } else { "cells" }
        )));
    }
    items.into_iter().map(|item| context.scalar(item, Requirement::Finite)).collect()
}
