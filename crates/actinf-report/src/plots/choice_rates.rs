//! Observed against predicted choice rates of one group.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot, Stroke, Type};
use crate::html::slug;
use crate::legend::legend;
use crate::rates::{Along, Positions, Rate, rates};
use crate::study::{Group, Study};
use crate::style;
use plotters::style::RGBColor;

/// One action: its label, colour and rates.
struct Action {
    label: String,
    colour: RGBColor,
    rates: Vec<Rate>,
}

/// The rates of some actions in one group.
pub(crate) struct ChoiceRates {
    file: String,
    group: String,
    subjects: usize,
    alone: bool,
    positions: Positions,
    actions: Vec<Action>,
}

impl ChoiceRates {
    /// The panel of group number `panel`; `alone` if there are no groups to compare.
    pub(crate) fn new(
        study: &Study,
        (panel, group): (usize, &Group),
        positions: Positions,
        actions: &[usize],
    ) -> ChoiceRates {
        let schema = &study.results.record.model.schema;
        let of = |(rank, &action): (usize, &usize)| Action {
            label: schema.joint_action_label(action),
            colour: style::category(rank),
            rates: rates(study, &group.members, positions, action),
        };
        ChoiceRates {
            file: format!("choice-rates-{}-{}", panel + 1, slug(&group.label)),
            group: group.label.clone(),
            subjects: group.members.len(),
            alone: !study.has_groups(),
            positions,
            actions: actions.iter().enumerate().map(of).collect(),
        }
    }

    /// The mean over positions and actions of the distance between observed and predicted rates.
    pub(crate) fn mean_distance(&self) -> Option<f64> {
        let rates: Vec<&Rate> = self.actions.iter().flat_map(|action| &action.rates).collect();
        let total: f64 = rates.iter().map(|rate| (rate.observed - rate.predicted).abs()).sum();
        (!rates.is_empty()).then(|| total / rates.len() as f64)
    }

    fn frame(&self) -> Frame {
        let (width, height) = self.size();
        let last = (self.positions.bins * self.positions.width).max(1) as f64;
        Frame {
            left: 46.0,
            right: width - 12.0,
            top: 56.0,
            bottom: height - 46.0,
            x: Scale::linear(0.5, last + 0.5),
            y: Scale::linear(0.0, 1.0),
        }
    }
}

fn draw_action(canvas: &mut Canvas, frame: &Frame, action: &Action) {
    let mut upper = vec![];
    let mut lower = vec![];
    for rate in &action.rates {
        let (low, high) = rate.interval.unwrap_or((rate.observed, rate.observed));
        upper.push(frame.at(rate.position, frame.y.inside(high)));
        lower.push(frame.at(rate.position, frame.y.inside(low)));
    }
    upper.extend(lower.into_iter().rev());
    canvas.polygon(&upper, action.colour, 0.18);
    let radius = if action.rates.len() > 40 { 1.75 } else { 2.5 };
    for rate in &action.rates {
        canvas.dot(frame.at(rate.position, rate.observed), radius, action.colour, Dot::Ring);
    }
    let predicted: Vec<_> = action.rates.iter().map(|r| frame.at(r.position, r.predicted)).collect();
    canvas.path(&predicted, Stroke::new(action.colour, 2.25));
}

/// What rings and lines stand for, in the upper right corner.
fn draw_key(canvas: &mut Canvas, right: f64) {
    let look = Type::tick().colour(style::INK);
    canvas.line((right - 86.0, 12.0), (right - 66.0, 12.0), Stroke::new(style::INK, 2.25));
    canvas.text("predicted", (right - 61.0, 12.0), look);
    canvas.dot((right - 160.0, 12.0), 2.5, style::INK, Dot::Ring);
    canvas.text("observed", (right - 152.0, 12.0), look);
}

impl Plot for ChoiceRates {
    fn name(&self) -> String {
        self.file.clone()
    }

    fn title(&self) -> String {
        if self.alone {
            "Observed and predicted choice rates".to_string()
        } else {
            format!("Observed and predicted choice rates, {}", self.group)
        }
    }

    fn caption(&self) -> String {
        let band = if self.subjects > 1 {
            "mean over subjects with its 95 % interval"
        } else {
            "share of steps with its 95 % (Wilson) interval"
        };
        let distance = match self.mean_distance() {
            Some(distance) => format!(
                " Mean distance between observed and predicted: {} percentage points.",
                crate::number::three_digits(100.0 * distance)
            ),
            None => String::new(),
        };
        let bins = match self.positions.width {
            1 => String::new(),
            width => format!(" Each point gathers {width} positions."),
        };
        format!(
            "Rings and band: observed, {band}, n = {}. Line: the model's mean probability, each step predicted from \
             the subject's own past.{distance}{bins}",
            self.subjects
        )
    }

    fn size(&self) -> (f64, f64) {
        (style::NARROW, 320.0)
    }

    fn draw(&self, canvas: &mut Canvas) {
        let frame = self.frame();
        frame.draw_y_axis(canvas, "probability of the action", 5);
        let name = match self.positions.along {
            Along::Trials => "trial of the session",
            Along::SessionSteps => "step of the session",
            Along::TrialSteps => "step of the trial",
        };
        frame.draw_x_axis(canvas, name, 6);
        let entries: Vec<(String, RGBColor)> =
            self.actions.iter().map(|action| (action.label.clone(), action.colour)).collect();
        draw_key(canvas, frame.right);
        legend(canvas, &entries, (frame.left, 34.0), frame.right - frame.left);
        for action in &self.actions {
            draw_action(canvas, &frame, action);
        }
    }
}
