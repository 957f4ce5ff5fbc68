//! Simulation: an agent meets the generative process, which draws states and outcomes while the agent's own
//! probabilities are drawn from.

use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Session, Step, Trial};
use crate::behaviour_model::Design;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::fill_distribution;
use crate::schema::{Moment, RowOrder};
use crate::structure::{Structure, TransitionStructure, configuration, factor_sizes, transition_structure};
use crate::task_model::{Distribution, TaskModel};
use crate::walk::Slots;
use rand::{Rng, RngExt};
use std::sync::Arc;

/// The task as it is, at given parameter values, in its present state.
struct Task<'a> {
    task: &'a TaskModel,
    priors: Vec<Vec<f64>>,
    transitions: Vec<(TransitionStructure, Vec<Vec<f64>>)>,
    likelihoods: Vec<Vec<Vec<f64>>>,
    sizes: Vec<usize>,
    states: Vec<usize>,
    rng: &'a mut dyn Rng,
    action: Option<usize>,
    observations: Vec<Observation>,
    is_first: bool,
    /// `ln p` of every action drawn so far, in nats.
    log_probabilities: Vec<f64>,
}

fn numbers(distribution: &Distribution, values: &[f64]) -> Result<Vec<f64>, LikelihoodError> {
    let mut row = vec![0.0; distribution.cells.len()];
    fill_distribution(&mut row, distribution, values)?;
    Ok(row)
}

fn rows(columns: &[Distribution], values: &[f64]) -> Result<Vec<Vec<f64>>, LikelihoodError> {
    columns.iter().map(|column| numbers(column, values)).collect()
}

/// Draws an index with the given probabilities.
fn draw(probabilities: impl Iterator<Item = f64> + Clone, rng: &mut dyn Rng) -> usize {
    let target = rng.random::<f64>() * probabilities.clone().sum::<f64>();
    let mut sum = 0.0;
    let mut last_possible = 0;
    for (index, p) in probabilities.enumerate().filter(|(_, p)| *p > 0.0) {
        sum += p;
        last_possible = index;
        if target < sum {
            break;
        }
    }
    last_possible
}

impl<'a> Task<'a> {
    fn new(
        task: &'a TaskModel,
        structure: &Structure,
        values: &[f64],
        rng: &'a mut dyn Rng,
    ) -> Result<Self, LikelihoodError> {
        let process = &task.process;
        let sizes = factor_sizes(&process.factors);
        let transitions = process.factors.iter().enumerate().map(|(f, factor)| {
            let shape = transition_structure(
                f,
                &factor.transitions,
                &sizes,
                &structure.actions,
                &structure.control_sizes,
            );
            Ok((shape, rows(&factor.transitions.columns, values)?))
        });
        Ok(Task {
            task,
            priors: process.factors.iter().map(|f| numbers(&f.prior, values)).collect::<Result<_, _>>()?,
            transitions: transitions.collect::<Result<_, LikelihoodError>>()?,
            likelihoods: process
                .likelihoods
                .iter()
                .map(|l| rows(&l.columns, values))
                .collect::<Result<_, _>>()?,
            states: vec![0; sizes.len()],
            sizes,
            rng,
            action: None,
            observations: vec![Observation::Missing; task.modalities.len()],
            is_first: true,
            log_probabilities: Vec::new(),
        })
    }

    fn start_trial(&mut self) {
        for (state, prior) in self.states.iter_mut().zip(&self.priors) {
            *state = draw(prior.iter().copied(), self.rng);
        }
        self.is_first = true;
    }

    fn move_on(&mut self, action: usize) {
        let previous = self.states.clone();
        for ((shape, columns), state) in self.transitions.iter().zip(&mut self.states) {
            let parents = configuration(&shape.parents, &self.sizes, &previous);
            let column =
                &columns[shape.control_configurations[action] * shape.parent_configurations + parents];
            *state = draw(column.iter().copied(), self.rng);
        }
    }
}

impl World<f64> for Task<'_> {
    fn act(&mut self, agent: &Agent<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let logs = agent.log_actions();
        let action = draw(logs.iter().map(|log| log.exp()), self.rng);
        self.log_probabilities.push(logs[action]);
        self.action = Some(action);
        Ok(self.action)
    }

    fn rest(&mut self, _agent: &Agent<f64>) -> Result<(), LikelihoodErrorKind> {
        self.action = None;
        Ok(())
    }

    fn observe(&mut self) {
        let has_moved = self.task.schema.row_order == RowOrder::ActThenObserve || !self.is_first;
        if let (true, Some(action)) = (has_moved, self.action) {
            self.move_on(action);
        }
        self.is_first = false;
        for (m, columns) in self.likelihoods.iter().enumerate() {
            let parents = configuration(&self.task.process.likelihoods[m].parents, &self.sizes, &self.states);
            self.observations[m] = Observation::Outcome(draw(columns[parents].iter().copied(), self.rng));
        }
    }

    fn observations(&self) -> &[Observation] {
        &self.observations
    }
}

/// Simulates one subject's sessions and returns them with `ln p` of every action drawn, in nats. Where the model fixes the
/// number of steps of a trial, trials end there.
pub(crate) fn simulate(
    model: &Arc<TaskModel>,
    structure: &Arc<Structure>,
    values: &[f64],
    design: Design,
    rng: &mut dyn Rng,
) -> Result<(Vec<Session>, Vec<f64>), LikelihoodError> {
    let mut agent = Agent::new(model, structure, values)?;
    agent.set_values(values)?;
    let mut slots = Slots::new(values.len(), structure);
    slots.values_mut().copy_from_slice(values);
    let mut task = Task::new(model, structure, values, rng)?;
    let mut sessions = Vec::with_capacity(design.sessions);
    for session in 0..design.sessions {
        agent.start_session();
        let mut trials = Vec::with_capacity(design.trials);
        for trial in 0..design.trials {
            let rows = agent.most_rows().map_or(design.steps, |most| most.min(design.steps));
            agent.start_trial(rows).map_err(nowhere)?;
            task.start_trial();
            let mut steps = Vec::with_capacity(rows);
            for step in 0..rows {
                agent.step(&mut task).map_err(nowhere)?;
                let is_trial_end = step + 1 == rows;
                let is_session_end = is_trial_end && trial + 1 == design.trials;
                steps.push(simulated_step(&agent, &mut task, &mut slots, is_trial_end, is_session_end)?);
            }
            agent.end_trial();
            trials.push(Trial { label: (trial + 1).to_string(), aborted: false, steps });
        }
        agent.end_session();
        sessions.push(Session { label: (session + 1).to_string(), trials });
    }
    Ok((sessions, task.log_probabilities))
}

fn nowhere(kind: LikelihoodErrorKind) -> LikelihoodError {
    LikelihoodError { kind, place: None, row: None }
}

fn simulated_step(
    agent: &Agent<f64>,
    task: &mut Task<'_>,
    slots: &mut Slots<f64>,
    is_trial_end: bool,
    is_session_end: bool,
) -> Result<Step, LikelihoodError> {
    let mut responses = vec![None; task.task.responses.len()];
    for (value, response) in responses.iter_mut().zip(&task.task.responses) {
        let is_due = match response.variable.moment {
            Moment::Step => true,
            Moment::TrialEnd => is_trial_end,
            Moment::SessionEnd => is_session_end,
        };
        if is_due {
            let drawn = response.distribution.sample(slots.with_beliefs(agent), task.rng);
            let name = &response.variable.name;
            *value = Some(drawn.ok_or_else(|| {
                LikelihoodError::of_model(format!(
                    "the distribution of response `{name}` is not valid at these values"
                ))
            })?);
        }
    }
    let schema = &task.task.schema;
    let actions = match task.action {
        Some(action) => schema.actions_of(action).into_iter().map(Some).collect(),
        None => vec![None; schema.controls.len()],
    };
    Ok(Step { row: 0, actions, observations: task.observations.clone(), responses })
}
