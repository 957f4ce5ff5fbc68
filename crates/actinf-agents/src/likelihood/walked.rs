//! The log-likelihood by walking an agent along the behaviour.

use super::choices::Choices;
use super::{checked_action, checked_response, place_of_action, sum_of_actions};
use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::{Slots, Walk, walk};
use std::sync::Arc;

/// A walk that sums the log-likelihood.
struct Scoring<'a, T> {
    slots: &'a mut Slots<T>,
    step: Option<&'a Step>,
    place: Place,
    action: Option<usize>,
    choices: &'a mut Choices<T>,
    task: &'a TaskModel,
    /// The log-probabilities of actions that are known at once, and those of responses.
    actions: T,
    responses: T,
}

impl<T: Real> World<T> for Scoring<'_, T> {
    fn act(&mut self, agent: &mut Agent<T>) -> Result<Option<usize>, LikelihoodErrorKind> {
        if let Some(action) = self.action
            && let Some(log) = agent.decide(action)
        {
            self.actions += checked_action(log)?;
            self.choices.note(agent, action, self.place, self.step.map_or(0, |step| step.row));
        }
        Ok(self.action)
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }
}

impl<'a, T: Real> Walk<'a, T> for Scoring<'a, T> {
    fn enter(&mut self, place: Place, step: &'a Step) {
        self.step = Some(step);
        self.place = place;
        self.action = self.task.schema.joint_action(&step.actions);
    }

    fn respond(&mut self, agent: &Agent<T>, response: usize, value: f64) -> Result<(), LikelihoodErrorKind> {
        let slots = self.slots.with_beliefs(agent);
        self.responses += checked_response(self.task, response, slots, value)?;
        Ok(())
    }

    fn leave(&mut self, _agent: &Agent<T>) {}

    fn end_session(&mut self, _agent: &Agent<T>) {}
}

/// An agent to be led along behaviour.
pub(super) struct Walked<T> {
    agent: Agent<T>,
    pub(super) choices: Choices<T>,
}

impl<T: Real> Walked<T> {
    pub(super) fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        Ok(Walked { agent: Agent::scored(task, structure, values)?, choices: Choices::new(task) })
    }

    /// The log-likelihood with the values that stand in the slots.
    pub(super) fn evaluate(
        &mut self,
        task: &TaskModel,
        subject: &Subject,
        slots: &mut Slots<T>,
    ) -> Result<T, LikelihoodError> {
        self.agent.set_values(slots.values())?;
        let Walked { agent, choices } = self;
        if let Some(chosen_again) = choices.again(agent) {
            return chosen_again;
        }
        choices.begin(task, agent, slots.values());
        let (actions, responses) = (T::ZERO, T::ZERO);
        let (step, place, action) = (None, Place::default(), None);
        let mut scoring = Scoring { slots, step, place, action, choices, task, actions, responses };
        let walked = walk(agent, subject, &mut scoring);
        let Scoring { mut actions, responses, .. } = scoring;
        if let Some((log_probabilities, derivatives)) = agent.settle() {
            // An action that turns out impossible comes before what ended the walk.
            actions += sum_of_actions(log_probabilities, derivatives).map_err(|(number, kind)| {
                let (place, row) = place_of_action(task, subject, number).unzip();
                LikelihoodError { kind, place, row }
            })?;
        }
        walked.map(|()| {
            choices.complete();
            actions + responses
        })
    }
}
