//! A matrix as coloured cells with their numbers: rows and columns named.

use crate::canvas::{Canvas, Type, text_width};
use crate::html::shortened;
use crate::style;

/// What colours stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shade {
    /// From 0, without colour, to 1.
    Share,
    /// From −1, orange, over 0, without colour, to 1, blue.
    Correlation,
    /// Blue above zero and orange below, as strong as the largest size.
    Signed,
}

/// A matrix to draw.
#[derive(Clone, Debug)]
pub(crate) struct HeatMap {
    /// What the columns are.
    pub(crate) over: String,
    pub(crate) rows: Vec<String>,
    pub(crate) columns: Vec<String>,
    /// Rows × columns; what is not a number is left empty, and minus infinity is named.
    pub(crate) values: Vec<Vec<f64>>,
    pub(crate) shade: Shade,
}

const ROW: f64 = 24.0;
const TOP: f64 = 46.0;
const RIGHT: f64 = 8.0;
/// Row labels take no more of the width than this where columns need the rest.
const LABEL_SHARE: f64 = 0.42;
const USUAL_COLUMN: f64 = 84.0;
/// No name of a column makes it wider.
const WIDEST_COLUMN: f64 = 140.0;
/// Narrower columns show no numbers, and slanted names would be needed: a wide figure is taken instead.
const NARROWEST_COLUMN: f64 = 46.0;
/// The strongest colour still lets the numbers be read.
const STRONGEST: f64 = 0.55;
const FAINTEST: f64 = 0.05;
/// A letter of a name above a column, which may end close to its neighbour's.
const NARROW_LETTER: f64 = 0.52 * style::TICK_SIZE;

impl HeatMap {
    /// Width and height: narrow, unless columns would have no room for their numbers.
    pub(crate) fn size(&self) -> (f64, f64) {
        let fits =
            self.left(style::NARROW) + NARROWEST_COLUMN * self.columns.len() as f64 + RIGHT <= style::NARROW;
        let width = if fits { style::NARROW } else { style::WIDE };
        (width, TOP + ROW * self.rows.len() as f64 + 8.0)
    }

    fn left(&self, width: f64) -> f64 {
        let longest = self.rows.iter().map(|row| text_width(row, style::TICK_SIZE)).fold(20.0, f64::max);
        let unused = width - RIGHT - NARROWEST_COLUMN * self.columns.len() as f64;
        (longest + 14.0).min(unused.max(LABEL_SHARE * width))
    }

    fn column_width(&self, width: f64) -> f64 {
        let named = self.columns.iter().map(|name| text_width(name, style::TICK_SIZE) + 8.0);
        let wanted = named.fold(USUAL_COLUMN, f64::max).min(WIDEST_COLUMN);
        ((width - self.left(width) - RIGHT) / self.columns.len().max(1) as f64).min(wanted)
    }

    fn strength(&self, value: f64) -> f64 {
        let most = match self.shade {
            Shade::Share | Shade::Correlation => 1.0,
            Shade::Signed => {
                self.values.iter().flatten().filter(|v| v.is_finite()).fold(0.0, |m, v| v.abs().max(m))
            }
        };
        let share = if most > 0.0 { (value.abs() / most).min(1.0) } else { 0.0 };
        FAINTEST + (STRONGEST - FAINTEST) * share
    }

    /// Draws all of it.
    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        let (width, _) = self.size();
        let (left, column) = (self.left(width), self.column_width(width));
        canvas.text(&self.over, (left, 12.0), Type::tick());
        let letters = (column / NARROW_LETTER).floor().max(1.0) as usize;
        for (position, name) in self.columns.iter().enumerate() {
            let centre = left + (position as f64 + 0.5) * column;
            let look = Type::tick().colour(style::INK).centred();
            canvas.text(&shortened(name, letters), (centre, TOP - 12.0), look);
            canvas.note((centre, TOP - 12.0), column.min(20.0) / 2.0, name);
        }
        let letters = ((left - 14.0) / text_width("n", style::TICK_SIZE)).floor().max(1.0) as usize;
        for (position, (name, values)) in self.rows.iter().zip(&self.values).enumerate() {
            let y = TOP + (position as f64 + 0.5) * ROW;
            let look = Type::tick().colour(style::INK).ending();
            canvas.text(&shortened(name, letters), (left - 8.0, y), look);
            self.draw_row(canvas, (left, y), column, (name, values));
        }
    }

    fn draw_row(
        &self,
        canvas: &mut Canvas,
        (left, y): (f64, f64),
        column: f64,
        (name, values): (&str, &[f64]),
    ) {
        for (position, &value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            let x = left + position as f64 * column;
            let colour = style::category(usize::from(value < 0.0));
            let (from, to) = ((x + 1.0, y - ROW / 2.0 + 1.0), (x + column - 1.0, y + ROW / 2.0 - 1.0));
            canvas.rectangle(from, to, colour, self.strength(value));
            let centre = (x + column / 2.0, y);
            if column >= 30.0 {
                canvas.text(&cell(value), centre, Type::tick().colour(style::INK).centred());
            }
            let over = self.columns.get(position).map_or("", String::as_str);
            canvas.note(centre, 9.0, &format!("{name}, {over}: {}", crate::number::three_digits(value)));
        }
    }
}

/// Two decimals, without those that say nothing: `0`, `0.5`, `−0.25`.
fn cell(value: f64) -> String {
    if value.is_infinite() {
        return crate::number::three_digits(value);
    }
    let text = if value.abs() < 9.995 { format!("{value:.2}") } else { format!("{value:.0}") };
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_string() } else { text.replace('-', "−") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_the_room_that_columns_leave() {
        let map = |row: &str, columns: usize| HeatMap {
            over: "outcomes".into(),
            rows: vec![row.into()],
            columns: vec!["absent".into(); columns],
            values: vec![vec![0.5; columns]],
            shade: Shade::Share,
        };
        let long = "other_plus, released, released";
        let two = map(long, 2);
        assert!(two.left(style::NARROW) >= text_width(long, style::TICK_SIZE) + 14.0);
        assert!(two.left(style::NARROW) + 2.0 * two.column_width(style::NARROW) <= style::NARROW);
        assert!(map(&"state ".repeat(30), 9).left(style::NARROW) <= LABEL_SHARE * style::NARROW);
    }

    #[test]
    fn a_column_is_as_wide_as_its_name() {
        let map = HeatMap {
            over: "states".into(),
            rows: vec!["at the start".into()],
            columns: vec!["both_plus".into(), "neither_plus".into()],
            values: vec![vec![0.5, 0.5]],
            shade: Shade::Share,
        };
        assert!(map.column_width(style::NARROW) >= text_width("neither_plus", style::TICK_SIZE) + 4.0);
    }

    #[test]
    fn cells_show_no_idle_digits() {
        assert_eq!([1.0, 0.5, -0.25, -0.001, 123.4, 0.0].map(cell), ["1", "0.5", "−0.25", "0", "123", "0"]);
    }
}
