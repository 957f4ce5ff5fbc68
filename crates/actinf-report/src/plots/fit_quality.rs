//! How well each subject is described: sorted strips against chance.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::{Canvas, Dot};
use crate::number;
use crate::strips::{Mark, Strip, Strips};
use crate::study::{Fitted, Study};

/// What is shown of each subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The typical probability of the action taken.
    LikelihoodPerAction,
    /// One minus the ratio of the log-likelihood to that of chance.
    PseudoR2,
}

impl Measure {
    /// Its value for a subject.
    pub(crate) fn of(self, subject: &Fitted) -> f64 {
        match self {
            Measure::LikelihoodPerAction => subject.fit.likelihood_per_action,
            Measure::PseudoR2 => subject.fit.pseudo_r2,
        }
    }
}

/// The typical probability of an action under a uniformly random responder: `exp(ln L(chance) / actions)`.
pub(crate) fn chance(subject: &Fitted) -> f64 {
    (subject.fit.chance_log_likelihood / subject.fit.actions as f64).exp()
}

/// One measure of all subjects by group.
pub(crate) struct FitQuality {
    measure: Measure,
    strips: Strips,
}

impl FitQuality {
    /// The plot of one measure.
    pub(crate) fn new(study: &Study, measure: Measure) -> FitQuality {
        let mark = |subject: &Fitted| Mark {
            value: measure.of(subject),
            interval: None,
            dot: if subject.fit.convergence.converged { Dot::Full } else { Dot::Ring },
            note: format!("{}: {}", subject.record.id, number::three_digits(measure.of(subject))),
        };
        let strips = study
            .groups
            .iter()
            .map(|group| {
                let marks = group.members.iter().map(|&member| mark(&study.fitted[member])).collect();
                Strip::new(&group.label, marks)
            })
            .collect();
        let (axis, reference) = match measure {
            Measure::LikelihoodPerAction => ("likelihood per action", typical_chance(study)),
            Measure::PseudoR2 => ("pseudo-R²", Some(0.0)),
        };
        let scale = scale(study, measure, reference);
        let reference = reference.map(|value| (value, "chance".to_string()));
        FitQuality {
            measure,
            strips: Strips { axis: axis.to_string(), scale, strips, reference, prior: vec![] },
        }
    }
}

/// The median over subjects of their chance level: the same for all of them unless sets of actions differ.
fn typical_chance(study: &Study) -> Option<f64> {
    crate::statistics::median(&study.values(chance))
}

fn scale(study: &Study, measure: Measure, reference: Option<f64>) -> Scale {
    let values = study.values(|subject| measure.of(subject));
    let finite = || values.iter().copied().chain(reference).filter(|value| value.is_finite());
    let least = finite().fold(f64::INFINITY, f64::min);
    let most = finite().fold(f64::NEG_INFINITY, f64::max);
    let margin = 0.08 * (most - least);
    match measure {
        Measure::LikelihoodPerAction => Scale::linear((least - margin).max(0.0), (most + margin).min(1.0)),
        Measure::PseudoR2 => Scale::linear(least - margin, (most + margin).min(1.0)),
    }
}

impl Plot for FitQuality {
    fn name(&self) -> String {
        match self.measure {
            Measure::LikelihoodPerAction => "fit-likelihood-per-action".to_string(),
            Measure::PseudoR2 => "fit-pseudo-r2".to_string(),
        }
    }

    fn title(&self) -> String {
        match self.measure {
            Measure::LikelihoodPerAction => "Likelihood per action".to_string(),
            Measure::PseudoR2 => "Pseudo-R²".to_string(),
        }
    }

    fn caption(&self) -> String {
        let what = match self.measure {
            Measure::LikelihoodPerAction => {
                "The geometric mean of the probabilities the model gives the actions taken, one dot per subject, \
                 sorted within the group. Dashed line: a uniformly random responder."
            }
            Measure::PseudoR2 => {
                "One minus the ratio of the log-likelihood of the actions to that of a uniformly random responder, \
                 one dot per subject, sorted within the group: 0 is chance, 1 certainty."
            }
        };
        let rings = if self.strips.has_rings() { " Rings: not converged." } else { "" };
        let thinned =
            if self.strips.is_thinned() { " Of large groups, evenly spaced ranks are shown." } else { "" };
        format!("{what} Diamond and bar: mean with its 95 % interval.{rings}{thinned}")
    }

    fn size(&self) -> (f64, f64) {
        self.strips.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.strips.draw(canvas);
    }
}
