//! The log prior density of a problem's free parameters on the unconstrained scale.
//!
//! ```text
//! ln p(u) = Σ ln p(x_k(u_k)) + ln abs(det(dx/du))      in nats, over the free parameters k
//! ```

use crate::optimisers::Objective;
use crate::problem::Problem;
use actinf_agents::LikelihoodError;

/// The log prior as something to climb or to take curvatures of, with its workspace.
pub struct LogPrior<'a> {
    problem: &'a Problem<'a>,
    free_values: Vec<f64>,
    natural_gradient: Vec<f64>,
}

impl<'a> LogPrior<'a> {
    /// The log prior of a problem.
    pub fn new(problem: &'a Problem<'a>) -> Self {
        let size = problem.free_positions().len();
        LogPrior { problem, free_values: vec![0.0; size], natural_gradient: vec![0.0; size] }
    }
}

impl Objective for LogPrior<'_> {
    fn evaluate(&mut self, coordinates: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.problem.write_free_values(coordinates, &mut self.free_values);
        self.natural_gradient.fill(0.0);
        gradient.fill(0.0);
        let value =
            add_log_prior(self.problem, coordinates, &self.free_values, &mut self.natural_gradient, gradient);
        if value.is_finite() {
            Ok(value)
        } else {
            Err(LikelihoodError::of_model("the log prior is not finite here".to_owned()))
        }
    }
}

/// The log prior at `coordinates`, whose natural values are `free_values`. Adds its slopes to `natural_gradient`
/// (what is there already, such as the slopes of a likelihood, stays) and the slopes of everything, pulled back to
/// the coordinates, to `gradient`.
pub(crate) fn add_log_prior(
    problem: &Problem<'_>,
    coordinates: &[f64],
    free_values: &[f64],
    natural_gradient: &mut [f64],
    gradient: &mut [f64],
) -> f64 {
    let mut log_prior = 0.0;
    for p in problem.free() {
        let support = p.parameter.support;
        let u = &coordinates[p.coordinates.clone()];
        let x = &free_values[p.natural.clone()];
        log_prior += p.prior.log_density(support, x) + p.transform.log_jacobian(u);
        p.prior.add_log_density_gradient(support, x, &mut natural_gradient[p.natural.clone()]);
        p.transform.add_log_jacobian_gradient(u, &mut gradient[p.coordinates.clone()]);
    }
    pull_back(problem, coordinates, free_values, natural_gradient, gradient);
    log_prior
}

/// Adds the slopes with respect to natural values, pulled back to the coordinates, to `gradient`.
pub(crate) fn pull_back(
    problem: &Problem<'_>,
    coordinates: &[f64],
    free_values: &[f64],
    natural_gradient: &[f64],
    gradient: &mut [f64],
) {
    for p in problem.free() {
        p.transform.add_pulled_back(
            &coordinates[p.coordinates.clone()],
            &free_values[p.natural.clone()],
            &natural_gradient[p.natural.clone()],
            &mut gradient[p.coordinates.clone()],
        );
    }
}

/// The log prior at `coordinates`, without slopes.
pub(crate) fn log_prior(problem: &Problem<'_>, coordinates: &[f64], free_values: &[f64]) -> f64 {
    let term = |p: &crate::problem::FreeParameter| {
        let density = p.prior.log_density(p.parameter.support, &free_values[p.natural.clone()]);
        density + p.transform.log_jacobian(&coordinates[p.coordinates.clone()])
    };
    problem.free().iter().map(term).sum()
}
