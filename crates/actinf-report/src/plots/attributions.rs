//! Which model each subject uses: subjects from left to right, models from top to bottom, and the probability as the
//! strength of the colour.

use super::Plot;
use crate::canvas::{Canvas, Stroke, Type, text_width};
use crate::html::shortened;
use crate::strips::evenly_spaced;
use crate::{number, style};
use actinf_fit::comparison::Comparison;

const ROW: f64 = 30.0;
const LEFT: f64 = 140.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 34.0;
/// The most subjects drawn.
const MOST: usize = 380;

/// One subject: its identity and the probability that it uses each model.
type Attributed<'a> = (&'a str, &'a [f64]);

/// The matrix of attributions.
pub(crate) struct Attributions<'a> {
    models: Vec<&'a str>,
    /// Sorted by the most probable model, and within it by its probability.
    subjects: Vec<Attributed<'a>>,
}

impl<'a> Attributions<'a> {
    /// The matrix of these models and subjects.
    pub(crate) fn new(models: Vec<&'a str>, mut subjects: Vec<Attributed<'a>>) -> Attributions<'a> {
        let best = |(_, attributions): &Attributed| -> (usize, f64) {
            let numbers = attributions.iter().copied().enumerate();
            numbers.fold((0, f64::NEG_INFINITY), |best, (k, p)| if p > best.1 { (k, p) } else { best })
        };
        subjects.sort_by(|a, b| {
            let ((model_a, a), (model_b, b)) = (best(a), best(b));
            model_a.cmp(&model_b).then(b.total_cmp(&a))
        });
        Attributions { models, subjects }
    }

    /// The matrix of a comparison.
    pub(crate) fn of_comparison(comparison: &'a Comparison) -> Attributions<'a> {
        let subjects = comparison.subjects.iter().map(|s| (s.id.as_str(), s.attributions.as_slice()));
        Attributions::new(comparison.models.iter().map(|m| m.name.as_str()).collect(), subjects.collect())
    }

    fn bottom(&self) -> f64 {
        TOP + ROW * self.models.len() as f64
    }

    /// Probabilities and the strength of colour that shows them.
    fn draw_key(&self, canvas: &mut Canvas) {
        canvas.text("probability of the model", (LEFT, 14.0), Type::tick());
        for (k, p) in [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().enumerate() {
            let x = LEFT + 160.0 + 58.0 * k as f64;
            canvas.rectangle((x, 7.0), (x + 16.0, 21.0), style::INK, strength(p));
            canvas.text(&format!("{p}"), (x + 21.0, 14.0), Type::tick());
        }
    }

    /// Whether every subject's whole name fits below a column of this width: names that are cut are all the same.
    fn names_fit(&self, column: f64) -> bool {
        self.subjects.iter().all(|(id, _)| text_width(id, style::TICK_SIZE) + 4.0 <= column)
    }

    fn draw_subject(&self, canvas: &mut Canvas, (id, attributions): Attributed, from: f64, to: f64) {
        let gap = if to - from > 4.0 { 0.75 } else { 0.0 };
        for (k, (model, &p)) in self.models.iter().zip(attributions).enumerate() {
            let (top, bottom) = (TOP + ROW * k as f64 + 1.0, TOP + ROW * (k as f64 + 1.0) - 1.0);
            canvas.rectangle((from + gap, top), (to - gap, bottom), style::category(k), strength(p));
            let centre = ((from + to) / 2.0, (top + bottom) / 2.0);
            let radius = ((to - from) / 2.0).clamp(2.0, 12.0);
            canvas.note(centre, radius, &format!("{id}, {model}: {}", number::probability(p)));
        }
    }
}

/// A faint colour for nothing, so that the matrix can be seen, and the full one for certainty.
fn strength(probability: f64) -> f64 {
    0.06 + 0.94 * probability
}

impl Plot for Attributions<'_> {
    fn name(&self) -> String {
        "attributions".to_string()
    }

    fn title(&self) -> String {
        "Which model each subject uses".to_string()
    }

    fn caption(&self) -> String {
        let thinned = match self.subjects.len() > MOST {
            true => format!(" Of {} subjects, {MOST} at evenly spaced ranks are shown.", self.subjects.len()),
            false => String::new(),
        };
        format!(
            "Each column is a subject and each row a model; the stronger the colour, the more probable that the subject \
             uses the model. Subjects are sorted by their most probable model.{thinned}"
        )
    }

    fn size(&self) -> (f64, f64) {
        (style::WIDE, self.bottom() + 46.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let (width, _) = self.size();
        let shown = evenly_spaced(self.subjects.len(), MOST);
        let column = (width - LEFT - RIGHT) / shown.len().max(1) as f64;
        let is_named = self.names_fit(column);
        self.draw_key(canvas);
        for (rank, &subject) in shown.iter().enumerate() {
            let from = LEFT + rank as f64 * column;
            self.draw_subject(canvas, self.subjects[subject], from, from + column);
            if is_named {
                let at = (from + 0.5 * column, self.bottom() + 12.0);
                canvas.text(self.subjects[subject].0, at, Type::tick().centred());
            }
        }
        let letters = ((LEFT - 14.0) / text_width("n", style::LABEL_SIZE)).floor() as usize;
        for (k, model) in self.models.iter().enumerate() {
            let y = TOP + ROW * (k as f64 + 0.5);
            canvas.text(&shortened(model, letters), (LEFT - 10.0, y), Type::label().ending());
        }
        let bottom = self.bottom();
        canvas.line((LEFT, bottom + 2.0), (width - RIGHT, bottom + 2.0), Stroke::new(style::MUTED, 1.0));
        let name = format!("subjects (n = {})", self.subjects.len());
        let centre = (LEFT + width - RIGHT) / 2.0;
        let below = if is_named { 33.0 } else { 18.0 };
        canvas.text(&name, (centre, bottom + below), Type::label().centred());
    }
}
