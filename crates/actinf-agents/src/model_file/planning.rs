//! `[planning]` and `[learning]`.

use super::claims::Requirement;
use super::context::Context;
use super::policies;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::schema::Schema;
use crate::task_model::{LearningBeliefs, LearningSettings, LearningTime, Planning, TermWeights};

/// Reads `[planning]`, all of whose keys have defaults.
pub(super) fn planning<'a>(
    root: &Section<'a>,
    schema: &Schema,
    context: &mut Context<'a>,
) -> Result<Planning, DocumentError> {
    let keys = ["horizon", "policies", "utility", "state_information_gain"];
    let section = root.optional("planning").map(|value| value.section(&keys)).transpose()?;
    let at = |key: &str| section.as_ref().and_then(|section| section.optional(key));
    let horizon = at("horizon").map_or(Ok(1), |horizon| horizon.count(1))?;
    let mut weight = |key: &str| match at(key) {
        None => Ok(Expression::constant(1.0)),
        Some(value) => context.scalar(value, Requirement::Finite),
    };
    Ok(Planning {
        horizon,
        policies: policies::read(at("policies"), at("horizon").unwrap_or(root.value()), schema, horizon)?,
        weights: TermWeights {
            utility: weight("utility")?,
            state_information_gain: weight("state_information_gain")?,
            likelihood_information_gain: Expression::constant(0.0),
            transition_information_gain: Expression::constant(0.0),
            inductive_value: Expression::constant(0.0),
        },
        induction: None,
        sophistication: None,
    })
}

/// Reads `[learning]`: what all learning shares.
pub(super) fn learning(value: Option<Value<'_>>) -> Result<LearningSettings, DocumentError> {
    let mut settings =
        LearningSettings { time: LearningTime::Step, beliefs: LearningBeliefs::Filtered, carry: false };
    let Some(value) = value else { return Ok(settings) };
    if let Some(carry) = value.section(&["carry"])?.optional("carry") {
        settings.carry = carry.boolean()?;
    }
    Ok(settings)
}
