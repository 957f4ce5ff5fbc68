//! A baseline at work: it chooses and learns. This is the only step there is; simulation and likelihood both take it.

use super::choice::{self, Deferred};
use super::model::BaselineModel;
use super::rule::Rule;
use crate::agent::World;
use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::real::Real;
use crate::response::entropy_of_logs;
use crate::schema::RowOrder;
use crate::task_model::Response;
use crate::walk::Actor;
use std::sync::Arc;

/// A baseline with what it has learned.
pub(super) struct Responder<T> {
    model: Arc<BaselineModel>,
    rule: Box<dyn Rule<T>>,
    /// The values of the settings, one after the other.
    settings: Vec<T>,
    habits: Vec<T>,
    /// Per modality, what each outcome is worth; empty where outcomes are worth nothing.
    outcome_values: Vec<Vec<T>>,
    /// `None` where it is 0 by the model's definition.
    lapse: Option<T>,
    logits: Vec<T>,
    log_actions: Vec<T>,
    /// Where nothing but the likelihood of recorded choices is asked for: those that are worked out later.
    deferred: Option<Deferred<T>>,
    /// The number of quantities that are traces of actions.
    traces: usize,
    /// The action whose outcome is still to come, where observations precede actions.
    due: Option<Option<usize>>,
}

impl<T: Real> Responder<T> {
    pub(super) fn new(model: &Arc<BaselineModel>) -> Self {
        let actions = model.schema.joint_actions();
        let outcomes = |cells: &Option<Vec<_>>| vec![T::ZERO; cells.as_ref().map_or(0, Vec::len)];
        Responder {
            rule: model.kind.rule(actions, model.beliefs),
            settings: vec![T::ZERO; model.settings.iter().map(|setting| setting.cells.len()).sum()],
            habits: vec![T::ZERO; actions],
            outcome_values: model.outcome_values.iter().map(outcomes).collect(),
            lapse: None,
            logits: vec![T::ZERO; actions],
            log_actions: vec![T::ZERO; actions],
            deferred: None,
            traces: model.traces().len() * actions,
            due: None,
            model: model.clone(),
        }
    }

    /// One that is led along recorded behaviour for nothing but the likelihood of choices, see [`Responder::settle`].
    pub(super) fn scored(model: &Arc<BaselineModel>) -> Self {
        let deferred = Some(Deferred::new(model.schema.joint_actions()));
        Responder { deferred, ..Responder::new(model) }
    }

    /// Takes over other parameter values and forgets everything.
    pub(super) fn set_values(&mut self, values: &[T]) -> Result<(), LikelihoodError> {
        let model = &*self.model;
        let cells = model.settings.iter().flat_map(|s| s.cells.iter().map(move |cell| (s, cell)));
        for (value, (setting, cell)) in self.settings.iter_mut().zip(cells) {
            *value = cell.evaluate(values);
            if !setting.range.contains(value.value()) {
                let (name, range) = (setting.name, setting.range.in_words());
                let message = format!("`{name}` is {}; it must be {range}", value.value());
                return Err(LikelihoodError::of_model(message));
            }
        }
        for (habit, cell) in self.habits.iter_mut().zip(&model.habits) {
            *habit = cell.evaluate(values);
        }
        for (worth, cells) in self.outcome_values.iter_mut().zip(&model.outcome_values) {
            let cells = cells.iter().flatten();
            worth.iter_mut().zip(cells).for_each(|(worth, cell)| *worth = cell.evaluate(values));
        }
        let is_zero = |cell: &crate::Expression| cell.as_constant() == Some(0.0);
        let can_lapse =
            model.kind.has_lapse() && !model.settings.last().is_some_and(|s| is_zero(&s.cells[0]));
        self.lapse = self.settings.last().copied().filter(|_| can_lapse);
        self.rule.set(&self.settings);
        self.rule.restart();
        if let Some(deferred) = &mut self.deferred {
            deferred.clear();
        }
        Ok(())
    }

    fn choose(&mut self) {
        self.rule.logits(&self.habits, &mut self.logits);
        if self.deferred.is_none() {
            choice::log_probabilities(&self.logits, self.lapse, &mut self.log_actions);
        }
    }

    /// `ln p(u)` of a joint action that was taken, in nats; `None` if it comes with [`Responder::settle`].
    pub(super) fn decide(&mut self, action: usize) -> Option<T> {
        match &mut self.deferred {
            Some(deferred) => {
                deferred.take(&self.logits, action, self.lapse);
                None
            }
            None => Some(self.log_actions[action]),
        }
    }

    /// The sum of `ln p(u)`, in nats, of all actions that were to come later; not finite if one of them is not.
    pub(super) fn settle(&mut self) -> Option<T> {
        self.deferred.as_mut().map(|deferred| deferred.sum(self.lapse))
    }

    fn learn(&mut self, action: Option<usize>, observations: &[Observation]) {
        let outcome = worth(&self.outcome_values, observations);
        self.rule.learn(action, outcome);
    }

    /// `ln p(u)` per joint action, in nats, when the latest action was chosen.
    pub(super) fn log_actions(&self) -> &[T] {
        &self.log_actions
    }

    /// By how much the latest outcome was worth more than expected.
    pub(super) fn prediction_error(&self) -> T {
        self.rule.prediction_error()
    }

    /// Writes the model's quantities as they are now.
    pub(super) fn quantities(&self, quantities: &mut [T]) {
        let (traces, others) = quantities.split_at_mut(self.traces);
        self.rule.trace(traces);
        others[0] = entropy_of_logs(&self.log_actions);
        if let Some(error) = others.get_mut(1) {
            *error = self.rule.prediction_error();
        }
    }
}

/// What observations are worth together; `None` if something that is worth anything is missing, or nothing is.
fn worth<T: Real>(values: &[Vec<T>], observations: &[Observation]) -> Option<T> {
    let mut sum = None;
    for (values, observation) in values.iter().zip(observations).filter(|(values, _)| !values.is_empty()) {
        let mean = || values.iter().fold(T::ZERO, |sum, &value| sum + value) / values.len() as f64;
        let worth = match observation {
            Observation::Missing => return None,
            Observation::Outcome(outcome) => values[*outcome],
            Observation::Distribution(weights) => {
                values.iter().zip(weights).fold(T::ZERO, |sum, (&value, &p)| sum + value * p)
            }
            Observation::Masked { outcome, trust } => values[*outcome] * *trust + mean() * (1.0 - trust),
        };
        sum = Some(sum.map_or(worth, |sum| sum + worth));
    }
    sum
}

impl<T: Real> Actor<T> for Responder<T> {
    fn start_session(&mut self) {
        if !self.model.carry {
            self.rule.restart();
        }
    }

    fn start_trial(&mut self, _rows: usize) -> Result<(), LikelihoodErrorKind> {
        self.due = None;
        Ok(())
    }

    fn step(&mut self, world: &mut impl World<T, Self>) -> Result<(), LikelihoodErrorKind> {
        match self.model.schema.row_order {
            RowOrder::ActThenObserve => {
                self.choose();
                let action = world.act(self)?;
                world.observe();
                self.learn(action, world.observations());
            }
            RowOrder::ObserveThenAct => {
                world.observe();
                if let Some(action) = self.due.take() {
                    self.learn(action, world.observations());
                }
                self.choose();
                self.due = Some(world.act(self)?);
            }
        }
        Ok(())
    }

    fn end_trial(&mut self) {}

    fn end_session(&mut self) {}

    fn log_action_values(&self) -> Vec<f64> {
        self.log_actions.iter().map(|log| log.value()).collect()
    }

    fn responses(&self) -> &[Response] {
        &self.model.responses
    }

    fn response_inputs(&self, inputs: &mut [T]) {
        self.quantities(inputs);
    }
}
