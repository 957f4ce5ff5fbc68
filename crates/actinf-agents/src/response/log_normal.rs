//! The log-normal distribution, moved up by a shift.

use super::normal;
use crate::real::Real;

pub(super) fn log_density<T: Real>(location: T, scale: T, shift: T, value: f64) -> T {
    let above = -shift + value;
    if above.value() <= 0.0 {
        return T::constant(f64::NEG_INFINITY);
    }
    let logarithm = above.ln();
    normal::log_density(location - logarithm, scale, 0.0) - logarithm
}
