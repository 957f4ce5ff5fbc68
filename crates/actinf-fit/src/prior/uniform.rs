//! The uniform distribution, between 0 and 1.

use super::error::PriorErrorKind;
use super::scalar::{Line, ScalarDistribution};
use rand::Rng;
use rand_distr::{Distribution, Open01};
use std::f64::consts::PI;

/// `ln p(u) = 0`.
pub(crate) struct Uniform;

impl ScalarDistribution for Uniform {
    fn line(&self) -> Line {
        Line::Unit
    }

    fn check(&self) -> Result<(), PriorErrorKind> {
        Ok(())
    }

    fn log_density(&self, _u: f64) -> f64 {
        0.0
    }

    fn log_density_slope(&self, _u: f64) -> f64 {
        0.0
    }

    fn unconstrained_variance(&self) -> f64 {
        PI * PI / 3.0
    }

    fn laplace_variance(&self) -> f64 {
        2.0
    }

    fn quantile(&self, probability: f64) -> f64 {
        probability
    }

    fn sample(&self, rng: &mut dyn Rng) -> Option<f64> {
        Some(Open01.sample(rng))
    }
}
