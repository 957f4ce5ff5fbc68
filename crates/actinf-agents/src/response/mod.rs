//! Responses beside the action: ratings, confidence, reaction times, whose distribution follows from beliefs and plans.
//!
//! ```text
//! normal       ln p(y) = - ln σ - ½ ln 2π - ½ ((y - μ) / σ)²
//! beta         ln p(y) = ln Γ(φ) - ln Γ(μφ) - ln Γ((1-μ)φ) + (μφ - 1) ln y + ((1-μ)φ - 1) ln (1-y)
//! log-normal   ln p(y) = - ln (y-s) - ln σ - ½ ln 2π - ½ ((ln (y-s) - m) / σ)²
//! ```
//!
//! Mean `μ`, standard deviation or scale `σ`, precision `φ`, location `m` and shift `s` are expressions. Of an agent they see
//! the parameters, the marginal beliefs as `factor.state`, and the plan by the names of [`PLAN`]; of a
//! [baseline](crate::baselines) they see the parameters and everything that its trajectory records, such as `value.left`.
//!
//! A response belongs to the moment at which it is given: beliefs are those after the row's observation in either order, the
//! plan is the one behind the row's action.
//!
//! # Values outside the range
//!
//! A beta distribution has no density at exactly 0 and 1, where ratings on a bounded scale often lie, and a log-normal one
//! none at 0 and below. Such a value is refused, with its row, before anything is fitted. Ratings at the ends of the scale can
//! be **squeezed**: with `squeeze = n` the distribution is that of `(y (n - 1) + ½) / n` (Smithson & Verkuilen 2006, who take
//! the sample size as `n`), and the density counts this change of variable, so that it is one of `y`. Nothing is squeezed
//! unless the model says so. Simulated ratings that fall beyond an end are put on it.
//!
//! # References
//!
//! - Ferrari & Cribari-Neto (2004). Beta regression for modelling rates and proportions. *Journal of Applied Statistics* 31,
//!   799-815: mean and precision.
//! - Smithson & Verkuilen (2006). A better lemon squeezer? Maximum-likelihood regression with beta-distributed dependent
//!   variables. *Psychological Methods* 11, 54-71.
//! - van der Linden (2006). A lognormal model for response times on test items. *Journal of Educational and Behavioral
//!   Statistics* 31, 181-204.

mod beta;
mod log_normal;
mod normal;
mod plan;
mod range;

pub use plan::PLAN;
pub(crate) use plan::{entropy_of_logs, of_plan};
pub(crate) use range::check;

use crate::expression::Expression;
use crate::real::Real;
use crate::task_model::ResponseDistribution;
use rand::Rng;

impl ResponseDistribution {
    /// The log density of `value` in nats, where `slots` are the parameters' values followed by what else the model's
    /// responses see; minus infinity where the density is 0.
    ///
    /// # Example
    ///
    /// The standard normal density at its mean is `1 / √(2π)`; a beta distribution with mean ½ and precision 4 is
    /// Beta(2, 2), whose density `6 y (1 - y)` is 1.5 in the middle; and a log-normal density is the normal density of the
    /// logarithm divided by `y`, here `1 / (2 √(2π))` at 3 seconds, 2 seconds after the shift:
    ///
    /// ```
    /// use actinf_agents::Expression;
    /// use actinf_agents::task_model::ResponseDistribution;
    /// let rating = ResponseDistribution::Normal {
    ///     mean: Expression::constant(0.0),
    ///     standard_deviation: Expression::constant(1.0),
    /// };
    /// let peak = -0.5 * (2.0 * std::f64::consts::PI).ln();
    /// assert!((rating.log_density::<f64>(&[], 0.0) - peak).abs() < 1e-15);
    ///
    /// let confidence = ResponseDistribution::Beta {
    ///     mean: Expression::constant(0.5),
    ///     precision: Expression::constant(4.0),
    ///     squeeze: None,
    /// };
    /// assert!((confidence.log_density::<f64>(&[], 0.5) - 1.5_f64.ln()).abs() < 1e-14);
    ///
    /// let reaction_time = ResponseDistribution::LogNormal {
    ///     location: Expression::parse("ln(2)", &[""])?,
    ///     scale: Expression::constant(1.0),
    ///     shift: Expression::constant(1.0),
    /// };
    /// assert!((reaction_time.log_density::<f64>(&[], 3.0) - (peak - 2.0_f64.ln())).abs() < 1e-15);
    /// assert_eq!(reaction_time.log_density::<f64>(&[], 0.9), f64::NEG_INFINITY);
    /// # Ok::<(), actinf_agents::ExpressionError>(())
    /// ```
    pub fn log_density<T: Real>(&self, slots: &[T], value: f64) -> T {
        match self {
            ResponseDistribution::Normal { mean, standard_deviation } => {
                normal::log_density(mean.evaluate(slots), standard_deviation.evaluate(slots), value)
            }
            ResponseDistribution::Beta { mean, precision, squeeze } => {
                beta::log_density(mean.evaluate(slots), precision.evaluate(slots), *squeeze, value)
            }
            ResponseDistribution::LogNormal { location, scale, shift } => log_normal::log_density(
                location.evaluate(slots),
                scale.evaluate(slots),
                shift.evaluate(slots),
                value,
            ),
        }
    }

    /// Draws a value, where `slots` are as in [`ResponseDistribution::log_density`]. `None` if the distribution is not valid
    /// there.
    pub fn sample(&self, slots: &[f64], rng: &mut dyn Rng) -> Option<f64> {
        match self {
            ResponseDistribution::Normal { mean, standard_deviation } => {
                normal::sample(mean.evaluate(slots), standard_deviation.evaluate(slots), rng)
            }
            ResponseDistribution::Beta { mean, precision, squeeze } => {
                beta::sample(mean.evaluate(slots), precision.evaluate(slots), *squeeze, rng)
            }
            ResponseDistribution::LogNormal { location, scale, shift } => {
                let logarithm = normal::sample(location.evaluate(slots), scale.evaluate(slots), rng)?;
                Some(shift.evaluate(slots) + logarithm.exp())
            }
        }
    }

    /// All its expressions.
    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        match self {
            ResponseDistribution::Normal { mean, standard_deviation } => vec![mean, standard_deviation],
            ResponseDistribution::Beta { mean, precision, .. } => vec![mean, precision],
            ResponseDistribution::LogNormal { location, scale, shift } => vec![location, scale, shift],
        }
    }
}

#[cfg(test)]
mod tests;
