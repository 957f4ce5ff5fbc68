//! The log posterior density of one subject's parameters on the unconstrained scale: what every method sees.
//!
//! ```text
//! f(u) = ln p(y | x(u)) + ln p(x(u)) + ln abs(det(dx/du))      in nats; larger is better
//! ```
//!
//! with y the behaviour, x the natural values and u the coordinates. The gradient is exact.

use crate::optimisers::Objective;
use crate::problem::Problem;
use actinf_agents::{LikelihoodError, Scorer, Subject};

/// The two parts of a log posterior density, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogDensity {
    /// `ln p(y | x)`.
    pub log_likelihood: f64,
    /// The log prior density on the unconstrained scale: `ln p(x) + ln abs(det(dx/du))`.
    pub log_prior: f64,
}

impl LogDensity {
    /// The sum of both.
    pub fn log_posterior(self) -> f64 {
        self.log_likelihood + self.log_prior
    }
}

/// The log posterior of one subject, with its workspace.
pub struct LogPosterior<'a> {
    problem: &'a Problem<'a>,
    scorer: Box<dyn Scorer + 'a>,
    free_values: Vec<f64>,
    natural_gradient: Vec<f64>,
}

impl<'a> LogPosterior<'a> {
    /// Prepares to evaluate one subject many times.
    ///
    /// # Errors
    ///
    /// If the behaviour does not fit the model's schema.
    pub fn new(problem: &'a Problem<'_>, subject: &'a Subject) -> Result<Self, LikelihoodError> {
        let scorer = problem.model().scorer(subject, problem.values(), problem.free_positions())?;
        let size = problem.free_positions().len();
        Ok(LogPosterior { problem, scorer, free_values: vec![0.0; size], natural_gradient: vec![0.0; size] })
    }

    /// Both parts at `coordinates`; `gradient` receives the derivative of their sum. Both slices hold
    /// [`Problem::dimension`] numbers.
    ///
    /// # Errors
    ///
    /// If the likelihood is zero or undefined here, a free value is rounded to the edge of its support, or a result
    /// is not finite. All of these are recoverable (another point may do) but behaviour that fits no schema.
    pub fn parts(
        &mut self,
        coordinates: &[f64],
        gradient: &mut [f64],
    ) -> Result<LogDensity, LikelihoodError> {
        self.problem.write_free_values(coordinates, &mut self.free_values);
        self.check_inside()?;
        let log_likelihood =
            self.scorer.log_likelihood_gradient(&self.free_values, &mut self.natural_gradient)?;
        gradient.fill(0.0);
        let log_prior = self.add_prior(coordinates, gradient);
        let density = LogDensity { log_likelihood, log_prior };
        if !density.log_posterior().is_finite() || gradient.iter().any(|slope| !slope.is_finite()) {
            return Err(LikelihoodError::of_model(format!(
                "the log posterior or its gradient is not finite at {}",
                self.describe_free_values()
            )));
        }
        Ok(density)
    }

    /// Adds the prior's gradient to the likelihood's and pulls both back to the coordinates.
    fn add_prior(&mut self, coordinates: &[f64], gradient: &mut [f64]) -> f64 {
        let mut log_prior = 0.0;
        for p in self.problem.free() {
            let support = p.parameter.support;
            let u = &coordinates[p.coordinates.clone()];
            let x = &self.free_values[p.natural.clone()];
            let natural_gradient = &mut self.natural_gradient[p.natural.clone()];
            log_prior += p.prior.log_density(support, x) + p.transform.log_jacobian(u);
            p.prior.add_log_density_gradient(support, x, natural_gradient);
            let slopes = &mut gradient[p.coordinates.clone()];
            p.transform.add_pulled_back(u, x, natural_gradient, slopes);
            p.transform.add_log_jacobian_gradient(u, slopes);
        }
        log_prior
    }

    fn check_inside(&self) -> Result<(), LikelihoodError> {
        let outside = |p: &&crate::problem::FreeParameter| {
            !p.parameter.support.contains(&self.free_values[p.natural.clone()])
        };
        match self.problem.free().iter().find(outside) {
            None => Ok(()),
            Some(p) => Err(LikelihoodError::of_model(format!(
                "the search left the support of parameter `{}` ({}): its value was rounded to {:?}",
                p.parameter.name,
                p.parameter.support,
                &self.free_values[p.natural.clone()]
            ))),
        }
    }

    fn describe_free_values(&self) -> String {
        let names = self.problem.free().iter().flat_map(|p| p.parameter.component_names());
        let pairs: Vec<String> =
            names.zip(&self.free_values).map(|(name, value)| format!("{name} = {value}")).collect();
        pairs.join(", ")
    }
}

impl Objective for LogPosterior<'_> {
    fn evaluate(&mut self, coordinates: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.parts(coordinates, gradient).map(LogDensity::log_posterior)
    }
}
