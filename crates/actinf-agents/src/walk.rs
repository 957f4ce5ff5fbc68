//! The walk of an actor (an agent or a baseline) along recorded behaviour, which scoring and recording share.

use crate::agent::{Agent, World};
use crate::behaviour::{Place, Session, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::real::Real;
use crate::schema::{Moment, Schema};
use crate::structure::Structure;
use crate::task_model::Response;

/// Checks that every index of a subject's behaviour exists in the schema.
pub(crate) fn check(schema: &Schema, subject: &Subject) -> Result<(), LikelihoodError> {
    for (place, step) in subject.steps() {
        let actions_fit = step.actions.len() == schema.controls.len()
            && step.actions.iter().zip(&schema.controls).all(|(a, c)| a.is_none_or(|a| a < c.labels.len()));
        let observations_fit = step.observations.len() == schema.modalities.len()
            && step.observations.iter().zip(&schema.modalities).all(|(o, m)| o.fits(m.labels.len()));
        let responses_fit = step.responses.len() == schema.responses.len();
        if !(actions_fit && observations_fit && responses_fit) {
            let what = "an action, observation or response does not exist in the model";
            return Err(LikelihoodError {
                kind: LikelihoodErrorKind::InvalidBehaviour(what.into()),
                place: Some(place),
                row: Some(step.row),
            });
        }
    }
    Ok(())
}

/// Who can be led along behaviour and can simulate it: an agent or a baseline.
pub(crate) trait Actor<T: Real>: Sized {
    /// Starts a session.
    fn start_session(&mut self);

    /// The most rows a trial may have, where the model says so.
    fn most_rows(&self) -> Option<usize> {
        None
    }

    /// Starts a trial of so many rows.
    fn start_trial(&mut self, rows: usize) -> Result<(), LikelihoodErrorKind>;

    /// Takes a step.
    fn step(&mut self, world: &mut impl World<T, Self>) -> Result<(), LikelihoodErrorKind>;

    /// Ends a trial, after its last step and its responses.
    fn end_trial(&mut self);

    /// Ends a session, after its last trial and its responses.
    fn end_session(&mut self);

    /// `ln p(u)` per joint action, in nats, when the latest action was chosen, without derivatives.
    fn log_action_values(&self) -> Vec<f64>;

    /// The responses beside the action.
    fn responses(&self) -> &[Response];

    /// Writes what responses depend on, beside the parameters' values.
    fn response_inputs(&self, inputs: &mut [T]);
}

impl<T: Real> Actor<T> for Agent<T> {
    fn start_session(&mut self) {
        self.start_session();
    }

    fn most_rows(&self) -> Option<usize> {
        self.most_rows()
    }

    fn start_trial(&mut self, rows: usize) -> Result<(), LikelihoodErrorKind> {
        self.start_trial(rows)
    }

    fn step(&mut self, world: &mut impl World<T, Self>) -> Result<(), LikelihoodErrorKind> {
        self.step(world)
    }

    fn end_trial(&mut self) {
        self.end_trial();
    }

    fn end_session(&mut self) {
        self.end_session();
    }

    fn log_action_values(&self) -> Vec<f64> {
        self.log_actions()
    }

    fn responses(&self) -> &[Response] {
        &self.task().responses
    }

    fn response_inputs(&self, inputs: &mut [T]) {
        self.response_inputs(inputs);
    }
}

/// What happens along a walk, beside what the actor sees and does.
pub(crate) trait Walk<'s, T: Real, A = Agent<T>>: World<T, A> {
    /// Gets ready for a step.
    fn enter(&mut self, place: Place, step: &'s Step);

    /// Takes in a response to be scored: its number in the schema and its value.
    fn respond(&mut self, agent: &A, response: usize, value: f64) -> Result<(), LikelihoodErrorKind>;

    /// The step is over.
    fn leave(&mut self, agent: &A);

    /// The session is over.
    fn end_session(&mut self, agent: &A);
}

/// Leads an actor along a subject's behaviour.
pub(crate) fn walk<'s, T: Real, A: Actor<T>>(
    agent: &mut A,
    subject: &'s Subject,
    world: &mut impl Walk<'s, T, A>,
) -> Result<(), LikelihoodError> {
    for (position, session) in subject.sessions.iter().enumerate() {
        agent.start_session();
        walk_session(agent, position, session, world)?;
        respond_at_session_end(agent, position, session, world)?;
        agent.end_session();
        world.end_session(agent);
    }
    Ok(())
}

fn walk_session<'s, T: Real, A: Actor<T>>(
    agent: &mut A,
    position: usize,
    session: &'s Session,
    world: &mut impl Walk<'s, T, A>,
) -> Result<(), LikelihoodError> {
    for (t, trial) in session.trials.iter().enumerate().filter(|(_, trial)| !trial.aborted) {
        let begins = || Place { session: position, trial: t, step: 0 };
        let first_row = trial.steps.first().map(|step| step.row);
        agent.start_trial(trial.steps.len()).map_err(|kind| LikelihoodError {
            kind,
            place: Some(begins()),
            row: first_row,
        })?;
        for (s, step) in trial.steps.iter().enumerate() {
            let place = Place { session: position, trial: t, step: s };
            let is_last = s + 1 == trial.steps.len();
            world.enter(place, step);
            agent
                .step(world)
                .and_then(|()| respond(agent, step, world, Moment::Step))
                .and_then(|()| if is_last { respond(agent, step, world, Moment::TrialEnd) } else { Ok(()) })
                .map_err(|kind| LikelihoodError { kind, place: Some(place), row: Some(step.row) })?;
            world.leave(agent);
        }
        agent.end_trial();
    }
    Ok(())
}

/// Responses at the session's end stand on the last step of its last trial that was not aborted.
fn respond_at_session_end<'s, T: Real, A: Actor<T>>(
    agent: &A,
    position: usize,
    session: &'s Session,
    world: &mut impl Walk<'s, T, A>,
) -> Result<(), LikelihoodError> {
    let walked = session.trials.iter().enumerate().rev().filter(|(_, trial)| !trial.aborted);
    let last = walked.filter_map(|(t, trial)| Some((t, trial.steps.len(), trial.steps.last()?))).next();
    let Some((trial, steps, step)) = last else { return Ok(()) };
    respond(agent, step, world, Moment::SessionEnd).map_err(|kind| LikelihoodError {
        kind,
        place: Some(Place { session: position, trial, step: steps - 1 }),
        row: Some(step.row),
    })
}

fn respond<'s, T: Real, A: Actor<T>>(
    agent: &A,
    step: &Step,
    world: &mut impl Walk<'s, T, A>,
    moment: Moment,
) -> Result<(), LikelihoodErrorKind> {
    for (r, value) in step.responses.iter().enumerate() {
        if let Some(value) = value
            && agent.responses()[r].variable.moment == moment
        {
            world.respond(agent, r, *value)?;
        }
    }
    Ok(())
}

/// The parameters' values followed by what else responses depend on: of an agent, its marginal beliefs and its plan.
#[derive(Clone)]
pub(crate) struct Slots<T> {
    all: Vec<T>,
    values: usize,
}

impl<T: Real> Slots<T> {
    pub(crate) fn new(values: usize, structure: &Structure) -> Self {
        Slots::with_inputs(values, structure.response_inputs())
    }

    /// Slots for `values` and the `inputs` of responses.
    pub(crate) fn with_inputs(values: usize, inputs: usize) -> Self {
        Slots { all: vec![T::ZERO; values + inputs], values }
    }

    pub(crate) fn values_mut(&mut self) -> &mut [T] {
        &mut self.all[..self.values]
    }

    pub(crate) fn values(&self) -> &[T] {
        &self.all[..self.values]
    }

    /// All slots, with these beliefs.
    pub(crate) fn with(&mut self, marginals: &[f64]) -> &[T] {
        for (slot, &p) in self.all[self.values..].iter_mut().zip(marginals) {
            *slot = T::constant(p);
        }
        &self.all
    }

    /// All slots, with what the actor holds at present.
    pub(crate) fn with_beliefs(&mut self, actor: &impl Actor<T>) -> &[T] {
        self.with_inputs_of(|inputs| actor.response_inputs(inputs))
    }

    /// All slots, with what is written of what responses depend on.
    pub(crate) fn with_inputs_of(&mut self, write: impl FnOnce(&mut [T])) -> &[T] {
        write(&mut self.all[self.values..]);
        &self.all
    }
}
