//! What one coordinate's population mean is and what moves it: estimates with intervals, one row each.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::{shortened, slug};
use crate::natural_axis::natural_axis;
use crate::population::{Coordinate, Population};
use crate::{number, style};
use actinf_agents::Support;
use actinf_fit::{WeightKind, WeightRecord};

const ROW: f64 = 42.0;
const SIDE: f64 = 14.0;
const TOP: f64 = 6.0;
/// Ticks and the axis's name.
const AXIS: f64 = 56.0;

struct Row {
    label: String,
    estimate: f64,
    interval: Option<[f64; 2]>,
    /// Whether the interval excludes zero, for what is compared with zero.
    clear: bool,
    /// One standard deviation of people to either side of a mean.
    people: Option<[f64; 2]>,
}

impl Row {
    /// The row of a weight, on the natural scale where it has a value there.
    fn new(population: &Population, weight: &WeightRecord) -> Row {
        let (estimate, interval) = match &weight.natural {
            Some(natural) => (natural.estimate, natural.interval),
            None => (weight.estimate, weight.interval),
        };
        let clear = is_clear(weight) || weight.kind == WeightKind::Mean;
        let people = people(population, weight);
        Row { label: population.column_in_words(weight), estimate, interval, clear, people }
    }
}

/// The natural values one standard deviation of the population to either side of a mean.
fn people(population: &Population, weight: &WeightRecord) -> Option<[f64; 2]> {
    if weight.kind != WeightKind::Mean {
        return None;
    }
    let sd = population.spread(&weight.coordinate)?;
    let coordinate = population.coordinate(&weight.coordinate)?;
    Some(coordinate.values([weight.estimate - sd, weight.estimate + sd]))
}

/// Whether a weight's 95 % interval excludes zero.
pub(crate) fn is_clear(weight: &WeightRecord) -> bool {
    weight.interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0)
}

struct Panel {
    axis: String,
    rows: Vec<Row>,
    scale: Scale,
    compared: bool,
}

impl Panel {
    fn new(axis: String, rows: Vec<Row>, support: Support, compared: bool) -> Panel {
        let values = rows.iter().map(|row| row.estimate).chain(compared.then_some(0.0));
        let intervals: Vec<(f64, f64)> =
            rows.iter().filter_map(|row| row.interval).map(|[low, high]| (low, high)).collect();
        let values = values.chain(rows.iter().filter_map(|row| row.people).flatten());
        let scale = natural_axis(support, &values.collect::<Vec<_>>(), &intervals);
        Panel { axis, rows, scale, compared }
    }

    fn height(&self) -> f64 {
        ROW * self.rows.len() as f64 + AXIS
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let bottom = top + ROW * self.rows.len() as f64;
        let (left, right) = (SIDE, style::NARROW - SIDE);
        let frame = Frame { left, right, top, bottom, x: self.scale, y: Scale::linear(0.0, 1.0) };
        for (position, row) in self.rows.iter().enumerate() {
            self.draw_row(canvas, &frame, top + ROW * position as f64, row);
        }
        frame.draw_x_axis(canvas, &self.axis, 5);
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, top: f64, row: &Row) {
        let ends = row.interval.map_or((None, None), |[low, high]| (Some(low), Some(high)));
        let shown = number::with_interval(row.estimate, ends.0, ends.1);
        canvas.text(&shown, (frame.right, top + 10.0), Type::tick().colour(style::INK).ending());
        let room = frame.right - frame.left - text_width(&shown, style::TICK_SIZE) - 14.0;
        let letters = (room / text_width("n", style::TICK_SIZE)).floor() as usize;
        canvas.text(&shortened(&row.label, letters), (frame.left, top + 10.0), Type::tick());
        let (y, colour) = (top + 28.0, if row.clear { style::category(0) } else { style::MUTED });
        if self.compared {
            let zero = frame.at_x(0.0);
            canvas.line((zero, y - 9.0), (zero, y + 9.0), Stroke::new(style::INK, 1.25));
        }
        if let Some([low, high]) = row.people.map(|ends| ends.map(|end| frame.at_x(frame.x.inside(end)))) {
            canvas.rectangle((low, y - 7.0), (high, y + 7.0), style::SHADE, 0.6);
        }
        if let Some([low, high]) = row.interval {
            let (low, high) = (frame.at_x(frame.x.inside(low)), frame.at_x(frame.x.inside(high)));
            canvas.line((low, y), (high, y), Stroke::new(colour, 2.5).opacity(0.6));
        }
        let at = (frame.at_x(frame.x.inside(row.estimate)), y);
        canvas.dot(at, 4.5, colour, if row.clear { Dot::Full } else { Dot::Ring });
        canvas.note(at, 8.0, &format!("{}: {shown}", row.label));
    }
}

/// The means and effects of one coordinate.
pub(crate) struct Forest {
    title: String,
    file: String,
    natural: bool,
    panels: Vec<Panel>,
}

impl Forest {
    /// The plot of coordinate number `position` of the population.
    pub(crate) fn new(population: &Population, position: usize, coordinate: &Coordinate) -> Forest {
        let weights = population.record.weights.iter().filter(|w| w.coordinate == coordinate.name);
        let (means, effects): (Vec<_>, Vec<_>) = weights.partition(|w| w.kind == WeightKind::Mean);
        let row = |weight: &&WeightRecord| Row::new(population, weight);
        let axis = coordinate.title.clone();
        let change = format!("change of {axis}");
        let panels = [
            Panel::new(axis.clone(), means.iter().map(row).collect(), coordinate.support(), false),
            Panel::new(change, effects.iter().map(row).collect(), Support::Real, true),
        ];
        Forest {
            title: format!("Population mean of {axis}"),
            file: format!("population-{:02}-{}", position + 1, slug(&coordinate.name)),
            natural: coordinate.natural.is_some(),
            panels: panels.into_iter().filter(|panel| !panel.rows.is_empty()).collect(),
        }
    }

    /// Whether there is nothing to draw.
    pub(crate) fn is_empty(&self) -> bool {
        self.panels.is_empty()
    }
}

impl Plot for Forest {
    fn name(&self) -> String {
        self.file.clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn caption(&self) -> String {
        let scale = if self.natural { "" } else { " As the log ratio of two components." };
        let effects = match self.panels.iter().any(|panel| panel.compared) {
            true => "Above: the mean; below: what moves it.",
            false => "The mean.",
        };
        format!("{effects}{scale}")
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, TOP + self.panels.iter().map(Panel::height).sum::<f64>())
    }

    fn draw(&self, canvas: &mut Canvas) {
        let mut top = TOP;
        for panel in &self.panels {
            panel.draw(canvas, top);
            top += panel.height();
        }
    }
}
