//! How much the data say about each free component: `1 - posterior variance / prior variance`.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::shortened;
use crate::number;
use crate::statistics;
use crate::strips::evenly_spaced;
use crate::study::Study;
use crate::style;

const ROW: f64 = 30.0;
const NAME_LETTERS: usize = 30;

struct Row {
    name: String,
    /// Contraction and subject, ascending.
    marks: Vec<(f64, String)>,
}

/// One row of dots per free component.
pub(crate) struct Contraction {
    rows: Vec<Row>,
    scale: Scale,
}

impl Contraction {
    /// The plot of all components.
    pub(crate) fn new(study: &Study) -> Contraction {
        let rows: Vec<Row> = study
            .components
            .iter()
            .map(|component| {
                let of = |subject: &crate::study::Fitted| {
                    let value = subject.estimate(&component.name)?.contraction.filter(|c| c.is_finite())?;
                    Some((value, subject.record.id.clone()))
                };
                let mut marks: Vec<(f64, String)> = study.fitted.iter().filter_map(of).collect();
                marks.sort_by(|a, b| a.0.total_cmp(&b.0));
                Row { name: component.title(), marks }
            })
            .collect();
        let least = rows.iter().filter_map(|row| row.marks.first()).map(|mark| mark.0).fold(0.0, f64::min);
        // A flat posterior may be far wider than the prior; what lies below the axis is drawn at its end.
        Contraction { rows, scale: Scale::linear(least.max(-1.0), 1.0) }
    }

    /// Whether there is anything to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.marks.is_empty())
    }

    fn left(&self) -> f64 {
        let name = |row: &Row| text_width(&shortened(&row.name, NAME_LETTERS), style::LABEL_SIZE);
        self.rows.iter().map(name).fold(60.0, f64::max) + 20.0
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, position: usize, row: &Row) {
        let y = frame.top + (position as f64 + 0.5) * ROW;
        canvas.line((frame.left, y), (frame.right, y), Stroke::new(style::GRID, 1.0));
        let name = shortened(&row.name, NAME_LETTERS);
        canvas.text(&name, (frame.left - 12.0, y), Type::label().ending());
        for (rank, &mark) in evenly_spaced(row.marks.len(), style::MARKS_PER_STRIP).iter().enumerate() {
            let (value, subject) = &row.marks[mark];
            let at = (frame.at_x(self.scale.inside(*value)), y + spread(rank) * ROW * 0.33);
            canvas.dot(at, 2.0, style::category(0), Dot::Full);
            canvas.note(at, 3.0, &format!("{subject}: {}", number::three_digits(*value)));
        }
        let values: Vec<f64> = row.marks.iter().map(|mark| mark.0).collect();
        if let Some(median) = statistics::median(&values) {
            let x = frame.at_x(self.scale.inside(median));
            canvas.line((x, y - ROW * 0.4), (x, y + ROW * 0.4), Stroke::new(style::INK, 2.5));
            canvas.note((x, y), 5.0, &format!("median {}", number::three_digits(median)));
        }
    }
}

/// A fixed, even spread over -1 to 1 that keeps neighbours in rank apart: multiples of the golden ratio.
fn spread(rank: usize) -> f64 {
    2.0 * (rank as f64 * 0.618_033_988_749_895).fract() - 1.0
}

impl Plot for Contraction {
    fn name(&self) -> String {
        "contraction".to_string()
    }

    fn title(&self) -> String {
        "How much the data say about each parameter".to_string()
    }

    fn caption(&self) -> String {
        let below =
            self.rows.iter().flat_map(|row| &row.marks).filter(|mark| mark.0 < self.scale.low()).count();
        let cut = match below {
            0 => String::new(),
            count => format!(" Values below the axis are drawn at its end ({count})."),
        };
        let most = self.rows.iter().map(|row| row.marks.len()).max().unwrap_or(0);
        let thinned = if most > style::MARKS_PER_STRIP {
            " Of many subjects, evenly spaced ranks are shown."
        } else {
            ""
        };
        format!(
            "Contraction, 1 − posterior variance / prior variance on the unconstrained scale, one dot per subject \
             (spread vertically to keep them apart); vertical bar: median. At 0 the data said nothing and the \
             estimate is the prior's; near 1 the data decide.{cut}{thinned}"
        )
    }

    fn size(&self) -> (f64, f64) {
        (700.0, ROW * self.rows.len() as f64 + 58.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: self.left(),
            right: width - 16.0,
            top: 8.0,
            bottom: height - 48.0,
            x: self.scale,
            y: Scale::linear(0.0, 1.0),
        };
        frame.draw_x_axis(canvas, "contraction", 5);
        for (position, row) in self.rows.iter().enumerate() {
            self.draw_row(canvas, &frame, position, row);
        }
    }
}
