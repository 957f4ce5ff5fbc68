//! `[example]`: a small study with the task.

use super::paragraph;
use crate::behaviour_model::Design;
use crate::document::{DocumentError, Value};
use crate::nearest_name::suggestion;
use crate::parameter::Parameter;

const KEYS: [&str; 5] = ["sessions", "trials", "steps", "fixed", "note"];

/// The study that stands for an example where none is given.
const USUAL: Design = Design { sessions: 1, trials: 1, steps: 100 };

/// Reads how much behaviour, which parameters are kept at their defaults, and the note.
pub(super) fn example(
    value: Option<Value<'_>>,
    parameters: &[Parameter],
) -> Result<(Design, Vec<String>, String), DocumentError> {
    let Some(value) = value else { return Ok((USUAL, Vec::new(), String::new())) };
    let section = value.section(&KEYS)?;
    let count = |key: &str| section.optional(key).map_or(Ok(1), |value| value.count(1));
    let design = Design { sessions: count("sessions")?, trials: count("trials")?, steps: count("steps")? };
    let mut fixed = Vec::new();
    for item in section.optional("fixed").map_or(Ok(Vec::new()), Value::list)? {
        let name = item.text()?;
        if !parameters.iter().any(|parameter| parameter.name == name) {
            let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let hint = suggestion(name, &names, "They are");
            return Err(item.error(format!("the model has no parameter `{name}`{hint}")));
        }
        fixed.push(name.to_owned());
    }
    Ok((design, fixed, paragraph(section.optional_text("note")?)))
}
