//! The logit-normal distribution, between 0 and 1.

use super::error::{PriorErrorKind, finite, positive};
use super::normal::Normal;
use super::scalar::{Line, ScalarDistribution};
use crate::transform::{logistic, logit};
use rand::Rng;

/// `ln p(u) = ln Normal(logit u; mean, σ²) - ln u - ln(1 - u)`.
pub(crate) struct LogitNormal {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
}

impl LogitNormal {
    fn of_logit(&self) -> Normal {
        Normal { mean: self.mean, sd: self.sd }
    }
}

impl ScalarDistribution for LogitNormal {
    fn line(&self) -> Line {
        Line::Unit
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        finite("mean", self.mean)?;
        positive("sd", self.sd)
    }

    fn log_density(&self, u: f64) -> f64 {
        self.of_logit().log_density(logit(u)) - u.ln() - (-u).ln_1p()
    }

    fn log_density_slope(&self, u: f64) -> f64 {
        (self.of_logit().log_density_slope(logit(u)) - 1.0 + 2.0 * u) / (u * (1.0 - u))
    }

    fn unconstrained_variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn laplace_variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn quantile(&self, probability: f64) -> f64 {
        logistic(self.of_logit().quantile(probability))
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        self.of_logit().sample(rng).map(logistic)
    }
}
