//! A table of the model as a heat map.

use super::Plot;
use crate::canvas::Canvas;
use crate::heat_map::{HeatMap, Shade};
use crate::html::slug;
use actinf_agents::ModelTable;

/// A table with more rows or columns is only named.
const MOST: usize = 40;

/// One of A, B, C, D and E.
pub(crate) struct TableMap<'a> {
    table: &'a ModelTable,
    map: HeatMap,
}

impl<'a> TableMap<'a> {
    /// The plot of a table; `None` where it is empty or too large to read.
    pub(crate) fn new(table: &'a ModelTable) -> Option<TableMap<'a>> {
        let (rows, columns) = (table.rows.len(), table.columns.len());
        if rows == 0 || columns == 0 || rows > MOST || columns > MOST {
            return None;
        }
        let number = |cell: &Option<f64>| cell.unwrap_or(f64::NEG_INFINITY);
        let over = match table.symbol.as_str() {
            "A" => "outcomes",
            "B" => "next states",
            "C" => "outcomes (nats)",
            "D" => "states",
            _ => "policies",
        };
        let map = HeatMap {
            over: over.to_string(),
            rows: table.rows.clone(),
            columns: table.columns.clone(),
            values: table.cells.iter().map(|row| row.iter().map(number).collect()).collect(),
            shade: if table.unit == "probability" { Shade::Share } else { Shade::Signed },
        };
        Some(TableMap { table, map })
    }
}

impl Plot for TableMap<'_> {
    fn name(&self) -> String {
        format!("model-{}", slug(&format!("{}-{}", self.table.symbol, self.table.name)))
    }

    fn title(&self) -> String {
        let what = match self.table.symbol.as_str() {
            "A" => "likelihood",
            "B" => "transitions",
            "C" => "preferences",
            "D" => "initial states",
            "E" => "habits",
            _ => "table",
        };
        let name =
            if self.table.name.is_empty() { String::new() } else { format!(" of {}", self.table.name) };
        format!("{}, {what}{name}", self.table.symbol)
    }

    fn caption(&self) -> String {
        let rows = match self.table.symbol.as_str() {
            "A" => "Rows: hidden states; each row is the distribution of the outcome.",
            "B" => "Rows: actions and states before; each row is the distribution of the state after.",
            "C" => "How much each outcome is preferred, in nats: blue above zero, orange below.",
            "D" => "What is believed before anything is seen.",
            _ => "How probable each policy is before planning.",
        };
        format!("{rows}{}", if self.table.learned { " Learned: this is where learning starts." } else { "" })
    }

    fn size(&self) -> (f64, f64) {
        self.map.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.map.draw(canvas);
    }
}
