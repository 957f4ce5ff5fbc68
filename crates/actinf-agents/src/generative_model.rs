//! The numbers an agent works with: A, B, C, D and E at given parameter values.
//!
//! | symbol   | here                                     | shape                                        |
//! |----------|------------------------------------------|----------------------------------------------|
//! | `A`      | [`likelihood`](GenerativeModel::likelihood)   | per modality `[parents' configuration, outcome]` |
//! | `B`      | [`transitions`](GenerativeModel::transitions) | per factor `[controls' configuration, parents' configuration, next state]` |
//! | `ln C`   | [`log_preferences`](GenerativeModel::log_preferences) | per modality `[outcome]`         |
//! | `D`      | [`initial_state_prior`](GenerativeModel::initial_state_prior) | per factor `[state]`     |
//! | `ln E`   | [`log_habits`](GenerativeModel::log_habits)   | `[policy]`                                   |
//!
//! The tables are made from a [`TaskModel`] and filled again in place for other parameter values, without
//! allocation. Configurations are numbered row-major, the last variable fastest.

use crate::categorical::{log_softmax, normalise};
use crate::error::LikelihoodError;
use crate::real::Real;
use crate::task_model::{Distribution, Form, TaskModel};
use ndarray::{Array2, Array3, ArrayView2, ArrayView3};

/// The scalars of planning, choice and learning at given parameter values.
#[derive(Clone, Debug)]
pub(crate) struct Settings<T> {
    pub(crate) utility_weight: T,
    pub(crate) state_information_gain_weight: T,
    pub(crate) policy_precision: T,
    pub(crate) action_precision: T,
    pub(crate) lapse: T,
    /// Per modality the prior count and the learning rate, where its likelihood is learned.
    pub(crate) learning: Vec<Option<(T, T)>>,
}

/// The agent's model of the task at given parameter values.
#[derive(Clone, Debug)]
pub struct GenerativeModel<T> {
    likelihood: Vec<Array2<T>>,
    transitions: Vec<Array3<T>>,
    log_preferences: Vec<Vec<T>>,
    initial_state_prior: Vec<Vec<T>>,
    log_habits: Vec<T>,
    pub(crate) settings: Settings<T>,
}

impl<T: Real> GenerativeModel<T> {
    /// The tables of `model` with room for any parameter values, filled at its default values.
    ///
    /// # Errors
    ///
    /// If a column is no distribution at these values.
    pub fn new(model: &TaskModel, values: &[T]) -> Result<Self, LikelihoodError> {
        let zero_table = |rows: usize, columns: usize| Array2::from_elem((rows, columns), T::ZERO);
        let mut tables = GenerativeModel {
            likelihood: model
                .modalities
                .iter()
                .map(|m| zero_table(m.likelihood.len(), m.outcomes.len()))
                .collect(),
            transitions: model
                .factors
                .iter()
                .map(|f| {
                    let parents: usize =
                        f.transitions.parents.iter().map(|&p| model.factors[p].states.len()).product();
                    let controls = f.transitions.columns.len() / parents;
                    Array3::from_elem((controls, parents, f.states.len()), T::ZERO)
                })
                .collect(),
            log_preferences: model.modalities.iter().map(|m| vec![T::ZERO; m.outcomes.len()]).collect(),
            initial_state_prior: model.factors.iter().map(|f| vec![T::ZERO; f.states.len()]).collect(),
            log_habits: vec![T::ZERO; model.choice.habits.len()],
            settings: settings(model, values)?,
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
            fill_rows(table.as_slice_mut().unwrap_or_default(), &modality.likelihood, values)?;
        }
        for (table, factor) in self.transitions.iter_mut().zip(&model.factors) {
            fill_rows(table.as_slice_mut().unwrap_or_default(), &factor.transitions.columns, values)?;
        }
        for (logs, modality) in self.log_preferences.iter_mut().zip(&model.modalities) {
            fill_log_softmax(logs, &modality.preferences, values);
        }
        for (prior, factor) in self.initial_state_prior.iter_mut().zip(&model.factors) {
            fill_distribution(prior, &factor.prior, values)?;
        }
        fill_log_softmax(&mut self.log_habits, &model.choice.habits, values);
        fill_settings(&mut self.settings, model, values)
    }

    /// The likelihood `A` of modality `m`: rows are configurations of its parents, columns are outcomes.
    #[doc(alias = "A")]
    pub fn likelihood(&self, modality: usize) -> ArrayView2<'_, T> {
        self.likelihood[modality].view()
    }

    /// The transitions `B` of a factor: configuration of its controls, of its parents, next state.
    #[doc(alias = "B")]
    pub fn transitions(&self, factor: usize) -> ArrayView3<'_, T> {
        self.transitions[factor].view()
    }

    /// The log preferences `ln C` over the outcomes of a modality, in nats.
    #[doc(alias = "C")]
    pub fn log_preferences(&self, modality: usize) -> &[T] {
        &self.log_preferences[modality]
    }

    /// The prior `D` over the initial states of a factor.
    #[doc(alias = "D")]
    pub fn initial_state_prior(&self, factor: usize) -> &[T] {
        &self.initial_state_prior[factor]
    }

    /// The log habits `ln E`, one per policy, in nats.
    #[doc(alias = "E")]
    pub fn log_habits(&self) -> &[T] {
        &self.log_habits
    }

    /// One column of the transitions: the distribution over next states.
    pub(crate) fn transition_column(&self, factor: usize, controls: usize, parents: usize) -> &[T] {
        let table = &self.transitions[factor];
        let (_, configurations, states) = table.dim();
        let start = (controls * configurations + parents) * states;
        &table.as_slice().unwrap_or_default()[start..start + states]
    }
}

/// Fills consecutive rows of a table, one per column of the model.
fn fill_rows<T: Real>(
    table: &mut [T],
    columns: &[Distribution],
    values: &[T],
) -> Result<(), LikelihoodError> {
    let width = columns.first().map_or(1, |column| column.cells.len());
    for (row, column) in table.chunks_exact_mut(width).zip(columns) {
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
    if (sum - 1.0).abs() > 1e-6 || row.iter().any(|cell| cell.value() < 0.0) {
        return Err(LikelihoodError::of_model(format!(
            "a distribution of the model sums to {sum} or has a negative entry at these parameter values"
        )));
    }
    Ok(())
}

fn fill_log_softmax<T: Real>(logs: &mut [T], logits: &[crate::Expression], values: &[T]) {
    for (log, logit) in logs.iter_mut().zip(logits) {
        *log = logit.evaluate(values);
    }
    log_softmax(logs);
}

fn settings<T: Real>(model: &TaskModel, values: &[T]) -> Result<Settings<T>, LikelihoodError> {
    let mut settings = Settings {
        utility_weight: T::ZERO,
        state_information_gain_weight: T::ZERO,
        policy_precision: T::ZERO,
        action_precision: T::ZERO,
        lapse: T::ZERO,
        learning: model.modalities.iter().map(|m| m.learning.as_ref().map(|_| (T::ZERO, T::ZERO))).collect(),
    };
    fill_settings(&mut settings, model, values)?;
    Ok(settings)
}

fn fill_settings<T: Real>(
    settings: &mut Settings<T>,
    model: &TaskModel,
    values: &[T],
) -> Result<(), LikelihoodError> {
    settings.utility_weight = model.planning.utility_weight.evaluate(values);
    settings.state_information_gain_weight = model.planning.state_information_gain_weight.evaluate(values);
    settings.policy_precision = model.choice.policy_precision.evaluate(values);
    settings.action_precision = model.choice.action_precision.evaluate(values);
    settings.lapse = model.choice.lapse.evaluate(values);
    for (slot, modality) in settings.learning.iter_mut().zip(&model.modalities) {
        *slot = modality
            .learning
            .as_ref()
            .map(|rule| (rule.prior_count.evaluate(values), rule.learning_rate.evaluate(values)));
    }
    check_range("policy precision", settings.policy_precision.value(), f64::INFINITY)?;
    check_range("action precision", settings.action_precision.value(), f64::INFINITY)?;
    check_range("lapse", settings.lapse.value(), 1.0)?;
    for (prior_count, learning_rate) in settings.learning.iter().flatten() {
        check_range("prior count", prior_count.value(), f64::INFINITY)?;
        check_range("learning rate", learning_rate.value(), f64::INFINITY)?;
    }
    Ok(())
}

fn check_range(name: &str, value: f64, upper: f64) -> Result<(), LikelihoodError> {
    if (0.0..=upper).contains(&value) && value.is_finite() {
        return Ok(());
    }
    Err(LikelihoodError::of_model(format!("the {name} is {value}; it must be between 0 and {upper}")))
}
