//! The normal distribution, on the real line.

use super::error::{PriorErrorKind, finite, positive};
use super::scalar::{Line, ScalarDistribution};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use statrs::function::erf::erfc_inv;
use std::f64::consts::{PI, SQRT_2};

/// `ln p(x) = -½ z² - ln σ - ½ ln 2π`, with `z = (x - mean) / σ`.
pub(crate) struct Normal {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
}

impl ScalarDistribution for Normal {
    fn line(&self) -> Line {
        Line::Real
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        finite("mean", self.mean)?;
        positive("sd", self.sd)
    }

    fn log_density(&self, x: f64) -> f64 {
        let z = (x - self.mean) / self.sd;
        -0.5 * z * z - self.sd.ln() - 0.5 * (2.0 * PI).ln()
    }

    fn log_density_slope(&self, x: f64) -> f64 {
        -(x - self.mean) / (self.sd * self.sd)
    }

    fn unconstrained_variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn laplace_variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn quantile(&self, probability: f64) -> f64 {
        self.mean - self.sd * SQRT_2 * erfc_inv(2.0 * probability)
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        let z: f64 = StandardNormal.sample(rng);
        Some(self.mean + self.sd * z)
    }
}
