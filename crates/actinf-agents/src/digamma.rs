//! The digamma function and its derivative, for Dirichlet counts.
//!
//! ```text
//! ψ(x)  = d ln Γ(x) / dx       ψ(x)  = ψ(x + 1) - 1/x
//! ψ'(x) = dψ(x) / dx           ψ'(x) = ψ'(x + 1) + 1/x²
//!
//! ψ(x)  ~ ln x - 1/(2x) - Σ_k B_2k / (2k x^2k)          asymptotic, k = 1, 2, ...
//! ψ'(x) ~ 1/x + 1/(2x²) + Σ_k B_2k / x^(2k+1)
//! ```
//!
//! with the Bernoulli numbers `B_2 = 1/6, B_4 = -1/30, ...`. The recurrences move the argument to 10 or beyond, where the
//! first term left out of the series after seven is below 1e-16.
//!
//! # References
//!
//! Abramowitz & Stegun (1964). *Handbook of Mathematical Functions*, 6.3.5, 6.3.18, 6.4.6, 6.4.12.

use crate::elementary;

/// Where the asymptotic series is used.
const ASYMPTOTIC_FROM: f64 = 10.0;

/// The Bernoulli numbers `B_2, B_4, ..., B_14`.
const BERNOULLI: [f64; 7] =
    [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0];

/// `B_2k / 2k` for `k = 1, ..., 7`.
const BERNOULLI_SHARES: [f64; 7] =
    [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0];

/// `c_1 y + c_2 y² + ...`
fn power_series(coefficients: &[f64; 7], y: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| (sum + coefficient) * y)
}

/// `ψ(x)` for `x > 0`; minus infinity at 0, and not a number below it.
pub(crate) fn digamma(mut x: f64) -> f64 {
    if x < 0.0 {
        return f64::NAN;
    }
    let mut below = 0.0;
    while x < ASYMPTOTIC_FROM {
        below += 1.0 / x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    x.ln() - 0.5 * inverse - power_series(&BERNOULLI_SHARES, inverse * inverse) - below
}

/// `ψ'(x)` for `x > 0`; infinity at 0, and not a number below it.
pub(crate) fn trigamma(mut x: f64) -> f64 {
    if x < 0.0 {
        return f64::NAN;
    }
    let mut below = 0.0;
    while x < ASYMPTOTIC_FROM {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    inverse + 0.5 * square + inverse * power_series(&BERNOULLI, square) + below
}

/// `Σ_k=1..10 1/(x + k)` and `Σ_k=1..10 1/(x + k)²` for `x >= 0`. Opposite terms share a denominator, and all five of those
/// one quotient, since a quotient takes as long as ten products:
///
/// ```text
/// 1/(x + k) + 1/(x + 11 - k) = (2x + 11) / (y + k (11 - k))                      y = x (x + 11)
/// 1/a + 1/b = (a + b) / ab                1/a² + 1/b² = (a² + b²) / (ab)²
/// ```
#[inline(always)]
fn ten_quotients(x: f64) -> (f64, f64) {
    let (both, y) = (2.0 * x + 11.0, x * (x + 11.0));
    let [a, b, c, d, e] = [y + 10.0, y + 18.0, y + 24.0, y + 28.0, y + 30.0];
    let (ab, cd) = (a * b, c * d);
    let (abe, cde) = (ab * e, cd * e);
    let inverse = 1.0 / (ab * cde);
    let sum = ((a + b) * cde + (c + d) * abe + ab * cd) * inverse;
    let squares = (a * a + b * b) * (cde * cde) + (c * c + d * d) * (abe * abe) + (ab * cd) * (ab * cd);
    (both * sum, both * both * (squares * (inverse * inverse)) - 2.0 * sum)
}

/// `c_1 y + c_2 y² + ... + c_7 y^7`, in few steps that wait for each other.
#[inline(always)]
fn short_series(c: &[f64; 7], y: f64) -> f64 {
    let square = y * y;
    let fourth = square * square;
    let low = (c[0] + c[1] * y) + square * (c[2] + c[3] * y);
    let high = (c[4] + c[5] * y) + square * c[6];
    y * (low + fourth * high)
}

/// `ψ(x + 1) - ln x` for `x > 0`: how far the expected logarithm of a count lags behind its logarithm.
///
/// ```text
/// lag(x) ~ 1/(2x) - Σ_k B_2k / (2k x^2k)       lag(x) = lag(x + n) + ln((x + n) / x) - Σ_k=1..n 1/(x + k)
/// ```
#[inline(always)]
pub(crate) fn digamma_lag(x: f64) -> f64 {
    let is_small = x < ASYMPTOTIC_FROM;
    let shifted = if is_small { x + 10.0 } else { x };
    let inverse = 1.0 / shifted;
    let asymptotic = 0.5 * inverse - short_series(&BERNOULLI_SHARES, inverse * inverse);
    let below = elementary::positive_ln_of(shifted / x) - ten_quotients(x).0;
    if is_small { asymptotic + below } else { asymptotic }
}

/// `ψ'(x + 1) - 1/x` for `x > 0`: the derivative of [`digamma_lag`].
#[inline(always)]
pub(crate) fn digamma_lag_slope(x: f64) -> f64 {
    let is_small = x < ASYMPTOTIC_FROM;
    let shifted = if is_small { x + 10.0 } else { x };
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    // Of the whole series the leading 1/x is taken out, which what is taken from it would otherwise nearly cancel.
    let rest = inverse * short_series(&BERNOULLI, square) - 0.5 * square;
    let below = inverse + (ten_quotients(x).1 - 1.0 / x);
    if is_small { rest + below } else { rest }
}

#[inline(always)]
fn lag_or_zero_of(x: f64) -> f64 {
    let lag = digamma_lag(x);
    if x > 0.0 { lag } else { 0.0 }
}

#[inline(always)]
fn slope_or_zero_of(x: f64) -> f64 {
    let slope = digamma_lag_slope(x);
    if x > 0.0 { slope } else { 0.0 }
}

elementary::kernel!(Lags, lag_or_zero_of);
elementary::kernel!(LagSlopes, slope_or_zero_of);

/// Replaces every number by its [`digamma_lag`]; numbers that are not positive by 0: where there are no counts, nothing lags.
pub(crate) fn lags(processor: pulp::Arch, xs: &mut [f64]) {
    processor.dispatch(Lags(xs));
}

/// Replaces every number by its [`digamma_lag_slope`]; numbers that are not positive by 0.
pub(crate) fn lag_slopes(processor: pulp::Arch, xs: &mut [f64]) {
    processor.dispatch(LagSlopes(xs));
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "infinities are the question")]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_PI_2, LN_2, PI};

    /// The Euler-Mascheroni constant.
    const EULER: f64 = 0.577_215_664_901_532_9;

    #[test]
    fn the_lag_is_what_it_says() {
        for x in [1e-3, 0.2, 0.9, 1.0, 3.7, 9.5, 10.0, 12.3, 400.0] {
            let expected = digamma(x + 1.0) - f64::ln(x);
            assert!((digamma_lag(x) - expected).abs() < 1e-14 * expected.abs().max(1.0), "{x}");
            let slope = trigamma(x + 1.0) - 1.0 / x;
            assert!((digamma_lag_slope(x) - slope).abs() < 1e-14 * slope.abs().max(1.0), "{x}");
        }
    }

    #[test]
    fn whole_slices_lag_as_single_numbers_do() {
        let xs: Vec<f64> = (0..200).map(|k| f64::from(k) * 0.13).collect();
        let (mut found, mut slopes) = (xs.clone(), xs.clone());
        lags(pulp::Arch::new(), &mut found);
        lag_slopes(pulp::Arch::new(), &mut slopes);
        assert_eq!((found[0], slopes[0]), (0.0, 0.0));
        for ((x, lag), slope) in xs.iter().zip(found).zip(slopes).skip(1) {
            assert_eq!((lag, slope), (digamma_lag(*x), digamma_lag_slope(*x)), "{x}");
        }
    }

    #[test]
    fn digamma_has_the_values_of_gauss_at_simple_arguments() {
        let harmonic = |n: i32| (1..=n).map(|k| 1.0 / f64::from(k)).sum::<f64>();
        for (x, value) in [
            (1.0, -EULER),
            (2.0, 1.0 - EULER),
            (0.5, -EULER - 2.0 * LN_2),
            (0.25, -EULER - FRAC_PI_2 - 3.0 * LN_2),
            (0.75, -EULER + FRAC_PI_2 - 3.0 * LN_2),
            (11.0, harmonic(10) - EULER),
            (101.0, harmonic(100) - EULER),
        ] {
            assert!((digamma(x) - value).abs() < 1e-14, "{x}: {} {value}", digamma(x));
        }
        // The only zero on the positive side.
        assert!(digamma(1.461_632_144_968_362_3).abs() < 1e-15);
    }

    #[test]
    fn trigamma_has_its_known_values() {
        const CATALAN: f64 = 0.915_965_594_177_219;
        let square = PI * PI;
        for (x, value) in [
            (1.0, square / 6.0),
            (0.5, square / 2.0),
            (2.0, square / 6.0 - 1.0),
            (1.5, square / 2.0 - 4.0),
            (0.25, square + 8.0 * CATALAN),
        ] {
            assert!((trigamma(x) - value).abs() < 1e-14 * value.max(1.0), "{x}: {} {value}", trigamma(x));
        }
    }

    #[test]
    fn both_recurrences_hold_from_tiny_to_huge_arguments() {
        for k in -60..=60 {
            let x = 1.25_f64.powi(k);
            let (step, slope) = (digamma(x + 1.0) - digamma(x) - 1.0 / x, trigamma(x) - trigamma(x + 1.0));
            assert!(step.abs() < 1e-14 * (1.0 / x).max(1.0), "{x}: {step}");
            assert!((slope - 1.0 / (x * x)).abs() < 1e-14 * trigamma(x).max(1.0), "{x}: {slope}");
        }
    }

    #[test]
    fn digamma_grows_as_trigamma_says() {
        for x in [0.3, 1.0, 4.7, 9.9999, 10.0, 31.0] {
            let difference = (digamma(x + 1e-5) - digamma(x - 1e-5)) / 2e-5;
            assert!((difference / trigamma(x) - 1.0).abs() < 1e-8, "{x}");
        }
    }

    #[test]
    fn outside_the_domain_there_is_no_number() {
        assert_eq!((digamma(0.0), trigamma(0.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(digamma(-1.5).is_nan() && trigamma(-1.5).is_nan() && digamma(f64::NAN).is_nan());
        assert_eq!(digamma(f64::INFINITY), f64::INFINITY);
    }
}
