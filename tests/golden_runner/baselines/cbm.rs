//! CBM's example models: log-likelihoods per subject at given parameters. CBM sums `ln(p + 2^-52)`, as is done here with the
//! probabilities that the baseline gives.

use super::super::Case;
use super::super::differences::Differences;
use super::{bandit, numbers, subjects_of_table};
use actinf_agents::BehaviourModel;
use serde_json::Value;
use std::path::Path;

/// The recorded numbers are given to twelve decimals.
const TOLERANCE: f64 = 1e-11;

/// One case per model and point.
pub(super) fn cases(name: &str, file: &Path, document: &Value) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for kind in ["RL", "dualRL"] {
        for (k, point) in document["loglik_test_points"][kind].as_array().into_iter().flatten().enumerate() {
            let (document, point, file) = (document.clone(), point.clone(), file.to_owned());
            cases.push(Case {
                name: format!("{name} {kind} point {}", k + 1),
                replay: Box::new(move || replay(kind, &point, &file, &document)),
            });
        }
    }
    Ok(cases)
}

fn replay(kind: &str, point: &Value, file: &Path, document: &Value) -> Result<(), String> {
    let baseline = if kind == "RL" { "rescorla_wagner" } else { "rescorla_wagner_dual" };
    let model = bandit(baseline, "{ win = 1, loss = -1 }", "")?;
    let theta = numbers(&point["theta"])?;
    let (beta, rates) = theta.split_last().ok_or("the point has no parameters")?;
    let mut values = vec![beta.exp()];
    values.extend(rates.iter().map(|rate| 1.0 / (1.0 + (-rate).exp())));
    let mut found = Vec::new();
    for subject in subjects_of_table(file, document)? {
        let trajectory = model.trajectory(&subject, &values).map_err(|error| error.to_string())?;
        let logs = trajectory.steps.iter().filter_map(|step| step.log_probability);
        found.push(logs.map(|log| (log.exp() + f64::EPSILON).ln()).sum());
    }
    let mut differences = Differences::relative(TOLERANCE);
    differences.compare_all("log-likelihood of subject", &found, &numbers(&point["loglik"])?);
    differences.finish()
}
