//! TOML documents that know where each value stands, so that every message can name file, line and key.
//!
//! Model files and fit files are read through this module. A [`Value`] converts itself to the type that is asked
//! for or says what it is instead; a [`Section`] is a table with a fixed set of keys and refuses any other key when
//! it is opened. Paths count from 1: `modalities[2].likelihood[1].p`.
//!
//! # Example
//!
//! ```
//! use actinf_agents::document::Document;
//!
//! let document = Document::parse("[choice]\nlapse = 0.1\nprecison = 2", "my.toml")?;
//! let root = document.section(&["choice"])?;
//! let choice = root.required("choice")?;
//! let error = choice.section(&["lapse", "precision"]).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "my.toml:3: `choice` has no key `precison`; did you mean `precision`? It accepts: `lapse`, `precision`"
//! );
//! # Ok::<(), actinf_agents::document::DocumentError>(())
//! ```

mod section;
mod value;

pub use section::{Entry, Section};
pub use value::Value;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The file, as the user named it; empty where none is meant.
    pub file: String,
    /// The line, counted from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The path of the key, such as `modalities[2].likelihood[1]`; empty for the top level.
    pub path: String,
    /// What is wrong and what would be accepted, naming the key where that helps.
    pub message: String,
}

impl std::fmt::Display for DocumentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 if self.file.is_empty() => write!(f, "{}", self.message),
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for DocumentError {}

/// A TOML document, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    file: String,
    root: Node,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    path: String,
    line: usize,
    content: Content,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Time,
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Table(Vec<(String, Node)>),
}

impl Document {
    /// Reads a document from its text; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// If the text is not TOML or holds a number that is out of range.
    pub fn parse(text: &str, file: &str) -> Result<Document, DocumentError> {
        let reader = Reader { file, text, line_ends: text.match_indices('\n').map(|(at, _)| at).collect() };
        let table = DeTable::parse(text).map_err(|error| reader.syntax_error(&error))?;
        let content = reader.table(String::new(), table.get_ref())?;
        Ok(Document { file: file.to_owned(), root: Node { path: String::new(), line: 0, content } })
    }

    /// The top level, which may hold `accepted` keys only.
    ///
    /// # Errors
    ///
    /// If there is any other key.
    pub fn section<'a>(&'a self, accepted: &[&str]) -> Result<Section<'a>, DocumentError> {
        self.value().section(accepted)
    }

    /// The top level as a value.
    pub fn value(&self) -> Value<'_> {
        Value { file: &self.file, node: &self.root }
    }
}

/// What is needed to turn the parser's tables into ours.
struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    line_ends: Vec<usize>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        1 + self.line_ends.partition_point(|&end| end < offset)
    }

    fn error(&self, line: usize, path: String, message: String) -> DocumentError {
        DocumentError { file: self.file.to_owned(), line, path, message }
    }

    fn syntax_error(&self, error: &toml::de::Error) -> DocumentError {
        let offset = error.span().map_or(self.text.len(), |span| span.start);
        let message = match error.message().trim_end() {
            "duplicate key" => "the key stands there already; keep one of the two".to_owned(),
            message => message.replace('\n', "; "),
        };
        let line = self.line(offset);
        let text = shortened(self.text.lines().nth(line - 1).unwrap_or_default().trim());
        let shown = if text.is_empty() { String::new() } else { format!(", in `{text}`") };
        self.error(line, String::new(), format!("this is not TOML: {message}{shown}"))
    }

    fn table(&self, path: String, table: &DeTable<'_>) -> Result<Content, DocumentError> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut nodes = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let name = key.get_ref().to_string();
            let node = self.node(join(&path, &name), self.line(key.span().start), value)?;
            nodes.push((name, node));
        }
        Ok(Content::Table(nodes))
    }

    fn node(&self, path: String, line: usize, value: &Spanned<DeValue<'_>>) -> Result<Node, DocumentError> {
        let out_of_range = |text: &str| {
            let message = format!("`{path}`: {text} is out of range; write a smaller number");
            self.error(line, path.clone(), message)
        };
        let content = match value.get_ref() {
            DeValue::String(text) => Content::Text(text.to_string()),
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .map(Content::Integer)
                .map_err(|_| out_of_range(integer.as_str()))?,
            DeValue::Float(float) => {
                float.as_str().parse().map(Content::Number).map_err(|_| out_of_range(float.as_str()))?
            }
            DeValue::Boolean(boolean) => Content::Boolean(*boolean),
            DeValue::Datetime(_) => Content::Time,
            DeValue::Array(items) => self.list(&path, items)?,
            DeValue::Table(table) => self.table(path.clone(), table)?,
        };
        Ok(Node { path, line, content })
    }

    fn list(&self, path: &str, items: &[Spanned<DeValue<'_>>]) -> Result<Content, DocumentError> {
        let item = |(index, item): (usize, &Spanned<DeValue<'_>>)| {
            self.node(format!("{path}[{}]", index + 1), self.line(item.span().start), item)
        };
        items.iter().enumerate().map(item).collect::<Result<_, _>>().map(Content::List)
    }
}

/// The longest text that a message quotes, in letters.
const QUOTED: usize = 80;

/// A text as messages quote it: of a long one the beginning.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}

/// The path of `key` within `path`; a key that TOML would want quoted is quoted.
fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = if bare { key.to_owned() } else { format!("\"{key}\"") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests;
