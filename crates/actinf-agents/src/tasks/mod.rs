//! The built-in task models: model files that are compiled in.

use crate::card::Recovery;
use crate::document::DocumentError;
use crate::model_file;
use crate::nearest_name::suggestion;
use crate::task_model::TaskModel;

/// The built-in tasks by name, with the text of their model files.
const TASKS: [(&str, &str); 19] = [
    ("agency", include_str!("agency.toml")),
    ("two_armed_bandit", include_str!("two_armed_bandit.toml")),
    ("three_armed_bandit", include_str!("three_armed_bandit.toml")),
    ("restless_bandit", include_str!("restless_bandit.toml")),
    ("reversal_learning", include_str!("reversal_learning.toml")),
    ("temporal_reversal", include_str!("temporal_reversal.toml")),
    ("iowa_gambling", include_str!("iowa_gambling.toml")),
    ("two_step", include_str!("two_step.toml")),
    ("urn", include_str!("urn.toml")),
    ("limited_offer", include_str!("limited_offer.toml")),
    ("advice_taking", include_str!("advice_taking.toml")),
    ("approach_avoidance", include_str!("approach_avoidance.toml")),
    ("visual_foraging", include_str!("visual_foraging.toml")),
    ("t_maze", include_str!("t_maze.toml")),
    ("generalised_t_maze", include_str!("generalised_t_maze.toml")),
    ("cue_chaining", include_str!("cue_chaining.toml")),
    ("grid_world", include_str!("grid_world.toml")),
    ("three_arm_maze", include_str!("three_arm_maze.toml")),
    ("explore_exploit", include_str!("explore_exploit.toml")),
];

/// What the recovery study found: written by the test `recovery`, see `docs/src/recovery.md`.
const RECOVERY: &str = include_str!("recovery.csv");

/// The names of the built-in tasks.
pub fn names() -> impl Iterator<Item = &'static str> {
    TASKS.iter().map(|(name, _)| *name)
}

/// The model file of a built-in task; `None` if there is no task of that name.
pub fn text(name: &str) -> Option<&'static str> {
    TASKS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// How well the parameters of a built-in task are recovered, as the recovery study found; empty where it did not look.
pub fn recovery(name: &str) -> Vec<Recovery> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let [task, parameter, correlation, bias, coverage] = cells[..] else { return None };
        let number = |cell: &str| cell.parse().ok();
        (task == name).then_some(())?;
        Some(Recovery {
            parameter: parameter.to_owned(),
            correlation: number(correlation)?,
            bias: number(bias)?,
            coverage: number(coverage)?,
        })
    };
    RECOVERY.lines().filter_map(row).collect()
}

/// Reads a built-in task.
///
/// # Errors
///
/// If there is no task of that name; the nearest name is suggested.
///
/// # Example
///
/// ```
/// use actinf_agents::tasks;
/// assert_eq!(tasks::read("t_maze")?.planning.policies.len(), 16);
/// let message = tasks::read("tmaze").unwrap_err().to_string();
/// assert!(message.starts_with("there is no built-in task `tmaze`; did you mean `t_maze`?"));
/// # Ok::<(), actinf_agents::document::DocumentError>(())
/// ```
pub fn read(name: &str) -> Result<TaskModel, DocumentError> {
    let Some(text) = text(name) else {
        let known: Vec<&str> = names().collect();
        let hint = suggestion(name, &known, "The tasks are");
        let message = format!("there is no built-in task `{name}`{hint}");
        return Err(DocumentError { file: String::new(), line: 0, path: String::new(), message });
    };
    model_file::read(text, &format!("{name} (built in)"))
}

#[cfg(test)]
mod tests;
