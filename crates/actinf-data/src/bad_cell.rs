//! Cells that mean nothing to the model, collected so that one message shows several.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use std::sync::Arc;

/// How many cells one message quotes.
const QUOTED: usize = 10;

/// A row of a table, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The file in a folder of several; `None` where there is one file.
    pub file: Option<Arc<str>>,
    /// The row of data, counted from 1.
    pub row: usize,
    /// The line of a delimited file, counted from 1; `None` for Parquet.
    pub line: Option<usize>,
}

impl std::fmt::Display for TableRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}, ")?;
        }
        match self.line {
            Some(line) => write!(f, "row {} (line {line})", self.row),
            None => write!(f, "row {}", self.row),
        }
    }
}

/// The longest cell that a message quotes, in letters.
const LONGEST: usize = 80;

/// A cell as messages quote it: of a long one the beginning.
fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(LONGEST) {
        None => cell.to_owned(),
        Some((end, _)) => format!("{}...", &cell[..end]),
    }
}

/// A cell that means nothing to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCell {
    /// Its row.
    pub row: TableRow,
    /// Its column.
    pub column: String,
    /// What it holds.
    pub found: String,
    /// What would be accepted, in words.
    pub accepted: String,
}

impl std::fmt::Display for BadCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}, column `{}`: found `{}`; accepted: {}",
            self.row,
            self.column,
            shortened(&self.found),
            self.accepted
        )
    }
}

/// The bad cells met so far. At most [`QUOTED`] are kept of each column, all are counted.
#[derive(Debug, Default)]
pub(crate) struct BadCells {
    kept: Vec<BadCell>,
    total: usize,
}

impl BadCells {
    /// Adds a cell; the cells of one column come in order of their rows.
    pub(crate) fn push(&mut self, cell: BadCell) {
        self.total += 1;
        if self.kept.iter().filter(|kept| kept.column == cell.column).count() < QUOTED {
            self.kept.push(cell);
        }
    }

    /// An error with the first of them by row, if there are any.
    pub(crate) fn into_result(mut self) -> Result<(), Error> {
        if self.total == 0 {
            return Ok(());
        }
        self.kept.sort_by(|one, other| (&one.row.file, one.row.row).cmp(&(&other.row.file, other.row.row)));
        self.kept.truncate(QUOTED);
        let more = self.total - self.kept.len();
        Err(ErrorKind::BadCells { cells: self.kept, more }.into())
    }
}
