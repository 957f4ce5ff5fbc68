//! Formulas such as `"1 + group + bdi"`: what the mean of a parameter depends on.
//!
//! ```text
//! formula = term { "+" term }        term = "1" | "0" | variable { ":" variable }
//! ```
//!
//! The intercept `1` is part of every formula unless `0` leaves it out; `a:b` is the interaction of two variables.

use std::str::FromStr;

/// A parsed formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    text: String,
    intercept: bool,
    terms: Vec<Term>,
}

/// A variable, or the product of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The variables, in the order in which they were written.
    pub variables: Vec<String>,
}

/// Why a text is no formula.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the formula \"{formula}\" cannot be read at character {position}: {reason}")]
pub struct FormulaError {
    /// The whole formula.
    pub formula: String,
    /// Where, counted from 1.
    pub position: usize,
    /// What is wrong and what would be accepted.
    pub reason: String,
}

impl Formula {
    /// The formula `1`: the same mean for everybody.
    pub fn intercept_only() -> Self {
        Formula { text: "1".into(), intercept: true, terms: Vec::new() }
    }

    /// Whether the intercept is part of it.
    pub fn has_intercept(&self) -> bool {
        self.intercept
    }

    /// The terms beside the intercept, in the order in which they were written.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Every variable that occurs, once, in order of first appearance.
    pub fn variables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.terms.iter().flat_map(|term| &term.variables) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    fn add(&mut self, part: &str, position: usize) -> Result<(), FormulaError> {
        match part {
            "1" => Ok(()),
            "0" => {
                self.intercept = false;
                Ok(())
            }
            _ => {
                let term = self.read_term(part, position)?;
                if self.terms.iter().any(|known| is_same(known, &term)) {
                    return Err(self.error(position, format!("the term `{part}` occurs twice")));
                }
                self.terms.push(term);
                Ok(())
            }
        }
    }

    fn read_term(&self, part: &str, position: usize) -> Result<Term, FormulaError> {
        let mut at = position;
        let mut variables: Vec<String> = Vec::new();
        for piece in part.split(':') {
            let name = piece.trim();
            self.check_name(name, at + leading_space(piece))?;
            if variables.iter().any(|known| known == name) {
                return Err(self.error(at, format!("`{name}` is multiplied with itself")));
            }
            variables.push(name.to_owned());
            at += piece.chars().count() + 1;
        }
        Ok(Term { variables })
    }

    fn check_name(&self, name: &str, position: usize) -> Result<(), FormulaError> {
        if name.is_empty() {
            return Err(
                self.error(position, "a term is expected here: 1, 0 or the name of a variable".into())
            );
        }
        if name.starts_with(|c: char| c.is_numeric()) {
            return Err(self.error(position, format!("`{name}` is no term; write 1, 0 or a variable's name")));
        }
        let is_wrong = |c: char| !(c.is_alphanumeric() || c == '_' || c == '.');
        let symbol = name.chars().position(|c| is_wrong(c) && !c.is_whitespace());
        match symbol.or_else(|| name.chars().position(is_wrong)) {
            None => Ok(()),
            Some(offset) => {
                let found = name.chars().nth(offset).unwrap_or(' ');
                Err(self.error(position + offset, advice(found)))
            }
        }
    }

    fn error(&self, position: usize, reason: String) -> FormulaError {
        FormulaError { formula: self.text.clone(), position, reason }
    }
}

/// What to write instead of a character that has no meaning here.
fn advice(found: char) -> String {
    match found {
        '-' => "`-` has no meaning; list the terms that are wanted, and write 0 to leave out the intercept"
            .into(),
        '*' => "`*` has no meaning; write a + b + a:b".into(),
        '~' => "`~` has no meaning; the parameter is named before the formula".into(),
        ' ' => "a `+` is missing between two terms".into(),
        other => format!("`{other}` has no meaning; terms are joined by + and products written a:b"),
    }
}

fn leading_space(text: &str) -> usize {
    text.chars().take_while(|c| c.is_whitespace()).count()
}

fn is_same(a: &Term, b: &Term) -> bool {
    a.variables.len() == b.variables.len() && a.variables.iter().all(|name| b.variables.contains(name))
}

impl FromStr for Formula {
    type Err = FormulaError;

    /// # Example
    ///
    /// ```
    /// use actinf_fit::hierarchical::Formula;
    /// let formula: Formula = "1 + group + bdi".parse()?;
    /// assert_eq!(formula.variables(), ["group", "bdi"]);
    /// let error = "1 + group * bdi".parse::<Formula>().unwrap_err();
    /// assert_eq!(error.position, 11);
    /// # Ok::<(), actinf_fit::hierarchical::FormulaError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, FormulaError> {
        let mut formula = Formula { text: text.to_owned(), intercept: true, terms: Vec::new() };
        let mut position = 1;
        for part in text.split('+') {
            formula.add(part.trim(), position + leading_space(part))?;
            position += part.chars().count() + 1;
        }
        if !formula.intercept && formula.terms.is_empty() {
            return Err(
                formula.error(1, "nothing is left without the intercept; add a term or write 1".into())
            );
        }
        Ok(formula)
    }
}

impl std::fmt::Display for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> FormulaError {
        text.parse::<Formula>().unwrap_err()
    }

    #[test]
    fn terms_are_read_in_order_and_the_intercept_may_be_left_out() {
        let formula: Formula = "0 + group+ bdi +group : bdi".parse().unwrap();
        assert!(!formula.has_intercept());
        let terms: Vec<String> = formula.terms().iter().map(|term| term.variables.join(":")).collect();
        assert_eq!(terms, ["group", "bdi", "group:bdi"]);
        assert_eq!("1".parse::<Formula>().unwrap(), Formula::intercept_only());
        assert!("age".parse::<Formula>().unwrap().has_intercept());
    }

    #[test]
    fn errors_point_at_the_character() {
        for (text, position) in [("", 1), ("1 + ", 5), ("1 + + age", 5), ("1 - age", 1), ("1 + age*bdi", 8)] {
            assert_eq!(error_of(text).position, position, "{text}");
        }
        assert_eq!(error_of("1 + age bdi").position, 8);
        assert_eq!(error_of("1 + age + bdi:age + age:bdi").position, 21);
        assert_eq!(error_of("age + age").position, 7);
        assert_eq!(error_of("age:age").position, 5);
        assert_eq!(error_of("2 + age").position, 1);
        assert_eq!(error_of("0").reason, "nothing is left without the intercept; add a term or write 1");
    }
}
