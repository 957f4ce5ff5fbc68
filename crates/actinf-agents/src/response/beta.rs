//! The beta distribution by its mean and precision.

use crate::ln_gamma::ln_gamma;
use crate::real::Real;
use rand::Rng;
use rand_distr::{Beta, Distribution};

/// The log density of `value`, or of the value it is squeezed to with the change of variable. With a mean of 0 or 1 all the
/// probability lies at that end, and the density is 0 elsewhere.
pub(super) fn log_density<T: Real>(mean: T, precision: T, squeeze: Option<f64>, value: f64) -> T {
    let (value, log_slope) = match squeeze {
        None => (value, 0.0),
        Some(n) => ((value * (n - 1.0) + 0.5) / n, ((n - 1.0) / n).ln()),
    };
    let (a, b) = (mean * precision, (T::ONE - mean) * precision);
    if !(a.value() > 0.0 && b.value() > 0.0 && value > 0.0 && value < 1.0) {
        return T::constant(f64::NEG_INFINITY);
    }
    let log_normaliser = ln_gamma(precision) - ln_gamma(a) - ln_gamma(b);
    log_normaliser + (a - 1.0) * value.ln() + (b - 1.0) * (1.0 - value).ln() + log_slope
}

pub(super) fn sample(mean: f64, precision: f64, squeeze: Option<f64>, rng: &mut dyn Rng) -> Option<f64> {
    let drawn = Beta::new(mean * precision, (1.0 - mean) * precision).ok()?.sample(rng);
    Some(squeeze.map_or(drawn, |n| ((drawn * n - 0.5) / (n - 1.0)).clamp(0.0, 1.0)))
}
