//! Why a table could not be read, or results could not be written or read.

use crate::bids::BidsError;
use crate::error_kind::ErrorKind;
use crate::mapping_error::MappingError;

/// An error of this crate: what went wrong ([`Error::kind`]) and with which file or folder.
///
/// Its text is a sentence for the user of the program that says what to do next.
///
/// # Example
///
/// ```
/// use actinf_data::{ColumnMapping, ErrorKind, read};
/// use actinf_agents::{RowOrder, Schema};
/// let nothing = Schema {
///     controls: vec![],
///     modalities: vec![],
///     responses: vec![],
///     row_order: RowOrder::ActThenObserve,
/// };
/// let error = read("absent.csv".as_ref(), &ColumnMapping::new("subject"), &nothing).unwrap_err();
/// assert_eq!(error.kind(), &ErrorKind::NotFound);
/// assert!(error.to_string().starts_with("absent.csv: the file was not found."));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    file: Option<String>,
    kind: Box<ErrorKind>,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The file or folder it concerns; `None` for a mapping that does not fit the model.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The same error, about this file or folder, unless it already names one.
    pub(crate) fn about(mut self, file: impl std::fmt::Display) -> Error {
        self.file.get_or_insert_with(|| file.to_string());
        self
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Error { file: None, kind: Box::new(kind) }
    }
}

impl From<MappingError> for Error {
    fn from(error: MappingError) -> Self {
        ErrorKind::Mapping(error).into()
    }
}

impl From<BidsError> for Error {
    fn from(error: BidsError) -> Self {
        ErrorKind::Bids(error).into()
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for Error {}
