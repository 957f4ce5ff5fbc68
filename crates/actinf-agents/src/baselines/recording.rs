//! The long form of a baseline's likelihood: what it valued, expected and would have done at each step.

use super::model::BaselineModel;
use super::responder::Responder;
use crate::agent::World;
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::likelihood::not_a_number;
use crate::trajectory::{LogLikelihood, StepRecord, Trajectory};
use crate::walk::{Slots, Walk, walk};
use std::sync::Arc;

/// A walk that records every step.
struct Recording<'a> {
    model: &'a BaselineModel,
    quantities: usize,
    slots: Slots<f64>,
    step: Option<&'a Step>,
    record: StepRecord,
    trajectory: Trajectory,
}

impl Recording<'_> {
    fn quantities(&self, responder: &Responder<f64>) -> Vec<f64> {
        let mut quantities = vec![0.0; self.quantities];
        responder.quantities(&mut quantities);
        quantities
    }

    fn note_impossible(&mut self, kind: LikelihoodErrorKind) {
        let (place, row) = (Some(self.record.place), Some(self.record.row));
        self.trajectory.impossible.get_or_insert(LikelihoodError { kind, place, row });
    }
}

impl World<f64, Responder<f64>> for Recording<'_> {
    fn act(&mut self, responder: &mut Responder<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let logs = responder.log_actions();
        if logs.iter().any(|log| log.is_nan()) {
            return Err(not_a_number("the log-probability of an action"));
        }
        self.record.action_probabilities = logs.iter().map(|log| log.exp()).collect();
        self.record.quantities = self.quantities(responder);
        if let Some(action) = self.record.action {
            let log = logs[action];
            if log == f64::NEG_INFINITY {
                self.note_impossible(LikelihoodErrorKind::ImpossibleAction);
            }
            self.record.log_probability = Some(log);
            self.trajectory.log_likelihood.actions += log;
        }
        Ok(self.record.action)
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }
}

impl<'a> Walk<'a, f64, Responder<f64>> for Recording<'a> {
    fn enter(&mut self, place: Place, step: &'a Step) {
        self.step = Some(step);
        self.record = StepRecord {
            place,
            row: step.row,
            action: self.model.schema.joint_action(&step.actions),
            log_probability: None,
            action_probabilities: Vec::new(),
            quantities: Vec::new(),
            response_log_densities: vec![None; self.model.responses.len()],
        };
    }

    fn respond(
        &mut self,
        responder: &Responder<f64>,
        response: usize,
        value: f64,
    ) -> Result<(), LikelihoodErrorKind> {
        let slots = self.slots.with_beliefs(responder);
        let log = self.model.responses[response].distribution.log_density(slots, value);
        if log.is_nan() {
            return Err(not_a_number("the log density of a response"));
        }
        if !log.is_finite() {
            self.note_impossible(LikelihoodErrorKind::ImpossibleResponse);
        }
        self.trajectory.log_likelihood.responses[response] += log;
        // A response at the session's end comes after its step was recorded.
        let is_over = self.trajectory.steps.last().is_some_and(|record| record.place == self.record.place);
        let record = if is_over { self.trajectory.steps.last_mut() } else { None };
        record.unwrap_or(&mut self.record).response_log_densities[response] = Some(log);
        Ok(())
    }

    fn leave(&mut self, responder: &Responder<f64>) {
        if self.model.kind.expects_outcomes()
            && let Some(error) = self.record.quantities.last_mut()
        {
            *error = responder.prediction_error();
        }
        self.trajectory.steps.push(self.record.clone());
    }

    fn end_session(&mut self, responder: &Responder<f64>) {
        self.trajectory.session_ends.push(self.quantities(responder));
    }
}

/// The trajectory of a subject at the given values.
pub(super) fn trajectory(
    model: &Arc<BaselineModel>,
    subject: &Subject,
    values: &[f64],
) -> Result<Trajectory, LikelihoodError> {
    let mut responder = Responder::new(model);
    responder.set_values(values)?;
    let quantities = model.quantities().len();
    let mut slots = Slots::with_inputs(values.len(), quantities);
    slots.values_mut().copy_from_slice(values);
    let responses = vec![0.0; model.responses.len()];
    let trajectory = Trajectory {
        steps: Vec::with_capacity(subject.steps().count()),
        session_ends: Vec::with_capacity(subject.sessions.len()),
        log_likelihood: LogLikelihood { responses, ..LogLikelihood::default() },
        impossible: None,
    };
    let mut recording = Recording { model, quantities, slots, step: None, record: nothing_yet(), trajectory };
    walk(&mut responder, subject, &mut recording)?;
    let mut trajectory = recording.trajectory;
    let parts = &mut trajectory.log_likelihood;
    parts.total = parts.actions + parts.responses.iter().sum::<f64>();
    Ok(trajectory)
}

fn nothing_yet() -> StepRecord {
    StepRecord {
        place: Place::default(),
        row: 0,
        action: None,
        log_probability: None,
        action_probabilities: Vec::new(),
        quantities: Vec::new(),
        response_log_densities: Vec::new(),
    }
}
