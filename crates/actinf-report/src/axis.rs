//! Axes: from values to pixels, with ticks at round numbers.

use crate::canvas::{Canvas, Point, Stroke, Type};
use crate::number;
use crate::style;

/// An axis between two values, even in the values or in their logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Scale {
    /// An even axis. Without extent, it is widened around its only value.
    pub(crate) fn linear(low: f64, high: f64) -> Scale {
        let (low, high) = if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 1.0) };
        let (low, high) = (low.min(high), low.max(high));
        if high - low > 1e-12 * low.abs().max(high.abs()).max(1e-300) {
            return Scale { low, high, logarithmic: false };
        }
        let margin = if low.abs() > 0.0 { 0.1 * low.abs() } else { 1.0 };
        Scale { low: low - margin, high: high + margin, logarithmic: false }
    }

    /// An axis even in logarithms; an even one if an end is not above zero.
    pub(crate) fn logarithmic(low: f64, high: f64) -> Scale {
        let even = Scale::linear(low, high);
        Scale { logarithmic: even.low > 0.0, ..even }
    }

    /// The lower end.
    pub(crate) fn low(self) -> f64 {
        self.low
    }

    /// The upper end.
    pub(crate) fn high(self) -> f64 {
        self.high
    }

    /// Whether it is even in logarithms.
    pub(crate) fn is_logarithmic(self) -> bool {
        self.logarithmic
    }

    /// Where `value` lies: 0 at the lower end, 1 at the upper.
    pub(crate) fn share(self, value: f64) -> f64 {
        if self.logarithmic {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// The value at `share` of the way from the lower end to the upper.
    pub(crate) fn value(self, share: f64) -> f64 {
        if self.logarithmic {
            self.low * (self.high / self.low).powf(share)
        } else {
            self.low + share * (self.high - self.low)
        }
    }

    /// `value`, or the end it lies beyond.
    pub(crate) fn inside(self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }

    /// About `wanted` round values with their texts.
    pub(crate) fn ticks(self, wanted: usize) -> Vec<(f64, String)> {
        let logarithmic = if self.logarithmic { self.ticks_of_decades(wanted) } else { vec![] };
        if logarithmic.len() >= 3 {
            return logarithmic;
        }
        let step = round_step((self.high - self.low) / wanted.max(1) as f64);
        let first = (self.low / step - 1e-9).ceil();
        (0..1000)
            .map(|position| (first + f64::from(position)) * step)
            .take_while(|value| *value <= self.high + step * 1e-9)
            .map(|value| (value, number::tick(value, step)))
            .collect()
    }

    fn ticks_of_decades(self, wanted: usize) -> Vec<(f64, String)> {
        let decades = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let of = |digits: &[f64]| -> Vec<(f64, String)> {
            decades
                .clone()
                .flat_map(|decade| digits.iter().map(move |digit| digit * 10_f64.powi(decade)))
                .filter(|value| *value >= self.low * 0.999_999 && *value <= self.high * 1.000_001)
                .map(|value| (value, plain(value)))
                .collect()
        };
        let dense = of(&[1.0, 2.0, 5.0]);
        if dense.len() <= wanted + 2 {
            return dense;
        }
        let sparse = of(&[1.0]);
        let every = sparse.len().div_ceil(wanted.max(1)).max(1);
        sparse.into_iter().step_by(every).collect()
    }
}

fn plain(value: f64) -> String {
    if (1e-4..1e5).contains(&value) {
        format!("{}", (value * 1e6).round() / 1e6)
    } else {
        format!("{value:.0e}").replace('-', "−")
    }
}

/// The next of 1, 2, 2.5, 5 or 10 times a power of ten.
fn round_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let digit = [1.0, 2.0, 2.5, 5.0].into_iter().find(|digit| digit * power >= raw * 0.999).unwrap_or(10.0);
    digit * power
}

/// A rectangle of the surface with two axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
}

impl Frame {
    /// The pixel of a value on the horizontal axis.
    pub(crate) fn at_x(&self, value: f64) -> f64 {
        self.left + self.x.share(value) * (self.right - self.left)
    }

    /// The pixel of a value on the vertical axis.
    pub(crate) fn at_y(&self, value: f64) -> f64 {
        self.bottom - self.y.share(value) * (self.bottom - self.top)
    }

    /// The point of two values.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        (self.at_x(x), self.at_y(y))
    }

    /// Horizontal grid lines with their values, and the axis's name above them.
    pub(crate) fn draw_y_axis(&self, canvas: &mut Canvas, name: &str, wanted: usize) {
        for (value, text) in self.y.ticks(wanted) {
            let y = self.at_y(value);
            canvas.line((self.left, y), (self.right, y), Stroke::new(style::GRID, 1.0));
            canvas.text(&text, (self.left - 7.0, y), Type::tick().ending());
        }
        canvas.text(name, (6.0, 12.0), Type::label());
    }

    /// [`Frame::draw_x_axis`] below a line up from every tick.
    pub(crate) fn draw_x_axis_with_grid(&self, canvas: &mut Canvas, name: &str, wanted: usize) {
        for (value, _) in self.x.ticks(wanted) {
            let x = self.at_x(value);
            canvas.line((x, self.top), (x, self.bottom), Stroke::new(style::GRID, 1.0));
        }
        self.draw_x_axis(canvas, name, wanted);
    }

    /// Ticks with their values below the frame, and the axis's name under them.
    pub(crate) fn draw_x_axis(&self, canvas: &mut Canvas, name: &str, wanted: usize) {
        canvas.line((self.left, self.bottom), (self.right, self.bottom), Stroke::new(style::MUTED, 1.0));
        for (value, text) in self.x.ticks(wanted) {
            let x = self.at_x(value);
            canvas.line((x, self.bottom), (x, self.bottom + 4.0), Stroke::new(style::MUTED, 1.0));
            canvas.text(&text, (x, self.bottom + 14.0), Type::tick().centred());
        }
        let centre = (self.left + self.right) / 2.0;
        canvas.text(name, (centre, self.bottom + 33.0), Type::label().centred());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scale: Scale, wanted: usize) -> Vec<String> {
        scale.ticks(wanted).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(texts(Scale::linear(0.0, 1.0), 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(Scale::linear(-1.3, 2.2), 4), ["−1", "0", "1", "2"]);
        assert_eq!(texts(Scale::logarithmic(0.05, 30.0), 5), ["0.1", "1", "10"]);
        assert_eq!(texts(Scale::logarithmic(0.9, 11.0), 5), ["1", "2", "5", "10"]);
    }

    #[test]
    fn an_axis_without_extent_or_with_infinite_ends_still_has_ticks() {
        for scale in
            [Scale::linear(3.0, 3.0), Scale::linear(0.0, 0.0), Scale::linear(f64::NAN, f64::INFINITY)]
        {
            assert!(scale.high() > scale.low());
            assert!(scale.ticks(5).len() >= 2, "{scale:?}");
        }
    }

    #[test]
    fn share_and_value_undo_each_other() {
        for scale in [Scale::linear(-2.0, 5.0), Scale::logarithmic(0.1, 100.0)] {
            for share in [0.0, 0.3, 1.0] {
                assert!((scale.share(scale.value(share)) - share).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_logarithmic_axis_needs_positive_ends() {
        assert!(!Scale::logarithmic(0.0, 10.0).is_logarithmic());
    }
}
