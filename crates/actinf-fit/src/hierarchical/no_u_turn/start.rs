//! Where chains start: around the population and the modes that expectation maximisation finds, each chain elsewhere.

use super::correlations;
use super::density::{GroupDensity, Layout};
use super::parametrisation::Parametrisation;
use crate::hierarchical::estimates::GroupEstimates;
use crate::hierarchical::group_problem::GroupProblem;
use crate::hierarchical::population::Population;
use crate::optimisers::Objective;
use nalgebra::{Cholesky, DMatrix};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// How far starts scatter: in standard errors of weights and of subjects' estimates, and in the logarithm of standard deviations.
const SCATTER: f64 = 0.5;
/// A population standard deviation below this fraction of the prior's width is started there.
const SMALLEST_SD: f64 = 0.05;
/// How often a start with no finite density is drawn again, nearer to the centre.
const ATTEMPTS: usize = 20;

/// A start with a finite density.
///
/// # Errors
///
/// In words, if none was found.
pub(super) fn start(
    group: &GroupProblem<'_>,
    estimates: &GroupEstimates,
    layout: &Layout,
    parametrisations: &[Parametrisation],
    density: &mut GroupDensity<'_>,
    rng: &mut dyn Rng,
) -> Result<Vec<f64>, String> {
    let mut gradient = vec![0.0; layout.dimension()];
    let mut scatter = SCATTER;
    let mut reason = String::new();
    for _ in 0..ATTEMPTS {
        let position = scattered(group, estimates, layout, parametrisations, scatter, rng);
        match density.evaluate(&position, &mut gradient) {
            Ok(value) if value.is_finite() => return Ok(position),
            Ok(_) => reason = "the density is not finite".to_owned(),
            Err(error) => reason = error.to_string(),
        }
        scatter *= 0.5;
    }
    Err(reason)
}

/// The Cholesky factor of the correlations around which starts scatter: that of the estimated population, or the identity where the
/// covariance is diagonal or has no factor.
pub(super) fn started_factor(population: &Population, layout: &Layout) -> DMatrix<f64> {
    let identity = DMatrix::identity(layout.coordinates, layout.coordinates);
    if layout.correlations == 0 {
        return identity;
    }
    let sd = |c: usize| population.covariance[(c, c)].sqrt();
    let correlations = DMatrix::from_fn(layout.coordinates, layout.coordinates, |a, b| {
        population.covariance[(a, b)] / (sd(a) * sd(b))
    });
    Cholesky::new(correlations).map_or(identity, |factor| factor.l())
}

/// The standard deviation of a coordinate around which starts scatter.
pub(super) fn started_sd(group: &GroupProblem<'_>, population: &Population, coordinate: usize) -> f64 {
    let smallest = SMALLEST_SD * group.coordinates()[coordinate].prior_sd;
    population.covariance[(coordinate, coordinate)].sqrt().max(smallest)
}

fn scattered(
    group: &GroupProblem<'_>,
    estimates: &GroupEstimates,
    layout: &Layout,
    parametrisations: &[Parametrisation],
    scatter: f64,
    rng: &mut dyn Rng,
) -> Vec<f64> {
    let mut normal = || -> f64 { StandardNormal.sample(&mut *rng) };
    let mut position = vec![0.0; layout.dimension()];
    for (index, weight) in estimates.weights.iter().enumerate() {
        let width = weight.test.map_or(0.1, |test| test.standard_error);
        position[index] = weight.estimate + scatter * width * normal();
    }
    for (c, index) in layout.log_sds().enumerate() {
        position[index] = started_sd(group, &estimates.population, c).ln() + scatter * normal();
    }
    let factor = started_factor(&estimates.population, layout);
    for (index, free) in layout.correlations().zip(correlations::free_numbers(&factor)) {
        position[index] = free + scatter * 0.1 * normal();
    }
    for (place, member) in estimates.members.iter().enumerate() {
        let mut errors = vec![0.0; layout.coordinates];
        for (c, index) in layout.member(place).enumerate() {
            let mean = group.mean(member.subject, c, &position);
            let sd = position[layout.weights + c].exp();
            let (mode, error) = (member.posterior.mode[c], member.posterior.covariance[(c, c)].sqrt());
            let theta = mode + scatter * error * normal();
            let told: f64 = (0..c).map(|k| factor[(c, k)] * errors[k]).sum();
            errors[c] = ((theta - mean) / sd - told) / factor[(c, c)];
            position[index] = match parametrisations[c] {
                Parametrisation::Centred => theta,
                Parametrisation::NonCentred => errors[c],
            };
        }
    }
    position
}
