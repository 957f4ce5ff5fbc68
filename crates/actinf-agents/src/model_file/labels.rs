//! Names and labels: what they may look like, and finding one.

use crate::document::{DocumentError, Value};
use crate::nearest_name::suggestion;
use crate::schema::Variable;

/// The most labels a variable may have.
const MOST_LABELS: usize = 1_000;

/// What owns a list of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Control,
    Factor,
    Modality,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Control => "control",
            Kind::Factor => "factor",
            Kind::Modality => "modality",
        }
    }

    pub(super) fn label_word(self) -> &'static str {
        match self {
            Kind::Control => "action",
            Kind::Factor => "state",
            Kind::Modality => "outcome",
        }
    }
}

/// A named list of labels: a control with its actions, a factor with its states, a modality with its outcomes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Labels {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) labels: Vec<String>,
}

impl Labels {
    /// Reads `name` and the list of labels at `labels`.
    pub(super) fn read(kind: Kind, name: Value<'_>, labels: Value<'_>) -> Result<Labels, DocumentError> {
        let name = identifier(name)?.to_owned();
        let mut read = Labels { kind, name, labels: Vec::new() };
        let items = labels.list()?;
        if items.len() > MOST_LABELS {
            return Err(
                labels.reject(format!("must not have more than {MOST_LABELS} {}s", kind.label_word()))
            );
        }
        for item in items {
            let label = item.text()?;
            read.check_label(item, label)?;
            read.labels.push(label.to_owned());
        }
        let least = if kind == Kind::Factor { 1 } else { 2 };
        if read.labels.len() < least {
            let plural = if least == 1 { "" } else { "s" };
            return Err(labels.reject(format!("needs at least {least} {}{plural}", kind.label_word())));
        }
        Ok(read)
    }

    fn check_label(&self, at: Value<'_>, label: &str) -> Result<(), DocumentError> {
        if label.is_empty() {
            return Err(at.reject("must not be empty"));
        }
        if self.labels.iter().any(|known| known == label) {
            let word = self.kind.label_word();
            return Err(at.reject(format!("repeats the {word} `{label}`; give every {word} its own label")));
        }
        if self.kind == Kind::Factor && !label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(at.reject(format!(
                "cannot be `{label}`: states are written with letters, digits and `_` only, so that expressions \
                 can name them"
            )));
        }
        Ok(())
    }

    /// How many labels there are.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// "factor `context`".
    pub(super) fn title(&self) -> String {
        format!("{} `{}`", self.kind.word(), self.name)
    }

    /// The position of `label`, which stands at `at`.
    pub(super) fn find(&self, label: &str, at: Value<'_>) -> Result<usize, DocumentError> {
        self.labels.iter().position(|known| known == label).ok_or_else(|| {
            let word = self.kind.label_word();
            let hint = suggestion(label, &self.labels, &format!("Its {word}s are"));
            at.error(format!("{} has no {word} `{label}`{hint}", self.title()))
        })
    }

    /// As a variable of the schema.
    pub(super) fn variable(&self) -> Variable {
        Variable { name: self.name.clone(), labels: self.labels.clone() }
    }
}

/// The name that stands at `value`: letters, digits and `_`, not starting with a digit.
pub(super) fn identifier(value: Value<'_>) -> Result<&str, DocumentError> {
    let name = value.text()?;
    if is_identifier(name) {
        return Ok(name);
    }
    Err(value.reject(format!(
        "cannot be `{name}`: names are written with letters, digits and `_` and do not start with a digit"
    )))
}

/// Whether `name` consists of letters, digits and `_` and does not start with a digit.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Names that must differ from each other.
#[derive(Default)]
pub(super) struct Namespace {
    taken: Vec<(String, &'static str, usize)>,
}

impl Namespace {
    /// Takes `name` for the `owner` ("control", ...) that is named at `at`.
    pub(super) fn take(
        &mut self,
        name: &str,
        owner: &'static str,
        at: Value<'_>,
    ) -> Result<(), DocumentError> {
        if let Some((_, other, line)) = self.taken.iter().find(|(taken, ..)| taken == name) {
            return Err(at.reject(format!("cannot be `{name}`: the {other} in line {line} has that name")));
        }
        self.taken.push((name.to_owned(), owner, at.line()));
        Ok(())
    }
}
