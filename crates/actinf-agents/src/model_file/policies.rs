//! Which policies are considered: all sequences of joint actions, or those listed.

use crate::document::{DocumentError, Entry, Value};
use crate::nearest_name::suggestion;
use crate::schema::{Schema, Variable};

/// The most policies a model may have.
const MOST_POLICIES: usize = 100_000;

/// Reads the policies: "all", which is the default, or a list. Too many are refused at `horizon_at`.
pub(super) fn read(
    value: Option<Value<'_>>,
    horizon_at: Value<'_>,
    schema: &Schema,
    horizon: usize,
) -> Result<Vec<Vec<usize>>, DocumentError> {
    match value {
        Some(value) if value.is_list() => listed(value, schema, horizon),
        Some(value) => {
            value.choice(&[("all", ())])?;
            all(horizon_at, schema, horizon)
        }
        None => all(horizon_at, schema, horizon),
    }
}

/// All sequences of `horizon` joint actions; the first step varies slowest, the last one fastest.
fn all(at: Value<'_>, schema: &Schema, horizon: usize) -> Result<Vec<Vec<usize>>, DocumentError> {
    let actions = schema.joint_actions();
    let count = u32::try_from(horizon).ok().and_then(|exponent| actions.checked_pow(exponent));
    let count = count.filter(|&count| count <= MOST_POLICIES).ok_or_else(|| {
        at.error(format!(
            "{actions} joint actions over {horizon} steps give more than {MOST_POLICIES} policies; shorten \
             `horizon` or list the policies"
        ))
    })?;
    let policy = |mut index: usize| {
        let mut policy = vec![0; horizon];
        for action in policy.iter_mut().rev() {
            *action = index % actions;
            index /= actions;
        }
        policy
    };
    Ok((0..count).map(policy).collect())
}

/// The policies listed at `value`.
fn listed(value: Value<'_>, schema: &Schema, horizon: usize) -> Result<Vec<Vec<usize>>, DocumentError> {
    let mut policies: Vec<Vec<usize>> = Vec::new();
    let items = value.list()?;
    if items.is_empty() || items.len() > MOST_POLICIES {
        return Err(
            value.reject(format!("must list from 1 to {MOST_POLICIES} policies, not {}", items.len()))
        );
    }
    let mut seen = std::collections::HashSet::new();
    for item in items {
        let steps = item.list()?;
        if steps.len() != horizon {
            return Err(item.reject(format!(
                "has {} {}, but the horizon is {horizon}",
                steps.len(),
                if steps.len() == 1 { "step" } else { "steps" }
            )));
        }
        let policy =
            steps.into_iter().map(|step| joint_action(step, schema)).collect::<Result<Vec<_>, _>>()?;
        if !seen.insert(policy.clone()) {
            return Err(item.reject("repeats a policy listed before"));
        }
        policies.push(policy);
    }
    Ok(policies)
}

/// A joint action: its label, or a table with one action per control.
fn joint_action(value: Value<'_>, schema: &Schema) -> Result<usize, DocumentError> {
    if !value.is_table() {
        return labelled_joint_action(value.text()?, value, schema);
    }
    let names: Vec<&str> = schema.controls.iter().map(|control| control.name.as_str()).collect();
    value.section(&names)?;
    let mut actions = vec![None; schema.controls.len()];
    for Entry { key, value } in value.entries()? {
        for (control, action) in schema.controls.iter().zip(&mut actions) {
            if control.name == key {
                let label = value.text()?;
                let hint = || suggestion(label, &control.labels, "Its actions are");
                let found = control.labels.iter().position(|known| known == label);
                *action = Some(found.ok_or_else(|| {
                    value.error(format!("control `{key}` has no action `{label}`{}", hint()))
                })?);
            }
        }
    }
    schema
        .joint_action(&actions)
        .ok_or_else(|| value.reject(format!("must give an action for each control: {}", names.join(", "))))
}

/// The joint action whose label is `label`, which stands at `at`.
pub(super) fn labelled_joint_action(
    label: &str,
    at: Value<'_>,
    schema: &Schema,
) -> Result<usize, DocumentError> {
    let parts: Vec<&str> = if schema.controls.len() == 1 { vec![label] } else { label.split('+').collect() };
    let find = |(control, part): (&Variable, &&str)| control.labels.iter().position(|known| known == part);
    let actions: Vec<Option<usize>> = schema.controls.iter().zip(&parts).map(find).collect();
    schema.joint_action(&actions).filter(|_| parts.len() == schema.controls.len()).ok_or_else(|| {
        let most = schema.joint_actions().min(100);
        let labels: Vec<String> = (0..most).map(|action| schema.joint_action_label(action)).collect();
        let word = if schema.controls.len() == 1 { "action" } else { "joint action" };
        let hint = suggestion(label, &labels, &format!("The {word}s are"));
        at.error(format!("there is no {word} `{label}`{hint}"))
    })
}
