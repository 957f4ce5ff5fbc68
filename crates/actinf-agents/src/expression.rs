//! Expressions of parameters in the cells of a model file.

use crate::real::Real;

/// An arithmetic expression over numbered slots.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    operations: Vec<f64>,
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
    /// Reads an expression; `slot` gives the slot of a name, or `None` if there is no such name.
    pub fn parse(_text: &str, _slot: &dyn Fn(&str) -> Option<usize>) -> Result<Expression, ExpressionError> {
        Ok(Expression { operations: vec![] })
    }

    /// The expression that is always `value`.
    pub fn constant(value: f64) -> Expression {
        Expression { operations: vec![value] }
    }

    /// Its value if it depends on no slot.
    pub fn as_constant(&self) -> Option<f64> {
        self.operations.first().copied()
    }

    /// The slots it depends on, ascending.
    pub fn slots(&self) -> Vec<usize> {
        vec![]
    }

    /// Its value at `slots`. Allocates nothing.
    pub fn evaluate<T: Real>(&self, _slots: &[T]) -> T {
        T::constant(self.operations[0])
    }
}
