//! Why a file is no model.

/// What is wrong, with the file and where in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ImportError {
    message: String,
}

impl ImportError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        ImportError { message: message.into() }
    }

    pub(super) fn about(self, what: impl std::fmt::Display) -> Self {
        ImportError { message: format!("{what}: {}", self.message) }
    }
}
