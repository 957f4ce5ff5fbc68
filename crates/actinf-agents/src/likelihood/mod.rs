//! The likelihood of recorded behaviour: along it, each recorded action's probability is looked up.
//!
//! ```text
//! ln p(behaviour | parameters) = Σ_steps ln p(a_t | o_1..t, a_1..t-1) + Σ_responses ln p(y | beliefs)
//! ```
//!
//! The gradient is exact: the same walk is taken with dual numbers that carry the derivatives with respect to the free
//! parameters, up to sixteen at a time. Where no free parameter reaches beliefs, they are walked through only once.

mod memory;

use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::behaviour_model::Scorer;
use crate::dual::Dual;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::{Slots, Walk, walk};
use memory::{Event, Memory};
use std::sync::Arc;

/// The log-probability of an action if it can be added to a sum.
fn checked_action<T: Real>(log: T) -> Result<T, LikelihoodErrorKind> {
    if log.value() == f64::NEG_INFINITY {
        return Err(LikelihoodErrorKind::ImpossibleAction);
    }
    if !log.value().is_finite() {
        return Err(not_a_number("the log-probability of the action"));
    }
    Ok(log)
}

/// The log density of a response, given the slots it depends on, if it can be added to a sum.
fn checked_response<T: Real>(
    task: &TaskModel,
    response: usize,
    slots: &[T],
    value: f64,
) -> Result<T, LikelihoodErrorKind> {
    let log = task.responses[response].distribution.log_density(slots, value);
    if log.value().is_finite() { Ok(log) } else { Err(LikelihoodErrorKind::ImpossibleResponse) }
}

/// A walk that sums the log-likelihood.
struct Scoring<'a, T> {
    slots: &'a mut Slots<T>,
    step: Option<&'a Step>,
    action: Option<usize>,
    task: &'a TaskModel,
    log_likelihood: T,
}

impl<T: Real> World<T> for Scoring<'_, T> {
    fn act(&mut self, agent: &mut Agent<T>) -> Result<Option<usize>, LikelihoodErrorKind> {
        if let Some(action) = self.action {
            self.log_likelihood += checked_action(agent.log_action(action))?;
        }
        Ok(self.action)
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }
}

impl<'a, T: Real> Walk<'a, T> for Scoring<'a, T> {
    fn enter(&mut self, _place: Place, step: &'a Step) {
        self.step = Some(step);
        self.action = self.task.schema.joint_action(&step.actions);
    }

    fn respond(&mut self, agent: &Agent<T>, response: usize, value: f64) -> Result<(), LikelihoodErrorKind> {
        let slots = self.slots.with_beliefs(agent);
        self.log_likelihood += checked_response(self.task, response, slots, value)?;
        Ok(())
    }

    fn leave(&mut self, _agent: &Agent<T>) {}

    fn end_session(&mut self, _agent: &Agent<T>) {}
}

pub(crate) fn not_a_number(what: &str) -> LikelihoodErrorKind {
    LikelihoodErrorKind::InvalidModel(format!("{what} is not a number at these parameter values"))
}

/// An agent for one kind of number, with the slots its values stand in.
struct Lane<T> {
    agent: Agent<T>,
    slots: Slots<T>,
}

impl<T: Real> Lane<T> {
    fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        values: &[f64],
    ) -> Result<Self, LikelihoodError> {
        let constants: Vec<T> = values.iter().map(|&value| T::constant(value)).collect();
        let mut slots = Slots::new(values.len(), structure);
        slots.values_mut().copy_from_slice(&constants);
        Ok(Lane { agent: Agent::new(task, structure, &constants)?, slots })
    }

    /// The log-likelihood with the values that stand in the slots.
    fn evaluate(
        &mut self,
        task: &TaskModel,
        subject: &Subject,
        memory: Option<&Memory>,
    ) -> Result<T, LikelihoodError> {
        if let Some(memory) = memory {
            return self.recall(task, memory);
        }
        self.agent.set_values(self.slots.values())?;
        let mut scoring =
            Scoring { slots: &mut self.slots, step: None, action: None, task, log_likelihood: T::ZERO };
        walk(&mut self.agent, subject, &mut scoring)?;
        Ok(scoring.log_likelihood)
    }

    /// The same from what is remembered.
    fn recall(&mut self, task: &TaskModel, memory: &Memory) -> Result<T, LikelihoodError> {
        self.agent.set_values(self.slots.values())?;
        let mut log_likelihood = T::ZERO;
        for (event, place, row) in &memory.events {
            let log = self.recall_event(task, memory, event);
            let located = |kind| LikelihoodError { kind, place: Some(*place), row: Some(*row) };
            log_likelihood += log.map_err(located)?;
        }
        Ok(log_likelihood)
    }

    fn recall_event(
        &mut self,
        task: &TaskModel,
        memory: &Memory,
        event: &Event,
    ) -> Result<T, LikelihoodErrorKind> {
        match *event {
            Event::Action { action, start } => {
                let remembered = &memory.numbers[start..start + memory.of_decision];
                let log = self.agent.recall(remembered, action);
                // Only planners that recall are given memories.
                checked_action(log.unwrap_or(T::constant(f64::NAN)))
            }
            Event::Response { response, value, start } => {
                let slots = self.slots.with(&memory.numbers[start..start + memory.of_response]);
                checked_response(task, response, slots, value)
            }
        }
    }
}

/// A lane of dual numbers of some width.
trait GradientLane {
    /// Writes the derivatives with respect to `free_values[start..]`, as many as the lane is wide, and returns the value.
    fn evaluate_from(
        &mut self,
        scorer: &TaskScorer<'_>,
        free_values: &[f64],
        start: usize,
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError>;
}

impl<const N: usize> GradientLane for Lane<Dual<N>> {
    fn evaluate_from(
        &mut self,
        scorer: &TaskScorer<'_>,
        free_values: &[f64],
        start: usize,
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        for (k, (&slot, &value)) in scorer.free.iter().zip(free_values).enumerate() {
            // A direction of N or more is a constant, and so is one before the start, which wraps far beyond N.
            self.slots.values_mut()[slot] = Dual::variable(value, k.wrapping_sub(start));
        }
        let result = self.evaluate(scorer.task, scorer.subject, scorer.memory.as_ref())?;
        for (component, &derivative) in gradient[start..].iter_mut().zip(result.derivatives()) {
            *component = derivative;
        }
        Ok(result.value())
    }
}

/// The widest lane of dual numbers.
const WIDEST: usize = 16;

/// A lane for `free` derivatives; wider ones are taken in several passes.
fn gradient_lane(
    task: &Arc<TaskModel>,
    structure: &Arc<Structure>,
    values: &[f64],
    free: usize,
) -> Result<Box<dyn GradientLane>, LikelihoodError> {
    Ok(match free {
        0..=4 => Box::new(Lane::<Dual<4>>::new(task, structure, values)?),
        5..=8 => Box::new(Lane::<Dual<8>>::new(task, structure, values)?),
        9..=12 => Box::new(Lane::<Dual<12>>::new(task, structure, values)?),
        _ => Box::new(Lane::<Dual<WIDEST>>::new(task, structure, values)?),
    })
}

/// The log-likelihood of one subject under a task model.
pub(crate) struct TaskScorer<'a> {
    task: &'a Arc<TaskModel>,
    structure: &'a Arc<Structure>,
    subject: &'a Subject,
    fixed: Vec<f64>,
    free: Vec<usize>,
    value_lane: Option<Lane<f64>>,
    gradient_lane: Option<Box<dyn GradientLane>>,
    /// What no free value reaches, once it was looked for.
    memory: Option<Memory>,
    has_looked: bool,
}

impl<'a> TaskScorer<'a> {
    pub(crate) fn new(
        task: &'a Arc<TaskModel>,
        structure: &'a Arc<Structure>,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Self {
        TaskScorer {
            task,
            structure,
            subject,
            fixed: fixed.to_vec(),
            free: free.to_vec(),
            value_lane: None,
            gradient_lane: None,
            memory: None,
            has_looked: false,
        }
    }

    /// Walks through what no free value reaches, before the first evaluation.
    fn look(&mut self) -> Result<(), LikelihoodError> {
        if !self.has_looked {
            self.memory = Memory::new(self.task, self.structure, self.subject, &self.fixed, &self.free)?;
            self.has_looked = true;
        }
        Ok(())
    }
}

impl Scorer for TaskScorer<'_> {
    fn log_likelihood(&mut self, free_values: &[f64]) -> Result<f64, LikelihoodError> {
        self.look()?;
        let mut lane = match self.value_lane.take() {
            Some(lane) => lane,
            None => Lane::new(self.task, self.structure, &self.fixed)?,
        };
        for (&slot, &value) in self.free.iter().zip(free_values) {
            lane.slots.values_mut()[slot] = value;
        }
        let result = lane.evaluate(self.task, self.subject, self.memory.as_ref());
        self.value_lane = Some(lane);
        result
    }

    fn log_likelihood_gradient(
        &mut self,
        free_values: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        self.look()?;
        let mut lane = match self.gradient_lane.take() {
            Some(lane) => lane,
            None => gradient_lane(self.task, self.structure, &self.fixed, self.free.len())?,
        };
        let mut result = Ok(0.0);
        for start in (0..self.free.len().max(1)).step_by(WIDEST) {
            result = lane.evaluate_from(self, free_values, start, gradient);
            if result.is_err() {
                break;
            }
        }
        self.gradient_lane = Some(lane);
        result
    }
}
