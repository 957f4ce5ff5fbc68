//! From text to a tape, by precedence climbing: each operator has a strength to its left and to its right, and an
//! operand belongs to the stronger of its two neighbours.

use super::operation::{Function, NAMED, Operation, Operator};
use super::token::{Placed, Token, tokens};
use super::{ExpressionError, STACK};
use crate::nearest_name::{did_you_mean, listed};

/// How deep parentheses, functions, signs and powers may be nested.
const NESTING: usize = 64;

/// The largest whole exponent that is written out as a product.
const LARGEST_WHOLE_POWER: f64 = 16.0;

/// The strength with which a sign holds its operand: more than products, less than powers.
const SIGN: u8 = 5;

/// An operator with its strengths to the left and to the right.
fn operator(token: &Token) -> Option<(Operator, u8, u8)> {
    let Token::Symbol(symbol) = token else { return None };
    match symbol {
        '+' => Some((Operator::Add, 1, 2)),
        '-' => Some((Operator::Subtract, 1, 2)),
        '*' => Some((Operator::Multiply, 3, 4)),
        '/' => Some((Operator::Divide, 3, 4)),
        '^' => Some((Operator::Power, 8, 7)),
        _ => None,
    }
}

/// Reads `text` into a tape; the slot of a name is its position in `names`.
pub(super) fn parse(text: &str, names: &[impl AsRef<str>]) -> Result<Vec<Operation>, ExpressionError> {
    let tokens = tokens(text)?;
    if tokens.len() == 1 {
        return Err(error("the expression is empty", 1));
    }
    let mut parser = Parser { tokens, next: 0, names, tape: Vec::new(), held: 0, nesting: 0 };
    parser.expression(0)?;
    let Placed { token, position } = parser.peek();
    match token {
        Token::End => Ok(parser.tape),
        Token::Symbol(')') => Err(error("there is no `(` for this `)`", *position)),
        other => Err(error(format!("an operator is missing before {other}"), *position)),
    }
}

fn error(message: impl Into<String>, position: usize) -> ExpressionError {
    ExpressionError { message: message.into(), position }
}

struct Parser<'n, N> {
    /// The last one is [`Token::End`], which is never passed.
    tokens: Vec<Placed>,
    next: usize,
    names: &'n [N],
    tape: Vec<Operation>,
    /// How many values the stack holds after the tape so far.
    held: usize,
    nesting: usize,
}

impl<N: AsRef<str>> Parser<'_, N> {
    fn peek(&self) -> &Placed {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Placed {
        let placed = self.peek().clone();
        self.next += 1;
        placed
    }

    /// Reads an operand and all operators to its right that are stronger than `strength`.
    fn expression(&mut self, strength: u8) -> Result<(), ExpressionError> {
        self.nesting += 1;
        if self.nesting > NESTING {
            return Err(error(
                "the expression is nested too deeply; write it with fewer parentheses",
                self.peek().position,
            ));
        }
        self.operand()?;
        while let Some((operator, left, right)) = operator(&self.peek().token) {
            if left <= strength {
                break;
            }
            let position = self.take().position;
            self.expression(right)?;
            self.binary(operator, position)?;
        }
        self.nesting -= 1;
        Ok(())
    }

    fn operand(&mut self) -> Result<(), ExpressionError> {
        let Placed { token, position } = self.take();
        match token {
            Token::Number(value) => self.push(Operation::Constant(value), position),
            Token::Name(name) if self.peek().token == Token::Symbol('(') => self.call(&name, position),
            Token::Name(name) => {
                let slot = self.slot(&name, position)?;
                self.push(Operation::Slot(slot), position)
            }
            Token::Symbol('-') => {
                self.expression(SIGN)?;
                self.unary(Function::Negate, position)
            }
            Token::Symbol('(') => self.parenthesis(position),
            Token::End => {
                Err(error("the expression ends where a number, a name or `(` is expected", position))
            }
            other => Err(error(format!("a number, a name or `(` is expected here, not {other}"), position)),
        }
    }

    /// Reads the rest of a parenthesis opened at `position`.
    fn parenthesis(&mut self, position: usize) -> Result<(), ExpressionError> {
        self.expression(0)?;
        match self.take() {
            Placed { token: Token::Symbol(')'), .. } => Ok(()),
            Placed { token: Token::End, position: end } => {
                Err(error(format!("`)` is missing for the `(` at character {position}"), end))
            }
            Placed { token, position } => {
                Err(error(format!("an operator is missing before {token}"), position))
            }
        }
    }

    fn call(&mut self, name: &str, position: usize) -> Result<(), ExpressionError> {
        let Some(function) = Function::named(name) else {
            let functions = || NAMED.iter().map(|(name, _)| *name);
            let near = match name {
                "log" => "; the natural logarithm is `ln`".to_owned(),
                _ => did_you_mean(name, functions()),
            };
            let all = listed(functions());
            return Err(error(format!("there is no function `{name}`{near} (functions: {all})"), position));
        };
        let open = self.take().position;
        self.parenthesis(open)?;
        self.unary(function, position)
    }

    fn slot(&self, name: &str, position: usize) -> Result<usize, ExpressionError> {
        let names = || self.names.iter().map(AsRef::as_ref);
        if let Some(slot) = names().position(|known| known == name) {
            return Ok(slot);
        }
        let part = |known: &&str| {
            known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
        };
        let parts: Vec<&str> = names().filter(part).collect();
        let message = if !parts.is_empty() {
            format!("`{name}` stands for several values; write one of {}", listed(parts))
        } else if Function::named(name).is_some() {
            format!("`{name}` is a function; write `{name}(...)`")
        } else {
            match did_you_mean(name, names()) {
                near if near.is_empty() && self.names.is_empty() => {
                    format!("`{name}` is not known here; there are no parameters")
                }
                near if near.is_empty() => {
                    format!("`{name}` is not known here; known are {}", listed(names()))
                }
                near => format!("`{name}` is not known here{near}"),
            }
        };
        Err(error(message, position))
    }

    fn push(&mut self, operation: Operation, position: usize) -> Result<(), ExpressionError> {
        self.held += 1;
        if self.held > STACK {
            let message =
                format!("the expression holds more than {STACK} values at once; nest it less deeply");
            return Err(error(message, position));
        }
        self.tape.push(operation);
        Ok(())
    }

    fn unary(&mut self, function: Function, position: usize) -> Result<(), ExpressionError> {
        if let Some(Operation::Constant(x)) = self.tape.last().copied() {
            self.tape.pop();
            return self.fold(function.of(x), position);
        }
        self.tape.push(Operation::Unary(function));
        Ok(())
    }

    fn binary(&mut self, operator: Operator, position: usize) -> Result<(), ExpressionError> {
        self.held -= 1;
        if let (Operator::Power, Some(Operation::Constant(y))) = (operator, self.tape.last().copied())
            && y.fract().abs() == 0.0
            && y.abs() <= LARGEST_WHOLE_POWER
        {
            self.tape.pop();
            // The cast is exact: a whole number of at most two digits.
            return self.unary(Function::Power(y as i32), position);
        }
        if let [.., Operation::Constant(x), Operation::Constant(y)] = self.tape[..] {
            self.tape.truncate(self.tape.len() - 2);
            return self.fold(operator.of(x, y), position);
        }
        self.tape.push(Operation::Binary(operator));
        Ok(())
    }

    /// Puts an evaluated constant part in the place of its operands.
    fn fold(&mut self, value: f64, position: usize) -> Result<(), ExpressionError> {
        if !value.is_finite() {
            return Err(error(
                format!("the result of this constant part is {value}, not a number"),
                position,
            ));
        }
        self.tape.push(Operation::Constant(value));
        Ok(())
    }
}
