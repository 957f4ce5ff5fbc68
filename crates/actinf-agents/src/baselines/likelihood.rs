//! The likelihood of behaviour under a baseline, with the exact gradient.

use super::model::BaselineModel;
use super::responder::Responder;
use crate::agent::World;
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::behaviour_model::Scorer;
use crate::dual::Dual;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::likelihood::checked_action;
use crate::real::Real;
use crate::walk::{Slots, Walk, walk};
use std::sync::Arc;

/// A walk that sums the log-likelihood.
struct Scoring<'a, T> {
    slots: &'a mut Slots<T>,
    step: Option<&'a Step>,
    model: &'a BaselineModel,
    log_likelihood: T,
}

impl<T: Real> World<T, Responder<T>> for Scoring<'_, T> {
    fn act(&mut self, responder: &mut Responder<T>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let action = self.step.and_then(|step| self.model.schema.joint_action(&step.actions));
        if let Some(action) = action
            && let Some(log) = responder.decide(action)
        {
            self.log_likelihood += checked_action(log)?;
        }
        Ok(action)
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }
}

impl<'a, T: Real> Walk<'a, T, Responder<T>> for Scoring<'a, T> {
    fn enter(&mut self, _place: Place, step: &'a Step) {
        self.step = Some(step);
    }

    fn respond(
        &mut self,
        responder: &Responder<T>,
        response: usize,
        value: f64,
    ) -> Result<(), LikelihoodErrorKind> {
        let slots = self.slots.with_beliefs(responder);
        let log = self.model.responses[response].distribution.log_density(slots, value);
        if !log.value().is_finite() {
            return Err(LikelihoodErrorKind::ImpossibleResponse);
        }
        self.log_likelihood += log;
        Ok(())
    }

    fn leave(&mut self, _responder: &Responder<T>) {}

    fn end_session(&mut self, _responder: &Responder<T>) {}
}

/// A responder for one kind of number, with the slots its values stand in.
struct Lane<T> {
    /// It works out choices later, but for responses, which may depend on them.
    responder: Responder<T>,
    slots: Slots<T>,
}

impl<T: Real> Lane<T> {
    fn new(model: &Arc<BaselineModel>, fixed: &[f64]) -> Self {
        let mut slots = Slots::with_inputs(fixed.len(), model.quantities().len());
        let values = slots.values_mut().iter_mut().zip(fixed);
        values.for_each(|(slot, &value)| *slot = T::constant(value));
        let is_deferred = model.responses.is_empty();
        let responder = if is_deferred { Responder::scored(model) } else { Responder::new(model) };
        Lane { responder, slots }
    }

    /// The log-likelihood with the values that stand in the slots.
    fn evaluate(&mut self, model: &Arc<BaselineModel>, subject: &Subject) -> Result<T, LikelihoodError> {
        let walked = along(&mut self.responder, &mut self.slots, model, subject)?;
        match self.responder.settle() {
            Some(sum) if sum.value().is_finite() => Ok(sum),
            // Slowly, which finds out where something is impossible.
            Some(_) => along(&mut Responder::new(model), &mut self.slots, model, subject),
            None => Ok(walked),
        }
    }
}

/// Leads a responder along behaviour: the log-likelihood of all that it does not defer.
fn along<T: Real>(
    responder: &mut Responder<T>,
    slots: &mut Slots<T>,
    model: &BaselineModel,
    subject: &Subject,
) -> Result<T, LikelihoodError> {
    responder.set_values(slots.values())?;
    let mut scoring = Scoring { slots, step: None, model, log_likelihood: T::ZERO };
    walk(responder, subject, &mut scoring)?;
    Ok(scoring.log_likelihood)
}

/// A lane of dual numbers of some width.
trait GradientLane {
    /// Writes the derivatives along all free values, as many at a time as the lane is wide, and returns the value.
    fn evaluate_all(
        &mut self,
        of: (&Arc<BaselineModel>, &Subject),
        free: (&[usize], &[f64]),
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError>;
}

impl<const N: usize> GradientLane for Lane<Dual<N>> {
    fn evaluate_all(
        &mut self,
        (model, subject): (&Arc<BaselineModel>, &Subject),
        (free, free_values): (&[usize], &[f64]),
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        let mut value = 0.0;
        for start in (0..free.len().max(1)).step_by(N) {
            for (k, (&slot, &value)) in free.iter().zip(free_values).enumerate() {
                // A direction of N or more is a constant, and so is one before the start, which wraps far beyond it.
                self.slots.values_mut()[slot] = Dual::variable(value, k.wrapping_sub(start));
            }
            let result = self.evaluate(model, subject)?;
            for (component, &derivative) in gradient[start..].iter_mut().zip(result.derivatives()) {
                *component = derivative;
            }
            value = result.value();
        }
        Ok(value)
    }
}

/// The log-likelihood of one subject under a baseline.
pub(super) struct BaselineScorer<'a> {
    model: &'a Arc<BaselineModel>,
    subject: &'a Subject,
    free: Vec<usize>,
    value_lane: Lane<f64>,
    gradient_lane: Box<dyn GradientLane>,
}

impl<'a> BaselineScorer<'a> {
    pub(super) fn new(
        model: &'a Arc<BaselineModel>,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Self {
        BaselineScorer {
            model,
            subject,
            free: free.to_vec(),
            value_lane: Lane::new(model, fixed),
            gradient_lane: match free.len() {
                0..=2 => Box::new(Lane::<Dual<2>>::new(model, fixed)),
                _ => Box::new(Lane::<Dual<4>>::new(model, fixed)),
            },
        }
    }
}

impl Scorer for BaselineScorer<'_> {
    fn log_likelihood(&mut self, free_values: &[f64]) -> Result<f64, LikelihoodError> {
        for (&slot, &value) in self.free.iter().zip(free_values) {
            self.value_lane.slots.values_mut()[slot] = value;
        }
        self.value_lane.evaluate(self.model, self.subject)
    }

    fn log_likelihood_gradient(
        &mut self,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        let of = (self.model, self.subject);
        self.gradient_lane.evaluate_all(of, (&self.free, free_values), gradient)
    }
}
