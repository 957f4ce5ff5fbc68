//! A folder of the Brain Imaging Data Structure, read as one table.
//!
//! A study holds `participants.tsv`, a row per person, and for each person and session tables of behaviour such as
//! `sub-01/ses-1/beh/sub-01_ses-1_task-bandit_run-1_beh.tsv` (Gorgolewski et al. 2016, The brain imaging data structure, Scientific
//! Data 3, 160044). The tables follow one another, by person, session, task and run, in columns of these kinds:
//!
//! | column | holds |
//! |---|---|
//! | `participant_id` | the person's folder, such as `sub-01` |
//! | the tables' own | their cells |
//! | `session`, `run`, `task` | what the file's name says behind `ses-`, `run-` and `task-`, where no table has such a column itself |
//! | those of `participants.tsv` | the cells of the person's row, repeated |
//!
//! What a name does not say is `n/a`, the standard's text for a missing value. Persons of `participants.tsv` without a table are not
//! read.

mod error;
mod files;
mod participants;

use crate::columns::ColumnMapping;
use crate::delimited::Cells;
use crate::error::Error;
use crate::table::{Part, Table, check_names, read_bytes, sha256, tab_separated};
use crate::text_list::TextList;
pub use error::BidsError;
use files::BehaviourFile;
use participants::Participants;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The column of the person, in `participants.tsv` and in the table.
const PARTICIPANT: &str = "participant_id";

/// The column of the session.
const SESSION: &str = "session";

/// The standard's text for a missing value.
const MISSING: &str = "n/a";

/// A folder and its tables of one task.
pub(crate) struct BidsFolder {
    path: PathBuf,
    files: Vec<BehaviourFile>,
}

/// A table of the folder.
struct Read<'a> {
    file: &'a BehaviourFile,
    cells: Cells,
    sha256: String,
}

/// Where the cells of a column come from.
enum Source {
    /// The table itself.
    Own,
    /// The names of its file and folders.
    Name(OfName),
    /// A column of `participants.tsv`.
    Joined(usize),
}

/// What the names of a file and its folders say.
type OfName = fn(&BehaviourFile) -> Option<&str>;

/// What may be said, with the column it is in.
const OF_NAMES: [(&str, OfName); 3] =
    [(SESSION, BehaviourFile::session), ("run", BehaviourFile::run), ("task", BehaviourFile::task)];

impl BidsFolder {
    /// The tables of `task`, or of all tasks if that is one; `None` if the path is no such folder.
    ///
    /// # Errors
    ///
    /// If the folder has no tables, has several tasks and none is chosen, or not the one that is; if a task is chosen of a file.
    pub(crate) fn open(path: &Path, task: Option<&str>) -> Result<Option<BidsFolder>, Error> {
        if !files::is_folder_of_a_study(path) {
            return match task {
                Some(_) if path.is_file() => Err(BidsError::TaskOfAFile.into()),
                _ => Ok(None),
            };
        }
        let files = files::of_task(files::behaviour_files(path)?, task)?;
        Ok(Some(BidsFolder { path: path.to_owned(), files }))
    }

    /// The mapping with what is usual here: the person in `participant_id`, the session in `session` if there are several, and `n/a`
    /// as missing.
    pub(crate) fn completed(&self, mapping: &ColumnMapping) -> ColumnMapping {
        let mut mapping = mapping.clone();
        if mapping.subject.is_empty() {
            mapping.subject = PARTICIPANT.to_owned();
        }
        let sessions: BTreeSet<Option<&str>> = self.files.iter().map(BehaviourFile::session).collect();
        if mapping.session.is_none() && sessions.len() > 1 {
            mapping.session = Some(SESSION.to_owned());
        }
        if !mapping.missing.iter().any(|text| text == MISSING) {
            mapping.missing.push(MISSING.to_owned());
        }
        mapping
    }

    /// The columns that `wanted` asks for, of all tables one after the other.
    ///
    /// # Errors
    ///
    /// If a table cannot be read or lacks a column that another one has, or a person has no row in `participants.tsv`.
    pub(crate) fn table(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Table, Error> {
        let tables = self.files.iter().map(|file| self.read(file, wanted)).collect::<Result<Vec<_>, _>>()?;
        let participants = Participants::read(&self.path, wanted)?;
        let sources = self.sources(&tables, &participants, wanted)?;
        let rows = self.files.iter().map(|file| participants.row(file)).collect::<Result<Vec<_>, _>>()?;
        let mut columns = Vec::new();
        for (name, source) in &sources {
            if !wanted(name) {
                columns.push(None);
                continue;
            }
            let mut column = TextList::default();
            for (table, &row) in tables.iter().zip(&rows) {
                match source {
                    Source::Own => self.append_own(&mut column, table, &tables, name)?,
                    Source::Name(part) => table.repeat(&mut column, part(table.file).unwrap_or(MISSING)),
                    Source::Joined(position) => table.repeat(&mut column, participants.cell(*position, row)),
                }
            }
            columns.push(Some(column));
        }
        let headers = sources.into_iter().map(|(name, _)| name).collect();
        let lines = tables.iter().flat_map(|table| table.cells.lines.iter().copied()).collect();
        Ok(Table::of_parts(headers, columns, lines, parts(&tables), digest(&participants, &tables)))
    }

    fn read<'a>(&self, file: &'a BehaviourFile, wanted: &dyn Fn(&str) -> bool) -> Result<Read<'a>, Error> {
        let path = self.path.join(&file.name);
        let read = || -> Result<Read<'a>, Error> {
            let bytes = read_bytes(&path)?;
            let cells = tab_separated(&bytes, wanted)?;
            check_names(&cells.headers, wanted)?;
            Ok(Read { file, cells, sha256: sha256(&bytes) })
        };
        read().map_err(|error| error.about(path.display()))
    }

    /// The columns by name, each once.
    fn sources(
        &self,
        tables: &[Read<'_>],
        participants: &Participants,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(String, Source)>, Error> {
        let mut sources = vec![(PARTICIPANT.to_owned(), Source::Name(BehaviourFile::participant))];
        let has = |sources: &[(String, Source)], name: &str| sources.iter().any(|(known, _)| known == name);
        for name in tables.iter().flat_map(|table| &table.cells.headers) {
            if !has(&sources, name) {
                sources.push((name.clone(), Source::Own));
            }
        }
        for (name, part) in OF_NAMES {
            if !has(&sources, name) && self.files.iter().any(|file| part(file).is_some()) {
                sources.push((name.to_owned(), Source::Name(part)));
            }
        }
        for (position, name) in participants.headers().iter().enumerate().filter(|(_, n)| *n != PARTICIPANT) {
            if !has(&sources, name) {
                sources.push((name.clone(), Source::Joined(position)));
            } else if wanted(name) {
                return Err(BidsError::ColumnTwice { column: name.clone() }.into());
            }
        }
        Ok(sources)
    }

    /// Adds the cells of a table's own column, which every table must have.
    fn append_own(
        &self,
        column: &mut TextList,
        table: &Read<'_>,
        tables: &[Read<'_>],
        name: &str,
    ) -> Result<(), Error> {
        let Some(cells) = table.own(name) else {
            let other = tables.iter().find(|other| other.own(name).is_some());
            let other = other.map_or_else(String::new, |other| other.file.name.clone());
            let error = Error::from(BidsError::NotInEveryTable { column: name.to_owned(), other });
            return Err(error.about(self.path.join(&table.file.name).display()));
        };
        cells.iter().for_each(|cell| column.push(cell));
        Ok(())
    }
}

impl Read<'_> {
    fn own(&self, name: &str) -> Option<&TextList> {
        let position = self.cells.headers.iter().position(|header| header == name)?;
        self.cells.columns[position].as_ref()
    }

    /// Adds a text as often as the table has rows.
    fn repeat(&self, column: &mut TextList, text: &str) {
        self.cells.lines.iter().for_each(|_| column.push(text));
    }
}

fn parts(tables: &[Read<'_>]) -> Vec<Part> {
    let mut end = 0;
    let part = |table: &Read<'_>| {
        end += table.cells.lines.len();
        Part { file: table.file.name.as_str().into(), end }
    };
    tables.iter().map(part).collect()
}

/// The SHA-256 of what `sha256sum participants.tsv TABLE ...` prints in the folder, with the tables in the order of the rows.
fn digest(participants: &Participants, tables: &[Read<'_>]) -> String {
    let first = participants.sha256().map(|own| (own, participants::FILE));
    let others = tables.iter().map(|table| (table.sha256.as_str(), table.file.name.as_str()));
    let lines = first.into_iter().chain(others).map(|(digest, name)| format!("{digest}  {name}\n"));
    sha256(lines.collect::<String>().as_bytes())
}
