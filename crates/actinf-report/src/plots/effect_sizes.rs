//! One effect on every parameter, in standard deviations of the population, so that parameters can be compared.

use super::{Plot, is_clear};
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::{capitalised, shortened, slug};
use crate::natural_axis::natural_axis;
use crate::population::Population;
use crate::{number, style};
use actinf_agents::Support;

const ROW: f64 = 26.0;
const LEFT: f64 = 168.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 8.0;

struct Row {
    name: String,
    size: f64,
    interval: Option<[f64; 2]>,
    clear: bool,
}

/// One column of the design over all coordinates that depend on it.
pub(crate) struct EffectSizes {
    column: String,
    words: String,
    rows: Vec<Row>,
    scale: Scale,
}

impl EffectSizes {
    /// One plot per column that moves several coordinates, in order of first appearance.
    pub(crate) fn of_columns(population: &Population) -> Vec<EffectSizes> {
        let mut plots: Vec<EffectSizes> = vec![];
        for weight in population.effects() {
            let Some(spread) = population.spread(&weight.coordinate).filter(|spread| *spread > 0.0) else {
                continue;
            };
            let row = Row {
                name: population
                    .coordinate(&weight.coordinate)
                    .map_or(&weight.coordinate, |c| &c.title)
                    .clone(),
                size: weight.estimate / spread,
                interval: weight.interval.map(|ends| ends.map(|end| end / spread)),
                clear: is_clear(weight),
            };
            match plots.iter_mut().find(|plot| plot.column == weight.column) {
                Some(plot) => plot.rows.push(row),
                None => plots.push(EffectSizes {
                    column: weight.column.clone(),
                    words: population.column_in_words(weight),
                    rows: vec![row],
                    scale: Scale::linear(0.0, 1.0),
                }),
            }
        }
        plots.retain(|plot| plot.rows.len() > 1);
        plots.iter_mut().for_each(|plot| plot.scale = plot.fitting_scale());
        plots
    }

    fn fitting_scale(&self) -> Scale {
        let values: Vec<f64> = self.rows.iter().map(|row| row.size).chain([-0.5, 0.5]).collect();
        let intervals: Vec<(f64, f64)> =
            self.rows.iter().filter_map(|row| row.interval).map(|[low, high]| (low, high)).collect();
        natural_axis(Support::Real, &values, &intervals)
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, position: usize, row: &Row) {
        let y = frame.top + (position as f64 + 0.5) * ROW;
        let colour = if row.clear { style::category(0) } else { style::MUTED };
        if let Some([low, high]) = row.interval {
            let (low, high) = (frame.at_x(frame.x.inside(low)), frame.at_x(frame.x.inside(high)));
            canvas.line((low, y), (high, y), Stroke::new(colour, 2.5).opacity(0.6));
        }
        let at = (frame.at_x(frame.x.inside(row.size)), y);
        canvas.dot(at, 4.5, colour, if row.clear { Dot::Full } else { Dot::Ring });
        let ends = row.interval.map_or((None, None), |[low, high]| (Some(low), Some(high)));
        canvas.note(at, 8.0, &format!("{}: {}", row.name, number::with_interval(row.size, ends.0, ends.1)));
        let letters = ((LEFT - 16.0) / text_width("n", style::LABEL_SIZE)).floor() as usize;
        canvas.text(&shortened(&row.name, letters), (LEFT - 10.0, y), Type::label().ending());
    }
}

impl Plot for EffectSizes {
    fn name(&self) -> String {
        format!("effect-sizes-{}", slug(&self.column))
    }

    fn title(&self) -> String {
        capitalised(&self.words)
    }

    fn caption(&self) -> String {
        let clear: Vec<&str> =
            self.rows.iter().filter(|row| row.clear).map(|row| row.name.as_str()).collect();
        match clear.len() {
            0 => "All intervals include zero.".to_string(),
            _ => format!("Intervals without zero: {}.", clear.join(", ")),
        }
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, TOP + ROW * self.rows.len() as f64 + 48.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let bottom = height - 48.0;
        let (left, right) = (LEFT, width - RIGHT);
        let frame = Frame { left, right, top: TOP, bottom, x: self.scale, y: Scale::linear(0.0, 1.0) };
        for (value, _) in frame.x.ticks(4) {
            let x = frame.at_x(value);
            canvas.line((x, frame.top), (x, frame.bottom), Stroke::new(style::GRID, 1.0));
        }
        let zero = frame.at_x(0.0);
        canvas.dashes((zero, frame.top), (zero, frame.bottom), Stroke::new(style::INK, 1.25));
        for (position, row) in self.rows.iter().enumerate() {
            self.draw_row(canvas, &frame, position, row);
        }
        frame.draw_x_axis(canvas, "standard deviations of the population", 4);
    }
}
