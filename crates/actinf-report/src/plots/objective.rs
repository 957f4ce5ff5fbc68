//! The watched objective after every round of an iterated estimation.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke};
use crate::statistics::sorted_finite;
use crate::{number, style};

/// Rounds before the objective has come this near to its range are cut from the axis.
const TOP_SHARE: f64 = 0.9;
/// More rounds than this get no dots.
const DOTTED: usize = 60;

/// One objective.
pub(crate) struct ObjectiveByRound<'a> {
    rounds: &'a [f64],
    scale: Scale,
}

impl<'a> ObjectiveByRound<'a> {
    /// The plot of these rounds; `None` below two.
    pub(crate) fn new(rounds: &'a [f64]) -> Option<ObjectiveByRound<'a>> {
        let sorted = sorted_finite(rounds);
        let (&least, &most) = (sorted.first()?, sorted.last()?);
        // Most rounds lie near the end; where the first are far below, they are left out of the axis.
        let later = sorted_finite(&rounds[rounds.len() / 4..]);
        let range = later.last()? - later.first()?;
        let foot = if most - least > 20.0 * range.max(0.05) { most - 4.0 * range.max(0.05) } else { least };
        let margin = (1.0 - TOP_SHARE) * (most - foot);
        (sorted.len() > 1)
            .then(|| ObjectiveByRound { rounds, scale: Scale::linear(foot - margin, most + margin) })
    }

    fn below(&self) -> usize {
        self.rounds.iter().filter(|value| **value < self.scale.low()).count()
    }
}

impl Plot for ObjectiveByRound<'_> {
    fn name(&self) -> String {
        "objective-by-round".to_string()
    }

    fn title(&self) -> String {
        "Objective by round".to_string()
    }

    fn caption(&self) -> String {
        let last = self.rounds.windows(2).last().map_or(f64::NAN, |pair| pair[1] - pair[0]);
        let below = match self.below() {
            0 => String::new(),
            1 => format!(
                " The first round ({} nats) lies below the axis.",
                number::one_decimal(self.rounds[0])
            ),
            count => format!(" {count} rounds lie below the axis."),
        };
        format!(
            "What the estimation climbs, in nats, after every round; flat at the end means that it has settled. Last \
             change: {} nats.{below}",
            number::three_digits(last)
        )
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, 250.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let x = Scale::linear(1.0, self.rounds.len().max(2) as f64);
        let (left, right) = (74.0, width - 14.0);
        let frame = Frame { left, right, top: 30.0, bottom: height - 46.0, x, y: self.scale };
        frame.draw_y_axis(canvas, "objective (nats)", 4);
        frame.draw_x_axis(canvas, "round", 6);
        let inside = |value: f64| if value < self.scale.low() { f64::NAN } else { value };
        let at = |(round, value): (usize, &f64)| frame.at(round as f64 + 1.0, inside(*value));
        let points: Vec<(f64, f64)> = self.rounds.iter().enumerate().map(at).collect();
        canvas.path(&points, Stroke::new(style::category(0), 1.75));
        for (&point, value) in points.iter().zip(self.rounds) {
            if self.rounds.len() <= DOTTED {
                canvas.dot(point, 2.5, style::category(0), Dot::Full);
                canvas.note(point, 4.0, &number::one_decimal(*value));
            }
        }
    }
}
