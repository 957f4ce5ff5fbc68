//! Responses beside the action: ratings whose distribution follows from beliefs.
//!
//! ```text
//! normal   ln p(y) = - ln σ - ½ ln 2π - ½ ((y - μ) / σ)²
//! ```

use crate::real::Real;
use crate::task_model::ResponseDistribution;
use rand::Rng;
use rand_distr::{Distribution, Normal};

impl ResponseDistribution {
    /// The log density of `value` in nats, where `slots` are the parameters' values followed by the marginal beliefs.
    ///
    /// # Example
    ///
    /// The standard normal density at its mean is `1 / √(2π)`:
    ///
    /// ```
    /// use actinf_agents::Expression;
    /// use actinf_agents::task_model::ResponseDistribution;
    /// let rating = ResponseDistribution::Normal {
    ///     mean: Expression::constant(0.0),
    ///     standard_deviation: Expression::constant(1.0),
    /// };
    /// let expected = -0.5 * (2.0 * std::f64::consts::PI).ln();
    /// assert!((rating.log_density::<f64>(&[], 0.0) - expected).abs() < 1e-15);
    /// ```
    pub fn log_density<T: Real>(&self, slots: &[T], value: f64) -> T {
        match self {
            ResponseDistribution::Normal { mean, standard_deviation } => {
                let sd: T = standard_deviation.evaluate(slots);
                let deviation = (-mean.evaluate(slots) + value) / sd;
                -(deviation * deviation) * 0.5 - sd.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
            }
        }
    }

    /// Draws a value, where `slots` are the parameters' values followed by the marginal beliefs. `None` if the
    /// distribution is not valid there.
    pub fn sample(&self, slots: &[f64], rng: &mut dyn Rng) -> Option<f64> {
        match self {
            ResponseDistribution::Normal { mean, standard_deviation } => {
                let sd = standard_deviation.evaluate(slots);
                Some(Normal::new(mean.evaluate(slots), sd).ok()?.sample(rng))
            }
        }
    }
}
