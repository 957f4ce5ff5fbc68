//! Expected frequencies with their intervals, one row per model or family.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::shortened;
use crate::{number, style};

/// One row.
pub(crate) struct Frequency {
    pub(crate) name: String,
    pub(crate) expected: f64,
    /// Where the method gives one.
    pub(crate) interval: Option<[f64; 2]>,
    pub(crate) protected_exceedance: f64,
}

/// How frequent each model or family is.
pub(crate) struct Frequencies {
    file: &'static str,
    title: &'static str,
    rows: Vec<Frequency>,
}

impl Frequencies {
    /// The plot of models.
    pub(crate) fn of_models(rows: Vec<Frequency>) -> Frequencies {
        Frequencies { file: "model-frequencies", title: "How frequent each model is", rows }
    }

    /// The plot of families.
    pub(crate) fn of_families(rows: Vec<Frequency>) -> Frequencies {
        Frequencies { file: "family-frequencies", title: "How frequent each family is", rows }
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, position: usize, row: &Frequency) {
        let y = frame.top + (position as f64 + 0.5) * ROW;
        let colour = style::category(position);
        let mut shown = number::three_digits(row.expected);
        if let Some(interval) = row.interval {
            let [lower, upper] = interval.map(|end| frame.at_x(end));
            canvas.line((lower, y), (upper, y), Stroke::new(colour, 3.0).opacity(0.45));
            shown = number::with_interval(row.expected, Some(interval[0]), Some(interval[1]));
        }
        let at = (frame.at_x(row.expected), y);
        canvas.dot(at, 5.0, colour, Dot::Full);
        canvas.note(at, 8.0, &format!("{}: {shown}", row.name));
        let letters = ((LEFT - 14.0) / text_width("n", style::LABEL_SIZE)).floor() as usize;
        canvas.text(&shortened(&row.name, letters), (LEFT - 10.0, y), Type::label().ending());
        let protected = number::probability(row.protected_exceedance);
        canvas.text(&protected, (frame.right + 12.0, y), Type::label());
    }
}

const ROW: f64 = 36.0;
const LEFT: f64 = 130.0;
/// The column of protected exceedance probabilities.
const RIGHT: f64 = 84.0;
const TOP: f64 = 34.0;

impl Plot for Frequencies {
    fn name(&self) -> String {
        self.file.to_string()
    }

    fn title(&self) -> String {
        self.title.to_string()
    }

    fn caption(&self) -> String {
        let bars = match self.rows.iter().any(|row| row.interval.is_some()) {
            true => " bars: 95 % intervals;",
            false => "",
        };
        format!(
            "Dots: expected share of people;{bars} dashes: equal shares. Right: protected exceedance probability."
        )
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, TOP + ROW * self.rows.len() as f64 + 46.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: LEFT,
            right: width - RIGHT,
            top: TOP,
            bottom: height - 46.0,
            x: Scale::linear(0.0, 1.0),
            y: Scale::linear(0.0, 1.0),
        };
        frame.draw_x_axis_with_grid(canvas, "frequency", 5);
        let equal = frame.at_x(1.0 / self.rows.len().max(1) as f64);
        canvas.dashes((equal, frame.top), (equal, frame.bottom), Stroke::new(style::MUTED, 1.25));
        canvas.text("protected", (frame.right + 12.0, 10.0), Type::tick());
        canvas.text("exceedance", (frame.right + 12.0, 24.0), Type::tick());
        for (position, row) in self.rows.iter().enumerate() {
            self.draw_row(canvas, &frame, position, row);
        }
    }
}
