//! `[inference]` and `[planning]`.

use super::claims::Requirement;
use super::context::Context;
use super::policies;
use crate::document::{DocumentError, Section, Value};
use crate::expression::Expression;
use crate::schema::Schema;
use crate::task_model::{InferenceScheme, Planning, Schedule, TermWeights};

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
            Ok(InferenceScheme::FixedPointIteration { sweeps, schedule: Schedule::Sequential })
        }
    }
}

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
