//! How much better or worse each other model explains each subject than the most frequent one.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::{Canvas, Dot};
use crate::html::shortened;
use crate::number;
use crate::strips::{Mark, Strip, Strips};
use actinf_fit::comparison::Comparison;

/// The per-subject differences of evidence.
pub(crate) struct EvidenceDifferences {
    reference: String,
    strips: Strips,
}

impl EvidenceDifferences {
    /// The differences to the model with the largest expected frequency.
    pub(crate) fn new(comparison: &Comparison) -> EvidenceDifferences {
        let best = comparison.most_frequent();
        let others = (0..comparison.models.len()).filter(|k| *k != best);
        let marks = |k: usize| -> Vec<Mark> {
            let of = |subject: &actinf_fit::comparison::ComparedSubject| {
                let value = subject.scores[k].evidence - subject.scores[best].evidence;
                let converged = subject.scores[k].converged && subject.scores[best].converged;
                Mark {
                    value,
                    interval: None,
                    dot: if converged { Dot::Full } else { Dot::Ring },
                    note: format!("{}: {}", subject.id, number::one_decimal(value)),
                }
            };
            comparison.subjects.iter().map(of).collect()
        };
        let strips: Vec<(usize, Vec<Mark>)> = others.map(|k| (k, marks(k))).collect();
        let values = strips.iter().flat_map(|(_, marks)| marks).map(|mark| mark.value);
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        let margin = 0.05 * (high - low);
        let reference = comparison.models[best].name.clone();
        let strip =
            |(k, marks): (usize, Vec<Mark>)| Strip::new(&comparison.models[k].name, marks).of_category(k);
        EvidenceDifferences {
            strips: Strips {
                axis: "difference of log evidence (nats)".to_string(),
                scale: Scale::linear(low - margin, high + margin),
                strips: strips.into_iter().map(strip).collect(),
                reference: Some((0.0, "equal evidence".to_string())),
                prior: vec![],
            },
            reference,
        }
    }
}

impl Plot for EvidenceDifferences {
    fn name(&self) -> String {
        "evidence-differences".to_string()
    }

    fn title(&self) -> String {
        format!("Evidence of each subject compared with {}", shortened(&self.reference, 40))
    }

    fn caption(&self) -> String {
        let mut caption = format!(
            "Dots: subjects, sorted; below the dashes {} explains the subject better. 3 nats are a Bayes factor of 20. \
             Diamonds: means with 95 % intervals.",
            self.reference
        );
        if self.strips.has_rings() {
            caption.push_str(" Rings: a search did not converge.");
        }
        if self.strips.is_thinned() {
            caption.push_str(" Evenly spaced ranks are shown.");
        }
        caption
    }

    fn size(&self) -> (f64, f64) {
        self.strips.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.strips.draw(canvas);
    }
}
