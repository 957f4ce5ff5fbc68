//! Maximum a posteriori estimation with Laplace's method: the mode of each subject's posterior on the unconstrained
//! scale, found from several starts, and a normal approximation around it.
//!
//! The first start is the default of every parameter; each further one is drawn from the priors, from a random
//! stream of its own. Searches climb by L-BFGS until the maximum is near; the best one is finished by Newton steps.

use super::{FittedSubject, FittingMethod, SearchTask};
use crate::estimates::{estimates, log_evidence};
use crate::hessian::{Curvature, hessian};
use crate::log_posterior::{LogDensity, LogPosterior};
use crate::optimisers::{LBfgs, Maximum, polish};
use crate::problem::Problem;
use crate::random_stream::{Purpose, random_stream};
use crate::recorded::{NOTHING_RECORDED, Recorded};
use crate::results::{Convergence, SubjectFit};
use actinf_agents::{Subject, Trajectory};

/// A search has converged if no component of the gradient exceeds this, in nats per unit.
const GRADIENT_CONVERGED: f64 = 1e-4;
/// Newton steps follow the best search until no component of the gradient exceeds this, in nats.
const GRADIENT_POLISHED: f64 = 1e-8;
/// Starts within this many nats of the best optimum agree with it.
const AGREEMENT: f64 = 1e-3;
/// How many draws a start may take until one has a finite posterior.
const DRAWS_PER_START: usize = 20;
/// How far scorer and trajectory may differ, relative to the log-likelihood.
const SAME_LIKELIHOOD: f64 = 1e-6;

/// Maximum a posteriori estimation with Laplace's method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximumAPosteriori {
    /// Searches per subject; 0 is read as 1.
    pub starts: usize,
    /// The engine of the searches.
    pub optimiser: LBfgs,
}

impl Default for MaximumAPosteriori {
    /// Eight starts, each until no component of the gradient exceeds 1e-3 nats: near enough to tell optima apart and
    /// for Newton steps to finish the best one.
    fn default() -> Self {
        let optimiser = LBfgs { gradient_tolerance: 1e-3, ..LBfgs::default() };
        MaximumAPosteriori { starts: 8, optimiser }
    }
}

impl FittingMethod for MaximumAPosteriori {
    fn name(&self) -> &'static str {
        "maximum_a_posteriori"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let LBfgs {
            memory,
            max_iterations,
            max_evaluations,
            gradient_tolerance,
            value_tolerance,
            max_rounds,
        } = self.optimiser;
        let settings = [
            ("starts", self.starts().to_string()),
            ("optimiser", "L-BFGS with Moré-Thuente line search, then Newton steps".to_owned()),
            ("memory", memory.to_string()),
            ("max_iterations", max_iterations.to_string()),
            ("max_evaluations", max_evaluations.to_string()),
            ("max_rounds", max_rounds.to_string()),
            ("gradient_tolerance", gradient_tolerance.to_string()),
            ("value_tolerance", value_tolerance.to_string()),
            ("polished_gradient", GRADIENT_POLISHED.to_string()),
            ("converged_gradient", GRADIENT_CONVERGED.to_string()),
            ("agreement_in_nats", AGREEMENT.to_string()),
            ("uncertainty", "Laplace approximation on the unconstrained scale".to_owned()),
        ];
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn starts(&self) -> usize {
        self.starts.max(1)
    }

    fn search(&self, task: SearchTask<'_>) -> Result<Maximum, String> {
        let mut posterior = LogPosterior::new(task.problem, task.subject).map_err(|e| e.to_string())?;
        let mut rng = random_stream(task.seed, Purpose::Start, task.position, task.start);
        let attempts = if task.start == 0 { 1 } else { DRAWS_PER_START };
        let mut reason = String::new();
        for _ in 0..attempts {
            let values = match task.start {
                0 => task.problem.values().to_vec(),
                _ => task.problem.draw(&mut rng).map_err(|e| e.to_string())?,
            };
            match self.optimiser.maximise(&mut posterior, &task.problem.coordinates_of(&values)) {
                Ok(maximum) => return Ok(maximum),
                Err(error) if error.is_recoverable() => reason = error.to_string(),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(reason)
    }

    fn conclude(
        &self,
        problem: &Problem<'_>,
        subject: &Subject,
        searches: &[Result<Maximum, String>],
    ) -> Result<FittedSubject, String> {
        let mut posterior = LogPosterior::new(problem, subject).map_err(|e| e.to_string())?;
        let found = best(searches)?;
        let best = &polish(&mut posterior, found.clone(), GRADIENT_POLISHED);
        let mut gradient = vec![0.0; problem.dimension()];
        let density = posterior.parts(&best.point, &mut gradient).map_err(|e| e.to_string())?;
        let hessian = hessian(&mut posterior, &best.point).ok();
        let curvature = hessian.and_then(|hessian| Curvature::of_hessian(&hessian));
        let values = problem.values_at(&best.point);
        let trajectory = problem.model().trajectory(subject, &values).map_err(|e| e.to_string())?;
        check_agreement(density, &trajectory)?;
        let convergence = convergence(found, best, searches, curvature.as_ref());
        let fit = subject_fit(problem, best, density, curvature.as_ref(), &trajectory, convergence)?;
        Ok(FittedSubject { fit, trajectory })
    }
}

/// The search with the highest maximum, the earliest of equals; the first reason if all failed.
fn best(searches: &[Result<Maximum, String>]) -> Result<&Maximum, String> {
    let higher = |a: &'_ Maximum, b: &'_ Maximum| b.value > a.value;
    let found = searches.iter().flatten().reduce(|a, b| if higher(a, b) { b } else { a });
    found.ok_or_else(|| {
        let first = searches.iter().find_map(|search| search.as_ref().err());
        first.cloned().unwrap_or_else(|| "no search was made".to_owned())
    })
}

fn convergence(
    found: &Maximum,
    best: &Maximum,
    searches: &[Result<Maximum, String>],
    curvature: Option<&Curvature>,
) -> Convergence {
    let below = |search: &Maximum| found.value - search.value;
    let others = searches.iter().flatten().map(below).filter(|distance| *distance > AGREEMENT);
    let is_steep = best.gradient_norm() >= GRADIENT_CONVERGED;
    let reason = match curvature {
        None => format!("{}, but the curvature is not positive definite", best.reason),
        Some(_) => best.reason.clone(),
    };
    Convergence {
        converged: !is_steep && curvature.is_some(),
        reason,
        starts: searches.len(),
        starts_agreeing: searches.iter().flatten().filter(|s| below(s) <= AGREEMENT).count(),
        gap_to_second: others.reduce(f64::min),
        gradient_norm: best.gradient_norm(),
        hessian_condition: curvature.map(|c| c.condition),
        evaluations: searches.iter().flatten().map(|search| search.evaluations).sum::<usize>()
            + (best.evaluations - found.evaluations),
    }
}

/// Refuses a model whose two ways to the log-likelihood differ.
fn check_agreement(density: LogDensity, trajectory: &Trajectory) -> Result<(), String> {
    let (scorer, total) = (density.log_likelihood, trajectory.log_likelihood.total);
    let tolerance = SAME_LIKELIHOOD * scorer.abs().max(1.0);
    if (scorer - total).abs() <= tolerance {
        return Ok(());
    }
    Err(format!(
        "the log-likelihood at the estimate is {scorer} for the search but {total} along the trajectory; \
         this is an error in the model, please report it"
    ))
}

fn subject_fit(
    problem: &Problem<'_>,
    best: &Maximum,
    density: LogDensity,
    curvature: Option<&Curvature>,
    trajectory: &Trajectory,
    convergence: Convergence,
) -> Result<SubjectFit, String> {
    let recorded = Recorded::of(trajectory);
    if recorded.total() == 0 {
        return Err(NOTHING_RECORDED.to_owned());
    }
    let log_likelihood = trajectory.log_likelihood.clone();
    let total = log_likelihood.total;
    let log_posterior = total + density.log_prior;
    let dimension = problem.dimension() as f64;
    let joint_actions = problem.model().schema().joint_actions();
    let choice = ChoiceMeasures::of(log_likelihood.actions, recorded.actions, joint_actions);
    Ok(SubjectFit {
        estimates: estimates(problem, &best.point, curvature),
        log_likelihood,
        log_prior: density.log_prior,
        log_posterior,
        log_evidence: curvature.map(|c| log_evidence(log_posterior, problem.dimension(), c)),
        aic: 2.0 * dimension - 2.0 * total,
        bic: dimension * (recorded.total() as f64).ln() - 2.0 * total,
        chance_log_likelihood: choice.chance,
        pseudo_r2: choice.pseudo_r2,
        likelihood_per_action: choice.likelihood_per_action,
        actions: recorded.actions,
        convergence,
    })
}

/// How well actions are predicted.
struct ChoiceMeasures {
    chance: f64,
    pseudo_r2: f64,
    likelihood_per_action: f64,
}

impl ChoiceMeasures {
    /// Of n recorded actions among J joint ones, with chance `-n ln J`.
    fn of(log_likelihood: f64, actions: usize, joint_actions: usize) -> Self {
        let n = actions as f64;
        let chance = -n * (joint_actions.max(1) as f64).ln();
        let pseudo_r2 = if chance < 0.0 { 1.0 - log_likelihood / chance } else { 0.0 };
        let likelihood_per_action = if actions > 0 { (log_likelihood / n).exp() } else { 1.0 };
        ChoiceMeasures { chance, pseudo_r2, likelihood_per_action }
    }
}
