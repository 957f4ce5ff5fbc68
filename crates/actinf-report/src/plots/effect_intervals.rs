//! Effects of groups and covariates, averaged over models, with their intervals: one row each.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::shortened;
use crate::{number, style};
use actinf_fit::empirical_bayes::{Effect, Effects};

/// The effects that were searched; the mean is not among them.
pub(crate) struct EffectIntervals<'a> {
    rows: Vec<&'a Effect>,
    columns: Vec<&'a str>,
}

/// Half of a 95 % interval, in standard deviations.
const INTERVAL: f64 = 1.96;
const ROW: f64 = 32.0;
/// Names take no more of the width than this.
const WIDEST_NAME: f64 = 380.0;
const RIGHT: f64 = 84.0;
const TOP: f64 = 34.0;
/// The width of the axis.
const EXTENT: f64 = 380.0;

impl<'a> EffectIntervals<'a> {
    pub(crate) fn new(effects: &'a Effects) -> EffectIntervals<'a> {
        let rows: Vec<&Effect> =
            effects.effects.iter().filter(|effect| effect.probability.is_some()).collect();
        let mut columns: Vec<&str> = vec![];
        for effect in &rows {
            if !columns.contains(&effect.column.as_str()) {
                columns.push(&effect.column);
            }
        }
        EffectIntervals { rows, columns }
    }

    /// Where names end and the axis begins.
    fn left(&self) -> f64 {
        let longest = self.rows.iter().map(|effect| text_width(&name(effect), style::LABEL_SIZE));
        (longest.fold(80.0, f64::max) + 18.0).min(WIDEST_NAME)
    }

    /// Every interval and 0.
    fn scale(&self) -> Scale {
        let ends = self.rows.iter().flat_map(|effect| {
            let half = INTERVAL * effect.sd.max(effect.averaged_sd);
            [effect.mean - half, effect.mean + half, effect.averaged_mean - half, effect.averaged_mean + half]
        });
        let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
        let margin = 0.05 * (high - low);
        Scale::linear(low - margin, high + margin)
    }

    fn draw_row(&self, canvas: &mut Canvas, frame: &Frame, position: usize, effect: &Effect) {
        let y = frame.top + (position as f64 + 0.5) * ROW;
        let own = self.columns.iter().position(|column| *column == effect.column);
        let colour = style::category(own.unwrap_or(0));
        let ends =
            [-INTERVAL, INTERVAL].map(|deviations| effect.averaged_mean + deviations * effect.averaged_sd);
        let [lower, upper] = ends.map(|end| frame.at_x(end));
        canvas.line((lower, y), (upper, y), Stroke::new(colour, 3.0).opacity(0.45));
        canvas.dot((frame.at_x(effect.mean), y), 4.0, colour, Dot::Ring);
        let at = (frame.at_x(effect.averaged_mean), y);
        canvas.dot(at, 5.0, colour, Dot::Full);
        let name = name(effect);
        let shown = number::with_interval(effect.averaged_mean, Some(ends[0]), Some(ends[1]));
        canvas.note(at, 8.0, &format!("{name}: {shown}"));
        let letters = ((frame.left - 14.0) / text_width("n", style::LABEL_SIZE)).floor() as usize;
        canvas.text(&shortened(&name, letters), (frame.left - 10.0, y), Type::label().ending());
        let probability = number::probability(effect.probability.unwrap_or(f64::NAN));
        canvas.text(&probability, (frame.right + 12.0, y), Type::label());
    }
}

/// What has an effect, and on which parameter.
fn name(effect: &Effect) -> String {
    format!("{} on {}", effect.column, effect.coordinate)
}

impl Plot for EffectIntervals<'_> {
    fn name(&self) -> String {
        "effects".to_string()
    }

    fn title(&self) -> String {
        "Effects on the parameters".to_string()
    }

    fn caption(&self) -> String {
        "Dots and bars: averages over models with and without effects, 95 % intervals; rings: all effects being there. \
         Right: probability that the effect is not 0. Units: the logarithm or logit of the parameter, for a group the \
         difference to the first one, for a covariate per standard deviation."
            .to_string()
    }

    fn size(&self) -> (f64, f64) {
        (self.left() + EXTENT + RIGHT, TOP + ROW * self.rows.len() as f64 + 46.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: self.left(),
            right: width - RIGHT,
            top: TOP,
            bottom: height - 46.0,
            x: self.scale(),
            y: Scale::linear(0.0, 1.0),
        };
        frame.draw_x_axis_with_grid(canvas, "effect", 5);
        let nothing = frame.at_x(0.0);
        canvas.dashes((nothing, frame.top), (nothing, frame.bottom), Stroke::new(style::MUTED, 1.25));
        canvas.text("probability", (frame.right + 12.0, 20.0), Type::tick());
        for (position, effect) in self.rows.iter().enumerate() {
            self.draw_row(canvas, &frame, position, effect);
        }
    }
}
