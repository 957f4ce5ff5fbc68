//! Searches from several starts, and what their ends say together.
//!
//! The first start is the default of every parameter; each further one is drawn from the priors, from a random
//! stream of its own. Searches climb by L-BFGS until the maximum is near; the best one is finished by Newton steps.
//! Maximum likelihood starts there too: it takes from the priors nothing but where to begin.

use crate::hessian::Curvature;
use crate::log_posterior::{LogPosterior, Target};
use crate::methods::SearchTask;
use crate::optimisers::{LBfgs, Maximum};
use crate::random_stream::{Purpose, random_stream};
use crate::results::Convergence;

/// A search has converged if no component of the gradient exceeds this, in nats per unit.
pub(crate) const GRADIENT_CONVERGED: f64 = 1e-4;
/// Newton steps follow the best search until no component of the gradient exceeds this, in nats.
pub(crate) const GRADIENT_POLISHED: f64 = 1e-8;
/// Starts within this many nats of the best optimum agree with it.
pub(crate) const AGREEMENT: f64 = 1e-3;
/// How many draws a start may take until one has a finite objective.
const DRAWS_PER_START: usize = 20;

/// The engine of every search: L-BFGS until no component of the gradient exceeds 1e-3 nats, near enough to tell
/// optima apart and for Newton steps to finish the best one.
pub(crate) fn engine() -> LBfgs {
    LBfgs { gradient_tolerance: 1e-3, ..LBfgs::default() }
}

/// One search.
///
/// # Errors
///
/// In words, why it found nothing.
pub(crate) fn search(target: Target, engine: &LBfgs, task: SearchTask<'_>) -> Result<Maximum, String> {
    let mut objective =
        LogPosterior::of(target, task.problem, task.subject).map_err(|error| error.to_string())?;
    let mut rng = random_stream(task.seed, Purpose::Start, task.position, task.start);
    let attempts = if task.start == 0 { 1 } else { DRAWS_PER_START };
    let mut reason = String::new();
    for _ in 0..attempts {
        let values = match task.start {
            0 => task.problem.values().to_vec(),
            _ => task.problem.draw(&mut rng).map_err(|error| error.to_string())?,
        };
        match engine.maximise(&mut objective, &task.problem.coordinates_of(&values)) {
            Ok(maximum) => return Ok(maximum),
            Err(error) if error.is_recoverable() => reason = error.to_string(),
            Err(error) => return Err(error.to_string()),
        }
    }
    Err(reason)
}

/// Each setting of the searches by name, as text.
pub(crate) fn settings(starts: usize, engine: &LBfgs) -> Vec<(String, String)> {
    let LBfgs { memory, max_iterations, max_evaluations, gradient_tolerance, value_tolerance, max_rounds } =
        *engine;
    let settings = [
        ("starts", starts.to_string()),
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
    ];
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The search with the highest maximum, the earliest of equals.
///
/// # Errors
///
/// The first reason if all failed.
pub(crate) fn best(searches: &[Result<Maximum, String>]) -> Result<&Maximum, String> {
    let higher = |a: &'_ Maximum, b: &'_ Maximum| b.value > a.value;
    let found = searches.iter().flatten().reduce(|a, b| if higher(a, b) { b } else { a });
    found.ok_or_else(|| {
        let first = searches.iter().find_map(|search| search.as_ref().err());
        first.cloned().unwrap_or_else(|| "no search was made".to_owned())
    })
}

/// How the searches ended, given the best end as it was found and as it was polished.
pub(crate) fn convergence(
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
