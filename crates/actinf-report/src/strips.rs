//! Sorted strips: one mark per subject, from the lowest to the highest within each group, beside the group's mean.

use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type, text_width};
use crate::html::shortened;
use crate::statistics::{self, Summary};
use crate::style;

/// One subject.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) value: f64,
    pub(crate) interval: Option<(f64, f64)>,
    pub(crate) dot: Dot,
    pub(crate) note: String,
}

/// One group.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    label: String,
    marks: Vec<Mark>,
    summary: Summary,
    /// The category whose colour it has, if not its place among the strips.
    category: Option<usize>,
}

impl Strip {
    /// Sorts the finite marks of a group.
    pub(crate) fn new(label: &str, mut marks: Vec<Mark>) -> Strip {
        marks.retain(|mark| mark.value.is_finite());
        marks.sort_by(|a, b| a.value.total_cmp(&b.value));
        let values: Vec<f64> = marks.iter().map(|mark| mark.value).collect();
        Strip { label: label.to_string(), marks, summary: statistics::summary(&values), category: None }
    }

    /// The same in the colour of a category.
    pub(crate) fn of_category(self, category: usize) -> Strip {
        Strip { category: Some(category), ..self }
    }
}

/// Groups side by side on one vertical axis.
#[derive(Clone, Debug)]
pub(crate) struct Strips {
    pub(crate) axis: String,
    pub(crate) scale: Scale,
    pub(crate) strips: Vec<Strip>,
    /// A value all subjects are compared with, and its name.
    pub(crate) reference: Option<(f64, String)>,
    /// The prior's density along the axis, as (value, density).
    pub(crate) prior: Vec<(f64, f64)>,
}

const HEIGHT: f64 = 330.0;
const LEFT: f64 = 56.0;
const PRIOR_WIDTH: f64 = 52.0;
/// The part of a group's width that its marks take; the mean stands in the rest.
const STRIP_SHARE: f64 = 0.74;
/// The least distance between marks, in CSS pixels.
const MARK_ROOM: f64 = 1.5;

impl Strips {
    /// Width and height: wider with many groups.
    pub(crate) fn size(&self) -> (f64, f64) {
        let wanted = LEFT + 90.0 * self.strips.len() as f64 + PRIOR_WIDTH;
        (wanted.clamp(style::NARROW, style::WIDE), HEIGHT)
    }

    /// The marks that are drawn: all, or as many of evenly spaced ranks as a strip can show.
    pub(crate) fn is_thinned(&self) -> bool {
        self.strips.iter().any(|strip| strip.marks.len() > self.most_marks())
    }

    /// As many marks as find room side by side in one strip.
    fn most_marks(&self) -> usize {
        let width = (self.size().0 - LEFT - self.side()) / self.strips.len().max(1) as f64 * STRIP_SHARE;
        ((width / MARK_ROOM) as usize).clamp(10, style::MARKS_PER_STRIP)
    }

    /// The width to the right of the strips.
    fn side(&self) -> f64 {
        if self.prior.is_empty() { 8.0 } else { PRIOR_WIDTH + 14.0 }
    }

    /// How many intervals reach beyond the axis.
    pub(crate) fn cut_intervals(&self) -> usize {
        let cut = |mark: &&Mark| {
            mark.interval.is_some_and(|(low, high)| low < self.scale.low() || high > self.scale.high())
        };
        self.strips.iter().flat_map(|strip| &strip.marks).filter(cut).count()
    }

    /// Whether any mark is a ring.
    pub(crate) fn has_rings(&self) -> bool {
        self.strips.iter().flat_map(|strip| &strip.marks).any(|mark| mark.dot == Dot::Ring)
    }

    /// Draws all of it.
    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        let (width, height) = self.size();
        let frame = Frame {
            left: LEFT,
            right: width - self.side(),
            top: 30.0,
            bottom: height - 46.0,
            x: Scale::linear(0.0, self.strips.len().max(1) as f64),
            y: self.scale,
        };
        frame.draw_y_axis(canvas, &self.axis, 5);
        self.draw_prior(canvas, &frame, width);
        for (position, strip) in self.strips.iter().enumerate() {
            self.draw_strip(canvas, &frame, position, strip);
        }
        self.draw_reference(canvas, &frame);
    }

    fn draw_strip(&self, canvas: &mut Canvas, frame: &Frame, position: usize, strip: &Strip) {
        let colour = style::category(strip.category.unwrap_or(position));
        let (from, to) =
            (frame.at_x(position as f64 + 0.06), frame.at_x(position as f64 + 0.06 + STRIP_SHARE));
        let ranks = evenly_spaced(strip.marks.len(), self.most_marks());
        let drawn = ranks.len();
        let (width, radius) = if (to - from) / (drawn as f64) < 2.5 { (1.0, 1.75) } else { (1.25, 2.5) };
        let place = |rank: usize| from + (rank as f64 + 0.5) / drawn as f64 * (to - from);
        for (rank, &mark) in ranks.iter().enumerate() {
            if let Some((low, high)) = strip.marks[mark].interval {
                let (low, high) = (frame.y.inside(low), frame.y.inside(high));
                let stroke = Stroke::new(colour, width).opacity(0.4);
                canvas.line((place(rank), frame.at_y(low)), (place(rank), frame.at_y(high)), stroke);
            }
        }
        for (rank, &mark) in ranks.iter().enumerate() {
            let mark = &strip.marks[mark];
            let at = (place(rank), frame.at_y(frame.y.inside(mark.value)));
            canvas.dot(at, radius, colour, mark.dot);
            canvas.note(at, radius.max(3.5), &mark.note);
        }
        self.draw_mean(canvas, frame, frame.at_x(position as f64 + 0.90), strip);
        self.draw_label(canvas, frame, position, strip);
    }

    fn draw_mean(&self, canvas: &mut Canvas, frame: &Frame, x: f64, strip: &Strip) {
        if strip.summary.n < 2 {
            return;
        }
        if let Some((low, high)) = strip.summary.interval {
            let (low, high) = (frame.at_y(frame.y.inside(low)), frame.at_y(frame.y.inside(high)));
            canvas.line((x, low), (x, high), Stroke::new(style::INK, 2.0));
        }
        let y = frame.at_y(frame.y.inside(strip.summary.mean));
        canvas.polygon(&[(x - 5.0, y), (x, y - 5.0), (x + 5.0, y), (x, y + 5.0)], style::INK, 1.0);
        let mean = crate::number::three_digits(strip.summary.mean);
        canvas.note((x, y), 6.0, &format!("{}: mean {mean}", strip.label));
    }

    fn draw_label(&self, canvas: &mut Canvas, frame: &Frame, position: usize, strip: &Strip) {
        let (from, to) = (frame.at_x(position as f64), frame.at_x(position as f64 + 1.0));
        let letters = ((to - from - 6.0) / text_width("n", style::LABEL_SIZE)).floor().max(2.0) as usize;
        let centre = (from + to) / 2.0;
        let look = Type::label().centred();
        canvas.text(&shortened(&strip.label, letters), (centre, frame.bottom + 17.0), look);
        let n = format!("n = {}", strip.summary.n);
        canvas.text(&n, (centre, frame.bottom + 34.0), Type::tick().centred());
    }

    fn draw_prior(&self, canvas: &mut Canvas, frame: &Frame, width: f64) {
        let highest = self.prior.iter().map(|(_, density)| *density).fold(0.0, f64::max);
        if self.prior.is_empty() || highest <= 0.0 {
            return;
        }
        let foot = width - PRIOR_WIDTH - 4.0;
        let reach = |density: f64| foot + density / highest * (PRIOR_WIDTH - 4.0);
        let end = |point: Option<&(f64, f64)>| reach(point.map_or(0.0, |(_, density)| *density));
        let mut outline = vec![(foot, frame.bottom), (end(self.prior.first()), frame.bottom)];
        outline.extend(self.prior.iter().map(|(value, density)| (reach(*density), frame.at_y(*value))));
        outline.extend([(end(self.prior.last()), frame.top), (foot, frame.top)]);
        canvas.polygon(&outline, style::SHADE, 0.75);
        canvas.line((foot, frame.top), (foot, frame.bottom), Stroke::new(style::MUTED, 1.0));
        let centre = foot + PRIOR_WIDTH / 2.0 - 2.0;
        canvas.text("prior", (centre, frame.bottom + 17.0), Type::tick().centred());
    }

    fn draw_reference(&self, canvas: &mut Canvas, frame: &Frame) {
        let Some((value, name)) = &self.reference else { return };
        let y = frame.at_y(*value);
        canvas.dashes((frame.left, y), (frame.right, y), Stroke::new(style::INK, 1.25));
        // Marks rise from left to right, which leaves room below a low line at its end and above a high one at its start.
        let look = Type::tick().colour(style::INK);
        if frame.y.share(*value) > 0.5 {
            canvas.text(name, (frame.left + 4.0, y - 9.0), look);
        } else {
            canvas.text(name, (frame.right, y + 10.0), look.ending());
        }
    }
}

/// At most `limit` of the positions `0..count`, evenly spaced, with both ends.
pub(crate) fn evenly_spaced(count: usize, limit: usize) -> Vec<usize> {
    if count <= limit {
        return (0..count).collect();
    }
    (0..limit).map(|k| (k as f64 * (count - 1) as f64 / (limit - 1) as f64).round() as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends_and_order() {
        let kept = evenly_spaced(1000, 150);
        assert_eq!((kept.len(), kept[0], kept[149]), (150, 0, 999));
        assert!(kept.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(evenly_spaced(3, 150), [0, 1, 2]);
    }

    #[test]
    fn a_strip_leaves_out_what_is_not_finite_and_sorts_the_rest() {
        let mark = |value| Mark { value, interval: None, dot: Dot::Full, note: String::new() };
        let strip = Strip::new("g", vec![mark(2.0), mark(f64::NAN), mark(1.0)]);
        assert_eq!(strip.marks.iter().map(|mark| mark.value).collect::<Vec<_>>(), [1.0, 2.0]);
        assert_eq!(strip.summary.n, 2);
    }
}
