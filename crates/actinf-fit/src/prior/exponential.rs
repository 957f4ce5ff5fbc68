//! The exponential distribution, above zero.

use super::error::{PriorErrorKind, positive};
use super::scalar::{Line, ScalarDistribution};
use rand::Rng;
use rand_distr::{Distribution, Exp1};
use std::f64::consts::PI;

/// `ln p(x) = ln r - r x`, with rate r.
pub(crate) struct Exponential {
    pub(crate) rate: f64,
}

impl ScalarDistribution for Exponential {
    fn line(&self) -> Line {
        Line::Positive
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        positive("rate", self.rate)
    }

    fn log_density(&self, x: f64) -> f64 {
        self.rate.ln() - self.rate * x
    }

    fn log_density_slope(&self, _x: f64) -> f64 {
        -self.rate
    }

    fn unconstrained_variance(&self) -> f64 {
        PI * PI / 6.0
    }

    fn laplace_variance(&self) -> f64 {
        1.0
    }

    fn quantile(&self, probability: f64) -> f64 {
        -(-probability).ln_1p() / self.rate
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        let x: f64 = Exp1.sample(rng);
        Some(x / self.rate)
    }
}
