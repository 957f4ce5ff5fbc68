//! The beta distribution, between 0 and 1.

use super::error::{PriorErrorKind, positive};
use super::scalar::{Line, ScalarDistribution};
use super::trigamma::trigamma;
use rand::Rng;
use rand_distr::Distribution;
use statrs::distribution::ContinuousCDF;
use statrs::function::gamma::ln_gamma;

/// `ln p(u) = (a - 1) ln u + (b - 1) ln(1 - u) - ln B(a, b)`.
pub(crate) struct Beta {
    pub(crate) a: f64,
    pub(crate) b: f64,
}

impl ScalarDistribution for Beta {
    fn line(&self) -> Line {
        Line::Unit
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        positive("a", self.a)?;
        positive("b", self.b)
    }

    fn log_density(&self, u: f64) -> f64 {
        let ln_beta = ln_gamma(self.a) + ln_gamma(self.b) - ln_gamma(self.a + self.b);
        (self.a - 1.0) * u.ln() + (self.b - 1.0) * (-u).ln_1p() - ln_beta
    }

    fn log_density_slope(&self, u: f64) -> f64 {
        (self.a - 1.0) / u - (self.b - 1.0) / (1.0 - u)
    }

    fn unconstrained_variance(&self) -> f64 {
        trigamma(self.a) + trigamma(self.b)
    }

    fn laplace_variance(&self) -> f64 {
        1.0 / self.a + 1.0 / self.b
    }

    fn quantile(&self, probability: f64) -> f64 {
        statrs::distribution::Beta::new(self.a, self.b).map_or(f64::NAN, |beta| beta.inverse_cdf(probability))
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        Some(rand_distr::Beta::new(self.a, self.b).ok()?.sample(rng))
    }
}
