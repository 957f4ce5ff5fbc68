//! Where chains start: around the population and the modes that expectation maximisation finds, each chain elsewhere.

use super::density::{GroupDensity, Layout};
use super::parametrisation::Parametrisation;
use crate::hierarchical::estimates::GroupEstimates;
use crate::hierarchical::group_problem::GroupProblem;
use crate::optimisers::Objective;
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
    parametrisations: &[Parametrisation],
    density: &mut GroupDensity<'_>,
    rng: &mut dyn Rng,
) -> Result<Vec<f64>, String> {
    let mut gradient = vec![0.0; Layout::of(group, estimates).dimension()];
    let mut scatter = SCATTER;
    let mut reason = String::new();
    for _ in 0..ATTEMPTS {
        let position = scattered(group, estimates, parametrisations, scatter, rng);
        match density.evaluate(&position, &mut gradient) {
            Ok(value) if value.is_finite() => return Ok(position),
            Ok(_) => reason = "the density is not finite".to_owned(),
            Err(error) => reason = error.to_string(),
        }
        scatter *= 0.5;
    }
    Err(reason)
}

fn scattered(
    group: &GroupProblem<'_>,
    estimates: &GroupEstimates,
    parametrisations: &[Parametrisation],
    scatter: f64,
    rng: &mut dyn Rng,
) -> Vec<f64> {
    let layout = Layout::of(group, estimates);
    let mut normal = || -> f64 { StandardNormal.sample(&mut *rng) };
    let mut position = vec![0.0; layout.dimension()];
    for (index, weight) in estimates.weights.iter().enumerate() {
        let width = weight.test.map_or(0.1, |test| test.standard_error);
        position[index] = weight.estimate + scatter * width * normal();
    }
    for (c, index) in layout.log_sds().enumerate() {
        let sd = estimates.population.covariance[(c, c)].sqrt();
        let smallest = SMALLEST_SD * group.coordinates()[c].prior_sd;
        position[index] = sd.max(smallest).ln() + scatter * normal();
    }
    for (place, member) in estimates.members.iter().enumerate() {
        for (c, index) in layout.member(place).enumerate() {
            let mean = group.mean(member.subject, c, &position);
            let sd = position[layout.weights + c].exp();
            let (mode, error) = (member.posterior.mode[c], member.posterior.covariance[(c, c)].sqrt());
            let theta = mode + scatter * error * normal();
            position[index] = match parametrisations[c] {
                Parametrisation::Centred => theta,
                Parametrisation::NonCentred => (theta - mean) / sd,
            };
        }
    }
    position
}
