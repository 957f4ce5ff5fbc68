//! The numbers an agent works with: A, B, C, D and E at given parameter values.
//!
//! | symbol   | here                                     | shape                                        |
//! |----------|------------------------------------------|----------------------------------------------|
//! | `A`      | [`likelihood`](GenerativeModel::likelihood)   | per modality `[parents' configuration, outcome]` |
//! | `B`      | [`transitions`](GenerativeModel::transitions) | per factor `[controls' and parents' configuration, next state]`, controls slowest |
//! | `ln C`   | [`log_preferences`](GenerativeModel::log_preferences) | per modality and step ahead `[outcome]` |
//! | `D`      | [`initial_state_prior`](GenerativeModel::initial_state_prior) | per factor `[state]`     |
//! | `ln E`   | [`log_habits`](GenerativeModel::log_habits)   | `[policy]`                                   |
//!
//! The tables are made from a [`TaskModel`] and filled again in place for other parameter values, without
//! allocation. Configurations are numbered row-major, the last variable fastest. What an agent has learned is kept
//! apart from them, see [`crate::learning`].

use crate::categorical::{log_softmax, normalise};
use crate::error::LikelihoodError;
use crate::expression::Expression;
use crate::numerics;
use crate::real::Real;
use crate::settings::{LearningStarts, Settings};
use crate::task_model::{Distribution, Form, PreferenceForm, Preferences, TaskModel};
use ndarray::{Array2, ArrayView2};

/// The agent's model of the task at given parameter values.
#[derive(Clone, Debug)]
pub struct GenerativeModel<T> {
    pub(crate) likelihood: Vec<Array2<T>>,
    pub(crate) transitions: Vec<Array2<T>>,
    log_preferences: Vec<Vec<Vec<T>>>,
    pub(crate) initial_state_prior: Vec<Array2<T>>,
    pub(crate) habits: Array2<T>,
    log_habits: Vec<T>,
    pub(crate) settings: Settings<T>,
    pub(crate) learning: LearningStarts<T>,
}

fn zeros<T: Real>(columns: &[Distribution]) -> Array2<T> {
    Array2::from_elem((columns.len(), columns.first().map_or(0, |column| column.cells.len())), T::ZERO)
}

impl<T: Real> GenerativeModel<T> {
    /// The tables of `model`, filled at `values`.
    ///
    /// # Errors
    ///
    /// If a column is no distribution at these values.
    pub fn new(model: &TaskModel, values: &[T]) -> Result<Self, LikelihoodError> {
        let preferences = |p: &Preferences| p.steps.iter().map(|step| vec![T::ZERO; step.len()]).collect();
        let mut tables = GenerativeModel {
            likelihood: model.modalities.iter().map(|m| zeros(&m.likelihood)).collect(),
            transitions: model.factors.iter().map(|f| zeros(&f.transitions.columns)).collect(),
            log_preferences: model.modalities.iter().map(|m| preferences(&m.preferences)).collect(),
            initial_state_prior: model
                .factors
                .iter()
                .map(|f| zeros(std::slice::from_ref(&f.prior)))
                .collect(),
            habits: zeros(std::slice::from_ref(&model.choice.habits)),
            log_habits: vec![T::ZERO; model.choice.habits.cells.len()],
            settings: Settings::new(model, values)?,
            learning: LearningStarts::new(model),
        };
        tables.fill(model, values)?;
        Ok(tables)
    }

    /// Fills the tables at other parameter values, without allocation.
    ///
    /// # Errors
    ///
    /// If a column is no distribution at these values.
    pub fn fill(&mut self, model: &TaskModel, values: &[T]) -> Result<(), LikelihoodError> {
        for (table, modality) in self.likelihood.iter_mut().zip(&model.modalities) {
            fill_columns(table, &modality.likelihood, values)?;
        }
        for ((table, prior), factor) in
            self.transitions.iter_mut().zip(&mut self.initial_state_prior).zip(&model.factors)
        {
            fill_columns(table, &factor.transitions.columns, values)?;
            fill_columns(prior, std::slice::from_ref(&factor.prior), values)?;
        }
        for (logs, modality) in self.log_preferences.iter_mut().zip(&model.modalities) {
            fill_preferences(logs, &modality.preferences, values);
        }
        self.fill_habits(model, values)?;
        self.settings.fill(model, values)?;
        let tables =
            (&self.likelihood[..], &self.transitions[..], &self.initial_state_prior[..], &self.habits);
        self.learning.fill(model, tables, values)
    }

    /// The logarithms are taken before anything can underflow where habits are given as logits.
    fn fill_habits(&mut self, model: &TaskModel, values: &[T]) -> Result<(), LikelihoodError> {
        let habits = &model.choice.habits;
        fill_columns(&mut self.habits, std::slice::from_ref(habits), values)?;
        if habits.form == Form::Softmax {
            fill_logits(&mut self.log_habits, &habits.cells, values);
        } else {
            for (log, &p) in self.log_habits.iter_mut().zip(&self.habits) {
                *log = numerics::ln(p, model.numerics);
            }
        }
        Ok(())
    }

    /// Whether nothing but the action precision and the lapse is another: values and derivatives are the same bits, so that an
    /// agent believes and plans the same.
    pub(crate) fn differs_in_choice_only(&self, other: &Self) -> bool {
        let GenerativeModel {
            likelihood,
            transitions,
            log_preferences,
            initial_state_prior,
            habits,
            log_habits,
            settings,
            learning,
        } = self;
        are_same(likelihood.iter().flatten(), other.likelihood.iter().flatten())
            && are_same(transitions.iter().flatten(), other.transitions.iter().flatten())
            && are_same(
                log_preferences.iter().flatten().flatten(),
                other.log_preferences.iter().flatten().flatten(),
            )
            && are_same(initial_state_prior.iter().flatten(), other.initial_state_prior.iter().flatten())
            && are_same(habits, &other.habits)
            && are_same(log_habits, &other.log_habits)
            && settings.differ_in_choice_only(&other.settings)
            && learning.is_same(&other.learning)
    }

    /// The likelihood `A` of modality `m`: rows are configurations of its parents, columns are outcomes.
    #[doc(alias = "A")]
    pub fn likelihood(&self, modality: usize) -> ArrayView2<'_, T> {
        self.likelihood[modality].view()
    }

    /// The transitions `B` of a factor: rows are configurations of its controls and parents, columns next states.
    #[doc(alias = "B")]
    pub fn transitions(&self, factor: usize) -> ArrayView2<'_, T> {
        self.transitions[factor].view()
    }

    /// The log preferences `ln C` over the outcomes of a modality `step` steps ahead (the next one is 0), in nats.
    #[doc(alias = "C")]
    pub fn log_preferences(&self, modality: usize, step: usize) -> &[T] {
        let steps = &self.log_preferences[modality];
        &steps[step.min(steps.len() - 1)]
    }

    /// The prior `D` over the initial states of a factor.
    #[doc(alias = "D")]
    pub fn initial_state_prior(&self, factor: usize) -> &[T] {
        self.initial_state_prior[factor].as_slice().unwrap_or_default()
    }

    /// The log habits `ln E`, one per policy, in nats.
    #[doc(alias = "E")]
    pub fn log_habits(&self) -> &[T] {
        &self.log_habits
    }
}

/// Whether numbers, as many of both, are the same bits.
pub(crate) fn are_same<'a, T: Real>(
    numbers: impl IntoIterator<Item = &'a T>,
    others: impl IntoIterator<Item = &'a T>,
) -> bool {
    numbers.into_iter().zip(others).all(|(a, b)| a.is_same(*b))
}

/// Fills a table, one row per column of the model.
fn fill_columns<T: Real>(
    table: &mut Array2<T>,
    columns: &[Distribution],
    values: &[T],
) -> Result<(), LikelihoodError> {
    let width = table.ncols().max(1);
    // The table was made by us and is contiguous.
    let cells = table.as_slice_mut().unwrap_or_default();
    for (row, column) in cells.chunks_exact_mut(width).zip(columns) {
        fill_distribution(row, column, values)?;
    }
    Ok(())
}

/// Evaluates one distribution into `row`.
pub(crate) fn fill_distribution<T: Real>(
    row: &mut [T],
    distribution: &Distribution,
    values: &[T],
) -> Result<(), LikelihoodError> {
    for (cell, expression) in row.iter_mut().zip(&distribution.cells) {
        *cell = expression.evaluate(values);
    }
    match distribution.form {
        Form::Probabilities => {}
        Form::Normalised => {
            normalise(row);
        }
        Form::Softmax => {
            log_softmax(row);
            row.iter_mut().for_each(|cell| *cell = cell.exp());
        }
    }
    let sum: f64 = row.iter().map(|cell| cell.value()).sum();
    let is_distribution = (sum - 1.0).abs() <= 1e-6 && row.iter().all(|cell| cell.value() >= 0.0);
    if is_distribution {
        return Ok(());
    }
    Err(LikelihoodError::of_model(format!(
        "a distribution of the model sums to {sum} or has a negative entry at these parameter values"
    )))
}

fn fill_logits<T: Real>(logs: &mut [T], logits: &[Expression], values: &[T]) {
    for (log, logit) in logs.iter_mut().zip(logits) {
        *log = logit.evaluate(values);
    }
    log_softmax(logs);
}

fn fill_preferences<T: Real>(logs: &mut [Vec<T>], preferences: &Preferences, values: &[T]) {
    for (logs, cells) in logs.iter_mut().zip(&preferences.steps) {
        match preferences.form {
            PreferenceForm::LogSoftmax => fill_logits(logs, cells, values),
            PreferenceForm::Utilities => {
                logs.iter_mut().zip(cells).for_each(|(log, cell)| *log = cell.evaluate(values));
            }
        }
    }
}
