//! The numerical policy, in one place: what is done about logarithms of 0.
//!
//! By default nothing is: an impossible event has probability 0 and log-probability minus infinity, and takes part in no
//! sum. For parity with pymdp (inferactively-pymdp 1.0.4), [`Numerics::Pymdp`] replaces every probability below
//! `ε = 2^-52` by ε in logarithms, and every count below ε by ε where probabilities are made from counts; where a
//! number is replaced its derivative is 0. For parity with SPM, [`Numerics::Spm`] adds `1e-16` under the logarithms of
//! [`crate::trial_message_passing`], whose page lists what else SPM does.

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

/// What [`Numerics::Spm`] adds under logarithms and to counts.
pub(crate) const SPM_ADDED: f64 = 1e-16;

/// What [`Numerics::Spm`] adds under the logarithms of information gain, which leaves out states that are no likelier:
/// `e^-16`.
pub(crate) const SPM_INFORMATION_FLOOR: f64 = 1.125_351_747_192_591_2e-7;

/// What [`Numerics::Spm`] adds to counts in the digamma function.
pub(crate) const SPM_DIGAMMA_SHIFT: f64 = 1.0 / 32.0;

/// The logarithm of a belief under [`Numerics::Spm`], or without any floor.
#[inline(always)]
pub(crate) fn ln_added<T: Real>(p: T, numerics: Numerics) -> T {
    match numerics {
        Numerics::Spm => (p + SPM_ADDED).ln(),
        _ => p.ln(),
    }
}
