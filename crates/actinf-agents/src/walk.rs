//! The walk of an agent along recorded behaviour, which scoring and recording share.

use crate::agent::{Agent, World};
use crate::behaviour::{Place, Session, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::real::Real;
use crate::schema::{Moment, Schema};
use crate::structure::Structure;

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

/// What happens along a walk, beside what the agent sees and does.
pub(crate) trait Walk<'s, T: Real>: World<T> {
    /// Gets ready for a step.
    fn enter(&mut self, place: Place, step: &'s Step);

    /// Takes in a response to be scored: its number in the schema and its value.
    fn respond(&mut self, agent: &Agent<T>, response: usize, value: f64) -> Result<(), LikelihoodErrorKind>;

    /// The step is over.
    fn leave(&mut self, agent: &Agent<T>);

    /// The session is over.
    fn end_session(&mut self, agent: &Agent<T>);
}

/// Leads an agent along a subject's behaviour.
pub(crate) fn walk<'s, T: Real>(
    agent: &mut Agent<T>,
    subject: &'s Subject,
    world: &mut impl Walk<'s, T>,
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

fn walk_session<'s, T: Real>(
    agent: &mut Agent<T>,
    position: usize,
    session: &'s Session,
    world: &mut impl Walk<'s, T>,
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
fn respond_at_session_end<'s, T: Real>(
    agent: &Agent<T>,
    position: usize,
    session: &'s Session,
    world: &mut impl Walk<'s, T>,
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

fn respond<'s, T: Real>(
    agent: &Agent<T>,
    step: &Step,
    world: &mut impl Walk<'s, T>,
    moment: Moment,
) -> Result<(), LikelihoodErrorKind> {
    for (r, value) in step.responses.iter().enumerate() {
        if let Some(value) = value
            && agent.task().responses[r].variable.moment == moment
        {
            world.respond(agent, r, *value)?;
        }
    }
    Ok(())
}

/// The parameters' values followed by the agent's marginal beliefs: what responses depend on.
#[derive(Clone)]
pub(crate) struct Slots<T> {
    all: Vec<T>,
    values: usize,
}

impl<T: Real> Slots<T> {
    pub(crate) fn new(values: usize, structure: &Structure) -> Self {
        Slots { all: vec![T::ZERO; values + structure.marginal_states()], values }
    }

    pub(crate) fn values_mut(&mut self) -> &mut [T] {
        &mut self.all[..self.values]
    }

    pub(crate) fn values(&self) -> &[T] {
        &self.all[..self.values]
    }

    /// All slots, with the agent's present beliefs.
    pub(crate) fn with_beliefs(&mut self, agent: &Agent<T>) -> &[T] {
        agent.marginals(&mut self.all[self.values..]);
        &self.all
    }
}
