//! Probabilities that sum to 1 along a trajectory: stacked bands, with what was done marked on them.

use super::Plot;
use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Dot};
use crate::html::slug;
use crate::legend::legend;
use crate::style;
use crate::window::Window;
use actinf_agents::StepRecord;
use plotters::style::RGBColor;

/// The height of a lane of marks.
const LANE: f64 = 8.0;

/// One band: its label and its probability at every step of the window.
struct Band {
    /// The states or actions it holds, by their positions.
    holds: Vec<usize>,
    label: String,
    colour: RGBColor,
    values: Vec<f64>,
}

/// Bands of one distribution along the first steps of a subject.
pub(crate) struct Composition<'a> {
    window: &'a Window<'a>,
    file: String,
    title: String,
    caption: String,
    bands: Vec<Band>,
    /// The band of what was done at each step; empty where there is nothing to mark.
    taken: Vec<Option<usize>>,
}

impl<'a> Composition<'a> {
    /// A family of probabilities, such as the belief about one factor: `columns` are its labels, such as the factor's
    /// states, and their positions among the quantities.
    pub(crate) fn quantities(
        window: &'a Window<'a>,
        family: &str,
        columns: &[(String, usize)],
    ) -> Composition<'a> {
        let title = match family.strip_prefix("belief.") {
            Some(factor) => format!("Belief about {factor}"),
            None => format!("Probabilities: {}", family.replace('_', " ")),
        };
        let of = |column: usize| move |step: &StepRecord| step.quantities.get(column).copied();
        let wanted: Vec<_> = columns.iter().map(|(label, column)| (label.clone(), of(*column))).collect();
        Composition {
            window,
            file: format!("trajectory-{}", slug(family)),
            title,
            caption: format!("Subject {}: the probabilities when the action was chosen.", window.subject),
            bands: bands(window.steps, wanted),
            taken: vec![],
        }
    }

    /// The probabilities of the joint actions, with the action taken marked.
    pub(crate) fn actions(window: &'a Window<'a>, labels: &[String]) -> Composition<'a> {
        let of = |action: usize| move |step: &StepRecord| step.action_probabilities.get(action).copied();
        let wanted: Vec<_> =
            labels.iter().enumerate().map(|(action, label)| (label.clone(), of(action))).collect();
        let bands = bands(window.steps, wanted);
        let band_of = |action: usize| bands.iter().position(|band| band.holds.contains(&action));
        let taken = window.steps.iter().map(|step| step.action.and_then(band_of)).collect();
        Composition {
            window,
            file: "trajectory-actions".to_string(),
            title: "Probability of the actions".to_string(),
            caption: format!(
                "Subject {}: the model's probability of each action (bands), and above them the action taken at each \
                 step (dots).",
                window.subject
            ),
            bands,
            taken,
        }
    }

    /// The same under another file name.
    pub(crate) fn named(self, name: &str) -> Composition<'a> {
        Composition { file: name.to_string(), ..self }
    }

    fn draw_bands(&self, canvas: &mut Canvas, frame: &Frame) {
        for run in &self.window.sessions {
            let mut foot = vec![0.0; run.steps.len()];
            for band in &self.bands {
                let (mut upper, mut lower) = (vec![], vec![]);
                for (position, foot) in run.steps.clone().zip(&mut foot) {
                    let top = *foot + band.values[position];
                    for edge in [position as f64, position as f64 + 1.0] {
                        upper.push(frame.at(edge, frame.y.inside(top)));
                        lower.push(frame.at(edge, frame.y.inside(*foot)));
                    }
                    *foot = top;
                }
                upper.extend(lower.into_iter().rev());
                canvas.polygon(&upper, band.colour, 0.5);
            }
        }
    }

    /// One lane per band above the frame, the highest band's on top, with a mark at every step it was taken.
    fn draw_taken(&self, canvas: &mut Canvas, frame: &Frame) {
        for (position, taken) in self.taken.iter().enumerate() {
            let Some((taken, band)) = taken.and_then(|taken| Some((taken, self.bands.get(taken)?))) else {
                continue;
            };
            let at = (frame.at_x(position as f64 + 0.5), frame.top - LANE * (taken as f64 + 0.75));
            canvas.dot(at, 2.5, band.colour, Dot::Full);
            let step = &self.window.steps[position];
            let probability = crate::number::three_digits(band.values[position]);
            canvas.note(at, 4.0, &format!("row {}: {}, probability {probability}", step.row, band.label));
        }
    }

    /// The height of the lanes above the frame.
    fn lanes(&self) -> f64 {
        if self.taken.is_empty() { 0.0 } else { LANE * (self.bands.len() as f64 + 0.25) }
    }
}

/// Bands with their colours; beyond the number of colours told apart, the least probable are one band, "others".
/// What is missing or not finite counts as probability 0.
fn bands(steps: &[StepRecord], wanted: Vec<(String, impl Fn(&StepRecord) -> Option<f64>)>) -> Vec<Band> {
    let mut bands: Vec<Band> = wanted
        .into_iter()
        .enumerate()
        .map(|(position, (label, value))| Band {
            holds: vec![position],
            label,
            colour: style::category(position),
            values: steps.iter().map(|step| value(step).filter(|p| p.is_finite()).unwrap_or(0.0)).collect(),
        })
        .collect();
    if bands.len() <= style::COLOURS_TOLD_APART {
        return bands;
    }
    let total = |band: &Band| band.values.iter().sum::<f64>();
    bands.sort_by(|a, b| total(b).total_cmp(&total(a)));
    let rest = bands.split_off(style::COLOURS_TOLD_APART);
    for (position, band) in bands.iter_mut().enumerate() {
        band.colour = style::category(position);
    }
    let sum = |position: usize| rest.iter().map(|band| band.values[position]).sum();
    let label = format!("{} others", rest.len());
    let values = (0..steps.len()).map(sum).collect();
    let holds = rest.iter().flat_map(|band| band.holds.iter().copied()).collect();
    bands.push(Band { holds, label, colour: style::MUTED, values });
    bands
}

impl Plot for Composition<'_> {
    fn name(&self) -> String {
        self.file.clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn caption(&self) -> String {
        self.caption.clone()
    }

    fn size(&self) -> (f64, f64) {
        (style::WIDE, 240.0 + self.lanes())
    }

    fn draw(&self, canvas: &mut Canvas) {
        let frame = self.window.frame(self.size(), self.lanes(), Scale::linear(0.0, 1.0));
        frame.draw_y_axis(canvas, "probability", 4);
        self.draw_bands(canvas, &frame);
        self.window.draw_sessions(canvas, &frame, self.lanes());
        self.draw_taken(canvas, &frame);
        let entries: Vec<(String, RGBColor)> =
            self.bands.iter().map(|band| (band.label.clone(), band.colour)).collect();
        legend(canvas, &entries, (130.0, 12.0), frame.right - 130.0);
    }
}
