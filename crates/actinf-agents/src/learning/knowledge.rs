//! What the agent knows: its tables as learned so far.

use super::dirichlet::{DirichletStart, Table};
use super::habits;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::Numerics;
use ndarray::Array2;

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
    numerics: Numerics,
}

impl<T: Real> Knowledge<T> {
    /// What is known before any learning.
    pub(crate) fn new(structure: &Structure, model: &GenerativeModel<T>) -> Self {
        let numerics = structure.numerics;
        let tables = |start: &[Array2<T>], learning: &[Option<DirichletStart<T>>]| {
            let table = |(start, learning): (_, &Option<_>)| Table::new(start, learning.as_ref(), numerics);
            start.iter().zip(learning).map(table).collect()
        };
        let learning = &model.learning;
        let likelihood = |(m, start): (usize, &Array2<T>)| {
            let new =
                if structure.modalities[m].needs_entropies { Table::with_entropies } else { Table::new };
            new(start, learning.likelihood[m].as_ref(), numerics)
        };
        Knowledge {
            likelihood: model.likelihood.iter().enumerate().map(likelihood).collect(),
            transitions: tables(&model.transitions, &learning.transitions),
            initial_state: tables(&model.initial_state_prior, &learning.initial_state),
            habits: Table::new(&model.habits, learning.habits.as_ref(), numerics),
            log_habits: model.log_habits().to_vec(),
            numerics,
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

    /// Updates all tables with what was noted since their last update.
    pub(super) fn update(&mut self, model: &GenerativeModel<T>) {
        let update = |tables: &mut [Table<T>], learning: &[Option<DirichletStart<T>>]| {
            for (table, learning) in tables.iter_mut().zip(learning) {
                if let Some(learning) = learning {
                    table.update(learning);
                }
            }
        };
        let learning = &model.learning;
        update(&mut self.likelihood, &learning.likelihood);
        update(&mut self.transitions, &learning.transitions);
        update(&mut self.initial_state, &learning.initial_state);
        if let Some(learning) = &learning.habits {
            habits::update(&mut self.habits, learning, self.numerics, &mut self.log_habits);
        }
    }
}
