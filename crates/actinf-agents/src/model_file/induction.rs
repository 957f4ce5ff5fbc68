//! `[planning.induction]`: goals that are planned for backwards.

use super::labels::{Kind, Labels};
use super::planning::number_between;
use crate::document::{DocumentError, Entry, Value};
use crate::nearest_name::suggestion;
use crate::task_model::{Factor, Induction};

/// The threshold where the file gives none: pymdp's number.
const DEFAULT_THRESHOLD: f64 = 0.1;

/// The cost of losing the goal where the file gives none: pymdp's number.
const DEFAULT_EPSILON: f64 = 1e-3;

/// The most sets that may be worked out.
const MOST_SETS: usize = 1_000;

/// Reads the goals and how they are planned for.
pub(super) fn read(value: Value<'_>, factors: &[Factor]) -> Result<Induction, DocumentError> {
    let section = value.section(&["goals", "depth", "threshold", "epsilon"])?;
    let depth = section.required("depth")?;
    let at_most = depth.count(1)?;
    if at_most > MOST_SETS {
        return Err(depth.reject(format!("must not be above {MOST_SETS}, not {at_most}")));
    }
    let number = |key: &str, default: f64| {
        section.optional(key).map_or(Ok(default), |value| number_between(value, 0.0, 1.0))
    };
    let epsilon = number("epsilon", DEFAULT_EPSILON)?;
    if let (Some(at), true) = (section.optional("epsilon"), epsilon <= 0.0) {
        return Err(at.reject("must be above 0, because its logarithm is taken"));
    }
    Ok(Induction {
        goals: goals(section.required("goals")?, factors)?,
        depth: at_most,
        threshold: number("threshold", DEFAULT_THRESHOLD)?,
        epsilon,
    })
}

/// Per factor, which states are goals.
fn goals(value: Value<'_>, factors: &[Factor]) -> Result<Vec<Option<Vec<bool>>>, DocumentError> {
    let mut goals = vec![None; factors.len()];
    let entries = value.entries()?;
    if entries.is_empty() {
        return Err(value.reject("must name at least one factor: { factor = \"state\" }"));
    }
    for Entry { key, value } in entries {
        let Some(index) = factors.iter().position(|factor| factor.name == key) else {
            let names: Vec<&str> = factors.iter().map(|factor| factor.name.as_str()).collect();
            let hint = suggestion(key, &names, "The factors are");
            return Err(value.error(format!("there is no factor `{key}`{hint}")));
        };
        goals[index] = Some(states(value, &factors[index])?);
    }
    Ok(goals)
}

/// The states that are named, one or several.
fn states(value: Value<'_>, factor: &Factor) -> Result<Vec<bool>, DocumentError> {
    let labels = Labels { kind: Kind::Factor, name: factor.name.clone(), labels: factor.states.clone() };
    let named = if value.is_list() { value.list()? } else { vec![value] };
    if named.is_empty() {
        return Err(value.reject("must name at least one state"));
    }
    let mut states = vec![false; factor.states.len()];
    for item in named {
        states[labels.find(item.text()?, item)?] = true;
    }
    Ok(states)
}
