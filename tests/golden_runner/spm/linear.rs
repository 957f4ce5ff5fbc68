//! `kind = nlsi_linear`: SPM's optimiser on a linear model with unknown noise, iteration by iteration.

use super::super::differences::Differences;
use super::arrays::{flat, items};
use actinf_agents::LikelihoodError;
use actinf_fit::Objective;
use actinf_fit::optimisers::VariationalLaplace;
use nalgebra::{DMatrix, DVector};
use serde_json::Value;
use std::f64::consts::PI;

/// Of the log-likelihood at a recorded point, relative to its size.
const LIKELIHOOD: f64 = 1e-14;

/// What nested differences with a step of exp(-8) leave of the digits: a rounding of 1e-16 of 400 nats is 4e-7 of a curvature,
/// and moves the next point by as much of a step.
const TRACE: f64 = 1e-6;

/// Of values at points that differ by that much, where the log-likelihood falls by a few hundred nats per unit.
const VALUES: f64 = 1e-5;

/// Of the posterior covariance, whose entries are below 0.07.
const COVARIANCE: f64 = 1e-7;

/// `y_i ~ Normal(u_i b, exp(-λ))` with θ = (b_1, b_2, λ).
struct Regression {
    inputs: Vec<Vec<f64>>,
    outputs: Vec<f64>,
}

impl Objective for Regression {
    fn evaluate(&mut self, theta: &[f64], _gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        let density = |(u, y): (&Vec<f64>, &f64)| {
            let error = y - u[0] * theta[0] - u[1] * theta[1];
            0.5 * (theta[2] - (2.0 * PI).ln() - theta[2].exp() * error * error)
        };
        Ok(self.inputs.iter().zip(&self.outputs).map(density).sum())
    }
}

pub(super) fn replay(document: &Value) -> Result<(), String> {
    let inputs = items(&document["U"]).iter().map(flat).collect();
    let mut regression = Regression { inputs, outputs: flat(&document["Y"]) };
    let expected = &document["expected"];
    compare_likelihood(&expected["trace"], &mut regression)?;
    let covariance = DMatrix::from_diagonal(&DVector::from_vec(flat(&document["prior_var"])));
    let mean = flat(&document["prior_mean"]);
    let found = VariationalLaplace::default().maximise(&mut regression, &mean, &covariance);
    let found = found.map_err(|error| error.to_string())?;
    let (mut points, mut values) = (Differences::absolute(TRACE), Differences::absolute(VALUES));
    let mut gains = Differences::relative(VALUES);
    let trace = items(&expected["trace"]);
    points.compare("iterations", found.trace.len() as f64, trace.len() as f64);
    for (k, (ours, recorded)) in found.trace.iter().zip(trace).enumerate() {
        let named = |what: &str| format!("iteration {}, {what}", k + 1);
        let number = |key: &str| recorded[key].as_f64().unwrap_or(f64::NAN);
        points.compare_all(&named("point"), &ours.point, &flat(&recorded["p_eval"]));
        points.compare(&named("log rate"), ours.log_rate, number("log_rate_v"));
        points.compare(&named("accepted"), f64::from(u8::from(ours.accepted)), number("accepted"));
        values.compare(&named("log-likelihood"), ours.log_likelihood, number("logL"));
        values.compare(&named("free energy"), ours.free_energy, number("F"));
        gains.compare(&named("promised gain"), ours.predicted_gain, number("dF_pred"));
    }
    points.compare_all("Ep", &found.mean, &flat(&expected["Ep"]));
    points.compare("F", found.free_energy, expected["F"].as_f64().unwrap_or(f64::NAN));
    let mut covariances = Differences::absolute(COVARIANCE);
    covariances.compare_all("Cp", found.covariance.as_slice(), &flat(&expected["Cp"]));
    points.finish()?;
    values.finish()?;
    gains.finish()?;
    covariances.finish()
}

fn compare_likelihood(trace: &Value, regression: &mut Regression) -> Result<(), String> {
    let mut differences = Differences::relative(LIKELIHOOD);
    for (k, recorded) in items(trace).iter().enumerate() {
        let point = flat(&recorded["p_eval"]);
        let computed = regression.evaluate(&point, &mut []).map_err(|error| error.to_string())?;
        let recorded = recorded["logL"].as_f64().unwrap_or(f64::NAN);
        differences.compare(&format!("log-likelihood of iteration {}", k + 1), computed, recorded);
    }
    differences.finish()
}
