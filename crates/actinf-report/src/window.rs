//! The first steps of one subject's trajectory, as the trajectory plots draw them.

use crate::axis::{Frame, Scale};
use crate::canvas::{Canvas, Stroke, Type, text_width};
use crate::html::shortened;
use crate::study::{Fitted, Study};
use crate::style;
use actinf_agents::StepRecord;
use std::ops::Range;

/// A run of steps that belong to one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionRun {
    pub(crate) label: String,
    /// Positions in the window.
    pub(crate) steps: Range<usize>,
}

/// The first steps of a subject.
#[derive(Clone, Debug)]
pub(crate) struct Window<'a> {
    pub(crate) subject: &'a str,
    pub(crate) steps: &'a [StepRecord],
    pub(crate) sessions: Vec<SessionRun>,
    /// The subject's steps, shown or not.
    pub(crate) all: usize,
}

impl<'a> Window<'a> {
    /// The first steps of the subject whose likelihood per action is the median (the lower one of an even number).
    pub(crate) fn of_typical_subject(study: &Study<'a>) -> Option<Window<'a>> {
        let mut order: Vec<&Fitted<'a>> = study
            .fitted
            .iter()
            .filter(|subject| subject.steps.is_some_and(|s| !s.steps.is_empty()))
            .collect();
        order.sort_by(|a, b| a.fit.likelihood_per_action.total_cmp(&b.fit.likelihood_per_action));
        Window::of_subject(order.get(order.len().checked_sub(1)? / 2)?)
    }

    /// The first steps of a subject; `None` if it has none.
    pub(crate) fn of_subject(subject: &Fitted<'a>) -> Option<Window<'a>> {
        let all = subject.steps.filter(|steps| !steps.steps.is_empty())?;
        let steps = &all.steps[..all.steps.len().min(style::TRAJECTORY_STEPS)];
        let mut sessions: Vec<SessionRun> = vec![];
        let mut current = None;
        for (position, step) in steps.iter().enumerate() {
            if current == Some(step.place.session) {
                if let Some(run) = sessions.last_mut() {
                    run.steps.end = position + 1;
                }
                continue;
            }
            current = Some(step.place.session);
            let label = all.sessions.get(step.place.session).cloned().unwrap_or_default();
            sessions.push(SessionRun { label, steps: position..position + 1 });
        }
        Some(Window { subject: &subject.record.id, steps, sessions, all: all.steps.len() })
    }

    /// The frame of a trajectory plot of this size, with room for lanes of marks above it.
    pub(crate) fn frame(&self, (width, height): (f64, f64), lanes: f64, y: Scale) -> Frame {
        let x = Scale::linear(0.0, self.steps.len().max(1) as f64);
        Frame { left: 50.0, right: width - 12.0, top: 50.0 + lanes, bottom: height - 46.0, x, y }
    }

    /// Rules between sessions with the sessions' labels above them, and the axis of steps.
    pub(crate) fn draw_sessions(&self, canvas: &mut Canvas, frame: &Frame, lanes: f64) {
        for run in &self.sessions {
            let (from, to) = (frame.at_x(run.steps.start as f64), frame.at_x(run.steps.end as f64));
            if run.steps.start > 0 {
                canvas.line(
                    (from, frame.top - lanes - 8.0),
                    (from, frame.bottom),
                    Stroke::new(style::INK, 1.25),
                );
            }
            let letters = ((to - from - 4.0) / text_width("n", style::TICK_SIZE)).floor() as usize;
            let label = format!("session {}", run.label);
            if letters >= 4 {
                canvas.text(&shortened(&label, letters), (from + 4.0, frame.top - lanes - 9.0), Type::tick());
            }
        }
        frame.draw_x_axis(canvas, "step", 10);
    }

    /// The stairs of a value per step within each session: one point at either side of each step.
    pub(crate) fn stairs(&self, run: &SessionRun, value: impl Fn(&StepRecord) -> f64) -> Vec<(f64, f64)> {
        run.steps
            .clone()
            .flat_map(|position| {
                let height = value(&self.steps[position]);
                [(position as f64, height), (position as f64 + 1.0, height)]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{self, Study as Made};
    use actinf_fit::Outcome;

    #[test]
    fn the_window_opens_on_the_subject_in_the_middle_and_splits_by_session() {
        let study = Made { subjects: 4, failed: 0, sessions: 10, trials: 25, ..Made::SMALL };
        let mut results = synthetic::results(study);
        for (subject, likelihood) in results.record.subjects.iter_mut().zip([0.9, 0.5, 0.7, 0.6]) {
            if let Outcome::Fitted(fit) = &mut subject.outcome {
                fit.likelihood_per_action = likelihood;
            }
        }
        let study = Study::new(&results);
        let window = Window::of_typical_subject(&study).unwrap();
        assert_eq!((window.subject, window.steps.len(), window.all), ("sub-004", 120, 250));
        let runs: Vec<Range<usize>> = window.sessions.iter().map(|run| run.steps.clone()).collect();
        assert_eq!(runs, [0..25, 25..50, 50..75, 75..100, 100..120]);
        assert_eq!(window.sessions[4].label, "5");
    }
}
