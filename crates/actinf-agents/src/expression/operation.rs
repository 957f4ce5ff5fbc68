//! What an expression is made of.

use crate::real::Real;

/// One step of evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operation {
    /// Puts a number on the stack.
    Constant(f64),
    /// Puts the value of a slot on the stack.
    Slot(usize),
    /// Replaces the top of the stack.
    Unary(Function),
    /// Replaces the two values on top of the stack, the left operand below the right one.
    Binary(Operator),
}

/// A function of one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Function {
    Negate,
    Exp,
    Ln,
    Sqrt,
    Logistic,
    Softplus,
    /// A whole power, by repeated multiplication.
    Power(i32),
}

/// The functions that can be called by name.
pub(super) const NAMED: [(&str, Function); 5] = [
    ("exp", Function::Exp),
    ("ln", Function::Ln),
    ("sqrt", Function::Sqrt),
    ("logistic", Function::Logistic),
    ("softplus", Function::Softplus),
];

impl Function {
    /// The function called `name`.
    pub(super) fn named(name: &str) -> Option<Function> {
        NAMED.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    /// Its value at `x`.
    pub(super) fn of<T: Real>(self, x: T) -> T {
        match self {
            Function::Negate => -x,
            Function::Exp => x.exp(),
            Function::Ln => x.ln(),
            Function::Sqrt => x.sqrt(),
            Function::Logistic => logistic(x),
            Function::Softplus => softplus(x),
            Function::Power(exponent) => whole_power(x, exponent),
        }
    }
}

/// A function of two values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operator {
    /// Its value at `x` and `y`.
    pub(super) fn of<T: Real>(self, x: T, y: T) -> T {
        match self {
            Operator::Add => x + y,
            Operator::Subtract => x - y,
            Operator::Multiply => x * y,
            Operator::Divide => x / y,
            Operator::Power => (y * x.ln()).exp(),
        }
    }
}

fn whole_power<T: Real>(x: T, exponent: i32) -> T {
    let mut power = T::ONE;
    for _ in 0..exponent.unsigned_abs() {
        power *= x;
    }
    if exponent < 0 { T::ONE / power } else { power }
}

/// `1 / (1 + e^-x)`, written for each sign so that the exponential never overflows.
fn logistic<T: Real>(x: T) -> T {
    if x.value() >= 0.0 {
        T::ONE / ((-x).exp() + 1.0)
    } else {
        let small = x.exp();
        small / (small + 1.0)
    }
}

/// `ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)`.
fn softplus<T: Real>(x: T) -> T {
    if x.value() > 0.0 { x + ln_one_plus((-x).exp()) } else { ln_one_plus(x.exp()) }
}

/// `ln(1 + e)` for `0 ≤ e ≤ 1`. Below 0.001 it is the series to the sixth power, which is exact to rounding there
/// where `1 + e` would have lost most digits of `e`.
fn ln_one_plus<T: Real>(e: T) -> T {
    if e.value() >= 1e-3 {
        return (e + 1.0).ln();
    }
    let mut series = T::constant(1.0 / 6.0);
    for term in (1..6).rev() {
        series = -(series * e) + 1.0 / f64::from(term);
    }
    series * e
}
