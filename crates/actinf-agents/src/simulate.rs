//! Simulation: an actor (an agent or a baseline) meets the generative process, which draws states and outcomes while the
//! actor's own probabilities are drawn from.

use crate::agent::World;
use crate::behaviour::{Observation, Session, Step, Trial};
use crate::behaviour_model::Design;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_process::{GenerativeProcess, draw};
use crate::schema::{Moment, Schema};
use crate::walk::{Actor, Slots};
use rand::Rng;

/// The task as it is, from which everything is drawn.
struct Task<'a> {
    process: GenerativeProcess<'a>,
    rng: &'a mut dyn Rng,
    /// `ln p` of every action drawn so far, in nats.
    log_probabilities: Vec<f64>,
}

impl<A: Actor<f64>> World<f64, A> for Task<'_> {
    fn act(&mut self, actor: &mut A) -> Result<Option<usize>, LikelihoodErrorKind> {
        if self.process.has_ended() {
            self.process.rest();
            return Ok(None);
        }
        let logs = actor.log_action_values();
        let action = draw(logs.iter().map(|log| log.exp()), self.rng);
        self.log_probabilities.push(logs[action]);
        self.process.take(action);
        Ok(Some(action))
    }

    fn rest(&mut self, _actor: &A) -> Result<(), LikelihoodErrorKind> {
        self.process.rest();
        Ok(())
    }

    fn observe(&mut self) {
        self.process.observe(self.rng);
    }

    fn observations(&self) -> &[Observation] {
        self.process.observations()
    }
}

/// Simulates one subject's sessions and returns them with `ln p` of every action drawn, in nats. The actor and the slots
/// hold the parameters' values already. Where the model fixes the number of steps of a trial, trials end there, and where the
/// process comes to a state that ends a trial.
pub(crate) fn simulate<A: Actor<f64>>(
    actor: &mut A,
    slots: &mut Slots<f64>,
    process: GenerativeProcess<'_>,
    schema: &Schema,
    design: Design,
    rng: &mut dyn Rng,
) -> Result<(Vec<Session>, Vec<f64>), LikelihoodError> {
    let mut task = Task { process, rng, log_probabilities: Vec::new() };
    let mut sessions = Vec::with_capacity(design.sessions);
    for session in 0..design.sessions {
        actor.start_session();
        let mut trials = Vec::with_capacity(design.trials);
        for trial in 0..design.trials {
            let is_last = trial + 1 == design.trials;
            task.process.start_trial(trial, task.rng);
            let steps = simulated_trial(actor, &mut task, slots, schema, (design.steps, is_last))?;
            trials.push(Trial { label: (trial + 1).to_string(), aborted: false, steps });
        }
        actor.end_session();
        sessions.push(Session { label: (session + 1).to_string(), trials });
    }
    Ok((sessions, task.log_probabilities))
}

/// The steps of one trial: so many, unless the model fixes their number or the process ends the trial.
fn simulated_trial<A: Actor<f64>>(
    actor: &mut A,
    task: &mut Task<'_>,
    slots: &mut Slots<f64>,
    schema: &Schema,
    (most, is_last): (usize, bool),
) -> Result<Vec<Step>, LikelihoodError> {
    let rows = actor.most_rows().map_or(most, |fixed| fixed.min(most));
    actor.start_trial(rows).map_err(nowhere)?;
    let mut steps = Vec::with_capacity(rows);
    for step in 0..rows {
        actor.step(task).map_err(nowhere)?;
        let is_trial_end = step + 1 == rows || task.process.has_ended();
        let responses = respond(actor, task, slots, (is_trial_end, is_trial_end && is_last))?;
        steps.push(simulated_step(task, schema, responses));
        if is_trial_end {
            break;
        }
    }
    actor.end_trial();
    Ok(steps)
}

fn nowhere(kind: LikelihoodErrorKind) -> LikelihoodError {
    LikelihoodError { kind, place: None, row: None }
}

/// Draws the responses that are due.
fn respond<A: Actor<f64>>(
    actor: &A,
    task: &mut Task<'_>,
    slots: &mut Slots<f64>,
    (is_trial_end, is_session_end): (bool, bool),
) -> Result<Vec<Option<f64>>, LikelihoodError> {
    let mut responses = vec![None; actor.responses().len()];
    for (value, response) in responses.iter_mut().zip(actor.responses()) {
        let is_due = match response.variable.moment {
            Moment::Step => true,
            Moment::TrialEnd => is_trial_end,
            Moment::SessionEnd => is_session_end,
        };
        if is_due {
            let drawn = response.distribution.sample(slots.with_beliefs(actor), task.rng);
            let name = &response.variable.name;
            *value = Some(drawn.ok_or_else(|| {
                LikelihoodError::of_model(format!(
                    "the distribution of response `{name}` is not valid at these values"
                ))
            })?);
        }
    }
    Ok(responses)
}

fn simulated_step(task: &Task<'_>, schema: &Schema, responses: Vec<Option<f64>>) -> Step {
    let actions = match task.process.action() {
        Some(action) => schema.actions_of(action).into_iter().map(Some).collect(),
        None => vec![None; schema.controls.len()],
    };
    Step { row: 0, actions, observations: task.process.observations().to_vec(), responses }
}
