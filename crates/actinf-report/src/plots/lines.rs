//! Quantities that are no distribution along a trajectory: one line each.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::{Canvas, Stroke};
use crate::html::{capitalised, slug};
use crate::legend::legend;
use crate::style;
use crate::window::Window;
use actinf_agents::Quantity;
use plotters::style::RGBColor;

/// One family of quantities along the first steps of a subject.
pub(crate) struct Lines<'a> {
    window: &'a Window<'a>,
    family: String,
    unit: String,
    /// Labels and positions among the quantities.
    columns: Vec<(String, usize)>,
    left_out: usize,
}

impl<'a> Lines<'a> {
    /// The plot of a family; only as many of its quantities as can be told apart.
    pub(crate) fn new(
        window: &'a Window<'a>,
        quantities: &[Quantity],
        family: &str,
        columns: &[(String, usize)],
    ) -> Lines<'a> {
        let first = columns.first().and_then(|(_, column)| quantities.get(*column));
        let shown = columns.len().min(style::COLOURS_TOLD_APART);
        Lines {
            window,
            family: family.to_string(),
            unit: first.map_or_else(|| "value".to_string(), |quantity| quantity.unit.clone()),
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

/// What a family of quantities says, in a sentence; nothing where its name says it.
fn meaning(family: &str) -> &'static str {
    match family {
        "expected_free_energy" => {
            "How bad the policies were expected to be, on average, and the terms of it: of the total, lower is better. "
        }
        "policy" => "How undecided the agent was between policies: 0 is certain. ",
        "free_energy" => {
            "Complexity: how far beliefs moved from what was expected; accuracy: how well they explain what was seen. "
        }
        "policy precision" => "How much differences between policies counted. ",
        "observation" => "How unexpected what was seen was: minus the logarithm of its probability. ",
        _ => "",
    }
}

impl Plot for Lines<'_> {
    fn name(&self) -> String {
        format!("trajectory-{}", slug(&self.family))
    }

    fn title(&self) -> String {
        capitalised(&self.family.replace('_', " "))
    }

    fn caption(&self) -> String {
        let meaning = meaning(&self.family);
        let left_out = match self.left_out {
            0 => String::new(),
            count => format!(" {count} more quantities of this family are not drawn."),
        };
        format!("{meaning}Subject {}, in {}.{left_out}", self.window.subject, self.unit)
    }

    fn size(&self) -> (f64, f64) {
        (style::WIDE, 240.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let frame = self.window.frame(self.size(), 0.0, self.scale());
        frame.draw_y_axis(canvas, &self.unit, 4);
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
