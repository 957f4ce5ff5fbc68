//! `kind = inversion`: the log-likelihood of a simulated subject at recorded parameter values, and the converged maximum.
//!
//! What the recording calls the log-likelihood is `Σ ln(p + 2.2e-16)`, which a lapse of `2.2e-16` per action is to within
//! rounding. The trace of SPM's optimiser is not replayed here.

use super::super::differences::Differences;
use super::arrays::{self, flat, items};
use super::model::{Free, Recorded};
use actinf_agents::{ActiveInference, BehaviourModel, Expression, Parameter, Scorer, Support};
use serde_json::Value;

/// Of the log-likelihood, recorded from a compiled re-implementation.
const TOLERANCE: f64 = 1e-9;

/// Of the gradient at the recorded maximum.
const SLOPE: f64 = 1e-4;

/// The step of the differences that the recorded curvature was computed by.
const STEP: f64 = 2e-3;

/// Of these differences.
const CURVATURE: f64 = 1e-6;

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let recorded = Recorded::of(document);
    let subject = recorded.subject(document);
    let agent = ActiveInference::new(recorded.task(free(document)));
    let parameters = items(&document["params"]);
    let values = |point: &[f64]| -> Vec<f64> {
        point.iter().zip(parameters).map(|(&theta, parameter)| natural(parameter, theta).0).collect()
    };
    let positions: Vec<usize> = (0..parameters.len()).collect();
    let start = values(&vec![0.0; parameters.len()]);
    let mut scorer = agent.scorer(&subject, &start, &positions).map_err(|error| error.to_string())?;
    let mut differences = Differences::absolute(TOLERANCE);
    for (i, point) in items(&document["likelihood_points"]).iter().enumerate() {
        let computed =
            scorer.log_likelihood(&values(&flat(&point["p"]))).map_err(|error| error.to_string())?;
        differences.compare(&format!("point {i}"), computed, point["logL"].as_f64().unwrap_or(f64::NAN));
        if let Some(engine) = point["logL_spm_engine"].as_f64() {
            differences.compare(&format!("point {i}, engine"), computed, engine);
        }
    }
    differences.finish()?;
    let mut posterior = LogPosterior { scorer, parameters };
    compare_maximum(&document["converged_map"], &mut posterior)
}

/// The log posterior on the unconstrained scale, and its gradient.
struct LogPosterior<'a> {
    scorer: Box<dyn Scorer + 'a>,
    parameters: &'a [Value],
}

impl LogPosterior<'_> {
    fn natural(&self, theta: &[f64]) -> Vec<f64> {
        theta.iter().zip(self.parameters).map(|(&theta, parameter)| natural(parameter, theta).0).collect()
    }

    fn value(&mut self, theta: &[f64]) -> Result<f64, String> {
        let values = self.natural(theta);
        let likelihood = self.scorer.log_likelihood(&values).map_err(|error| error.to_string())?;
        let prior = |(theta, parameter): (&f64, &Value)| {
            (theta - number(parameter, "prior_mean")).powi(2) / number(parameter, "prior_var")
        };
        Ok(likelihood - 0.5 * theta.iter().zip(self.parameters).map(prior).sum::<f64>())
    }

    fn gradient(&mut self, theta: &[f64]) -> Result<Vec<f64>, String> {
        let values = self.natural(theta);
        let mut gradient = vec![0.0; theta.len()];
        self.scorer.log_likelihood_gradient(&values, &mut gradient).map_err(|error| error.to_string())?;
        for ((slope, parameter), theta) in gradient.iter_mut().zip(self.parameters).zip(theta) {
            let deviation = theta - number(parameter, "prior_mean");
            *slope = *slope * natural(parameter, *theta).1 - deviation / number(parameter, "prior_var");
        }
        Ok(gradient)
    }

    /// The second derivative in coordinates i and j, from differences as they were recorded.
    fn curvature(&mut self, theta: &[f64], (i, j): (usize, usize)) -> Result<f64, String> {
        let mut sum = 0.0;
        for (a, b) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
            let mut moved = theta.to_vec();
            moved[i] += a * STEP;
            moved[j] += b * STEP;
            sum += a * b * self.value(&moved)?;
        }
        Ok(sum / (4.0 * STEP * STEP))
    }
}

fn compare_maximum(recorded: &Value, posterior: &mut LogPosterior<'_>) -> Result<(), String> {
    let map = flat(&recorded["map"]);
    let mut differences = Differences::absolute(TOLERANCE);
    let log_posterior = number(recorded, "log_posterior_unnorm");
    differences.compare("log posterior at the maximum", posterior.value(&map)?, log_posterior);
    differences.finish()?;
    let mut differences = Differences::absolute(SLOPE);
    differences.compare_all("gradient at the maximum", &posterior.gradient(&map)?, &vec![0.0; map.len()]);
    differences.finish()?;
    let mut differences = Differences::relative(CURVATURE);
    for i in 0..map.len() {
        for j in 0..map.len() {
            let curvature = posterior.curvature(&map, (i, j))?;
            let recorded = arrays::number(&recorded["hessian_central"], &[i, j]);
            differences.compare(&format!("curvature {i} {j}"), curvature, recorded);
        }
    }
    differences.finish()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or(f64::NAN)
}

/// The natural value of a parameter and its derivative, at `theta`.
fn natural(parameter: &Value, theta: f64) -> (f64, f64) {
    if parameter["transform"] == "logit" {
        let value = 1.0 / (1.0 + (-theta).exp());
        (value, value * (1.0 - value))
    } else {
        (theta.exp(), theta.exp())
    }
}

/// The parameters of an inversion, and the cells of the model that depend on them.
fn free(document: &Value) -> Free {
    let names: Vec<String> = items(&document["params"])
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
        parameters: names.iter().map(|name| parameter(name)).collect(),
        action_precision: expression(&alpha),
        learning_rate: expression(&eta),
        preferences: vec![None, Some(preferences)],
        lapse: 4.0 * f64::EPSILON,
    }
}

fn parameter(name: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        symbol: name.to_owned(),
        meaning: String::new(),
        support: Support::Positive,
        default: vec![1.0],
    }
}
