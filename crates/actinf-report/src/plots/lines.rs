//! Quantities that are no distribution along a trajectory: one line each.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::{Canvas, Stroke};
use crate::html::slug;
use crate::legend::legend;
use crate::style;
use crate::window::Window;
use plotters::style::RGBColor;

/// One family of quantities along the first steps of a subject.
pub(crate) struct Lines<'a> {
    window: &'a Window<'a>,
    family: String,
    /// Labels and positions among the quantities.
    columns: Vec<(String, usize)>,
    left_out: usize,
}

impl<'a> Lines<'a> {
    /// The plot of a family; only as many of its quantities as can be told apart.
    pub(crate) fn new(window: &'a Window<'a>, family: &str, columns: &[(String, usize)]) -> Lines<'a> {
        let shown = columns.len().min(style::COLOURS_TOLD_APART);
        Lines {
            window,
            family: family.to_string(),
            columns: columns[..shown].to_vec(),
            left_out: columns.len() - shown,
        }
    }

    fn value(&self, position: usize, column: usize) -> f64 {
        self.window.steps[position].quantities.get(column).copied().unwrap_or(f64::NAN)
    }

    fn scale(&self) -> Scale {
        let values = (0..self.window.steps.len())
            .flat_map(|position| self.columns.iter().map(move |(_, column)| self.value(position, *column)))
            .filter(|value| value.is_finite());
        let (least, most) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), value| (a.min(value), b.max(value)));
        let margin = 0.06 * (most - least);
        Scale::linear(least - margin, most + margin)
    }
}

impl Plot for Lines<'_> {
    fn name(&self) -> String {
        format!("trajectory-{}", slug(&self.family))
    }

    fn title(&self) -> String {
        let words = self.family.replace('_', " ");
        let mut letters = words.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => "Quantities".to_string(),
        }
    }

    fn caption(&self) -> String {
        let unit =
            if self.family.starts_with("expected_free_energy") { " In nats; lower is better." } else { "" };
        let left_out = match self.left_out {
            0 => String::new(),
            count => format!(" {count} more quantities of this family are not drawn."),
        };
        format!("Subject {}: values when the action was chosen.{unit}{left_out}", self.window.subject)
    }

    fn size(&self) -> (f64, f64) {
        (style::WIDE, 240.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let frame = self.window.frame(self.size(), 0.0, self.scale());
        let nats = self.family.starts_with("expected_free_energy");
        frame.draw_y_axis(canvas, if nats { "nats" } else { "value" }, 4);
        self.window.draw_sessions(canvas, &frame, 0.0);
        for (rank, (_, column)) in self.columns.iter().enumerate() {
            let value = |step: &actinf_agents::StepRecord| step.quantities.get(*column).copied();
            for run in &self.window.sessions {
                let stairs = self.window.stairs(run, |step| value(step).unwrap_or(f64::NAN));
                let points: Vec<_> = stairs.into_iter().map(|(x, y)| frame.at(x, y)).collect();
                canvas.path(&points, Stroke::new(style::category(rank), 1.75));
            }
        }
        let entries: Vec<(String, RGBColor)> = self
            .columns
            .iter()
            .enumerate()
            .map(|(rank, (label, _))| (label.clone(), style::category(rank)))
            .collect();
        legend(canvas, &entries, (130.0, 12.0), frame.right - 130.0);
    }
}
