//! The `[simulate]` table: how many subjects, how much behaviour, which true values.

use super::{SimulatedGroup, SimulationSettings, Truth, named, numbers, priors};
use actinf_agents::Design;
use actinf_agents::document::{DocumentError, Value};

pub(super) fn simulation(table: Value<'_>) -> Result<SimulationSettings, DocumentError> {
    let section = table.section(&["subjects", "sessions", "trials", "steps", "seed", "truth", "groups"])?;
    let count = |key: &str| section.optional(key).map_or(Ok(1), |value| value.count(1));
    let design = Design {
        sessions: count("sessions")?,
        trials: count("trials")?,
        steps: section.required("steps")?.count(1)?,
    };
    let seed = section.optional("seed").map_or(Ok(1), |value| value.count(0))? as u64;
    let Some(groups) = section.optional("groups") else {
        let subjects = section.required("subjects")?.count(1)?;
        let group = SimulatedGroup { name: None, subjects, truth: named(&section, "truth", truth)? };
        return Ok(SimulationSettings { design, seed, groups: vec![group] });
    };
    if let Some(subjects) = section.optional("subjects") {
        return Err(subjects.reject("must be left out where groups say how many subjects they have"));
    }
    let group = |value: Value<'_>| {
        let own = value.section(&["name", "subjects", "truth"])?;
        let mut truth = named(&own, "truth", self::truth)?;
        truth.extend(named(&section, "truth", self::truth)?);
        Ok(SimulatedGroup {
            name: Some(own.text("name")?.to_string()),
            subjects: own.required("subjects")?.count(1)?,
            truth,
        })
    };
    let groups = groups.list()?.into_iter().map(group).collect::<Result<_, DocumentError>>()?;
    Ok(SimulationSettings { design, seed, groups })
}

/// A distribution, or the value itself.
fn truth(value: Value<'_>) -> Result<Truth, DocumentError> {
    if value.is_table() { priors::prior(value).map(Truth::Drawn) } else { numbers(value).map(Truth::Exact) }
}
