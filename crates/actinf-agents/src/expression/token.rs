//! The words of an expression.

use super::ExpressionError;

/// A word of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Name(String),
    /// One of `+ - * / ^ ( )`.
    Symbol(char),
    End,
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Token::Number(number) => write!(f, "`{number}`"),
            Token::Name(name) => write!(f, "`{name}`"),
            Token::Symbol(symbol) => write!(f, "`{symbol}`"),
            Token::End => write!(f, "the end"),
        }
    }
}

/// A word and the character it starts at, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) position: usize,
}

/// All words of `text`; the last one is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ExpressionError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&first) = characters.get(at) {
        let position = at + 1;
        let rest = &characters[at..];
        let (token, length) = match first {
            _ if first.is_whitespace() => {
                at += 1;
                continue;
            }
            '+' | '-' | '*' | '/' | '^' | '(' | ')' => (Token::Symbol(first), 1),
            '0'..='9' | '.' => number(rest, position)?,
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => {
                let message = format!(
                    "`{first}` has no meaning in an expression; write numbers, names and + - * / ^ ( )"
                );
                return Err(ExpressionError { message, position });
            }
        };
        tokens.push(Placed { token, position });
        at += length;
    }
    tokens.push(Placed { token: Token::End, position: characters.len() + 1 });
    Ok(tokens)
}

fn number(rest: &[char], position: usize) -> Result<(Token, usize), ExpressionError> {
    let mut length = digits(rest);
    if rest.get(length) == Some(&'.') {
        length += 1 + digits(&rest[length + 1..]);
    }
    if matches!(rest.get(length), Some('e' | 'E')) {
        let sign = usize::from(matches!(rest.get(length + 1), Some('+' | '-')));
        match digits(&rest[(length + 1 + sign).min(rest.len())..]) {
            0 => {}
            exponent => length += 1 + sign + exponent,
        }
    }
    let text: String = rest[..length].iter().collect();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Token::Number(value), length)),
        Ok(_) => Err(ExpressionError { message: format!("`{text}` is too large a number"), position }),
        Err(_) => Err(ExpressionError { message: format!("`{text}` is not a number"), position }),
    }
}

/// A name with its parts after dots and an index in brackets. A dot or bracket that no part or index follows is
/// left to be read, and refused, as a word of its own.
fn name(rest: &[char]) -> (Token, usize) {
    let mut length = word(rest);
    loop {
        length += match rest.get(length) {
            Some('.') if word(&rest[length + 1..]) > 0 => 1 + word(&rest[length + 1..]),
            Some('[') => {
                let index = digits(&rest[length + 1..]);
                if index == 0 || rest.get(length + 1 + index) != Some(&']') {
                    break;
                }
                index + 2
            }
            _ => break,
        };
    }
    (Token::Name(rest[..length].iter().collect()), length)
}

fn word(rest: &[char]) -> usize {
    rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count()
}

fn digits(rest: &[char]) -> usize {
    rest.iter().take_while(|c| c.is_ascii_digit()).count()
}
