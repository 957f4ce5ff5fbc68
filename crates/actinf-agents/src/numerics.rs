//! The numerical policy, in one place: what is done about logarithms of 0.
//!
//! By default nothing is: an impossible event has probability 0 and log-probability minus infinity, and takes part in no
//! sum. For parity with pymdp (inferactively-pymdp 1.0.4), [`Numerics::Pymdp`] replaces every probability below
//! `ε = 2^-52` by ε in logarithms, and every count below ε by ε where probabilities are made from counts; where a
//! number is replaced its derivative is 0.

use crate::real::Real;
use crate::task_model::Numerics;

/// The floor of [`Numerics::Pymdp`]: `2^-52`.
pub(crate) const PYMDP_FLOOR: f64 = f64::EPSILON;

/// The number itself, or the floor where the policy has one and the number is below it.
#[inline(always)]
pub(crate) fn floored<T: Real>(x: T, numerics: Numerics) -> T {
    match numerics {
        Numerics::Pymdp if x.value() < PYMDP_FLOOR => T::constant(PYMDP_FLOOR),
        _ => x,
    }
}

/// The logarithm of a probability under the policy.
#[inline(always)]
pub(crate) fn ln<T: Real>(p: T, numerics: Numerics) -> T {
    floored(p, numerics).ln()
}
