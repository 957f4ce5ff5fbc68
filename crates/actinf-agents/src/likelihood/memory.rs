//! What no free parameter reaches, worked out once per subject.
//!
//! Where only precisions, preferences, habits, lapse, the weights of terms and the parameters of responses are free, beliefs and
//! what is learned are the same at every evaluation. They are walked through once; after that, every evaluation only
//! values and chooses.

use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::expression::Expression;
use crate::planning::foresight::recall;
use crate::structure::Structure;
use crate::task_model::{Counts, Distribution, Learning, TaskModel};
use crate::walk::{Walk, walk};
use std::sync::Arc;

/// The most numbers that are remembered of one subject: 32 MB.
const LARGEST: usize = 1 << 22;

/// Something that adds to the log-likelihood.
pub(super) enum Event {
    /// A joint action was taken; what its decision needs starts here.
    Action { action: usize, start: usize },
    /// A response was given; the marginal beliefs of all factors start here.
    Response { response: usize, value: f64, start: usize },
}

/// All of a subject's behaviour with what was believed.
pub(super) struct Memory {
    /// In the order in which they happened, with the place and row of their step.
    pub(super) events: Vec<(Event, Place, usize)>,
    pub(super) numbers: Vec<f64>,
    /// Numbers per decision and per response.
    pub(super) of_decision: usize,
    pub(super) of_response: usize,
}

impl Memory {
    /// Walks a subject's behaviour once, if that is enough for all evaluations with these free values.
    ///
    /// # Errors
    ///
    /// As the likelihood's own walk.
    pub(super) fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        subject: &Subject,
        values: &[f64],
        free: &[usize],
    ) -> Result<Option<Memory>, LikelihoodError> {
        let Some(layout) = &structure.layout else { return Ok(None) };
        let of_decision = recall::size(layout);
        let is_small = subject.steps().count().saturating_mul(of_decision) <= LARGEST;
        if !is_small || free.iter().any(|slot| reaches_beliefs(task, *slot)) {
            return Ok(None);
        }
        let memory = Memory {
            events: Vec::new(),
            numbers: Vec::new(),
            of_decision,
            of_response: structure.marginal_states(),
        };
        let mut agent = Agent::new(task, structure, values)?;
        agent.set_values(values)?;
        let mut remembering = Remembering { task, step: None, place: Place::default(), memory };
        walk(&mut agent, subject, &mut remembering)?;
        Ok(Some(remembering.memory))
    }
}

/// Whether a slot takes part in A, B, D or in how they are learned.
fn reaches_beliefs(task: &TaskModel, slot: usize) -> bool {
    let uses = |expression: &Expression| expression.slots().contains(&slot);
    let in_distribution = |d: &Distribution| d.cells.iter().any(uses);
    let in_learning = |learning: &Option<Learning>| {
        learning.as_ref().is_some_and(|learning| {
            let in_counts = match &learning.counts {
                Counts::Scaled(total) => uses(total),
                Counts::Explicit(columns) => columns.iter().flatten().any(uses),
            };
            let rates = learning.outcome_rates.iter().any(uses) || uses(&learning.learning_rate);
            in_counts || rates || uses(&learning.forgetting_rate)
        })
    };
    task.modalities.iter().any(|m| m.likelihood.iter().any(in_distribution) || in_learning(&m.learning))
        || task.factors.iter().any(|f| {
            in_distribution(&f.prior)
                || f.transitions.columns.iter().any(in_distribution)
                || in_learning(&f.transition_learning)
                || in_learning(&f.prior_learning)
        })
}

/// A walk that remembers.
struct Remembering<'a> {
    task: &'a TaskModel,
    step: Option<&'a Step>,
    place: Place,
    memory: Memory,
}

impl Remembering<'_> {
    fn note(&mut self, event: Event) {
        let row = self.step.map_or(0, |step| step.row);
        self.memory.events.push((event, self.place, row));
    }
}

impl World<f64> for Remembering<'_> {
    fn act(&mut self, agent: &mut Agent<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let action = self.step.and_then(|step| self.task.schema.joint_action(&step.actions));
        if let Some(action) = action {
            let start = self.memory.numbers.len();
            agent.remember(&mut self.memory.numbers);
            self.note(Event::Action { action, start });
        }
        Ok(action)
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }
}

impl<'a> Walk<'a, f64> for Remembering<'a> {
    fn enter(&mut self, place: Place, step: &'a Step) {
        self.step = Some(step);
        self.place = place;
    }

    fn respond(
        &mut self,
        agent: &Agent<f64>,
        response: usize,
        value: f64,
    ) -> Result<(), LikelihoodErrorKind> {
        let start = self.memory.numbers.len();
        self.memory.numbers.resize(start + self.memory.of_response, 0.0);
        agent.marginals(&mut self.memory.numbers[start..]);
        self.note(Event::Response { response, value, start });
        Ok(())
    }

    fn leave(&mut self, _: &Agent<f64>) {}

    fn end_session(&mut self, _: &Agent<f64>) {}
}
