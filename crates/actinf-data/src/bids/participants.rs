//! `participants.tsv`: a row per person.

use super::files::BehaviourFile;
use super::{BidsError, MISSING, PARTICIPANT};
use crate::bad_cell::TableRow;
use crate::delimited::Cells;
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::sentences::nearest;
use crate::table::{check_names, read_bytes, sha256, tab_separated};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How the file is called.
pub(super) const FILE: &str = "participants.tsv";

/// How many persons a message lists.
const LISTED: usize = 12;

/// The persons; none if the folder has no such file, which the standard recommends and does not demand.
pub(super) struct Participants {
    path: PathBuf,
    sha256: Option<String>,
    cells: Cells,
    rows: HashMap<String, usize>,
}

impl Participants {
    /// Reads the columns that `wanted` asks for.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, does not name the persons, or names one twice.
    pub(super) fn read(study: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Participants, Error> {
        let path = study.join(FILE);
        let mut read = Participants { path, sha256: None, cells: Cells::default(), rows: HashMap::new() };
        if !read.path.is_file() {
            return Ok(read);
        }
        let at = read.path.display().to_string();
        read.fill(&|name| name == PARTICIPANT || wanted(name)).map_err(|error| error.about(at))?;
        Ok(read)
    }

    fn fill(&mut self, wanted: &dyn Fn(&str) -> bool) -> Result<(), Error> {
        let bytes = read_bytes(&self.path)?;
        self.sha256 = Some(sha256(&bytes));
        self.cells = tab_separated(&bytes, wanted)?;
        check_names(&self.cells.headers, wanted)?;
        let position = self.cells.headers.iter().position(|name| name == PARTICIPANT);
        let persons = position.and_then(|position| self.cells.columns[position].as_ref());
        let Some(persons) = persons else {
            return Err(BidsError::NoParticipantColumn { columns: self.cells.headers.clone() }.into());
        };
        for (index, person) in persons.iter().map(str::trim).enumerate() {
            if let Some(first) = self.rows.insert(person.to_owned(), index) {
                let (first, second) = (self.table_row(first), self.table_row(index));
                return Err(ErrorKind::RepeatedSubject { subject: person.to_owned(), first, second }.into());
            }
        }
        Ok(())
    }

    fn table_row(&self, index: usize) -> TableRow {
        TableRow { file: None, row: index + 1, line: self.cells.lines.get(index).copied() }
    }

    /// The names of the columns.
    pub(super) fn headers(&self) -> &[String] {
        &self.cells.headers
    }

    /// The SHA-256 of the file, if there is one.
    pub(super) fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    /// The row of the person whose table this is; `None` if there is no file.
    ///
    /// # Errors
    ///
    /// If the file has no row for the person.
    pub(super) fn row(&self, table: &BehaviourFile) -> Result<Option<usize>, Error> {
        if self.sha256.is_none() {
            return Ok(None);
        }
        let participant = &table.participant;
        self.rows.get(participant).copied().map(Some).ok_or_else(|| {
            let mut known: Vec<String> = self.rows.keys().cloned().collect();
            known.sort();
            let nearest = nearest(participant, known.iter().map(String::as_str)).map(str::to_owned);
            known.truncate(LISTED);
            let (participant, file) = (participant.clone(), table.name.clone());
            let error = BidsError::NoParticipantRow { participant, file, nearest, known };
            Error::from(error).about(self.path.display())
        })
    }

    /// The cell of a column in a row.
    pub(super) fn cell(&self, position: usize, row: Option<usize>) -> &str {
        let column = self.cells.columns.get(position).and_then(Option::as_ref);
        column.zip(row).map_or(MISSING, |(column, row)| column.get(row))
    }
}
