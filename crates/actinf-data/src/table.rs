//! A file of data as named columns of text, whatever its format.

use crate::bad_cell::TableRow;
use crate::bids::BidsFolder;
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::sentences::nearest;
use crate::text_list::TextList;
use crate::{delimited, parquet};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Comma,
    Tab,
    /// Tabs if the first line contains one, commas otherwise.
    TabOrComma,
    Parquet,
}

impl Format {
    fn of(path: &Path) -> Result<Format, Error> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match extension.as_str() {
            "csv" => Ok(Format::Comma),
            "tsv" => Ok(Format::Tab),
            "txt" => Ok(Format::TabOrComma),
            "parquet" => Ok(Format::Parquet),
            _ => Err(ErrorKind::UnknownFormat { extension }.into()),
        }
    }
}

/// A table: the columns asked for, as text.
#[derive(Debug)]
pub(crate) struct Table {
    /// The names of all columns of the file.
    pub(crate) headers: Vec<String>,
    /// One column per header; `None` where it was not asked for.
    columns: Vec<Option<TextList>>,
    /// The line of each row of a delimited file.
    lines: Option<Vec<usize>>,
    /// Rows of data, at least 1.
    pub(crate) rows: usize,
    /// The rows of the file that these are, counted from 0; `None` where they are all of them.
    chosen: Option<Vec<usize>>,
    /// The files of a folder whose rows follow one another; none for a file.
    parts: Vec<Part>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub(crate) sha256: String,
}

/// One of several files whose rows make a table.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its path in the folder.
    pub(crate) file: Arc<str>,
    /// Where its rows end.
    pub(crate) end: usize,
}

/// The SHA-256 of some bytes, in hexadecimal.
///
/// # Example
///
/// ```
/// assert!(actinf_data::sha256(b"").starts_with("e3b0c44298fc1c14"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The names of the columns of a table, in order; of a BIDS folder for a task.
///
/// # Errors
///
/// If the file cannot be read, or has no rows.
pub fn column_names(path: &Path, task: Option<&str>) -> Result<Vec<String>, Error> {
    let folder = BidsFolder::open(path, task).map_err(|error| error.about(path.display()))?;
    Table::of_file_or_folder(path, folder.as_ref(), &|_| false).map(|table| table.headers)
}

impl Table {
    /// Reads the columns that `wanted` asks for from all files of a folder or, without one, from a file.
    ///
    /// # Errors
    ///
    /// As [`Table::read`] and [`BidsFolder::table`].
    pub(crate) fn of_file_or_folder(
        path: &Path,
        folder: Option<&BidsFolder>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Table, Error> {
        match folder {
            None => Table::read(path, wanted),
            Some(folder) => folder.table(wanted).map_err(|error| error.about(path.display())),
        }
    }

    /// The rows of several files one after the other; `lines` are those in their files.
    pub(crate) fn of_parts(
        headers: Vec<String>,
        columns: Vec<Option<TextList>>,
        lines: Vec<usize>,
        parts: Vec<Part>,
        sha256: String,
    ) -> Table {
        let rows = lines.len();
        Table { headers, columns, lines: Some(lines), rows, chosen: None, parts, sha256 }
    }

    /// Reads the columns that `wanted` asks for; a name it asks for in vain is noticed by [`Table::column`].
    ///
    /// # Errors
    ///
    /// If the file cannot be read, has no rows, or a column asked for occurs twice. The error names the file.
    pub(crate) fn read(path: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Table, Error> {
        Table::read_unnamed(path, wanted).map_err(|error| error.about(path.display()))
    }

    fn read_unnamed(path: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Table, Error> {
        refuse_folder(path)?;
        let format = Format::of(path)?;
        let bytes = read_bytes(path)?;
        let sha256 = sha256(&bytes);
        let (headers, columns, lines) = if format == Format::Parquet {
            let (headers, columns) = parquet::text_columns(bytes, wanted)?;
            (headers, columns, None)
        } else {
            let cells = delimited_cells(&bytes, format, wanted)?;
            (cells.headers, cells.columns, Some(cells.lines))
        };
        check_names(&headers, wanted)?;
        let rows = match &lines {
            Some(lines) => lines.len(),
            None => columns.iter().flatten().map(TextList::len).next().unwrap_or(0),
        };
        let table = Table { headers, columns, lines, rows, chosen: None, parts: vec![], sha256 };
        // A Parquet file of which no column exists has no rows here; that the columns are unknown is the better error.
        let nothing_found = table.columns.iter().all(Option::is_none);
        if rows == 0 && !nothing_found { Err(ErrorKind::NoRows.into()) } else { Ok(table) }
    }

    /// The column of that name; `purpose` says what it is needed for.
    ///
    /// # Errors
    ///
    /// If there is no such column.
    pub(crate) fn column(&self, name: &str, purpose: &str) -> Result<&TextList, Error> {
        let position = self.headers.iter().position(|header| header == name);
        let column = position.and_then(|position| self.columns[position].as_ref());
        column.ok_or_else(|| {
            let nearest = nearest(name, self.headers.iter().map(String::as_str)).map(str::to_owned);
            let (column, purpose) = (name.to_owned(), purpose.to_owned());
            ErrorKind::UnknownColumn { column, purpose, nearest, columns: self.headers.clone() }.into()
        })
    }

    /// The row at `index` (from 0) as messages name it.
    pub(crate) fn row(&self, index: usize) -> TableRow {
        let line = self.lines.as_ref().and_then(|lines| lines.get(index).copied());
        let (file, row) = self.file_and_row(index);
        TableRow { file: file.cloned(), row, line }
    }

    /// The number of the row at `index` in the file, counted from 1.
    pub(crate) fn row_in_file(&self, index: usize) -> usize {
        self.file_and_row(index).1
    }

    /// The file of several and the number of the row in it, counted from 1.
    fn file_and_row(&self, index: usize) -> (Option<&Arc<str>>, usize) {
        let row = self.chosen.as_ref().and_then(|chosen| chosen.get(index).copied()).unwrap_or(index);
        let position = self.parts.partition_point(|part| part.end <= row);
        let start =
            position.checked_sub(1).and_then(|before| self.parts.get(before)).map_or(0, |part| part.end);
        (self.parts.get(position).map(|part| &part.file), 1 + row - start)
    }

    /// The table of these rows only, which messages still name as in the file.
    pub(crate) fn with_rows(self, kept: &[usize]) -> Table {
        let only = |column: TextList| {
            let mut own = TextList::default();
            kept.iter().for_each(|&row| own.push(column.get(row)));
            own
        };
        Table {
            columns: self.columns.into_iter().map(|column| column.map(only)).collect(),
            lines: self.lines.map(|lines| kept.iter().map(|&row| lines[row]).collect()),
            rows: kept.len(),
            chosen: Some(kept.to_vec()),
            ..self
        }
    }
}

fn refuse_folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        let reason = "it is a folder; name a file in it".to_owned();
        return Err(ErrorKind::Unreadable { reason }.into());
    }
    Ok(())
}

/// The bytes of a file.
///
/// # Errors
///
/// If it cannot be read, or is a folder.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    refuse_folder(path)?;
    std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ErrorKind::NotFound.into(),
        _ => ErrorKind::Unreadable { reason: error.to_string() }.into(),
    })
}

/// The cells of a text with tabs.
///
/// # Errors
///
/// If it is not a text, holds no rows, or [`delimited::cut`] cannot cut it.
pub(crate) fn tab_separated(bytes: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<delimited::Cells, Error> {
    delimited_cells(bytes, Format::Tab, wanted)
}

fn delimited_cells(
    bytes: &[u8],
    format: Format,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<delimited::Cells, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        ErrorKind::NotUtf8 { line: 1 + before.iter().filter(|&&byte| byte == b'\n').count() }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    let separator = match format {
        Format::Tab => b'\t',
        Format::TabOrComma if first_line(text).contains('\t') => b'\t',
        _ => b',',
    };
    let cells = delimited::cut(text, separator, wanted)?;
    if cells.lines.is_empty() { Err(ErrorKind::NoRows.into()) } else { Ok(cells) }
}

fn first_line(text: &str) -> &str {
    let text = text.trim_start_matches(['\n', '\r']);
    text.split(['\n', '\r']).next().unwrap_or("")
}

/// Checks that no column asked for occurs twice.
///
/// # Errors
///
/// If one does.
pub(crate) fn check_names(headers: &[String], wanted: &dyn Fn(&str) -> bool) -> Result<(), Error> {
    for (second, column) in headers.iter().enumerate().filter(|(_, name)| wanted(name)) {
        let first = headers.iter().position(|name| name == column).unwrap_or(second);
        if first < second {
            let column = column.clone();
            return Err(ErrorKind::DuplicateColumn { column, first: first + 1, second: second + 1 }.into());
        }
    }
    Ok(())
}
