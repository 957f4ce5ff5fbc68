//! The watched objective after every round of an iterated estimation.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke};
use crate::statistics::sorted_finite;
use crate::{number, style};

/// How far beyond the later rounds the axis goes, in their ranges; first rounds farther off are left out of it.
const BEYOND: f64 = 3.0;
/// The least range that is shown, in nats.
const LEAST_RANGE: f64 = 0.05;
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
        // Most rounds lie near the end. The first may be far below, or above where they do not know everything yet.
        let later = sorted_finite(&rounds[rounds.len() / 4..]);
        let (&from, &to) = (later.first()?, later.last()?);
        let beyond = BEYOND * (to - from).max(LEAST_RANGE);
        let (foot, top) = (least.max(from - beyond), most.min(to + beyond));
        let margin = 0.1 * (top - foot).max(LEAST_RANGE);
        (sorted.len() > 1)
            .then(|| ObjectiveByRound { rounds, scale: Scale::linear(foot - margin, top + margin) })
    }

    fn is_shown(&self, value: f64) -> bool {
        (self.scale.low()..=self.scale.high()).contains(&value)
    }

    fn left_out(&self) -> usize {
        self.rounds.iter().filter(|value| !self.is_shown(**value)).count()
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
        let left_out = match self.left_out() {
            0 => String::new(),
            1 => format!(
                " The first round ({} nats) lies outside the axis.",
                number::one_decimal(self.rounds[0])
            ),
            count => format!(" {count} rounds lie outside the axis."),
        };
        format!(
            "What the estimation climbs, in nats, after every round; flat at the end means that it has settled. Last \
             change: {} nats.{left_out}",
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
        let inside = |value: f64| if self.is_shown(value) { value } else { f64::NAN };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_rounds_far_off_on_either_side_are_left_out_and_later_ones_shown() {
        for first in [-900.0, 100.0] {
            let mut rounds = vec![first];
            rounds.extend((1..300).map(|round| -10.0 - 1.0 / f64::from(round)));
            let plot = ObjectiveByRound::new(&rounds).unwrap();
            assert!(rounds[75..].iter().all(|&value| plot.is_shown(value)));
            assert!(!plot.is_shown(first));
        }
        let few = [-12.0, -10.5, -10.1];
        assert_eq!(ObjectiveByRound::new(&few).unwrap().left_out(), 0);
    }
}
