//! The log-normal distribution, above zero.

use super::error::{PriorErrorKind, positive};
use super::normal::Normal;
use super::scalar::{Line, ScalarDistribution};
use rand::Rng;

/// `ln p(x) = ln Normal(ln x; ln median, σ²) - ln x`.
pub(crate) struct LogNormal {
    pub(crate) median: f64,
    pub(crate) sd: f64,
}

impl LogNormal {
    fn of_log(&self) -> Normal {
        Normal { mean: self.median.ln(), sd: self.sd }
    }
}

impl ScalarDistribution for LogNormal {
    fn line(&self) -> Line {
        Line::Positive
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        positive("median", self.median)?;
        positive("sd", self.sd)
    }

    fn log_density(&self, x: f64) -> f64 {
        self.of_log().log_density(x.ln()) - x.ln()
    }

    fn log_density_slope(&self, x: f64) -> f64 {
        (self.of_log().log_density_slope(x.ln()) - 1.0) / x
    }

    fn unconstrained_variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn laplace_variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn quantile(&self, probability: f64) -> f64 {
        self.of_log().quantile(probability).exp()
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        self.of_log().sample(rng).map(f64::exp)
    }
}
