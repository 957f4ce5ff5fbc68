//! Tables that scroll inside their box and can be sorted.

use crate::html::escape;
use crate::number;

/// One cell: escaped text, and the number it is sorted by.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    html: String,
    sort: Option<f64>,
    numeric: bool,
}

impl Cell {
    /// Escaped text.
    pub(crate) fn text(text: impl AsRef<str>) -> Cell {
        Cell { html: escape(text.as_ref()), sort: None, numeric: false }
    }

    /// Escaped text in the type of code: names of columns, parameters, files.
    pub(crate) fn code(text: impl AsRef<str>) -> Cell {
        Cell { html: format!("<code>{}</code>", escape(text.as_ref())), sort: None, numeric: false }
    }

    /// Escaped text that leads to the element of this id on the page.
    pub(crate) fn link(text: impl AsRef<str>, id: &str) -> Cell {
        let html = format!("<a href=\"#{}\">{}</a>", escape(id), escape(text.as_ref()));
        Cell { html, sort: None, numeric: false }
    }

    /// A number with three significant digits.
    pub(crate) fn number(value: f64) -> Cell {
        Cell::shown(value, number::three_digits(value))
    }

    /// A number that may be missing.
    pub(crate) fn optional(value: Option<f64>) -> Cell {
        Cell::number(value.unwrap_or(f64::NAN))
    }

    /// A count.
    pub(crate) fn count(value: usize) -> Cell {
        Cell::shown(value as f64, number::count(value))
    }

    /// A number shown in other words.
    pub(crate) fn shown(value: f64, text: impl AsRef<str>) -> Cell {
        Cell { html: escape(text.as_ref()), sort: value.is_finite().then_some(value), numeric: true }
    }

    fn write(&self, tag: &str, out: &mut String) {
        let class = if self.numeric { " class=\"n\"" } else { "" };
        let scope = if tag == "th" { " scope=\"row\"" } else { "" };
        let sort = match self.sort {
            Some(value) => format!(" data-v=\"{}\"", number::sort_key(value)),
            None => String::new(),
        };
        out.push_str(&format!("<{tag}{scope}{class}{sort}>{}</{tag}>", self.html));
    }
}

/// A table whose first column names its rows.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    caption: String,
    columns: Vec<String>,
    numeric: Vec<bool>,
    rows: Vec<Vec<Cell>>,
    sortable: bool,
}

impl Table {
    /// An empty table with these column headings.
    pub(crate) fn new(caption: impl Into<String>, columns: &[&str]) -> Table {
        Table {
            caption: caption.into(),
            columns: columns.iter().map(|column| column.to_string()).collect(),
            numeric: vec![false; columns.len()],
            rows: vec![],
            sortable: false,
        }
    }

    /// Adds a column heading.
    pub(crate) fn column(&mut self, heading: impl Into<String>) {
        self.columns.push(heading.into());
        self.numeric.push(false);
    }

    /// Lets readers sort it by any column.
    pub(crate) fn sortable(mut self) -> Table {
        self.sortable = true;
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        for (numeric, cell) in self.numeric.iter_mut().zip(&cells) {
            *numeric |= cell.numeric;
        }
        self.rows.push(cells);
    }

    /// The table as HTML; nothing if it has no rows.
    pub(crate) fn html(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let caption = escape(&self.caption);
        let class = if self.sortable { " class=\"sortable\"" } else { "" };
        let mut out = format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n\
             <table{class}>\n<caption><span>{caption}</span></caption>\n<thead><tr>"
        );
        for (heading, numeric) in self.columns.iter().zip(&self.numeric) {
            let class = if *numeric { " class=\"n\"" } else { "" };
            out.push_str(&format!("<th scope=\"col\"{class}>{}</th>", escape(heading)));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            out.push_str("<tr>");
            for (position, cell) in row.iter().enumerate() {
                cell.write(if position == 0 { "th" } else { "td" }, &mut out);
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n</div>\n");
        out
    }
}
