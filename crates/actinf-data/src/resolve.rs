//! Columns of text turned into columns of meanings.

use crate::bad_cell::{BadCell, BadCells};
use crate::cells::{Missing, Reading};
use crate::error::Error;
use crate::table::Table;
use std::collections::HashMap;

/// Resolves the cells of a table and collects those that mean nothing.
pub(crate) struct Resolver<'a> {
    /// The table.
    pub(crate) table: &'a Table,
    /// The texts that mean missing.
    pub(crate) missing: Missing<'a>,
    /// The cells that mean nothing.
    pub(crate) bad: BadCells,
}

impl<'a> Resolver<'a> {
    /// The meaning of every cell of a column; `None` where it is missing. Where `excused` is true, a cell that means
    /// nothing is missing and no error.
    ///
    /// # Errors
    ///
    /// If there is no such column.
    pub(crate) fn column<R: Reading>(
        &mut self,
        name: &str,
        purpose: &str,
        reading: &R,
        excused: &[bool],
    ) -> Result<Vec<Option<R::Value>>, Error> {
        let table = self.table;
        let cells = table.column(name, purpose)?;
        // Few texts are distinct: each is understood once.
        let mut known: HashMap<&str, Result<Option<R::Value>, ()>> = HashMap::new();
        let mut values = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            let meaning = *known.entry(cell).or_insert_with(|| self.meaning(cell, reading));
            values.push(meaning.unwrap_or_default());
            if meaning.is_err() && !excused.get(index).copied().unwrap_or(false) {
                let row = self.table.row(index);
                let (column, found) = (name.to_owned(), cell.to_owned());
                self.bad.push(BadCell { row, column, found, accepted: reading.accepted() });
            }
        }
        Ok(values)
    }

    fn meaning<R: Reading>(&self, cell: &str, reading: &R) -> Result<Option<R::Value>, ()> {
        let cell = cell.trim();
        match self.missing.contains(cell) {
            true => Ok(None),
            false => reading.meaning(cell).map(Some).ok_or(()),
        }
    }

    /// The texts of a column, without surrounding blanks; `None` where missing.
    ///
    /// # Errors
    ///
    /// If there is no such column.
    pub(crate) fn texts(&self, name: &str, purpose: &str) -> Result<Vec<Option<&'a str>>, Error> {
        let table = self.table;
        let cells = table.column(name, purpose)?;
        Ok(cells.iter().map(str::trim).map(|cell| (!self.missing.contains(cell)).then_some(cell)).collect())
    }

    /// The texts of a column in which none may be missing.
    ///
    /// # Errors
    ///
    /// If there is no such column.
    pub(crate) fn labels(&mut self, name: &str, purpose: &str) -> Result<Vec<&'a str>, Error> {
        let texts = self.texts(name, purpose)?;
        for (index, _) in texts.iter().enumerate().filter(|(_, text)| text.is_none()) {
            let found = self.table.column(name, purpose)?.get(index).to_owned();
            let accepted = format!("any text that does not mean missing ({purpose}; every row needs it)");
            self.bad.push(BadCell { row: self.table.row(index), column: name.to_owned(), found, accepted });
        }
        Ok(texts.into_iter().map(Option::unwrap_or_default).collect())
    }
}
