//! Parameter values drawn from a subject's posterior on the unconstrained scale.

use super::PARAMETER_DRAWS;
use super::prior::Prior;
use crate::hessian::Curvature;
use crate::importance_sampling::{Mode, resampled};
use crate::log_posterior::{LogPosterior, Target};
use crate::problem::Problem;
use crate::results::SubjectFit;
use actinf_agents::Subject;
use nalgebra::DMatrix;
use rand::Rng;

/// Sets of all values, fixed ones included: draws from the posterior around the estimate, or the estimate alone where the fit has
/// no covariance or draws around it have no weight.
pub(super) fn posterior_draws(
    problem: &Problem<'_>,
    subject: &Subject,
    fit: &SubjectFit,
    prior: &Prior,
    rng: &mut dyn Rng,
) -> Vec<Vec<f64>> {
    let drawn = mode(problem, fit).and_then(|mode| coordinates(problem, subject, mode, prior, rng));
    match drawn {
        Some(points) => points.iter().map(|point| problem.values_at(point)).collect(),
        None => vec![estimate(problem, fit)],
    }
}

fn coordinates(
    problem: &Problem<'_>,
    subject: &Subject,
    mode: Mode,
    prior: &Prior,
    rng: &mut dyn Rng,
) -> Option<Vec<Vec<f64>>> {
    let target = match prior {
        Prior::OfParameters => Target::Posterior,
        Prior::Flat | Prior::Population(_) => Target::Likelihood,
    };
    let mut objective = LogPosterior::of(target, problem, subject).ok()?;
    let log_posterior = |point: &[f64]| Some(objective.value(point).ok()? + prior.beside_target(point));
    resampled(log_posterior, mode, PARAMETER_DRAWS, rng)
}

/// The place to draw around.
fn mode(problem: &Problem<'_>, fit: &SubjectFit) -> Option<Mode> {
    let found = fit.approximation.as_ref()?;
    let dimension = problem.dimension();
    let is_square = found.covariance.iter().all(|row| row.len() == dimension);
    if !is_square || found.covariance.len() != dimension || found.mean.len() != dimension {
        return None;
    }
    let covariance = DMatrix::from_fn(dimension, dimension, |row, column| found.covariance[row][column]);
    Some(Mode::new(&found.mean, 0.0, &Curvature::of_covariance(&covariance)?))
}

fn estimate(problem: &Problem<'_>, fit: &SubjectFit) -> Vec<f64> {
    let mut values = problem.values().to_vec();
    for (&position, estimate) in problem.free_positions().iter().zip(&fit.estimates) {
        values[position] = estimate.estimate;
    }
    values
}
