//! The normal distribution.

use crate::real::Real;
use rand::Rng;
use rand_distr::{Distribution, Normal};

pub(super) fn log_density<T: Real>(mean: T, standard_deviation: T, value: f64) -> T {
    let deviation = (-mean + value) / standard_deviation;
    -(deviation * deviation) * 0.5 - standard_deviation.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}

pub(super) fn sample(mean: f64, standard_deviation: f64, rng: &mut dyn Rng) -> Option<f64> {
    Some(Normal::new(mean, standard_deviation).ok()?.sample(rng))
}
