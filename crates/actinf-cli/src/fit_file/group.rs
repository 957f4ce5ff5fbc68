//! The tables `[formulas]` and `[practical_equivalence]`: what is asked of a group.

use super::{Located, Method, MethodSettings, named};
use actinf_agents::document::{DocumentError, Section, Value};
use actinf_fit::hierarchical::Formula;

/// What the mean of each parameter depends on.
pub(super) fn formulas(
    top: &Section<'_>,
    method: &MethodSettings,
) -> Result<Vec<Located<Formula>>, DocumentError> {
    check_method(top, "formulas", method)?;
    let formula = |value: Value<'_>| value.text()?.parse().map_err(|error| value.error(format!("{error}")));
    named(top, "formulas", formula)
}

/// The half-width of the region around zero that counts as no effect, per parameter.
pub(super) fn practical_equivalence(
    top: &Section<'_>,
    method: &MethodSettings,
) -> Result<Vec<Located<f64>>, DocumentError> {
    check_method(top, "practical_equivalence", method)?;
    named(top, "practical_equivalence", |value| {
        let width = value.number()?;
        match width > 0.0 {
            true => Ok(width),
            false => Err(value.reject(format!("must be above 0, not {width}"))),
        }
    })
}

fn check_method(top: &Section<'_>, key: &str, method: &MethodSettings) -> Result<(), DocumentError> {
    match (top.optional(key), &method.method) {
        (Some(table), Method::Alone(_)) => Err(table.error(format!(
            "[{key}] needs a method that estimates the group together, and `{}` estimates everybody alone; name \
             `hierarchical_expectation_maximisation`, `hierarchical_bayesian_inference` or `no_u_turn_sampler` under [method]",
            method.record().name
        ))),
        _ => Ok(()),
    }
}
