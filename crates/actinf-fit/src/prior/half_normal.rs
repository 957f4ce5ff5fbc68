//! The half-normal distribution, above zero.

use super::error::{PriorErrorKind, positive};
use super::scalar::{Line, ScalarDistribution};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use statrs::function::erf::erf_inv;
use std::f64::consts::{PI, SQRT_2};

/// `ln p(x) = ½ ln(2/π) - ln σ - x² / 2σ²`.
pub(crate) struct HalfNormal {
    pub(crate) sd: f64,
}

impl ScalarDistribution for HalfNormal {
    fn line(&self) -> Line {
        Line::Positive
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        positive("sd", self.sd)
    }

    fn log_density(&self, x: f64) -> f64 {
        let z = x / self.sd;
        0.5 * (2.0 / PI).ln() - self.sd.ln() - 0.5 * z * z
    }

    fn log_density_slope(&self, x: f64) -> f64 {
        -x / (self.sd * self.sd)
    }

    fn unconstrained_variance(&self) -> f64 {
        PI * PI / 8.0
    }

    fn laplace_variance(&self) -> f64 {
        0.5
    }

    fn quantile(&self, probability: f64) -> f64 {
        self.sd * SQRT_2 * erf_inv(probability)
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        let z: f64 = StandardNormal.sample(rng);
        Some(self.sd * z.abs())
    }
}
