//! The log-likelihood of one subject on the unconstrained scale, without the problem's priors: what a population's density
//! is added to.

use crate::optimisers::Objective;
use crate::problem::Problem;
use actinf_agents::{LikelihoodError, Scorer, Subject};

/// `ln p(y | x(u))` of one subject with its exact gradient, in nats, and its workspace.
pub struct SubjectLikelihood<'a> {
    problem: &'a Problem<'a>,
    scorer: Box<dyn Scorer + 'a>,
    free_values: Vec<f64>,
    natural_gradient: Vec<f64>,
}

impl<'a> SubjectLikelihood<'a> {
    /// Prepares to evaluate one subject many times.
    ///
    /// # Errors
    ///
    /// If the behaviour does not fit the model's schema.
    pub fn new(problem: &'a Problem<'a>, subject: &'a Subject) -> Result<Self, LikelihoodError> {
        let scorer = problem.model().scorer(subject, problem.values(), problem.free_positions())?;
        let size = problem.free_positions().len();
        let (free_values, natural_gradient) = (vec![0.0; size], vec![0.0; size]);
        Ok(SubjectLikelihood { problem, scorer, free_values, natural_gradient })
    }

    /// The value alone.
    ///
    /// # Errors
    ///
    /// If the likelihood is zero or undefined here, or a value is rounded to the edge of its support.
    pub fn value(&mut self, coordinates: &[f64]) -> Result<f64, LikelihoodError> {
        self.write_values(coordinates)?;
        let value = self.scorer.log_likelihood(&self.free_values)?;
        if value.is_finite() { Ok(value) } else { Err(not_finite(coordinates)) }
    }

    fn write_values(&mut self, coordinates: &[f64]) -> Result<(), LikelihoodError> {
        self.problem.write_free_values(coordinates, &mut self.free_values);
        for p in self.problem.free() {
            let values = &self.free_values[p.natural.clone()];
            if !p.parameter.support.contains(values) {
                return Err(LikelihoodError::of_model(format!(
                    "parameter `{}` ({}) was rounded to the edge of its support: {values:?}",
                    p.parameter.name, p.parameter.support
                )));
            }
        }
        Ok(())
    }
}

fn not_finite(coordinates: &[f64]) -> LikelihoodError {
    LikelihoodError::of_model(format!(
        "the log-likelihood or its gradient is not finite at the unconstrained coordinates {coordinates:?}"
    ))
}

impl Objective for SubjectLikelihood<'_> {
    fn evaluate(&mut self, coordinates: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.write_values(coordinates)?;
        let value = self.scorer.log_likelihood_gradient(&self.free_values, &mut self.natural_gradient)?;
        gradient.fill(0.0);
        for p in self.problem.free() {
            let (u, x) = (&coordinates[p.coordinates.clone()], &self.free_values[p.natural.clone()]);
            let slopes = &mut gradient[p.coordinates.clone()];
            p.transform.add_pulled_back(u, x, &self.natural_gradient[p.natural.clone()], slopes);
        }
        let is_finite = value.is_finite() && gradient.iter().all(|slope| slope.is_finite());
        if is_finite { Ok(value) } else { Err(not_finite(coordinates)) }
    }
}
