//! The gamma distribution, above zero.

use super::error::{PriorErrorKind, positive};
use super::scalar::{Line, ScalarDistribution};
use super::trigamma::trigamma;
use rand::Rng;
use rand_distr::Distribution;
use statrs::distribution::ContinuousCDF;
use statrs::function::gamma::ln_gamma;

/// `ln p(x) = k ln r - ln Γ(k) + (k - 1) ln x - r x`, with shape k and rate r.
pub(crate) struct Gamma {
    pub(crate) shape: f64,
    pub(crate) rate: f64,
}

impl ScalarDistribution for Gamma {
    fn line(&self) -> Line {
        Line::Positive
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        positive("shape", self.shape)?;
        positive("rate", self.rate)
    }

    fn log_density(&self, x: f64) -> f64 {
        self.shape * self.rate.ln() - ln_gamma(self.shape) + (self.shape - 1.0) * x.ln() - self.rate * x
    }

    fn log_density_slope(&self, x: f64) -> f64 {
        (self.shape - 1.0) / x - self.rate
    }

    fn unconstrained_variance(&self) -> f64 {
        trigamma(self.shape)
    }

    fn laplace_variance(&self) -> f64 {
        1.0 / self.shape
    }

    fn quantile(&self, probability: f64) -> f64 {
        statrs::distribution::Gamma::new(self.shape, self.rate)
            .map_or(f64::NAN, |gamma| gamma.inverse_cdf(probability))
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        Some(rand_distr::Gamma::new(self.shape, 1.0 / self.rate).ok()?.sample(rng))
    }
}
