//! Learning: Dirichlet counts of A, B, D and E, and the probabilities expected from them.
//!
//! ```text
//! A   a ← a + η · o ⊗ q(parents)                    for every observed modality that learns
//! ```
//!
//! Counts start at the start of a session, unless the model carries them over from the one before.
//!
//! # References
//!
//! Friston, FitzGerald, Rigoli, Schwartenbeck, O'Doherty & Pezzulo (2016). Active inference and learning.
//! *Neuroscience & Biobehavioral Reviews* 68, 862-879.

mod dirichlet;
mod likelihood;

pub(crate) use dirichlet::{DirichletStart, Table};

use crate::behaviour::Observation;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::state_inference::StateInference;
use crate::task_model::TaskModel;

/// The tables of A, B, D and E as the agent has learned them so far: what inference and planning work with.
pub(crate) struct Knowledge<T> {
    /// Per modality: `[configuration of the parents, outcome]`.
    pub(crate) likelihood: Vec<Table<T>>,
    /// Per factor: `[configuration of controls and parents, next state]`, controls slowest.
    pub(crate) transitions: Vec<Table<T>>,
    /// Per factor: one column, `[0, state]`.
    pub(crate) initial_state: Vec<Table<T>>,
    /// One column, `[0, policy]`.
    pub(crate) habits: Table<T>,
    /// `ln E`, one per policy, in nats.
    pub(crate) log_habits: Vec<T>,
    scratch: Vec<T>,
}

impl<T: Real> Knowledge<T> {
    /// What is known before any learning.
    pub(crate) fn new(task: &TaskModel, model: &GenerativeModel<T>) -> Self {
        let tables =
            |start: &[ndarray::Array2<T>], learning: &[Option<DirichletStart<T>>]| -> Vec<Table<T>> {
                let table = |(start, learning): (_, &Option<DirichletStart<T>>)| {
                    Table::new(start, learning.as_ref(), task.numerics)
                };
                start.iter().zip(learning).map(table).collect()
            };
        let learning = &model.learning;
        let widest = model.likelihood.iter().map(ndarray::Array2::nrows).max().unwrap_or(1);
        Knowledge {
            likelihood: tables(&model.likelihood, &learning.likelihood),
            transitions: tables(&model.transitions, &learning.transitions),
            initial_state: tables(&model.initial_state_prior, &learning.initial_state),
            habits: Table::new(&model.habits, learning.habits.as_ref(), task.numerics),
            log_habits: model.log_habits().to_vec(),
            scratch: vec![T::ZERO; widest],
        }
    }

    /// Forgets what was learned, without allocation.
    pub(crate) fn restart(&mut self, model: &GenerativeModel<T>) {
        let restart = |tables: &mut [Table<T>], start: &[_], learning: &[Option<DirichletStart<T>>]| {
            for ((table, start), learning) in tables.iter_mut().zip(start).zip(learning) {
                table.restart(start, learning.as_ref());
            }
        };
        let learning = &model.learning;
        restart(&mut self.likelihood, &model.likelihood, &learning.likelihood);
        restart(&mut self.transitions, &model.transitions, &learning.transitions);
        restart(&mut self.initial_state, &model.initial_state_prior, &learning.initial_state);
        self.habits.restart(&model.habits, learning.habits.as_ref());
        self.log_habits.copy_from_slice(model.log_habits());
    }

    /// Learns from one step's observations, given the belief that includes them.
    pub(crate) fn learn_step(
        &mut self,
        model: &GenerativeModel<T>,
        inference: &dyn StateInference<T>,
        belief: &[T],
        observations: &[Observation],
    ) {
        let scratch = &mut self.scratch;
        for (m, observation) in observations.iter().enumerate() {
            if let Some(learning) = &model.learning.likelihood[m] {
                let parents = inference.parents(m, belief, scratch);
                likelihood::learn(&mut self.likelihood[m], learning, observation, parents);
            }
        }
    }
}
