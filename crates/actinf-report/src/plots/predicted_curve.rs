//! Rates along blocks of a session, or by what was seen: observed points on the model's predictive bands.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::{shortened, slug};
use crate::legend::legend;
use crate::number::three_digits;
use crate::style;
use actinf_fit::predictive_checks::GroupCheck;
use plotters::style::RGBColor;

/// The axis shows at least this much.
const LEAST_EXTENT: f64 = 0.2;

/// One line of a figure: an action or a group.
pub(crate) struct Series<'a> {
    pub(crate) label: String,
    /// Positions among the levels, and the rates there.
    pub(crate) points: Vec<(usize, &'a GroupCheck)>,
}

/// Some series over the same levels.
pub(crate) struct PredictedCurve<'a> {
    pub(crate) title: String,
    /// What the horizontal axis is of.
    pub(crate) variable: String,
    pub(crate) levels: Vec<&'a str>,
    /// Whether levels are ranges such as `1-25` on one axis of time.
    pub(crate) is_over_time: bool,
    pub(crate) series: Vec<Series<'a>>,
}

impl PredictedCurve<'_> {
    fn all(&self) -> impl Iterator<Item = &GroupCheck> {
        self.series.iter().flat_map(|series| series.points.iter().map(|(_, check)| *check))
    }

    /// Where the levels lie on the horizontal axis: the middles of their ranges, or at even distances.
    fn places(&self) -> Vec<f64> {
        let middle = |level: &&str| {
            let mut ends = level.split('-').map(str::parse::<f64>);
            let first = ends.next()?.ok()?;
            Some(0.5 * (first + ends.next().map_or(Some(first), Result::ok)?))
        };
        let middles: Option<Vec<f64>> =
            self.is_over_time.then(|| self.levels.iter().map(middle).collect()).flatten();
        middles.unwrap_or_else(|| (0..self.levels.len()).map(|level| level as f64).collect())
    }

    fn scale(&self) -> Scale {
        let ends = self.all().flat_map(|c| [c.observed, c.band_95[0], c.band_95[1]]);
        let (low, high) = ends.fold((1.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
        let margin = 0.5 * (LEAST_EXTENT - (high - low)).max(0.1 * (high - low));
        let low = (low - margin).max(0.0);
        let high = (low + (high - low).max(LEAST_EXTENT) + margin).min(1.0);
        Scale::linear(low.min(1.0 - LEAST_EXTENT), high.max(LEAST_EXTENT))
    }

    fn frame(&self, places: &[f64]) -> Frame {
        let (width, height) = self.size();
        let margin = if self.is_over_time { 0.04 } else { 0.12 };
        let (first, last) = (places.first().copied().unwrap_or(0.0), places.last().copied().unwrap_or(1.0));
        let extent = (last - first).max(1.0);
        Frame {
            left: 46.0,
            right: width - 12.0,
            top: 56.0,
            bottom: height - 46.0,
            x: Scale::linear(first - margin * extent, last + margin * extent),
            y: self.scale(),
        }
    }

    fn draw_levels(&self, canvas: &mut Canvas, frame: &Frame, places: &[f64]) {
        if self.is_over_time {
            frame.draw_x_axis(canvas, &self.variable, 6);
            return;
        }
        canvas.line((frame.left, frame.bottom), (frame.right, frame.bottom), Stroke::new(style::MUTED, 1.0));
        let room = (frame.right - frame.left) / places.len().max(1) as f64 - 6.0;
        let letters = (room / text_width("n", style::TICK_SIZE)).floor().max(2.0) as usize;
        for (place, level) in places.iter().zip(&self.levels) {
            let x = frame.at_x(*place);
            canvas.line((x, frame.bottom), (x, frame.bottom + 4.0), Stroke::new(style::MUTED, 1.0));
            canvas.text(&shortened(level, letters), (x, frame.bottom + 14.0), Type::tick().centred());
        }
        let centre = (frame.left + frame.right) / 2.0;
        canvas.text(&shortened(&self.variable, 50), (centre, frame.bottom + 33.0), Type::label().centred());
    }

    /// How far series are moved apart, in pixels: only where levels are names.
    fn offset(&self, rank: usize) -> f64 {
        let spread = if self.is_over_time { 0.0 } else { 9.0 };
        (rank as f64 - 0.5 * (self.series.len() as f64 - 1.0)) * spread
    }

    fn draw_series(&self, canvas: &mut Canvas, frame: &Frame, places: &[f64], rank: usize) {
        let (series, colour) = (&self.series[rank], style::category(rank));
        let at = |level: usize, rate: f64| {
            (frame.at_x(places[level]) + self.offset(rank), frame.at_y(frame.y.inside(rate)))
        };
        if self.is_over_time {
            for (band, opacity) in [(95, 0.14), (50, 0.24)] {
                let ends = |check: &GroupCheck| if band == 95 { check.band_95 } else { check.band_50 };
                let upper = series.points.iter().map(|(level, check)| at(*level, ends(check)[1]));
                let lower = series.points.iter().rev().map(|(level, check)| at(*level, ends(check)[0]));
                canvas.polygon(&upper.chain(lower).collect::<Vec<_>>(), colour, opacity);
            }
        } else {
            for (level, check) in &series.points {
                draw_bars(canvas, colour, check.band_95.map(|end| at(*level, end)), 4.0, 0.3);
                draw_bars(canvas, colour, check.band_50.map(|end| at(*level, end)), 8.0, 0.45);
            }
        }
        let predicted: Vec<_> =
            series.points.iter().map(|(level, check)| at(*level, check.predicted)).collect();
        canvas.path(&predicted, Stroke::new(colour, if self.is_over_time { 2.0 } else { 1.25 }));
        for (level, check) in &series.points {
            draw_observed(canvas, at(*level, check.observed), colour, check);
            let words =
                format!("{}, {} {}: {}", series.label, self.variable, self.levels[*level], note(check));
            canvas.note(at(*level, check.observed), 5.0, &words);
        }
    }
}

fn draw_bars(canvas: &mut Canvas, colour: RGBColor, [from, to]: [(f64, f64); 2], width: f64, opacity: f64) {
    canvas.rectangle((from.0 - width / 2.0, from.1), (to.0 + width / 2.0, to.1), colour, opacity);
}

/// A ring inside the 95 % band, a full dot with a dark edge outside.
pub(super) fn draw_observed(canvas: &mut Canvas, at: (f64, f64), colour: RGBColor, check: &GroupCheck) {
    if check.is_outside() {
        canvas.dot(at, 5.0, style::INK, Dot::Full);
        canvas.dot(at, 3.5, colour, Dot::Full);
    } else {
        canvas.dot(at, 3.5, colour, Dot::Ring);
    }
}

/// A rate in numbers.
pub(super) fn note(check: &GroupCheck) -> String {
    format!(
        "observed {}, predicted {} [{}, {}], n = {}",
        three_digits(check.observed),
        three_digits(check.predicted),
        three_digits(check.band_95[0]),
        three_digits(check.band_95[1]),
        check.persons
    )
}

/// What rings, dots, bands and lines stand for, and how many of the `marks` lie outside.
pub(super) fn key<'a>(marks: &str, checks: impl Iterator<Item = &'a GroupCheck>) -> String {
    let (outside, inside): (Vec<_>, Vec<_>) = checks.partition(|check| check.is_outside());
    let count = outside.len() + inside.len();
    let outside = match outside.len() {
        0 => "none lies".to_owned(),
        1 => "1 lies".to_owned(),
        count => format!("{count} lie"),
    };
    format!(
        "Rings: observed, mean over subjects (full dots: outside the 95 % band); shaded: the middle 50 % and 95 % of what \
         the model predicts one step ahead; line: its mean. Of {count} {marks} {outside} outside."
    )
}

impl Plot for PredictedCurve<'_> {
    fn name(&self) -> String {
        format!("behaviour-{}", slug(&self.title))
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn caption(&self) -> String {
        key("points", self.all())
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, 320.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let places = self.places();
        let frame = self.frame(&places);
        frame.draw_y_axis(canvas, "rate", 5);
        self.draw_levels(canvas, &frame, &places);
        let entries: Vec<(String, RGBColor)> = self
            .series
            .iter()
            .enumerate()
            .map(|(rank, series)| (series.label.clone(), style::category(rank)))
            .collect();
        legend(canvas, &entries, (frame.left, 34.0), frame.right - frame.left);
        for rank in 0..self.series.len() {
            self.draw_series(canvas, &frame, &places, rank);
        }
    }
}
