//! Variational Laplace exactly as SPM does it, for results that must equal those of an SPM analysis: the schedule of
//! `spm_nlsi_Newton` with its forward differences, from the prior means, once.
//!
//! The schedule stops where four steps in a row promise little, which near the prior means they always do (see
//! [`VariationalLaplace`]). So every subject is searched to convergence as well, and a subject whose optimum is elsewhere has
//! the verdict `not_converged`, with a reason that says where the optimum is and how much higher. What is reported of it is
//! still SPM's. For estimates use [`crate::LaplaceApproximation`], whose log evidence is the same at a common optimum.
//!
//! # References
//!
//! Friston, Mattout, Trujillo-Barreto, Ashburner & Penny (2007). Variational free energy and the Laplace approximation.
//! *NeuroImage* 34, 220-234.

use super::{FittedSubject, FittingMethod, SearchTask, SubjectTask};
use crate::hessian::Curvature;
use crate::log_posterior::{LogPosterior, Target};
use crate::optimisers::{Derivatives, Maximum, Objective, VariationalLaplace};
use crate::optimum::Optimum;
use crate::problem::Problem;
use crate::verdict::Verdict;
use actinf_agents::LikelihoodError;
use nalgebra::{DMatrix, DVector};

/// An estimate farther from the optimum than this, in posterior standard deviations of any coordinate, is another one.
const ELSEWHERE: f64 = 0.1;

/// What an estimate may lack, in nats, that is still called the optimum.
const LACKING: f64 = 0.1;

/// Variational Laplace with the schedule of SPM.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpmVariationalLaplace {
    /// The engine of the search.
    pub optimiser: VariationalLaplace,
}

impl FittingMethod for SpmVariationalLaplace {
    fn name(&self) -> &'static str {
        "spm_variational_laplace"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let VariationalLaplace { max_iterations, derivatives } = self.optimiser;
        let derivatives = match derivatives {
            Derivatives::ForwardDifferences { step } => format!("forward differences, step {step}"),
            Derivatives::Exact => "exact".to_owned(),
        };
        vec![
            ("optimiser".into(), "SPM's spm_nlsi_Newton, from the prior means".into()),
            ("max_iterations".into(), max_iterations.to_string()),
            ("derivatives".into(), derivatives),
            ("compared_with".into(), "the converged optimum".into()),
        ]
    }

    fn starts(&self) -> usize {
        1
    }

    fn search(&self, task: SearchTask<'_>) -> Result<Maximum, String> {
        let (mean, covariance) = prior(task.problem)?;
        let mut likelihood = ValueOnly::of(task.of_subject())?;
        let found = self.optimiser.maximise(&mut likelihood, &mean, &covariance);
        let found = found.map_err(|error| error.to_string())?;
        let mut posterior = LogPosterior::new(task.problem, task.subject).map_err(|e| e.to_string())?;
        let mut gradient = vec![0.0; mean.len()];
        let value = posterior.evaluate(&found.mean, &mut gradient).map_err(|error| error.to_string())?;
        let iterations = found.trace.len();
        let reason = match iterations < self.optimiser.max_iterations {
            true => format!("SPM's schedule stopped after {iterations} iterations"),
            false => format!("SPM's schedule was stopped after {iterations} iterations, the most allowed"),
        };
        Ok(Maximum { point: found.mean, value, gradient, evaluations: likelihood.evaluations + 1, reason })
    }

    fn conclude(
        &self,
        task: SubjectTask<'_>,
        searches: &[Result<Maximum, String>],
    ) -> Result<FittedSubject, String> {
        let end = crate::multi_start::best(searches)?;
        let (mean, prior_covariance) = prior(task.problem)?;
        let mut likelihood = ValueOnly::of(task)?;
        let posterior = self.optimiser.posterior_at(&mut likelihood, &mean, &prior_covariance, &end.point);
        let covariance = posterior.map_err(|error| error.to_string())?.covariance;
        let precision = covariance.try_inverse().ok_or("the posterior covariance is singular")?;
        let curvature = Curvature::of_hessian(&-((&precision + precision.transpose()) * 0.5))
            .ok_or("the posterior covariance is not positive definite")?;
        let mut fitted = Optimum::stay(task, searches, curvature)?.fitted()?;
        if let Ok(optimum) = Optimum::reach(Target::Posterior, task, searches)
            && let Ok(converged) = optimum.fitted()
        {
            let stop = Stop { end, optimum: &optimum, converged: &converged };
            (fitted.fit.verdict, fitted.fit.verdict_reason) = stop.judged();
        }
        Ok(fitted)
    }
}

/// Where SPM's schedule stopped, and the optimum.
struct Stop<'a> {
    end: &'a Maximum,
    optimum: &'a Optimum<'a>,
    converged: &'a FittedSubject,
}

impl Stop<'_> {
    /// The optimum's verdict if the schedule came that far.
    fn judged(&self) -> (Verdict, String) {
        let (fit, reason) = (&self.converged.fit, &self.end.reason);
        let lacking = self.optimum.best.value - self.end.value;
        if !fit.convergence.converged || (lacking < LACKING && self.distance() < ELSEWHERE) {
            return (fit.verdict, format!("{} ({reason}, at the optimum)", fit.verdict_reason));
        }
        let places: Vec<String> =
            fit.estimates.iter().map(|e| format!("{} = {:.4}", e.parameter, e.estimate)).collect();
        let reason = format!(
            "{reason}, when its next steps promised little; the optimum lies {lacking:.2} nats higher, at {} (use \
             laplace_approximation to get there)",
            places.join(", ")
        );
        (Verdict::NotConverged, reason)
    }

    /// How far apart the two are, in posterior standard deviations of the coordinate in which they differ most.
    fn distance(&self) -> f64 {
        let Some(curvature) = &self.optimum.curvature else { return f64::INFINITY };
        let pairs = self.end.point.iter().zip(&self.optimum.best.point).enumerate();
        pairs.map(|(k, (a, b))| (a - b).abs() / curvature.covariance[(k, k)].sqrt()).fold(0.0, f64::max)
    }
}

/// The prior as SPM needs it: normal on the unconstrained scale.
fn prior(problem: &Problem<'_>) -> Result<(Vec<f64>, DMatrix<f64>), String> {
    let moments = problem.free().iter().map(|p| {
        p.prior.unconstrained_normal().ok_or_else(|| {
            format!(
                "SPM's schedule needs priors that are normal on the unconstrained scale, but that of `{}` is {}; state \
                 a normal, log_normal or logit_normal one",
                p.parameter.name, p.prior
            )
        })
    });
    let moments: Vec<(f64, f64)> = moments.collect::<Result<_, _>>()?;
    let (mean, variances): (Vec<f64>, Vec<f64>) = moments.iter().map(|(mean, sd)| (*mean, sd * sd)).unzip();
    Ok((mean, DMatrix::from_diagonal(&DVector::from_vec(variances))))
}

/// The log-likelihood without its gradient, which differences do not need.
struct ValueOnly<'a> {
    likelihood: LogPosterior<'a>,
    evaluations: usize,
}

impl<'a> ValueOnly<'a> {
    fn of(task: SubjectTask<'a>) -> Result<Self, String> {
        let likelihood = LogPosterior::of(Target::Likelihood, task.problem, task.subject);
        Ok(ValueOnly { likelihood: likelihood.map_err(|error| error.to_string())?, evaluations: 0 })
    }
}

impl Objective for ValueOnly<'_> {
    fn evaluate(&mut self, point: &[f64], _gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.evaluations += 1;
        self.likelihood.value(point)
    }
}
