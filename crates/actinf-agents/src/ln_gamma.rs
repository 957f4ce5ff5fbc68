//! The logarithm of the gamma function, for densities.
//!
//! ```text
//! ln Γ(x) = ln Γ(x + n) - ln x (x + 1) ... (x + n - 1)
//! ln Γ(x) ~ (x - ½) ln x - x + ½ ln 2π + Σ_k B_2k / (2k (2k - 1) x^(2k-1))       asymptotic, k = 1, 2, ...
//! ```
//!
//! The recurrence moves the argument to 10 or beyond, where the first term left out of the series after seven is below 1e-16.
//!
//! # References
//!
//! Abramowitz & Stegun (1964). *Handbook of Mathematical Functions*, 6.1.15, 6.1.41.

use crate::digamma::digamma;
use crate::real::Real;

/// Where the asymptotic series is used.
const ASYMPTOTIC_FROM: f64 = 10.0;

/// `B_2k / (2k (2k - 1))` for `k = 1, ..., 7`.
const SERIES: [f64; 7] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];

/// `ln Γ(x)` for `x > 0`, with its derivative `ψ(x)`; infinity at 0, and not a number below it.
pub(crate) fn ln_gamma<T: Real>(x: T) -> T {
    let at = x.value();
    if at > 0.0 { (x - at) * digamma(at) + of_number(at) } else { T::constant(of_number(at)) }
}

fn of_number(mut x: f64) -> f64 {
    if x <= 0.0 {
        return if x < 0.0 { f64::NAN } else { f64::INFINITY };
    }
    let mut product = 1.0;
    while x < ASYMPTOTIC_FROM {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = SERIES.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient) * inverse;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dual;

    #[test]
    fn it_is_the_logarithm_of_factorials_and_of_the_root_of_pi() {
        let mut factorial = 1.0_f64;
        for n in 1..=20 {
            let expected = factorial.ln();
            assert!((ln_gamma(f64::from(n)) - expected).abs() < 2e-14 * expected.max(1.0), "{n}");
            factorial *= f64::from(n);
        }
        let half = 0.5 * std::f64::consts::PI.ln();
        assert!((ln_gamma(0.5) - half).abs() < 1e-14);
        assert!((ln_gamma(1.5) - half + 2.0_f64.ln()).abs() < 1e-14);
    }

    /// `Γ(x) Γ(1 - x) = π / sin πx`.
    #[test]
    fn the_reflection_holds_between_0_and_1() {
        for k in 1..100 {
            let x = f64::from(k) / 100.0;
            let pi = std::f64::consts::PI;
            let expected = (pi / (pi * x).sin()).ln();
            assert!((ln_gamma(x) + ln_gamma(1.0 - x) - expected).abs() < 5e-14, "{x}");
        }
    }

    #[test]
    fn its_derivative_is_that_of_differences() {
        for x in [0.03, 0.7, 3.0, 9.99, 42.0] {
            let step = 1e-5 * x;
            let difference = (ln_gamma(x + step) - ln_gamma(x - step)) / (2.0 * step);
            let dual = ln_gamma(Dual::<2>::variable(x, 1));
            assert_eq!(dual.value().to_bits(), ln_gamma(x).to_bits());
            assert!((dual.derivatives()[1] - difference).abs() < 1e-7 * difference.abs().max(1.0), "{x}");
        }
        assert!(ln_gamma(-0.5).is_nan() && ln_gamma(0.0).is_infinite());
    }
}
