//! Format ten-simple-rules/1: negative log-likelihoods of the six models of Wilson & Collins (2019) at fixed parameters, equal to
//! those of the authors' code, and at their maxima.

use super::super::Case;
use super::super::differences::Differences;
use super::{bandit, numbers, subject};
use actinf_agents::{BehaviourModel, Model, Subject};
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;

/// One case per data set.
pub(super) fn cases(name: &str, document: &Value) -> Result<Vec<Case>, String> {
    let recorded = document["datasets"].as_array().ok_or("there is no list `datasets`")?;
    let case = |recorded: &Value| {
        let recorded = recorded.clone();
        Case {
            name: format!("{name} {}", recorded["dataset"].as_str().unwrap_or("?")),
            replay: Box::new(move || replay(&recorded)),
        }
    };
    Ok(recorded.iter().map(case).collect())
}

fn replay(recorded: &Value) -> Result<(), String> {
    let digits = |key: &str| {
        let text = recorded[key].as_str().ok_or(format!("the data set has no string `{key}`"))?;
        Ok::<_, String>(text.chars().filter_map(|digit| digit.to_digit(10)).collect::<Vec<_>>())
    };
    let (choices, rewards) = (digits("choices")?, digits("rewards")?);
    let steps = choices.iter().zip(&rewards).map(|(&choice, &reward)| (choice as usize, reward > 0));
    let subject = subject("one", steps);
    let mut differences = Differences::relative(TOLERANCE);
    for (model, points) in recorded["nll_at_points"].as_object().ok_or("there is no `nll_at_points`")? {
        let maximum = recorded["mle"][model].clone();
        for point in points.as_array().into_iter().flatten().chain([&maximum]) {
            let parameters = numbers(&point["params"])?;
            let found = -log_likelihood(model, &parameters, &subject)?;
            let expected = point["nll"].as_f64().unwrap_or(f64::NAN);
            differences.compare(&format!("{model} at {parameters:?}"), found, expected);
        }
    }
    differences.finish()
}

fn log_likelihood(model: &str, parameters: &[f64], subject: &Subject) -> Result<f64, String> {
    let (model, values) = translated(model, parameters)?;
    let mut scorer = model.scorer(subject, &values, &[]).map_err(|error| error.to_string())?;
    scorer.log_likelihood(&[]).map_err(|error| error.to_string())
}

/// The baseline that a model of the authors is, and its values: theirs put the learning rate first and start values at 0.5.
fn translated(model: &str, parameters: &[f64]) -> Result<(Model, Vec<f64>), String> {
    const WORTH: &str = "{ win = 1 }";
    let start = "[parameters]\ninitial_value = 0.5";
    let biased = "habits = { first = \"inverse_temperature * bias\" }\n[parameters]\ninitial_value = 0.5\n\
                  bias = { support = \"real\", default = 0.0 }";
    Ok(match (model, parameters) {
        ("M1_random", &[b]) => (bandit("random_responder", WORTH, "")?, vec![b, 1.0 - b]),
        ("M2_WSLS", &[lapse]) => (bandit("win_stay_lose_shift", WORTH, "")?, vec![lapse]),
        ("M3_RW", &[rate, beta]) => (bandit("rescorla_wagner", WORTH, start)?, vec![beta, rate]),
        ("M4_CK", &[rate, beta]) => (bandit("choice_kernel", WORTH, "")?, vec![beta, rate]),
        ("M5_RWCK", &[rate, beta, choice_rate, choice_beta]) => {
            let model = bandit("rescorla_wagner_choice_kernel", WORTH, start)?;
            (model, vec![beta, rate, choice_beta, choice_rate])
        }
        ("M6_RWbias", &[rate, beta, bias]) => {
            (bandit("rescorla_wagner", WORTH, biased)?, vec![beta, rate, bias])
        }
        _ => return Err(format!("there is no model {model} with {} parameters", parameters.len())),
    })
}
