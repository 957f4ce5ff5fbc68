//! The log posterior density of one subject's parameters on the unconstrained scale: what every method sees.
//!
//! ```text
//! f(u) = ln p(y | x(u)) + ln p(x(u)) + ln abs(det(dx/du))      in nats; larger is better
//! ```
//!
//! with y the behaviour, x the natural values and u the coordinates. The gradient is exact. Maximum likelihood sees the
//! first term alone, which is the same as a flat prior on the coordinates.

use crate::log_prior::{add_log_prior, log_prior, pull_back};
use crate::optimisers::Objective;
use crate::problem::Problem;
use actinf_agents::{LikelihoodError, Scorer, Subject};

/// What is climbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Log-likelihood and log prior.
    Posterior,
    /// The log-likelihood alone.
    Likelihood,
}

/// The two parts of a log posterior density, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogDensity {
    /// `ln p(y | x)`.
    pub log_likelihood: f64,
    /// The log prior density on the unconstrained scale, `ln p(x) + ln abs(det(dx/du))`; 0 where the target is the
    /// likelihood.
    pub log_prior: f64,
}

impl LogDensity {
    /// The sum of both.
    pub fn log_posterior(self) -> f64 {
        self.log_likelihood + self.log_prior
    }
}

/// The log posterior (or log-likelihood) of one subject, with its workspace.
pub struct LogPosterior<'a> {
    problem: &'a Problem<'a>,
    target: Target,
    scorer: Box<dyn Scorer + 'a>,
    free_values: Vec<f64>,
    natural_gradient: Vec<f64>,
}

impl<'a> LogPosterior<'a> {
    /// Prepares to evaluate one subject's log posterior many times.
    ///
    /// # Errors
    ///
    /// If the behaviour does not fit the model's schema.
    pub fn new(problem: &'a Problem<'_>, subject: &'a Subject) -> Result<Self, LikelihoodError> {
        LogPosterior::of(Target::Posterior, problem, subject)
    }

    /// Prepares to evaluate one subject's log posterior, or log-likelihood alone, many times.
    ///
    /// # Errors
    ///
    /// If the behaviour does not fit the model's schema.
    pub fn of(
        target: Target,
        problem: &'a Problem<'_>,
        subject: &'a Subject,
    ) -> Result<Self, LikelihoodError> {
        let scorer = problem.model().scorer(subject, problem.values(), problem.free_positions())?;
        let size = problem.free_positions().len();
        let (free_values, natural_gradient) = (vec![0.0; size], vec![0.0; size]);
        Ok(LogPosterior { problem, target, scorer, free_values, natural_gradient })
    }

    /// What is climbed.
    pub fn target(&self) -> Target {
        self.target
    }

    /// The same subject with another target.
    pub(crate) fn aim(&mut self, target: Target) {
        self.target = target;
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
        let (values, slopes) = (&self.free_values, &mut self.natural_gradient);
        let log_likelihood = self.scorer.log_likelihood_gradient(values, slopes)?;
        gradient.fill(0.0);
        let log_prior = match self.target {
            Target::Posterior => add_log_prior(self.problem, coordinates, values, slopes, gradient),
            Target::Likelihood => {
                pull_back(self.problem, coordinates, values, slopes, gradient);
                0.0
            }
        };
        let is_finite = gradient.iter().all(|slope| slope.is_finite());
        self.checked(LogDensity { log_likelihood, log_prior }, is_finite)
    }

    /// The value alone, which is cheaper than with its gradient.
    ///
    /// # Errors
    ///
    /// As [`LogPosterior::parts`].
    pub fn value(&mut self, coordinates: &[f64]) -> Result<f64, LikelihoodError> {
        self.problem.write_free_values(coordinates, &mut self.free_values);
        self.check_inside()?;
        let log_likelihood = self.scorer.log_likelihood(&self.free_values)?;
        let log_prior = match self.target {
            Target::Posterior => log_prior(self.problem, coordinates, &self.free_values),
            Target::Likelihood => 0.0,
        };
        self.checked(LogDensity { log_likelihood, log_prior }, true).map(LogDensity::log_posterior)
    }

    fn checked(&self, density: LogDensity, is_gradient_finite: bool) -> Result<LogDensity, LikelihoodError> {
        if density.log_posterior().is_finite() && is_gradient_finite {
            return Ok(density);
        }
        let what = match self.target {
            Target::Posterior => "log posterior",
            Target::Likelihood => "log-likelihood",
        };
        Err(LikelihoodError::of_model(format!(
            "the {what} or its gradient is not finite at {}",
            self.describe_free_values()
        )))
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
