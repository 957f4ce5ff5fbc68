//! Two quantities of the same draws against each other, with the draws that diverged.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type};
use crate::html::{shortened, slug};
use crate::statistics::sorted_finite;
use crate::strips::evenly_spaced;
use crate::{number, style};

/// Draws shown, beside all that diverged.
const DOTS: usize = 400;
const SIZE: (f64, f64) = (style::NARROW, 350.0);

/// One pair.
pub(crate) struct Pair {
    names: [String; 2],
    correlation: f64,
    /// Both values and whether the draw diverged.
    points: Vec<(f64, f64, bool)>,
}

impl Pair {
    /// The plot of two quantities' draws.
    pub(crate) fn new(names: [&str; 2], correlation: f64, points: Vec<(f64, f64, bool)>) -> Pair {
        Pair { names: names.map(str::to_string), correlation, points }
    }

    fn diverging(&self) -> usize {
        self.points.iter().filter(|point| point.2).count()
    }

    fn scale(&self, of: impl Fn(&(f64, f64, bool)) -> f64) -> Scale {
        let sorted = sorted_finite(&self.points.iter().map(of).collect::<Vec<_>>());
        let (least, most) = (sorted.first().copied().unwrap_or(0.0), sorted.last().copied().unwrap_or(1.0));
        let margin = 0.04 * (most - least);
        Scale::linear(least - margin, most + margin)
    }
}

impl Plot for Pair {
    fn name(&self) -> String {
        format!("pair-{}", slug(&format!("{}-{}", self.names[0], self.names[1])))
    }

    fn title(&self) -> String {
        format!("{} and {}", self.names[0], self.names[1])
    }

    fn caption(&self) -> String {
        let diverging = match self.diverging() {
            0 => String::new(),
            count => format!(" Crosses: the draws that diverged ({count})."),
        };
        let correlation = number::three_digits(self.correlation);
        format!(
            "Draws of both; their correlation is {correlation}. What lies along a line trades off.{diverging}"
        )
    }

    fn size(&self) -> (f64, f64) {
        SIZE
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: 60.0,
            right: width - 12.0,
            top: 30.0,
            bottom: height - 46.0,
            x: self.scale(|point| point.0),
            y: self.scale(|point| point.1),
        };
        frame.draw_y_axis(canvas, "", 5);
        canvas.text(&shortened(&self.names[1], 44), (6.0, 12.0), Type::label());
        frame.draw_x_axis(canvas, &shortened(&self.names[0], 44), 5);
        let quiet: Vec<&(f64, f64, bool)> = self.points.iter().filter(|point| !point.2).collect();
        for rank in evenly_spaced(quiet.len(), DOTS) {
            let (x, y, _) = *quiet[rank];
            canvas.dot(frame.at(x, y), 1.5, style::category(0), Dot::Full);
        }
        for (x, y, _) in self.points.iter().filter(|point| point.2) {
            let ((x, y), stroke) = (frame.at(*x, *y), Stroke::new(style::category(1), 2.0));
            canvas.line((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), stroke);
            canvas.line((x - 4.0, y + 4.0), (x + 4.0, y - 4.0), stroke);
        }
    }
}
