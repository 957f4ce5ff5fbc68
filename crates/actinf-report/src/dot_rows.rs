//! Rows of dots on one horizontal axis, one dot per subject, with the median of each row.

use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::shortened;
use crate::strips::evenly_spaced;
use crate::{number, statistics, style};

/// A row's name stands above its dots, so that both have the whole width, also on a telephone.
const ROW: f64 = 46.0;
/// The part of it that the name takes.
const NAME: f64 = 18.0;
const WIDTH: f64 = style::NARROW;

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct DotRow {
    name: String,
    /// Value and subject, ascending.
    marks: Vec<(f64, String)>,
}

impl DotRow {
    /// A row of the finite ones of `marks`.
    pub(crate) fn new(name: String, mut marks: Vec<(f64, String)>) -> DotRow {
        marks.retain(|mark| mark.0.is_finite());
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        DotRow { name, marks }
    }

    /// The lowest value.
    pub(crate) fn least(&self) -> Option<f64> {
        self.marks.first().map(|mark| mark.0)
    }

    /// How many dots it has.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }
}

/// Rows on one axis.
#[derive(Clone, Debug)]
pub(crate) struct DotRows {
    pub(crate) rows: Vec<DotRow>,
    pub(crate) scale: Scale,
    pub(crate) axis: &'static str,
    /// Whether zero is marked.
    pub(crate) zero: bool,
}

impl DotRows {
    /// Width and height.
    pub(crate) fn size(&self) -> (f64, f64) {
        (WIDTH, ROW * self.rows.len() as f64 + 58.0)
    }

    /// How many dots lie below the axis and are drawn at its end.
    pub(crate) fn below(&self) -> usize {
        self.rows.iter().flat_map(|row| &row.marks).filter(|mark| mark.0 < self.scale.low()).count()
    }

    /// Whether only some of the subjects are drawn.
    pub(crate) fn is_thinned(&self) -> bool {
        self.rows.iter().any(|row| row.marks.len() > style::MARKS_PER_STRIP)
    }

    /// Draws all of it.
    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: 14.0,
            right: width - 14.0,
            top: 8.0,
            bottom: height - 48.0,
            x: self.scale,
            y: Scale::linear(0.0, 1.0),
        };
        frame.draw_x_axis(canvas, self.axis, 5);
        for (position, row) in self.rows.iter().enumerate() {
            self.draw_row(canvas, &frame, position, row);
        }
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, position: usize, row: &DotRow) {
        let (top, half) = (frame.top + position as f64 * ROW, 0.5 * (ROW - NAME));
        let y = top + NAME + half;
        canvas.line((frame.left, y), (frame.right, y), Stroke::new(style::GRID, 1.0));
        if self.zero {
            let x = frame.at_x(0.0);
            canvas.dashes((x, y - half), (x, y + half), Stroke::new(style::INK, 1.25));
        }
        let letters = ((frame.right - frame.left) / text_width("n", style::LABEL_SIZE)).floor() as usize;
        canvas.text(&shortened(&row.name, letters), (frame.left, top + NAME * 0.6), Type::label());
        for (rank, &mark) in evenly_spaced(row.marks.len(), style::MARKS_PER_STRIP).iter().enumerate() {
            let (value, subject) = &row.marks[mark];
            let at = (frame.at_x(self.scale.inside(*value)), y + spread(rank) * half * 0.7);
            canvas.dot(at, 2.0, style::category(0), Dot::Full);
            canvas.note(at, 3.0, &format!("{subject}: {}", number::three_digits(*value)));
        }
        let values: Vec<f64> = row.marks.iter().map(|mark| mark.0).collect();
        if let Some(median) = statistics::median(&values) {
            let x = frame.at_x(self.scale.inside(median));
            canvas.line((x, y - half * 0.85), (x, y + half * 0.85), Stroke::new(style::INK, 2.5));
            canvas.note((x, y), 5.0, &format!("median {}", number::three_digits(median)));
        }
    }
}

/// A fixed, even spread over -1 to 1 that keeps neighbours in rank apart: multiples of the golden ratio.
fn spread(rank: usize) -> f64 {
    2.0 * (rank as f64 * 0.618_033_988_749_895).fract() - 1.0
}
