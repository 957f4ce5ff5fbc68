//! `[inference]`, `[planning]` and `[learning]`.

use super::claims::Requirement;
use super::context::Context;
use super::policies;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::schema::Schema;
use crate::task_model::{InferenceScheme, Planning};

/// The sweeps of fixed-point iteration where the file gives none: pymdp's number.
const DEFAULT_SWEEPS: usize = 16;

#[derive(Clone, Copy)]
enum Scheme {
    Exact,
    FixedPointIteration,
}

/// Reads `[inference]`; exact inference where there is none.
pub(super) fn inference(value: Option<Value<'_>>) -> Result<InferenceScheme, DocumentError> {
    let Some(value) = value else { return Ok(InferenceScheme::Exact) };
    let section = value.section(&["scheme", "sweeps"])?;
    let sweeps = section.optional("sweeps");
    let choices = [("exact", Scheme::Exact), ("fixed_point_iteration", Scheme::FixedPointIteration)];
    match (section.required("scheme")?.choice(&choices)?, sweeps) {
        (Scheme::Exact, None) => Ok(InferenceScheme::Exact),
        (Scheme::Exact, Some(sweeps)) => {
            Err(sweeps.reject("belongs to the scheme `fixed_point_iteration`; exact inference has no sweeps"))
        }
        (Scheme::FixedPointIteration, sweeps) => {
            let sweeps = sweeps.map_or(Ok(DEFAULT_SWEEPS), |sweeps| sweeps.count(1))?;
            Ok(InferenceScheme::FixedPointIteration { sweeps })
        }
    }
}

/// Reads `[planning]`; `root` is where to point when there is none.
pub(super) fn planning<'a>(
    root: &Section<'a>,
    schema: &Schema,
    context: &mut Context<'a>,
) -> Result<Planning, DocumentError> {
    let Some(value) = root.optional("planning") else {
        let weight = || Expression::constant(1.0);
        let policies = policies::all(root.value(), schema, 1)?;
        return Ok(Planning {
            horizon: 1,
            policies,
            utility_weight: weight(),
            state_information_gain_weight: weight(),
        });
    };
    let section = value.section(&["horizon", "policies", "utility", "state_information_gain"])?;
    let horizon_at = section.optional("horizon");
    let horizon = horizon_at.map_or(Ok(1), |horizon| horizon.count(1))?;
    let policies = match section.optional("policies") {
        None => policies::all(horizon_at.unwrap_or(value), schema, horizon)?,
        Some(at) if at.is_list() => policies::listed(at, schema, horizon)?,
        Some(at) => {
            at.choice(&[("all", ())])?;
            policies::all(horizon_at.unwrap_or(at), schema, horizon)?
        }
    };
    let mut weight = |key: &str| match section.optional(key) {
        None => Ok(Expression::constant(1.0)),
        Some(at) => context.scalar(at, Requirement::Finite),
    };
    let utility_weight = weight("utility")?;
    let state_information_gain_weight = weight("state_information_gain")?;
    Ok(Planning { horizon, policies, utility_weight, state_information_gain_weight })
}

/// Reads `[learning]`: whether learned counts are carried to the next session.
pub(super) fn carry(value: Option<Value<'_>>) -> Result<bool, DocumentError> {
    let Some(value) = value else { return Ok(false) };
    value.section(&["carry"])?.optional("carry").map_or(Ok(false), Value::boolean)
}
