//! The rows of a table that are read, where a fit file chooses some.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::sentences::nearest;
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet};

/// How many texts of a column a message lists.
const LISTED: usize = 12;

/// The rows whose cell in each of the columns is one of the texts.
pub(crate) fn chosen_rows(table: Table, wanted: &BTreeMap<String, Vec<String>>) -> Result<Table, Error> {
    let mut kept: Vec<usize> = (0..table.rows).collect();
    for (column, texts) in wanted {
        let cells = table.column(column, "chooses the rows")?;
        let is_wanted = |row: &usize| texts.iter().any(|text| text == cells.get(*row).trim());
        let chosen: Vec<usize> = kept.iter().copied().filter(is_wanted).collect();
        if chosen.is_empty() {
            let found: BTreeSet<&str> = kept.iter().map(|&row| cells.get(row).trim()).collect();
            let near = texts.iter().find_map(|text| nearest(text, found.iter().copied()));
            return Err(ErrorKind::NoChosenRows {
                column: column.clone(),
                wanted: texts.clone(),
                nearest: near.map(str::to_owned),
                found: found.into_iter().take(LISTED).map(str::to_owned).collect(),
            }
            .into());
        }
        kept = chosen;
    }
    Ok(if kept.len() == table.rows { table } else { table.with_rows(&kept) })
}
