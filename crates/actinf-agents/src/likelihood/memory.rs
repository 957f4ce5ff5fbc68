//! What no free parameter reaches, worked out once per subject.
//!
//! Where only precisions, preferences, habits, lapse, the weights of terms and the parameters of responses are free, beliefs and
//! what is learned are the same at every evaluation. They are walked through once; after that, every evaluation only
//! values and chooses.

use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::expression::Expression;
use crate::planning::foresight::recall::{self, LANES};
use crate::structure::Structure;
use crate::task_model::{Counts, Distribution, Learning, TaskModel};
use crate::walk::{Walk, walk};
use std::sync::Arc;

/// The most numbers that are remembered of one subject: 32 MB.
const LARGEST: usize = 1 << 22;

/// The place and the row of a step.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    place: Place,
    row: usize,
}

impl Moment {
    /// What happened at this step.
    pub(super) fn located(self, kind: LikelihoodErrorKind) -> LikelihoodError {
        LikelihoodError { kind, place: Some(self.place), row: Some(self.row) }
    }
}

/// All of a subject's behaviour with what was believed.
pub(super) struct Memory {
    /// When actions were taken, in order.
    pub(super) actions: Vec<Moment>,
    joint_actions: Vec<usize>,
    /// What decisions need, [`LANES`] decisions after the other: `[number, lane]`.
    decisions: Vec<[f64; LANES]>,
    /// Numbers per decision.
    of_decision: usize,
    /// The weights of terms are free.
    pub(super) has_free_weights: bool,
    /// The responses in order, by number and value.
    responses: Vec<(usize, f64, Moment)>,
    /// Per response, the marginal beliefs of all factors.
    beliefs: Vec<f64>,
    of_response: usize,
}

impl Memory {
    /// What decisions need, up to [`LANES`] at a time, with the joint actions taken.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (&[[f64; LANES]], &[usize])> {
        self.decisions.chunks_exact(self.of_decision).zip(self.joint_actions.chunks(LANES))
    }

    /// The responses, by number and value, with the marginal beliefs when they were given.
    pub(super) fn responses(&self) -> impl Iterator<Item = (usize, f64, &[f64], Moment)> {
        let beliefs = self.beliefs.chunks_exact(self.of_response);
        self.responses
            .iter()
            .zip(beliefs)
            .map(|(&(response, value, at), beliefs)| (response, value, beliefs, at))
    }

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
        let has_free_weights = free.iter().any(|slot| weighs(task, *slot));
        let of_decision = recall::size(layout, has_free_weights);
        let is_small = subject.steps().count().saturating_mul(of_decision) <= LARGEST;
        if !is_small || free.iter().any(|slot| reaches_beliefs(task, *slot)) {
            return Ok(None);
        }
        let memory = Memory {
            actions: Vec::new(),
            joint_actions: Vec::new(),
            decisions: Vec::new(),
            of_decision,
            has_free_weights,
            responses: Vec::new(),
            beliefs: Vec::new(),
            of_response: structure.marginal_states(),
        };
        let mut agent = Agent::new(task, structure, values)?;
        agent.set_values(values)?;
        let numbers = Vec::with_capacity(of_decision);
        let mut remembering = Remembering { task, step: None, place: Place::default(), numbers, memory };
        walk(&mut agent, subject, &mut remembering)?;
        Ok(Some(remembering.memory))
    }
}

/// Whether a slot takes part in A, B, D or in how they are learned.
pub(super) fn reaches_beliefs(task: &TaskModel, slot: usize) -> bool {
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

/// Whether a slot takes part in the weights of the terms of the expected free energy.
fn weighs(task: &TaskModel, slot: usize) -> bool {
    let weights = &task.planning.weights;
    [
        &weights.utility,
        &weights.state_information_gain,
        &weights.likelihood_information_gain,
        &weights.transition_information_gain,
        &weights.inductive_value,
    ]
    .iter()
    .any(|weight| weight.slots().contains(&slot))
}

/// A walk that remembers.
struct Remembering<'a> {
    task: &'a TaskModel,
    step: Option<&'a Step>,
    place: Place,
    /// What the latest decision needs.
    numbers: Vec<f64>,
    memory: Memory,
}

impl Remembering<'_> {
    fn moment(&self) -> Moment {
        Moment { place: self.place, row: self.step.map_or(0, |step| step.row) }
    }

    fn note_decision(&mut self, agent: &Agent<f64>) {
        let Memory { joint_actions, decisions, of_decision, has_free_weights, .. } = &mut self.memory;
        let lane = joint_actions.len() % LANES;
        if lane == 0 {
            decisions.resize(decisions.len() + *of_decision, [0.0; LANES]);
        }
        self.numbers.clear();
        agent.remember(*has_free_weights, &mut self.numbers);
        let block = decisions.len() - *of_decision;
        for (lanes, &number) in decisions[block..].iter_mut().zip(&self.numbers) {
            lanes[lane] = number;
        }
    }
}

impl World<f64> for Remembering<'_> {
    fn act(&mut self, agent: &mut Agent<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let action = self.step.and_then(|step| self.task.schema.joint_action(&step.actions));
        if let Some(action) = action {
            self.note_decision(agent);
            self.memory.joint_actions.push(action);
            self.memory.actions.push(self.moment());
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
        let moment = self.moment();
        let Memory { responses, beliefs, of_response, .. } = &mut self.memory;
        let start = beliefs.len();
        beliefs.resize(start + *of_response, 0.0);
        agent.marginals(&mut beliefs[start..]);
        responses.push((response, value, moment));
        Ok(())
    }

    fn leave(&mut self, _: &Agent<f64>) {}

    fn end_session(&mut self, _: &Agent<f64>) {}
}
