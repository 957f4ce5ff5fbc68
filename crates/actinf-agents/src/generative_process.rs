//! The generative process: the task as it is, whose states and outcomes are drawn while actions move it.

use crate::behaviour::Observation;
use crate::error::LikelihoodError;
use crate::generative_model::fill_distribution;
use crate::schema::{RowOrder, Schema};
use crate::structure::{TransitionStructure, configuration, factor_sizes, transition_structure};
use crate::task_model::{Distribution, Process};
use rand::{Rng, RngExt};

/// A process at given parameter values, in its present state.
pub(crate) struct GenerativeProcess<'a> {
    process: &'a Process,
    row_order: RowOrder,
    priors: Vec<Vec<f64>>,
    /// First trial, factor and prior of each change, in the order of trials.
    changes: Vec<(usize, usize, Vec<f64>)>,
    transitions: Vec<(TransitionStructure, Vec<Vec<f64>>)>,
    likelihoods: Vec<Vec<Vec<f64>>>,
    sizes: Vec<usize>,
    states: Vec<usize>,
    action: Option<usize>,
    observations: Vec<Observation>,
    is_first: bool,
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
pub(crate) fn draw(probabilities: impl Iterator<Item = f64> + Clone, rng: &mut dyn Rng) -> usize {
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

impl<'a> GenerativeProcess<'a> {
    pub(crate) fn new(
        process: &'a Process,
        schema: &Schema,
        values: &[f64],
    ) -> Result<Self, LikelihoodError> {
        let sizes = factor_sizes(&process.factors);
        let actions: Vec<Vec<usize>> = (0..schema.joint_actions()).map(|u| schema.actions_of(u)).collect();
        let control_sizes: Vec<usize> = schema.controls.iter().map(|c| c.labels.len()).collect();
        let transitions = process.factors.iter().enumerate().map(|(f, factor)| {
            let shape = transition_structure(f, &factor.transitions, &sizes, &actions, &control_sizes);
            Ok((shape, rows(&factor.transitions.columns, values)?))
        });
        Ok(GenerativeProcess {
            process,
            row_order: schema.row_order,
            priors: process.factors.iter().map(|f| numbers(&f.prior, values)).collect::<Result<_, _>>()?,
            changes: process
                .changes
                .iter()
                .map(|change| Ok((change.from_trial, change.factor, numbers(&change.prior, values)?)))
                .collect::<Result<_, LikelihoodError>>()?,
            transitions: transitions.collect::<Result<_, LikelihoodError>>()?,
            likelihoods: process
                .likelihoods
                .iter()
                .map(|likelihood| rows(&likelihood.columns, values))
                .collect::<Result<_, _>>()?,
            states: vec![0; sizes.len()],
            sizes,
            action: None,
            observations: vec![Observation::Missing; process.likelihoods.len()],
            is_first: true,
        })
    }

    /// Draws the states that a trial of a session, counted from 0, starts with.
    pub(crate) fn start_trial(&mut self, trial: usize, rng: &mut dyn Rng) {
        for (factor, (state, prior)) in self.states.iter_mut().zip(&self.priors).enumerate() {
            let of_factor =
                |(from, changed, _): &&(usize, usize, Vec<f64>)| *changed == factor && *from <= trial;
            let prior = self.changes.iter().rfind(of_factor).map_or(prior, |(_, _, prior)| prior);
            *state = draw(prior.iter().copied(), rng);
        }
        self.is_first = true;
    }

    /// Takes in the joint action that moves the states before they are next observed.
    pub(crate) fn take(&mut self, action: usize) {
        self.action = Some(action);
    }

    /// No action is due.
    pub(crate) fn rest(&mut self) {
        self.action = None;
    }

    /// The latest joint action.
    pub(crate) fn action(&self) -> Option<usize> {
        self.action
    }

    /// Moves the states by the latest action, if one was taken in this trial, and draws what is then observed.
    pub(crate) fn observe(&mut self, rng: &mut dyn Rng) {
        let has_moved = self.row_order == RowOrder::ActThenObserve || !self.is_first;
        if let (true, Some(action)) = (has_moved, self.action) {
            self.move_on(action, rng);
        }
        self.is_first = false;
        for (m, columns) in self.likelihoods.iter().enumerate() {
            let parents = configuration(&self.process.likelihoods[m].parents, &self.sizes, &self.states);
            self.observations[m] = Observation::Outcome(draw(columns[parents].iter().copied(), rng));
        }
    }

    /// The latest observations, one per modality.
    pub(crate) fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// Whether the present states end the trial.
    pub(crate) fn has_ended(&self) -> bool {
        self.process.ends.iter().any(|end| end.states[self.states[end.factor]])
    }

    fn move_on(&mut self, action: usize, rng: &mut dyn Rng) {
        let previous = self.states.clone();
        for ((shape, columns), state) in self.transitions.iter().zip(&mut self.states) {
            let parents = configuration(&shape.parents, &self.sizes, &previous);
            let column =
                &columns[shape.control_configurations[action] * shape.parent_configurations + parents];
            *state = draw(column.iter().copied(), rng);
        }
    }
}
