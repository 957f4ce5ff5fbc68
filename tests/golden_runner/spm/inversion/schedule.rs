//! SPM's optimiser, iteration by iteration.
//!
//! Its derivatives are nested forward differences with a step of `h = exp(-8)`: what the two implementations differ by in the
//! log-likelihood, about 1e-14 of 20 nats, becomes 1e-10 in a slope and 2e-6 in a curvature, and moves the next point by that
//! share of a step. Log-likelihoods are therefore compared twice: at the recorded points, to the tolerance of the recording,
//! and at our own, up to what a steep likelihood makes of 1e-8 between the points.

use super::super::super::differences::Differences;
use super::super::arrays::{flat, items};
use super::number;
use actinf_agents::{LikelihoodError, Subject};
use actinf_fit::optimisers::{VariationalLaplace, VariationalPosterior};
use actinf_fit::{FittingMethod, LogPosterior, Objective, Problem, SpmVariationalLaplace, Target, Verdict};
use nalgebra::{DMatrix, DVector};
use serde_json::Value;

/// Of the log-likelihood at a recorded point.
const LIKELIHOOD: f64 = 1e-9;

/// Of points, and of the posterior's moments.
const TOLERANCE: f64 = 1e-7;

/// Of log-likelihoods and free energies at our own points, and of slopes, in nats per unit.
const SLOPE: f64 = 2e-6;

/// Of curvatures, relative to their size above 1.
const CURVATURE: f64 = 1e-5;

pub(super) fn compare(document: &Value, problem: &Problem<'_>, subject: &Subject) -> Result<(), String> {
    let of_parameters = |key: &str| items(&document["params"]).iter().map(|p| number(p, key)).collect();
    let (mean, variances): (Vec<f64>, Vec<f64>) = (of_parameters("prior_mean"), of_parameters("prior_var"));
    let covariance = DMatrix::from_diagonal(&DVector::from_vec(variances));
    let likelihood = LogPosterior::of(Target::Likelihood, problem, subject);
    let mut likelihood = ValueOnly(likelihood.map_err(|error| error.to_string())?);
    let found = VariationalLaplace::default().maximise(&mut likelihood, &mean, &covariance);
    let found = found.map_err(|error| error.to_string())?;
    compare_likelihood(&document["expected"]["trace"], &mut likelihood.0)?;
    compare_trace(&document["expected"]["trace"], &found)?;
    compare_end(&document["expected"], &found)?;
    compare_fit(document, problem, subject)
}

struct ValueOnly<'a>(LogPosterior<'a>);

impl Objective for ValueOnly<'_> {
    fn evaluate(&mut self, point: &[f64], _gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.0.value(point)
    }
}

fn compare_likelihood(recorded: &Value, likelihood: &mut LogPosterior<'_>) -> Result<(), String> {
    let mut differences = Differences::absolute(LIKELIHOOD);
    for (k, recorded) in items(recorded).iter().enumerate() {
        let computed = likelihood.value(&flat(&recorded["p_eval"])).map_err(|error| error.to_string())?;
        differences.compare(&format!("point of iteration {}", k + 1), computed, number(recorded, "logL"));
    }
    differences.finish()
}

fn compare_trace(recorded: &Value, found: &VariationalPosterior) -> Result<(), String> {
    let trace = items(recorded);
    let (mut exact, mut slopes) = (Differences::absolute(TOLERANCE), Differences::absolute(SLOPE));
    let mut curvatures = Differences::relative(CURVATURE);
    exact.compare("iterations", found.trace.len() as f64, trace.len() as f64);
    for (k, (ours, recorded)) in found.trace.iter().zip(trace).enumerate() {
        let named = |what: &str| format!("iteration {}, {what}", k + 1);
        exact.compare_all(&named("point"), &ours.point, &flat(&recorded["p_eval"]));
        slopes.compare(&named("log-likelihood"), ours.log_likelihood, number(recorded, "logL"));
        exact.compare(&named("log rate"), ours.log_rate, number(recorded, "log_rate_v"));
        exact.compare(&named("accepted"), f64::from(u8::from(ours.accepted)), number(recorded, "accepted"));
        slopes.compare(&named("free energy"), ours.free_energy, number(recorded, "F"));
        slopes.compare(&named("best free energy"), ours.accepted_free_energy, number(recorded, "F_best"));
        slopes.compare(&named("promised gain"), ours.predicted_gain, number(recorded, "dF_pred"));
        slopes.compare_all(&named("slope"), &ours.gradient, &flat(&recorded["grad_reduced"]));
        let curvature: Vec<f64> = ours.curvature.concat();
        curvatures.compare_all(&named("curvature"), &curvature, &flat(&recorded["hess_raw_reduced"]));
    }
    exact.finish().and_then(|()| slopes.finish()).and_then(|()| curvatures.finish())
}

fn compare_end(expected: &Value, found: &VariationalPosterior) -> Result<(), String> {
    let mut differences = Differences::absolute(TOLERANCE);
    differences.compare_all("Ep", &found.mean, &flat(&expected["Ep"]));
    differences.compare_all("Cp", found.covariance.as_slice(), &flat(&expected["Cp"]));
    differences.finish()?;
    let mut differences = Differences::absolute(SLOPE);
    differences.compare("F", found.free_energy, number(expected, "F"));
    differences.finish()
}

/// The method of fit files gives the same, and says whether that is the optimum.
fn compare_fit(document: &Value, problem: &Problem<'_>, subject: &Subject) -> Result<(), String> {
    let expected = &document["expected"];
    let fit = SpmVariationalLaplace::default().fit_subject(problem, subject, 0, 1)?.fit;
    let approximation = fit.approximation.clone().ok_or("the fit has no normal approximation")?;
    let mut differences = Differences::absolute(TOLERANCE);
    differences.compare_all("Ep of the fit", &approximation.mean, &flat(&expected["Ep"]));
    differences.compare_all("Cp of the fit", &approximation.covariance.concat(), &flat(&expected["Cp"]));
    let map = flat(&document["converged_map"]["map"]);
    let distance = |(k, (a, b)): (usize, (&f64, &f64))| (a - b).abs() / approximation.covariance[k][k].sqrt();
    let is_elsewhere = flat(&expected["Ep"]).iter().zip(&map).enumerate().any(|pair| distance(pair) > 0.2);
    let is_told = fit.verdict == Verdict::NotConverged && fit.verdict_reason.contains("optimum lies");
    if is_told != is_elsewhere {
        differences.note(format!("the verdict is {:?}: {}", fit.verdict, fit.verdict_reason));
    }
    differences.finish()?;
    let mut differences = Differences::absolute(SLOPE);
    differences.compare("F of the fit", fit.log_evidence.unwrap_or(f64::NAN), number(expected, "F"));
    differences.finish()
}
