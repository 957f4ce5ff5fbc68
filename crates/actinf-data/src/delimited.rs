//! Delimited text (CSV, TSV) cut into cells, as RFC 4180 describes it.
//!
//! Cut here and not by polars, because three things that polars settles silently must be errors or keep their line
//! numbers: rows with too few cells, columns with the same name, and blank lines.
//!
//! A line ends with LF, CR LF or CR. Blank lines are skipped. A cell that begins with a quotation mark ends with the
//! next single one and may contain separators, line ends and quotation marks written twice.

use crate::bad_cell::TableRow;
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::text_list::TextList;

/// The cells of a delimited text: the names of all columns, and the columns asked for.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    /// The names in the first line, without surrounding blanks.
    pub(crate) headers: Vec<String>,
    /// One column per header; `None` where it was not asked for.
    pub(crate) columns: Vec<Option<TextList>>,
    /// The line on which each row begins, counted from 1.
    pub(crate) lines: Vec<usize>,
}

/// Cuts `text` into columns; `wanted` tells by name which to keep.
///
/// # Errors
///
/// If a row has more or fewer cells than the first line or a quotation mark is never closed.
pub(crate) fn cut(text: &str, separator: u8, wanted: &dyn Fn(&str) -> bool) -> Result<Cells, Error> {
    let mut records = Records::new(text, separator);
    let mut record = TextList::default();
    let mut cells = Cells::default();
    if records.next(&mut record)?.is_none() {
        return Ok(cells);
    }
    cells.headers = record.iter().map(|name| name.trim().to_owned()).collect();
    cells.columns = cells.headers.iter().map(|name| wanted(name).then(TextList::default)).collect();
    while let Some(line) = records.next(&mut record)? {
        cells.lines.push(line);
        if record.len() != cells.headers.len() {
            let row = TableRow { file: None, row: cells.lines.len(), line: Some(line) };
            let (found, expected) = (record.len(), cells.headers.len());
            return Err(ErrorKind::RaggedRow { row, found, expected }.into());
        }
        for (column, cell) in cells.columns.iter_mut().zip(record.iter()) {
            if let Some(column) = column {
                column.push(cell);
            }
        }
    }
    Ok(cells)
}

/// The records of a delimited text, one after the other.
struct Records<'a> {
    text: &'a str,
    separator: u8,
    position: usize,
    line: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        Records { text, separator, position: 0, line: 1 }
    }

    /// The next byte, if there is one.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// Passes a line end if one is next.
    fn line_end(&mut self) -> bool {
        match self.peek() {
            Some(b'\r') => {
                self.position += 1;
                if self.peek() == Some(b'\n') {
                    self.position += 1;
                }
            }
            Some(b'\n') => self.position += 1,
            _ => return false,
        }
        self.line += 1;
        true
    }

    /// Replaces `record` by the cells of the next record and returns its line; `None` at the end of the text.
    fn next(&mut self, record: &mut TextList) -> Result<Option<usize>, Error> {
        record.clear();
        while self.line_end() {}
        if self.peek().is_none() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            if self.peek() == Some(b'"') {
                self.quoted(record)?;
            }
            record.append(self.plain());
            record.close();
            if self.peek() != Some(self.separator) {
                self.line_end();
                return Ok(Some(line));
            }
            self.position += 1;
        }
    }

    /// The text up to the next separator or line end.
    fn plain(&mut self) -> &'a str {
        let rest = &self.text[self.position..];
        let ends = |byte: u8| byte == self.separator || byte == b'\n' || byte == b'\r';
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Appends the text of a quoted cell, from its opening to its closing quotation mark.
    fn quoted(&mut self, record: &mut TextList) -> Result<(), Error> {
        let line = self.line;
        self.position += 1;
        loop {
            let rest = &self.text[self.position..];
            let Some(length) = rest.bytes().position(|byte| byte == b'"') else {
                return Err(ErrorKind::UnclosedQuote { line }.into());
            };
            let part = &rest[..length];
            self.line += line_ends(part);
            record.append(part);
            self.position += length + 1;
            if self.peek() != Some(b'"') {
                return Ok(());
            }
            record.append("\"");
            self.position += 1;
        }
    }
}

/// Line ends in a text: LF, CR LF and CR each count once.
fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends_line = |(index, &byte): (usize, &u8)| {
        byte == b'\n' || (byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
    };
    bytes.iter().enumerate().filter(|&entry| ends_line(entry)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> (Vec<String>, Vec<Vec<String>>, Vec<usize>) {
        let cells = cut(text, b',', &|_| true).unwrap();
        let columns = cells.columns.iter().flatten();
        let columns = columns.map(|column| column.iter().map(str::to_owned).collect()).collect();
        (cells.headers, columns, cells.lines)
    }

    #[test]
    fn quoted_cells_may_hold_separators_quotes_and_line_ends() {
        let (headers, columns, lines) = all("a,b\n\"x,\"\"y\"\"\",1\n\"two\nlines\",2\nz,3");
        assert_eq!(headers, ["a", "b"]);
        assert_eq!(columns[0], ["x,\"y\"", "two\nlines", "z"]);
        assert_eq!(columns[1], ["1", "2", "3"]);
        assert_eq!(lines, [2, 3, 5]);
    }

    #[test]
    fn every_line_end_is_understood_and_blank_lines_keep_the_numbering() {
        for end in ["\n", "\r\n", "\r"] {
            let (_, columns, lines) = all(&["a,b", "1,2", "", "3,", ""].join(end));
            assert_eq!(columns, [vec!["1", "3"], vec!["2", ""]], "{end:?}");
            assert_eq!(lines, [2, 4], "{end:?}");
        }
    }

    #[test]
    fn an_open_quote_is_reported_where_it_opens() {
        let error = cut("a\n\n\"x\ny", b',', &|_| true).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::UnclosedQuote { line: 3 });
    }

    #[test]
    fn a_row_with_too_few_cells_is_an_error_and_not_a_missing_value() {
        let error = cut("a,b\n1,2\n\n3\n", b',', &|_| true).unwrap_err();
        let row = TableRow { file: None, row: 2, line: Some(4) };
        assert_eq!(error.kind(), &ErrorKind::RaggedRow { row, found: 1, expected: 2 });
    }
}
