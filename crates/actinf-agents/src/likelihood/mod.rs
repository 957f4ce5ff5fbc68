//! The likelihood of recorded behaviour: along it, each recorded action's probability is looked up.
//!
//! ```text
//! ln p(behaviour | parameters) = Σ_steps ln p(a_t | o_1..t, a_1..t-1) + Σ_responses ln p(y | beliefs)
//! ```
//!
//! The gradient is exact: the same walk is taken with dual numbers that carry the derivatives with respect to the free
//! parameters that reach beliefs, up to sixteen at a time. Where no free parameter reaches beliefs, they are walked through only
//! once; where one moves that does not, they may be those of an evaluation before.

mod choices;
mod gradient;
mod histories;
mod memory;
mod recalled;
mod tallies;
mod walked;

use crate::behaviour::{Place, Subject};
use crate::behaviour_model::Scorer;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::Slots;
use gradient::{Directions, GradientLane, gradient_lane};
use histories::{Histories, Told};
use memory::Memory;
use recalled::Recalled;
use std::sync::Arc;
use tallies::{Tallied, Tally};
use walked::Walked;

/// The log-probability of an action if it can be added to a sum.
pub(crate) fn checked_action<T: Real>(log: T) -> Result<T, LikelihoodErrorKind> {
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

/// The place and the row of a subject's `number`-th recorded joint action.
fn place_of_action(task: &TaskModel, subject: &Subject, number: usize) -> Option<(Place, usize)> {
    let steps = subject.steps().filter(|(_, step)| task.schema.joint_action(&step.actions).is_some());
    steps.map(|(place, step)| (place, step.row)).nth(number)
}

/// The sum of log-probabilities of actions, in order, with derivatives that were found on their own; or the number of the
/// first that cannot be added.
fn sum_of_actions<T: Real>(
    log_probabilities: &[f64],
    derivatives: T,
) -> Result<T, (usize, LikelihoodErrorKind)> {
    let mut sum = 0.0;
    for (number, &log) in log_probabilities.iter().enumerate() {
        sum += checked_action(log).map_err(|kind| (number, kind))?;
    }
    let mut result = T::constant(sum);
    result.add_slope(1.0, derivatives);
    Ok(result)
}

pub(crate) fn not_a_number(what: &str) -> LikelihoodErrorKind {
    LikelihoodErrorKind::InvalidModel(format!("{what} is not a number at these parameter values"))
}

/// How the log-likelihood is come by, for one kind of number.
enum Way<T> {
    Walked(Box<Walked<T>>),
    Told(Box<Told<T>>),
    Tally(Box<Tally<T>>),
    Recalled(Box<Recalled<T>>),
}

/// One kind of number, with the slots its values stand in.
struct Lane<T> {
    way: Way<T>,
    slots: Slots<T>,
}

impl<T: Real> Lane<T> {
    fn new(scorer: &TaskScorer<'_>) -> Result<Self, LikelihoodError> {
        let TaskScorer { task, structure, fixed, .. } = scorer;
        let constants: Vec<T> = fixed.iter().map(|&value| T::constant(value)).collect();
        let mut slots = Slots::new(fixed.len(), structure);
        slots.values_mut().copy_from_slice(&constants);
        let way = match (&scorer.known, &structure.layout) {
            (Known::Memory(memory), Some(layout)) => {
                Way::Recalled(Box::new(Recalled::new((task, structure, layout), memory, &constants)?))
            }
            (Known::Tallies(tallied), Some(layout)) => {
                Way::Tally(Box::new(Tally::new((task, structure, layout), tallied, &constants)?))
            }
            (Known::Histories(histories), Some(layout)) => {
                Way::Told(Box::new(Told::new((task, structure, layout), histories, &constants)?))
            }
            _ => Way::Walked(Box::new(Walked::new(task, structure, &constants)?)),
        };
        Ok(Lane { way, slots })
    }

    /// The log-likelihood with the values that stand in the slots.
    fn evaluate(&mut self, scorer: &TaskScorer<'_>) -> Result<T, LikelihoodError> {
        let Lane { way, slots } = self;
        let TaskScorer { task, structure, subject, .. } = scorer;
        match (way, &scorer.known) {
            (Way::Recalled(recalled), Known::Memory(memory)) => {
                recalled.evaluate((task, structure), memory, slots)
            }
            (Way::Tally(tally), Known::Tallies(tallied)) => {
                tallies::evaluate(tally, tallied, (task, structure, subject), slots)
            }
            (Way::Told(told), Known::Histories(histories)) => {
                histories::evaluate(told, histories, (task, structure, subject), slots)
            }
            (Way::Walked(walked), _) => walked.evaluate(task, subject, slots),
            // Lanes are made when it is known what there is.
            _ => Err(LikelihoodError::of_model("nothing is remembered of the subject")),
        }
    }
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
    known: Known,
    directions: Directions,
}

/// What is the same at every evaluation.
enum Known {
    /// It was not looked for yet.
    Unasked,
    /// Nothing but the behaviour itself.
    Behaviour,
    /// What no free value reaches.
    Memory(Memory),
    /// The tree of the subject's histories.
    Histories(Histories),
    /// The tallies of outcomes, where those are all there is to learn.
    Tallies(Tallied),
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
            known: Known::Unasked,
            directions: Directions::default(),
        }
    }

    /// Works out what is the same at every evaluation, before the first one.
    fn look(&mut self) -> Result<(), LikelihoodError> {
        if !matches!(self.known, Known::Unasked) {
            return Ok(());
        }
        let TaskScorer { task, structure, subject, .. } = self;
        let memory = Memory::new(task, structure, subject, &self.fixed, &self.free)?;
        self.known = match (memory, Histories::new(task, structure, subject), &structure.layout) {
            (Some(memory), ..) => Known::Memory(memory),
            (None, Some(histories), Some(layout)) => match Tallied::new(task, layout, &histories) {
                Some(tallied) => Known::Tallies(tallied),
                None => Known::Histories(histories),
            },
            _ => Known::Behaviour,
        };
        self.directions = Directions::new(task, &self.known, &self.free);
        Ok(())
    }
}

impl Scorer for TaskScorer<'_> {
    fn log_likelihood(&mut self, free_values: &[f64]) -> Result<f64, LikelihoodError> {
        self.look()?;
        let mut lane = match self.value_lane.take() {
            Some(lane) => lane,
            None => Lane::new(self)?,
        };
        for (&slot, &value) in self.free.iter().zip(free_values) {
            lane.slots.values_mut()[slot] = value;
        }
        let result = lane.evaluate(self);
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
            None => gradient_lane(self)?,
        };
        let result = lane.evaluate(self, free_values, gradient);
        self.gradient_lane = Some(lane);
        result
    }
}
