//! A value that knows where it stands.

use super::{Content, DocumentError, Entry, Node, Section};
use crate::nearest_name::{listed, suggestion};

/// A value of a document with its place. The conversions fail with a message that names file, line and key, and
/// what was found instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value<'a> {
    pub(super) file: &'a str,
    pub(super) node: &'a Node,
}

impl<'a> Value<'a> {
    /// The line it stands in, counted from 1; 0 for the top level.
    pub fn line(self) -> usize {
        self.node.line
    }

    /// Its path, such as `modalities[2].likelihood[1]`; empty for the top level.
    pub fn path(self) -> &'a str {
        &self.node.path
    }

    /// Its path in backticks, or "the top level".
    pub fn place(self) -> String {
        if self.node.path.is_empty() { "the top level".into() } else { format!("`{}`", self.node.path) }
    }

    /// An error at this place.
    pub fn error(self, message: impl Into<String>) -> DocumentError {
        DocumentError {
            file: self.file.to_owned(),
            line: self.node.line,
            path: self.node.path.clone(),
            message: message.into(),
        }
    }

    /// An error at this place whose message starts with the path: "`planning.horizon` must be at least 1".
    pub fn reject(self, predicate: impl std::fmt::Display) -> DocumentError {
        self.error(format!("{} {predicate}", self.place()))
    }

    fn wrong_type(self, wanted: &str) -> DocumentError {
        self.reject(format!("must be {wanted}, not {}", self.kind()))
    }

    /// What it is, in words: "a string", "a table", ...
    pub fn kind(self) -> &'static str {
        match self.node.content {
            Content::Text(_) => "a string",
            Content::Integer(_) | Content::Number(_) => "a number",
            Content::Boolean(_) => "true or false",
            Content::Time => "a date or time",
            Content::List(_) => "a list",
            Content::Table(_) => "a table",
        }
    }

    /// Whether it is a string.
    pub fn is_text(self) -> bool {
        matches!(self.node.content, Content::Text(_))
    }

    /// Whether it is a whole or decimal number.
    pub fn is_number(self) -> bool {
        matches!(self.node.content, Content::Integer(_) | Content::Number(_))
    }

    /// Whether it is a list.
    pub fn is_list(self) -> bool {
        matches!(self.node.content, Content::List(_))
    }

    /// Whether it is a table.
    pub fn is_table(self) -> bool {
        matches!(self.node.content, Content::Table(_))
    }

    /// The string it is.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn text(self) -> Result<&'a str, DocumentError> {
        match &self.node.content {
            Content::Text(text) => Ok(text),
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// The finite number it is, whole or decimal.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn number(self) -> Result<f64, DocumentError> {
        match self.node.content {
            // Whole numbers beyond 2^53 are rounded, as everywhere where a decimal number is wanted.
            Content::Integer(integer) => Ok(integer as f64),
            Content::Number(number) if number.is_finite() => Ok(number),
            Content::Number(number) => Err(self.reject(format!("must be a finite number, not {number}"))),
            _ => Err(self.wrong_type("a number")),
        }
    }

    /// The whole number it is.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn integer(self) -> Result<i64, DocumentError> {
        match self.node.content {
            Content::Integer(integer) => Ok(integer),
            Content::Number(number) => Err(self.reject(format!("must be a whole number, not {number}"))),
            _ => Err(self.wrong_type("a whole number")),
        }
    }

    /// The whole number it is, which must not be below `least`.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn count(self, least: usize) -> Result<usize, DocumentError> {
        let integer = self.integer()?;
        match usize::try_from(integer) {
            Ok(count) if count >= least => Ok(count),
            _ => Err(self.reject(format!("must be at least {least}, not {integer}"))),
        }
    }

    /// Whether it is `true`.
    ///
    /// # Errors
    ///
    /// If it is neither `true` nor `false`.
    pub fn boolean(self) -> Result<bool, DocumentError> {
        match self.node.content {
            Content::Boolean(boolean) => Ok(boolean),
            _ => Err(self.wrong_type("true or false")),
        }
    }

    /// The one of `choices` whose name it is.
    ///
    /// # Errors
    ///
    /// If it is not a string or names none of them; the nearest name is suggested.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::document::Document;
    /// let document = Document::parse("order = 'acend'", "sort.toml")?;
    /// let order = document.section(&["order"])?.required("order")?;
    /// let error = order.choice(&[("ascend", 1), ("descend", -1)]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "sort.toml:1: `order` cannot be `acend`; did you mean `ascend`? It accepts: `ascend`, `descend`"
    /// );
    /// # Ok::<(), actinf_agents::document::DocumentError>(())
    /// ```
    pub fn choice<T: Clone>(self, choices: &[(&str, T)]) -> Result<T, DocumentError> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let Content::Text(text) = &self.node.content else {
            return Err(self.reject(format!("must be one of {}, not {}", listed(names), self.kind())));
        };
        match choices.iter().find(|(name, _)| name == text) {
            Some((_, choice)) => Ok(choice.clone()),
            None => Err(self.reject(format!("cannot be `{text}`{}", suggestion(text, &names, "It accepts")))),
        }
    }

    /// The values of the list it is.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn list(self) -> Result<Vec<Value<'a>>, DocumentError> {
        match &self.node.content {
            Content::List(items) => Ok(items.iter().map(|node| Value { file: self.file, node }).collect()),
            _ => Err(self.wrong_type("a list")),
        }
    }

    /// The strings of the list it is.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn texts(self) -> Result<Vec<&'a str>, DocumentError> {
        self.list()?.into_iter().map(Value::text).collect()
    }

    /// The keys and values of the table it is, in the order of the file: for tables whose keys are free.
    ///
    /// # Errors
    ///
    /// If it is anything else.
    pub fn entries(self) -> Result<Vec<Entry<'a>>, DocumentError> {
        match &self.node.content {
            Content::Table(entries) => Ok(entries
                .iter()
                .map(|(key, node)| Entry { key, value: Value { file: self.file, node } })
                .collect()),
            _ => Err(self.wrong_type("a table")),
        }
    }

    /// The table it is, which may hold `accepted` keys only.
    ///
    /// # Errors
    ///
    /// If it is anything else, or has any other key; the nearest accepted key is suggested.
    pub fn section(self, accepted: &[&str]) -> Result<Section<'a>, DocumentError> {
        for Entry { key, value } in self.entries()? {
            if !accepted.contains(&key) {
                let hint = suggestion(key, accepted, "It accepts");
                let message = format!("{} has no key `{key}`{hint}", self.place());
                return Err(DocumentError { path: self.path().to_owned(), ..value.error(message) });
            }
        }
        Ok(Section { value: self })
    }
}
