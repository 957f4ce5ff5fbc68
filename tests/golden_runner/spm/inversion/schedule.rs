//! SPM's optimiser, iteration by iteration, in three parts.
//!
//! 1. At every recorded point: the log-likelihood, and slopes and curvatures by SPM's nested forward differences with a step of
//!    `h = exp(-8)`. Where two log-likelihoods differ by ε, slopes differ by up to `2 ε / h` and curvatures by `4 ε / h²`. How far
//!    two implementations are apart is part of the recording: `ε = 1e-14 (1 + |log-likelihood|)`.
//! 2. Given the recorded slopes and curvatures, the schedule goes the recorded way to rounding, every number of it.
//! 3. On its own, from the prior means: as many iterations with the same decisions, and the same end. Its points follow from its
//!    own differences, so that those of the first part move them: by 1e-10 to 2e-8 in a unit of θ.

use super::super::super::differences::Differences;
use super::super::arrays::{flat, items};
use super::number;
use actinf_agents::{LikelihoodError, Subject};
use actinf_fit::optimisers::{Expansion, Iteration, VariationalLaplace, VariationalPosterior};
use actinf_fit::{FittingMethod, LogPosterior, Objective, Problem, SpmVariationalLaplace, Target, Verdict};
use nalgebra::{DMatrix, DVector};
use serde_json::Value;

/// Of log-likelihoods and free energies.
const TOLERANCE: f64 = 1e-9;

/// How far log-likelihoods of two implementations are apart, relative to 1 and their size.
const APART: f64 = 1e-14;

/// Of all numbers that follow from recorded ones by the schedule.
const ROUNDING: f64 = 1e-12;

/// Of the points of a run of our own, and of the posterior's moments at its end.
const POINT: f64 = 1e-7;

pub(super) fn compare(document: &Value, problem: &Problem<'_>, subject: &Subject) -> Result<(), String> {
    let likelihood = LogPosterior::of(Target::Likelihood, problem, subject);
    let likelihood = ValueOnly(likelihood.map_err(|error| error.to_string())?);
    let mut inversion = Inversion { document, likelihood };
    inversion.compare_derivatives()?;
    inversion.compare_schedule()?;
    inversion.compare_run()?;
    compare_fit(document, problem, subject)
}

struct ValueOnly<'a>(LogPosterior<'a>);

impl Objective for ValueOnly<'_> {
    fn evaluate(&mut self, point: &[f64], _gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.0.value(point)
    }
}

/// A recorded inversion, and the likelihood of its subject.
struct Inversion<'a> {
    document: &'a Value,
    likelihood: ValueOnly<'a>,
}

impl Inversion<'_> {
    fn expected(&self) -> &Value {
        &self.document["expected"]
    }

    fn trace(&self) -> &[Value] {
        items(&self.expected()["trace"])
    }

    fn prior(&self) -> (Vec<f64>, DMatrix<f64>) {
        let of_parameters =
            |key: &str| items(&self.document["params"]).iter().map(|p| number(p, key)).collect();
        let (mean, variances): (Vec<f64>, Vec<f64>) =
            (of_parameters("prior_mean"), of_parameters("prior_var"));
        (mean, DMatrix::from_diagonal(&DVector::from_vec(variances)))
    }

    /// Log-likelihood, slope and curvature at every recorded point: a single iteration that begins there.
    fn compare_derivatives(&mut self) -> Result<(), String> {
        let single = VariationalLaplace { max_iterations: 1, ..VariationalLaplace::default() };
        let (_, covariance) = self.prior();
        for (k, recorded) in items(&self.document["expected"]["trace"]).iter().enumerate() {
            let found = single.maximise(&mut self.likelihood, &flat(&recorded["p_eval"]), &covariance);
            let ours = &found.map_err(|error| error.to_string())?.trace[0];
            let named = |what: &str| format!("{what} at the point of iteration {}", k + 1);
            let mut values = Differences::absolute(TOLERANCE);
            values.compare(&named("log-likelihood"), ours.log_likelihood, number(recorded, "logL"));
            values.finish()?;
            let (apart, step) = (APART * (1.0 + ours.log_likelihood.abs()), (-8.0_f64).exp());
            let mut slopes = Differences::absolute(2.0 * apart / step);
            slopes.compare_all(&named("slope"), &ours.gradient, &flat(&recorded["grad_reduced"]));
            slopes.finish()?;
            let mut curvatures = Differences::absolute(4.0 * apart / (step * step));
            let recorded = flat(&recorded["hess_raw_reduced"]);
            curvatures.compare_all(&named("curvature"), &ours.curvature.concat(), &recorded);
            curvatures.finish()?;
        }
        Ok(())
    }

    /// The recorded way, given the recorded derivatives.
    fn compare_schedule(&self) -> Result<(), String> {
        let (mean, covariance) = self.prior();
        let mut recorded = self.trace().iter();
        let mut expand = |_: &[f64]| {
            let recorded =
                recorded.next().ok_or(LikelihoodError::of_model("more iterations than recorded"))?;
            let slope = DVector::from_vec(flat(&recorded["grad_reduced"]));
            let size = slope.len();
            let curvature = DMatrix::from_row_slice(size, size, &flat(&recorded["hess_raw_reduced"]));
            let curvature = (&curvature + curvature.transpose()) * 0.5;
            Ok(Expansion { value: number(recorded, "logL"), gradient: slope, curvature })
        };
        let found = VariationalLaplace::default().maximise_expanded(&mut expand, &mean, &covariance);
        let found = found.map_err(|error| error.to_string())?;
        let mut differences = Differences::relative(ROUNDING);
        differences.compare("iterations", found.trace.len() as f64, self.trace().len() as f64);
        for (k, (ours, recorded)) in found.trace.iter().zip(self.trace()).enumerate() {
            let named = |what: &str| format!("iteration {}, {what}, given the derivatives", k + 1);
            differences.compare_all(&named("point"), &ours.point, &flat(&recorded["p_eval"]));
            differences.compare(&named("free energy"), ours.free_energy, number(recorded, "F"));
            let best = number(recorded, "F_best");
            differences.compare(&named("best free energy"), ours.accepted_free_energy, best);
            differences.compare(&named("promised gain"), ours.predicted_gain, number(recorded, "dF_pred"));
            compare_decision(&mut differences, &named(""), ours, recorded);
        }
        differences.compare_all("Ep, given the derivatives", &found.mean, &flat(&self.expected()["Ep"]));
        let recorded = flat(&self.expected()["Cp"]);
        differences.compare_all("Cp, given the derivatives", found.covariance.as_slice(), &recorded);
        differences.compare("F, given the derivatives", found.free_energy, number(self.expected(), "F"));
        differences.finish()
    }

    /// Our own way from the prior means.
    fn compare_run(&mut self) -> Result<(), String> {
        let (mean, covariance) = self.prior();
        let found = VariationalLaplace::default().maximise(&mut self.likelihood, &mean, &covariance);
        let found = found.map_err(|error| error.to_string())?;
        let mut differences = Differences::absolute(POINT);
        differences.compare("iterations", found.trace.len() as f64, self.trace().len() as f64);
        for (k, (ours, recorded)) in found.trace.iter().zip(self.trace()).enumerate() {
            let named = |what: &str| format!("iteration {}, {what}", k + 1);
            differences.compare_all(&named("point"), &ours.point, &flat(&recorded["p_eval"]));
            compare_decision(&mut differences, &named(""), ours, recorded);
        }
        differences.finish()?;
        self.compare_end(&found)
    }

    fn compare_end(&self, found: &VariationalPosterior) -> Result<(), String> {
        let expected = self.expected();
        let mut differences = Differences::absolute(POINT);
        differences.compare_all("Ep", &found.mean, &flat(&expected["Ep"]));
        differences.compare_all("Cp", found.covariance.as_slice(), &flat(&expected["Cp"]));
        differences.compare("F", found.free_energy, number(expected, "F"));
        differences.finish()
    }
}

/// Whether the point was accepted, and the rate of the next step.
fn compare_decision(differences: &mut Differences, named: &str, ours: &Iteration, recorded: &Value) {
    differences.compare(&format!("{named} log rate"), ours.log_rate, number(recorded, "log_rate_v"));
    let accepted = f64::from(u8::from(ours.accepted));
    differences.compare(&format!("{named} accepted"), accepted, number(recorded, "accepted"));
}

/// The method of fit files gives the same, and says whether that is the optimum.
fn compare_fit(document: &Value, problem: &Problem<'_>, subject: &Subject) -> Result<(), String> {
    let expected = &document["expected"];
    let fit = SpmVariationalLaplace::default().fit_subject(problem, subject, 0, 1)?.fit;
    let approximation = fit.approximation.clone().ok_or("the fit has no normal approximation")?;
    let mut differences = Differences::absolute(POINT);
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
    let mut differences = Differences::absolute(POINT);
    differences.compare("F of the fit", fit.log_evidence.unwrap_or(f64::NAN), number(expected, "F"));
    differences.finish()
}
