//! A table whose keys are known.

use super::{Content, DocumentError, Value};

/// A key and its value, in a table whose keys are free.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// The value.
    pub value: Value<'a>,
}

/// A table that holds accepted keys only; see [`Value::section`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section<'a> {
    pub(super) value: Value<'a>,
}

impl<'a> Section<'a> {
    /// The table as a value, for its place and for messages.
    pub fn value(&self) -> Value<'a> {
        self.value
    }

    /// The value of `key`, if it is there.
    pub fn optional(&self, key: &str) -> Option<Value<'a>> {
        let Content::Table(entries) = &self.value.node.content else { return None };
        let (_, node) = entries.iter().find(|(known, _)| known == key)?;
        Some(Value { file: self.value.file, node })
    }

    /// The value of `key`.
    ///
    /// # Errors
    ///
    /// If it is not there.
    pub fn required(&self, key: &str) -> Result<Value<'a>, DocumentError> {
        self.optional(key).ok_or_else(|| self.value.reject(format!("needs the key `{key}`")))
    }

    /// The string at `key`, if it is there.
    ///
    /// # Errors
    ///
    /// If there is something else.
    pub fn optional_text(&self, key: &str) -> Result<Option<&'a str>, DocumentError> {
        self.optional(key).map(Value::text).transpose()
    }

    /// The string at `key`.
    ///
    /// # Errors
    ///
    /// If it is not there, or something else is.
    pub fn text(&self, key: &str) -> Result<&'a str, DocumentError> {
        self.required(key)?.text()
    }
}
