//! Rates side by side, one row each: choices, switching, staying after outcomes, on the model's predictive bands.

use super::Plot;
use super::predicted_curve::{draw_observed, key, note};
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Stroke, Type, text_width};
use crate::html::{shortened, slug};
use crate::legend::legend;
use crate::style;
use actinf_fit::predictive_checks::GroupCheck;
use plotters::style::RGBColor;

const NAME_LETTERS: usize = 34;
/// The height of one group's bar.
const BAR: f64 = 14.0;
/// Between rows.
const GAP: f64 = 12.0;
const TOP: f64 = 34.0;

/// Rows of rates, each with one entry per group.
pub(crate) struct PredictedRates<'a> {
    pub(crate) title: String,
    /// What colours stand for.
    pub(crate) groups: Vec<String>,
    /// Name, and groups by position with their rates.
    pub(crate) rows: Vec<(String, Vec<(usize, &'a GroupCheck)>)>,
}

impl PredictedRates<'_> {
    fn row_height(&self) -> f64 {
        BAR * self.groups.len().max(1) as f64 + GAP
    }

    fn left(&self) -> f64 {
        let name = |(name, _): &(String, Vec<(usize, &GroupCheck)>)| {
            text_width(&shortened(name, NAME_LETTERS), style::LABEL_SIZE)
        };
        self.rows.iter().map(name).fold(60.0, f64::max) + 18.0
    }

    fn all(&self) -> impl Iterator<Item = &GroupCheck> {
        self.rows.iter().flat_map(|(_, rates)| rates.iter().map(|(_, check)| *check))
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, position: usize) {
        let (name, rates) = &self.rows[position];
        let top = frame.top + position as f64 * self.row_height();
        let middle = top + self.row_height() / 2.0;
        canvas.text(&shortened(name, NAME_LETTERS), (frame.left - 10.0, middle), Type::label().ending());
        for (group, check) in rates {
            let y = top + GAP / 2.0 + (*group as f64 + 0.5) * BAR;
            let colour = style::category(*group);
            let band = |[low, high]: [f64; 2]| (frame.at_x(low), frame.at_x(high));
            let (low, high) = band(check.band_95);
            canvas.rectangle((low, y - 2.0), (high, y + 2.0), colour, 0.3);
            let (low, high) = band(check.band_50);
            canvas.rectangle((low, y - 4.0), (high, y + 4.0), colour, 0.45);
            let x = frame.at_x(check.predicted);
            canvas.line((x, y - 5.5), (x, y + 5.5), Stroke::new(colour, 1.5));
            draw_observed(canvas, (frame.at_x(check.observed), y), colour, check);
            let words = format!("{name}, {}: {}", self.groups[*group], note(check));
            canvas.note((frame.at_x(check.observed), y), 6.0, &words);
        }
    }
}

impl Plot for PredictedRates<'_> {
    fn name(&self) -> String {
        format!("behaviour-{}", slug(&self.title))
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn caption(&self) -> String {
        key("rates", self.all())
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, TOP + self.row_height() * self.rows.len() as f64 + 48.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: self.left(),
            right: width - 16.0,
            top: TOP,
            bottom: height - 46.0,
            x: Scale::linear(0.0, 1.0),
            y: Scale::linear(0.0, 1.0),
        };
        frame.draw_x_axis_with_grid(canvas, "rate", 5);
        let entries: Vec<(String, RGBColor)> = self
            .groups
            .iter()
            .enumerate()
            .map(|(rank, group)| (group.clone(), style::category(rank)))
            .collect();
        legend(canvas, &entries, (10.0, 14.0), width - 20.0);
        for position in 0..self.rows.len() {
            self.draw_row(canvas, &frame, position);
        }
    }
}
