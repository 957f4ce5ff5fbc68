//! Recorded runs of pymdp (inferactively-pymdp 1.0.4): files whose `generator.package` names it, format version 1.
//!
//! Every number that enters a model — precisions, preferences, priors, habits, learning rates — becomes a parameter, so
//! that the recorded gradients can be compared too.

mod arrays;
mod expected;
mod model;

use super::Case;
use actinf_agents::{ActiveInference, BehaviourModel};
use serde_json::Value;

/// Whether a document is such a recording.
pub(crate) fn knows(document: &Value) -> bool {
    document["generator"]["package"].as_str().is_some_and(|package| package.contains("pymdp"))
}

/// The one case of a file.
pub(crate) fn case(name: &str, document: Value) -> Case {
    Case { name: name.to_string(), replay: Box::new(move || replay(&document)) }
}

fn replay(document: &Value) -> Result<(), String> {
    let recorded = model::Recorded::of(document)?;
    let subject = recorded.subject()?;
    let agent = ActiveInference::new(recorded.task(document["config"]["sampling_mode"] == "marginal")?);
    let inspections = agent.inspect(&subject, &recorded.values).map_err(|error| error.to_string())?;
    let trajectory = agent.trajectory(&subject, &recorded.values).map_err(|error| error.to_string())?;
    let mut differences = expected::Expected::new(document, &recorded);
    differences.compare_steps(&inspections);
    differences.compare_total(trajectory.log_likelihood.actions);
    if let Some(gradients) = document["expected"].get("gradients") {
        let free: Vec<usize> = (0..recorded.values.len()).collect();
        let mut gradient = vec![0.0; free.len()];
        let mut scorer =
            agent.scorer(&subject, &recorded.values, &free).map_err(|error| error.to_string())?;
        scorer.log_likelihood_gradient(&recorded.values, &mut gradient).map_err(|error| error.to_string())?;
        differences.compare_gradients(gradients, &gradient);
    }
    differences.finish()
}
