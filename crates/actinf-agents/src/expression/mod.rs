//! Expressions of parameters in the cells of a model file.
//!
//! | form                              | meaning                                                                 |
//! |-----------------------------------|-------------------------------------------------------------------------|
//! | `0.5`, `.5`, `1e-3`               | a number                                                                |
//! | `reward`, `share[2]`, `cue.left`  | a name: letters, digits and `_`, with parts after `.` and an index in `[]` |
//! | `x + y`, `x - y`                  | sum, difference                                                         |
//! | `x * y`, `x / y`                  | product, quotient; they bind tighter than sums                          |
//! | `-x`                              | minus; it binds tighter than products, so `-x^2` is `-(x^2)`             |
//! | `x ^ y`                           | power, from right to left: `2^3^2` is `2^9`                             |
//! | `exp(x)`, `ln(x)`, `sqrt(x)`      | exponential, natural logarithm, square root                             |
//! | `logistic(x)`                     | `1 / (1 + e^-x)`                                                        |
//! | `softplus(x)`                     | `ln(1 + e^x)`                                                           |
//!
//! A power with a constant whole exponent from -16 to 16 is repeated multiplication, defined for every base; any
//! other power is `e^(y ln x)`, defined for positive bases only. Constant parts are evaluated once, when the text
//! is read, and must be finite.

mod operation;
mod parser;
mod token;

use crate::real::Real;
use operation::{Function, Operation, Operator};

/// The most values an expression may hold at once while it is evaluated.
const STACK: usize = 16;

/// An arithmetic expression over numbered slots.
///
/// # Example
///
/// ```
/// use actinf_agents::Expression;
/// let names = ["reward", "noise"];
/// let expression = Expression::parse("2 * reward - noise^2", &names)?;
/// assert_eq!(expression.evaluate(&[5.0, 3.0]), 1.0);
/// assert_eq!(expression.slots(), [0, 1]);
/// # Ok::<(), actinf_agents::ExpressionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Operations in the order of evaluation: each takes its operands from a stack and leaves its result there.
    /// It is never empty, leaves one value, and never holds more than [`STACK`] values.
    tape: Vec<Operation>,
}

/// Why an expression could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct ExpressionError {
    /// What is wrong and what would be accepted.
    pub message: String,
    /// The character of the text where it was noticed, counted from 1.
    pub position: usize,
}

impl Expression {
    /// Reads an expression; the slot of a name is its position in `names`.
    ///
    /// # Errors
    ///
    /// If the text is not an expression, names something that is not in `names` (the nearest name is suggested),
    /// has a constant part that is not finite, or is nested too deeply (16 values at once).
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Expression;
    /// let error = Expression::parse("1 - rewrad", &["reward"]).unwrap_err();
    /// assert_eq!(error.to_string(), "`rewrad` is not known here; did you mean `reward`? (at character 5)");
    /// ```
    pub fn parse(text: &str, names: &[impl AsRef<str>]) -> Result<Expression, ExpressionError> {
        parser::parse(text, names).map(|tape| Expression { tape })
    }

    /// The expression that is always `value`.
    pub fn constant(value: f64) -> Expression {
        Expression { tape: vec![Operation::Constant(value)] }
    }

    /// The expression that is the value of `slot`.
    pub(crate) fn of_slot(slot: usize) -> Expression {
        Expression { tape: vec![Operation::Slot(slot)] }
    }

    /// Its value if it depends on no slot.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Expression;
    /// assert_eq!(Expression::parse("1 / 4", &["x"])?.as_constant(), Some(0.25));
    /// assert_eq!(Expression::parse("x / 4", &["x"])?.as_constant(), None);
    /// # Ok::<(), actinf_agents::ExpressionError>(())
    /// ```
    pub fn as_constant(&self) -> Option<f64> {
        match self.tape.as_slice() {
            [Operation::Constant(value)] => Some(*value),
            _ => None,
        }
    }

    /// `1 - x`: the probability of the opposite.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Expression;
    /// let hit = Expression::parse("p / 2", &["p"])?;
    /// assert_eq!(hit.complement().evaluate(&[0.5]), 0.75);
    /// assert_eq!(Expression::constant(0.25).complement().as_constant(), Some(0.75));
    /// # Ok::<(), actinf_agents::ExpressionError>(())
    /// ```
    pub fn complement(&self) -> Expression {
        if let Some(value) = self.as_constant() {
            return Expression::constant(1.0 - value);
        }
        let mut tape = self.tape.clone();
        tape.extend([
            Operation::Unary(Function::Negate),
            Operation::Constant(1.0),
            Operation::Binary(Operator::Add),
        ]);
        Expression { tape }
    }

    /// The slots it depends on, ascending, each once.
    pub fn slots(&self) -> Vec<usize> {
        let slot = |operation: &Operation| match operation {
            Operation::Slot(slot) => Some(*slot),
            _ => None,
        };
        let mut slots: Vec<usize> = self.tape.iter().filter_map(slot).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Its value where slot `i` holds `slots[i]`. Allocates nothing.
    ///
    /// # Panics
    ///
    /// If `slots` is shorter than the list of names the expression was read with.
    pub fn evaluate<T: Real>(&self, slots: &[T]) -> T {
        match self.tape.as_slice() {
            [Operation::Constant(value)] => T::constant(*value),
            [Operation::Slot(slot)] => slots[*slot],
            tape => evaluate_tape(tape, slots),
        }
    }
}

fn evaluate_tape<T: Real>(tape: &[Operation], slots: &[T]) -> T {
    let mut stack = [T::ZERO; STACK];
    let mut held = 0;
    for operation in tape {
        match *operation {
            Operation::Constant(value) => {
                stack[held] = T::constant(value);
                held += 1;
            }
            Operation::Slot(slot) => {
                stack[held] = slots[slot];
                held += 1;
            }
            Operation::Unary(function) => stack[held - 1] = function.of(stack[held - 1]),
            Operation::Binary(operator) => {
                held -= 1;
                stack[held - 1] = operator.of(stack[held - 1], stack[held]);
            }
        }
    }
    stack[0]
}

#[cfg(test)]
mod tests;
