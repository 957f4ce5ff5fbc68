//! `kind = inversion`: one simulated subject fitted by SPM's schedule, iteration by iteration, and to convergence.
//!
//! What the recording calls the log-likelihood is `Σ ln(p + 2.2e-16)`, which a lapse of `2.2e-16` per action is to within
//! rounding.

mod converged;
mod schedule;

use super::super::differences::Differences;
use super::arrays::{flat, items};
use super::model::{Free, Recorded};
use actinf_agents::{ActiveInference, Expression, Parameter, Subject, Support};
use actinf_fit::{LogPosterior, Prior, Problem, Role, Target};
use serde_json::Value;

/// Of the log-likelihood, recorded from a compiled re-implementation.
const TOLERANCE: f64 = 1e-9;

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let recorded = Recorded::of(document);
    let subject = recorded.subject(document);
    let agent = ActiveInference::new(recorded.task(free(document)));
    let problem = problem(&agent, document)?;
    compare_likelihood(document, &problem, &subject)?;
    schedule::compare(document, &problem, &subject)?;
    converged::compare(document, &problem, &subject)
}

/// The inversion's parameters with their priors. Coordinates are the recording's θ.
fn problem<'a>(agent: &'a ActiveInference, document: &Value) -> Result<Problem<'a>, String> {
    let role = |parameter: &Value| {
        let (mean, sd) = (number(parameter, "prior_mean"), number(parameter, "prior_var").sqrt());
        let prior = match support(parameter) {
            Support::Unit => Prior::LogitNormal { mean, sd },
            _ => Prior::LogNormal { median: mean.exp(), sd },
        };
        Role::Free { prior, default_prior: false }
    };
    let roles = items(&document["params"]).iter().map(role).collect();
    Problem::new(agent, roles).map_err(|error| error.to_string())
}

fn compare_likelihood(document: &Value, problem: &Problem<'_>, subject: &Subject) -> Result<(), String> {
    let mut likelihood =
        LogPosterior::of(Target::Likelihood, problem, subject).map_err(|error| error.to_string())?;
    let mut differences = Differences::absolute(TOLERANCE);
    for (i, point) in items(&document["likelihood_points"]).iter().enumerate() {
        let computed = likelihood.value(&flat(&point["p"])).map_err(|error| error.to_string())?;
        differences.compare(&format!("point {i}"), computed, number(point, "logL"));
        if let Some(engine) = point["logL_spm_engine"].as_f64() {
            differences.compare(&format!("point {i}, engine"), computed, engine);
        }
    }
    differences.finish()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or(f64::NAN)
}

fn support(parameter: &Value) -> Support {
    if parameter["transform"] == "logit" { Support::Unit } else { Support::Positive }
}

/// The parameters of an inversion, and the cells of the model that depend on them.
fn free(document: &Value) -> Free {
    let parameters = items(&document["params"]);
    let names: Vec<String> = parameters
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    let expression = |text: &str| Expression::parse(text, &names).unwrap_or(Expression::constant(f64::NAN));
    let or_fixed = |name: &str, fixed: f64| {
        if names.iter().any(|known| known == name) { name.to_owned() } else { format!("({fixed})") }
    };
    let model = &document["model"];
    let alpha = or_fixed("alpha", number(model, "alpha"));
    let eta = or_fixed("eta", number(model, "eta"));
    let aversion = or_fixed("la", number(document, "la_fixed"));
    let seeking = or_fixed("rs", number(document, "rs_fixed"));
    let step = |loss: &str, win: &str| ["0", loss, win].map(expression).to_vec();
    let loss = format!("-1 * {aversion}");
    let preferences = vec![step("0", "0"), step(&loss, &seeking), step(&loss, &format!("{seeking} / 2"))];
    Free {
        parameters: names.iter().zip(parameters).map(|(name, recorded)| parameter(name, recorded)).collect(),
        action_precision: expression(&alpha),
        learning_rate: expression(&eta),
        preferences: vec![None, Some(preferences)],
        lapse: 4.0 * f64::EPSILON,
    }
}

fn parameter(name: &str, recorded: &Value) -> Parameter {
    Parameter {
        name: name.to_owned(),
        symbol: name.to_owned(),
        meaning: String::new(),
        support: support(recorded),
        default: vec![0.5],
    }
}
