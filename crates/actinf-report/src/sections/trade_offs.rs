//! Parameters that trade off: whose errors go together.

use super::{NOBODY, Section};
use crate::html::{counted, paragraph};
use crate::plots::{TradeOffs, figure};
use crate::study::Study;
use crate::table::{Cell, Table};
use crate::trade_offs::{TradeOff, trade_offs};
use crate::{Error, number};

/// The most pairs drawn.
const DRAWN: usize = 10;
/// The most pairs in the table.
const LISTED: usize = 60;
/// Pairs beyond this can hardly be told apart.
const STRONG: f64 = 0.9;
/// Pairs beyond this are worth a warning.
const MARKED: f64 = 0.5;

pub(crate) fn section(study: &Study) -> Result<Section, Error> {
    let (id, title) = ("trade-offs", "Parameters that trade off");
    if study.fitted.is_empty() {
        return Ok(Section::new(id, title, paragraph(NOBODY)));
    }
    let pairs = trade_offs(study);
    if pairs.is_empty() {
        let none = "The method gives no correlations, or only one parameter was free.";
        return Ok(Section::new(id, title, paragraph(none)));
    }
    let figure = figure(&TradeOffs::new(&pairs[..pairs.len().min(DRAWN)]))?;
    let html = format!("{}{}{}", paragraph(&in_words(&pairs)), figure.html, table(&pairs));
    Ok(Section { id, title, html, figures: vec![figure] })
}

fn in_words(pairs: &[TradeOff]) -> String {
    let marked: Vec<&TradeOff> = pairs.iter().filter(|pair| pair.typical().abs() > MARKED).collect();
    let named: Vec<String> = marked
        .iter()
        .take(5)
        .map(|pair| format!("{} ({})", pair.name(), number::three_digits(pair.typical())))
        .collect();
    let found = match marked.len() {
        0 => "No two parameters have errors that correlate by more than 0.5 in the typical subject."
            .to_string(),
        1 => format!("In the typical subject the errors of {} go together.", named[0]),
        count => format!(
            "In the typical subject {} have errors that go together: {}{}.",
            counted(count, "pair"),
            named.join("; "),
            if count > named.len() { "; ..." } else { "" }
        ),
    };
    format!(
        "{found} What trades off is less certain one by one than together: compare such parameters between people with \
         care, or fix one of them."
    )
}

fn table(pairs: &[TradeOff]) -> String {
    let more = match pairs.len() > LISTED {
        true => format!(" The {LISTED} strongest of {} pairs.", pairs.len()),
        false => String::new(),
    };
    let mut table = Table::new(
        format!(
            "Correlation of errors on the unconstrained scale, the strongest first. Beyond 0.9: data like these hardly tell the \
             two apart.{more}"
        ),
        &["first", "second", "median correlation", "subjects", "beyond 0.9"],
    )
    .sortable();
    for pair in pairs.iter().take(LISTED) {
        let (n, strong) = (pair.correlations.len(), pair.beyond(STRONG));
        table.row(vec![
            Cell::code(&pair.first),
            Cell::code(&pair.second),
            Cell::number(pair.typical()),
            Cell::count(n),
            Cell::shown(strong as f64, format!("{} ({})", number::count(strong), number::percent(strong, n))),
        ]);
    }
    table.html()
}
