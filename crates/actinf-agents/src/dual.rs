//! Forward-mode automatic differentiation: a number with its derivatives along `N` directions.

use crate::digamma::{digamma, digamma_lag, digamma_lag_slope, trigamma};
use crate::real::Real;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A value and its `N` partial derivatives.
///
/// # Formula
///
/// ```text
/// (a + a'ε)(b + b'ε) = ab + (a'b + ab')ε      f(a + a'ε) = f(a) + f'(a) a'ε
/// ```
///
/// # Example
///
/// ```
/// use actinf_agents::{Dual, Real};
/// let x = Dual::<2>::variable(3.0, 0);
/// let y = Dual::<2>::variable(4.0, 1);
/// let z = x * y + x.ln();
/// assert_eq!(z.value(), 12.0 + 3.0_f64.ln());
/// assert_eq!(z.derivatives(), &[4.0 + 1.0 / 3.0, 3.0]);
/// ```
///
/// # References
///
/// Griewank & Walther (2008). *Evaluating Derivatives*, 2nd ed., chapter 3. SIAM.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<const N: usize> {
    derivatives: [f64; N],
    value: f64,
}

impl<const N: usize> Dual<N> {
    /// The variable along direction `direction`: its derivative there is 1. A direction of `N` or more is a constant.
    pub fn variable(value: f64, direction: usize) -> Self {
        let mut derivatives = [0.0; N];
        if let Some(derivative) = derivatives.get_mut(direction) {
            *derivative = 1.0;
        }
        Dual { derivatives, value }
    }

    /// The partial derivatives.
    pub fn derivatives(&self) -> &[f64; N] {
        &self.derivatives
    }

    #[inline(always)]
    fn chain(self, value: f64, slope: f64) -> Self {
        Dual { derivatives: self.derivatives.map(|derivative| slope * derivative), value }
    }

    #[inline(always)]
    fn zip(self, other: Self, value: f64, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut derivatives = self.derivatives;
        for (a, b) in derivatives.iter_mut().zip(&other.derivatives) {
            *a = f(*a, *b);
        }
        Dual { derivatives, value }
    }
}

impl<const N: usize> Real for Dual<N> {
    const ZERO: Self = Dual { derivatives: [0.0; N], value: 0.0 };
    const ONE: Self = Dual { derivatives: [0.0; N], value: 1.0 };
    const CARRIES_DERIVATIVES: bool = true;

    #[inline(always)]
    fn constant(value: f64) -> Self {
        Dual { derivatives: [0.0; N], value }
    }

    #[inline(always)]
    fn value(self) -> f64 {
        self.value
    }

    #[inline(always)]
    #[allow(clippy::float_cmp, reason = "an exact zero is the question")]
    fn is_zero(self) -> bool {
        self.value == 0.0 && self.derivatives.iter().all(|&derivative| derivative == 0.0)
    }

    #[inline(always)]
    #[allow(clippy::float_cmp, reason = "an exact zero is the question")]
    fn varies(self) -> bool {
        self.derivatives.iter().any(|&derivative| derivative != 0.0)
    }

    #[inline(always)]
    fn is_same(self, other: Self) -> bool {
        let mut derivatives = self.derivatives.iter().zip(&other.derivatives);
        self.value.is_same(other.value) && derivatives.all(|(a, b)| a.is_same(*b))
    }

    #[inline(always)]
    fn add_slope(&mut self, slope: f64, x: Self) {
        for (derivative, dx) in self.derivatives.iter_mut().zip(x.derivatives) {
            *derivative += slope * dx;
        }
    }

    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        self.chain(value, value)
    }

    /// At 0 the logarithm is minus infinity and has no derivative; it is given the derivative 0, because every
    /// equation leaves out terms whose probability is 0.
    #[inline(always)]
    #[allow(clippy::float_cmp, reason = "an exact zero is the question")]
    fn ln(self) -> Self {
        if self.value == 0.0 {
            return Self::constant(f64::NEG_INFINITY);
        }
        self.chain(self.value.ln(), 1.0 / self.value)
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        self.chain(value, 0.5 / value)
    }

    fn digamma_lag(self) -> Self {
        self.chain(digamma_lag(self.value), digamma_lag_slope(self.value))
    }

    /// Its derivative is the trigamma function.
    fn digamma(self) -> Self {
        self.chain(digamma(self.value), trigamma(self.value))
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, self.value + other.value, |a, b| a + b)
    }
}

impl<const N: usize> Sub for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, self.value - other.value, |a, b| a - b)
    }
}

impl<const N: usize> Mul for Dual<N> {
    type Output = Self;
    #[inline(always)]
    #[allow(clippy::suspicious_arithmetic_impl, reason = "the product rule is a sum")]
    fn mul(self, other: Self) -> Self {
        let (x, y) = (self.value, other.value);
        self.zip(other, x * y, |a, b| a * y + x * b)
    }
}

impl<const N: usize> Div for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let ratio = self.value / other.value;
        let inverse = 1.0 / other.value;
        self.zip(other, ratio, |a, b| (a - ratio * b) * inverse)
    }
}

impl<const N: usize> Neg for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.chain(-self.value, -1.0)
    }
}

impl<const N: usize> Add<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: f64) -> Self {
        Dual { value: self.value + other, ..self }
    }
}

impl<const N: usize> Sub<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: f64) -> Self {
        Dual { value: self.value - other, ..self }
    }
}

impl<const N: usize> Mul<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        self.chain(self.value * other, other)
    }
}

impl<const N: usize> Div<f64> for Dual<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: f64) -> Self {
        self.chain(self.value / other, 1.0 / other)
    }
}

macro_rules! assign {
    ($trait:ident, $method:ident, $operator:tt) => {
        impl<const N: usize> $trait for Dual<N> {
            #[inline(always)]
            fn $method(&mut self, other: Self) {
                *self = *self $operator other;
            }
        }
    };
}
assign!(AddAssign, add_assign, +);
assign!(SubAssign, sub_assign, -);
assign!(MulAssign, mul_assign, *);
assign!(DivAssign, div_assign, /);

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact zeros and infinities are the question")]
mod tests {
    use super::*;

    fn check(f: impl Fn(Dual<4>) -> Dual<4>, g: impl Fn(f64) -> f64, x: f64) {
        let dual = f(Dual::variable(x, 2));
        let step = 1e-6;
        let difference = (g(x + step) - g(x - step)) / (2.0 * step);
        assert_eq!(dual.value().to_bits(), g(x).to_bits());
        assert!((dual.derivatives()[2] - difference).abs() < 1e-8 * (1.0 + difference.abs()));
        assert_eq!(dual.derivatives()[0], 0.0);
    }

    #[test]
    fn every_operation_agrees_with_plain_numbers_and_central_differences() {
        for x in [0.3, 1.7, 4.0] {
            check(|x| x.exp(), f64::exp, x);
            check(|x| x.ln(), f64::ln, x);
            check(|x| x.sqrt(), f64::sqrt, x);
            check(|x| x.digamma(), |x| x.digamma(), x);
            check(|x| x.digamma_lag(), |x| x.digamma_lag(), x);
            check(|x| x * x + x, |x| x * x + x, x);
            check(|x| Dual::ONE / (x - 9.0), |x| 1.0 / (x - 9.0), x);
            check(|x| -(x * 3.0 + 1.0) / 7.0, |x| -(x * 3.0 + 1.0) / 7.0, x);
            check(|x| (x - x * x) / x, |x| (x - x * x) / x, x);
        }
    }

    #[test]
    fn the_logarithm_of_zero_has_no_derivative_that_spreads() {
        let zero = Dual::<4>::ZERO.ln();
        assert_eq!(zero.value(), f64::NEG_INFINITY);
        assert!(zero.derivatives().iter().all(|&derivative| derivative == 0.0));
        assert!(Dual::<4>::ZERO.is_zero());
        assert!(!Dual::<4>::variable(0.0, 1).is_zero());
    }
}
