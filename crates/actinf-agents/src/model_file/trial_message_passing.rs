//! What `[inference]` may say about trial message passing, and what a model may not have under it.

use super::factors;
use super::planning::number_between;
use super::process::Declared;
use crate::document::{DocumentError, Section};
use crate::task_model::{Factor, InferenceScheme, Planning, PolicyExtent, TrialMessagePassing};

/// The keys that belong to trial message passing alone.
pub(super) const KEYS: [&str; 6] =
    ["policies", "time_constant", "reset", "pruning", "precision_sweeps", "initial_state_information_gain"];

const EXTENTS: [(&str, PolicyExtent); 2] =
    [("whole_trial", PolicyExtent::WholeTrial), ("next_step", PolicyExtent::NextStep)];

/// Reads the settings; those not given are SPM's.
pub(super) fn settings(section: &Section<'_>) -> Result<TrialMessagePassing, DocumentError> {
    let default = TrialMessagePassing::default();
    let number = |key: &str, default: f64, least: f64| {
        section.optional(key).map_or(Ok(default), |value| number_between(value, least, f64::INFINITY))
    };
    let pruning = match section.optional("pruning") {
        None => default.pruning,
        Some(value) if value.is_number() => Some(number_between(value, 0.0, f64::INFINITY)?),
        Some(value) => {
            value.choice(&[("none", ())])?;
            None
        }
    };
    Ok(TrialMessagePassing {
        policies: section
            .optional("policies")
            .map_or(Ok(default.policies), |value| value.choice(&EXTENTS))?,
        sweeps: section.optional("sweeps").map_or(Ok(default.sweeps), |value| value.count(1))?,
        time_constant: number("time_constant", default.time_constant, 1.0)?,
        reset: number("reset", default.reset, 1.0)?,
        pruning,
        precision_sweeps: section
            .optional("precision_sweeps")
            .map_or(Ok(default.precision_sweeps), |value| value.count(0))?,
        initial_state_information_gain: number(
            "initial_state_information_gain",
            default.initial_state_information_gain,
            f64::NEG_INFINITY,
        )?,
    })
}

/// How many steps preferences may be given for; `None` if any number.
pub(super) fn preference_steps(scheme: InferenceScheme, planning: &Planning) -> Option<usize> {
    match scheme {
        InferenceScheme::TrialMessagePassing(settings) => {
            (settings.policies == PolicyExtent::WholeTrial).then_some(planning.horizon + 1)
        }
        _ => Some(planning.steps_ahead()),
    }
}

/// Refuses what cannot go together with the scheme.
pub(super) fn check(
    root: &Section<'_>,
    scheme: InferenceScheme,
    (declared, factors): (&[Declared<'_>], &[Factor]),
    planning: &Planning,
) -> Result<(), DocumentError> {
    let InferenceScheme::TrialMessagePassing(settings) = scheme else { return Ok(()) };
    for (index, (declared, factor)) in declared.iter().zip(factors).enumerate() {
        if factor.transitions.parents.iter().any(|&parent| parent != index) {
            let at = declared.value.section(&factors::KEYS)?.required("transitions")?;
            return Err(at.reject(
                "cannot depend on another factor under trial message passing; join the two factors into one",
            ));
        }
    }
    let at = root.optional("planning").unwrap_or(root.value());
    let searches = planning.sophistication.is_some() || planning.monte_carlo_tree_search.is_some();
    if planning.induction.is_some() || searches {
        return Err(at.reject(
            "cannot have `induction`, `sophistication` or `monte_carlo_tree_search` under trial message passing",
        ));
    }
    if settings.policies == PolicyExtent::NextStep && planning.horizon != 1 {
        return Err(at.reject("must have a horizon of 1 where inference.policies = \"next_step\""));
    }
    Ok(())
}
