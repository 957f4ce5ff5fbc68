//! The scalar every equation is written for: a number, or a number that carries its derivatives.

use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A real number as the equations see it: `f64`, or a dual number that carries exact derivatives.
///
/// Every implementation computes its value with the same operations in the same order as `f64` does, so that the
/// value beside a gradient equals the plain value bit for bit.
pub trait Real:
    Copy
    + std::fmt::Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + Send
    + Sync
    + 'static
{
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;

    /// Whether numbers of this kind carry derivatives at all.
    const CARRIES_DERIVATIVES: bool;

    /// A constant: all derivatives are zero.
    fn constant(value: f64) -> Self;

    /// The value without derivatives.
    fn value(self) -> f64;

    /// Whether the value and all derivatives are exactly zero, so that a product with it can be skipped.
    fn is_zero(self) -> bool;

    /// Whether any derivative differs from zero.
    fn varies(self) -> bool;

    /// Whether the value and all derivatives are the same bits.
    fn is_same(self, other: Self) -> bool;

    /// Adds `slope · dx` to the derivatives and leaves the value as it is: how an equation whose slopes are worked out by
    /// hand passes on the derivatives of what it depends on.
    fn add_slope(&mut self, slope: f64, x: Self);

    /// `e^x`.
    fn exp(self) -> Self;

    /// The natural logarithm; minus infinity at 0.
    fn ln(self) -> Self;

    /// The square root.
    fn sqrt(self) -> Self;

    /// `ψ(x + 1) - ln x` for `x > 0`, with the digamma function `ψ`: how far the expected logarithm of a Dirichlet count lags
    /// behind its logarithm.
    fn digamma_lag(self) -> Self;

    /// The digamma function `ψ(x) = d ln Γ(x) / dx` for `x > 0`; not a number below 0.
    fn digamma(self) -> Self;
}

impl Real for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    const CARRIES_DERIVATIVES: bool = false;

    #[inline(always)]
    fn constant(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    #[allow(clippy::float_cmp, reason = "an exact zero is the question")]
    fn is_zero(self) -> bool {
        self == 0.0
    }

    #[inline(always)]
    fn varies(self) -> bool {
        false
    }

    #[inline(always)]
    fn is_same(self, other: f64) -> bool {
        self.to_bits() == other.to_bits()
    }

    #[inline(always)]
    fn add_slope(&mut self, _slope: f64, _x: f64) {}

    #[inline(always)]
    fn exp(self) -> f64 {
        f64::exp(self)
    }

    #[inline(always)]
    fn ln(self) -> f64 {
        f64::ln(self)
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }

    fn digamma_lag(self) -> f64 {
        crate::digamma::digamma_lag(self)
    }

    fn digamma(self) -> f64 {
        crate::digamma::digamma(self)
    }
}
