//! The scalars of planning, choice and learning at given parameter values, and where counts start.

use crate::error::LikelihoodError;
use crate::expression::Expression;
use crate::generative_model::are_same;
use crate::learning::DirichletStart;
use crate::real::Real;
use crate::task_model::{Counts, Learning, Preferences, TaskModel};
use ndarray::Array2;

/// The scalars of planning and choice.
#[derive(Clone, Debug)]
pub(crate) struct Settings<T> {
    pub(crate) weights: Weights<T>,
    pub(crate) policy_precision: T,
    pub(crate) action_precision: T,
    pub(crate) lapse: T,
}

/// The weights of the terms of the expected free energy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights<T> {
    pub(crate) utility: T,
    pub(crate) state_information_gain: T,
    pub(crate) likelihood_information_gain: T,
    pub(crate) transition_information_gain: T,
    pub(crate) inductive_value: T,
}

impl<T: Real> Settings<T> {
    pub(crate) fn new(model: &TaskModel, values: &[T]) -> Result<Self, LikelihoodError> {
        let weights = &model.planning.weights;
        let settings = Settings {
            weights: Weights {
                utility: weights.utility.evaluate(values),
                state_information_gain: weights.state_information_gain.evaluate(values),
                likelihood_information_gain: weights.likelihood_information_gain.evaluate(values),
                transition_information_gain: weights.transition_information_gain.evaluate(values),
                inductive_value: weights.inductive_value.evaluate(values),
            },
            policy_precision: model.choice.policy_precision.evaluate(values),
            action_precision: model.choice.action_precision.evaluate(values),
            lapse: model.choice.lapse.evaluate(values),
        };
        check_range("policy precision", settings.policy_precision, f64::INFINITY)?;
        check_range("action precision", settings.action_precision, f64::INFINITY)?;
        check_range("lapse", settings.lapse, 1.0)?;
        Ok(settings)
    }

    /// The same as plain numbers.
    pub(crate) fn values(&self) -> Settings<f64> {
        let weights = &self.weights;
        Settings {
            weights: Weights {
                utility: weights.utility.value(),
                state_information_gain: weights.state_information_gain.value(),
                likelihood_information_gain: weights.likelihood_information_gain.value(),
                transition_information_gain: weights.transition_information_gain.value(),
                inductive_value: weights.inductive_value.value(),
            },
            policy_precision: self.policy_precision.value(),
            action_precision: self.action_precision.value(),
            lapse: self.lapse.value(),
        }
    }

    /// Whether all but the action precision and the lapse are the same bits.
    pub(crate) fn differ_in_choice_only(&self, other: &Self) -> bool {
        let Settings { weights, policy_precision, action_precision: _, lapse: _ } = self;
        are_same(&weights.all(), &other.weights.all()) && policy_precision.is_same(other.policy_precision)
    }

    pub(crate) fn fill(&mut self, model: &TaskModel, values: &[T]) -> Result<(), LikelihoodError> {
        *self = Settings::new(model, values)?;
        Ok(())
    }
}

impl<T: Real> Weights<T> {
    fn all(&self) -> [T; 5] {
        let Weights {
            utility,
            state_information_gain,
            likelihood_information_gain,
            transition_information_gain,
            inductive_value,
        } = *self;
        [
            utility,
            state_information_gain,
            likelihood_information_gain,
            transition_information_gain,
            inductive_value,
        ]
    }
}

fn check_range<T: Real>(name: &str, value: T, upper: f64) -> Result<(), LikelihoodError> {
    let value = value.value();
    if (0.0..=upper).contains(&value) && value.is_finite() {
        return Ok(());
    }
    Err(LikelihoodError::of_model(format!("the {name} is {value}; it must be between 0 and {upper}")))
}

/// Where the counts of every table start, with their rates; `None` for a table that is not learned.
#[derive(Clone, Debug)]
pub(crate) struct LearningStarts<T> {
    pub(crate) likelihood: Vec<Option<DirichletStart<T>>>,
    pub(crate) transitions: Vec<Option<DirichletStart<T>>>,
    pub(crate) initial_state: Vec<Option<DirichletStart<T>>>,
    pub(crate) habits: Option<DirichletStart<T>>,
    /// Per modality: `[step, outcome]`.
    pub(crate) preferences: Vec<Option<DirichletStart<T>>>,
}

/// The tables of A, B, D and E.
type Tables<'a, T> = (&'a [Array2<T>], &'a [Array2<T>], &'a [Array2<T>], &'a Array2<T>);

impl<T: Real> LearningStarts<T> {
    pub(crate) fn new(model: &TaskModel) -> Self {
        let start = |learning: &Option<Learning>, columns: usize, outcomes: usize| {
            learning.as_ref().map(|learning| DirichletStart {
                counts: Array2::from_elem((columns, outcomes), T::ZERO),
                rate: T::ZERO,
                outcome_rates: vec![T::ZERO; learning.outcome_rates.len()],
                forgetting: T::ZERO,
                is_explicit: matches!(learning.counts, Counts::Explicit(_)),
            })
        };
        LearningStarts {
            likelihood: model
                .modalities
                .iter()
                .map(|m| start(&m.learning, m.likelihood.len(), m.outcomes.len()))
                .collect(),
            transitions: model
                .factors
                .iter()
                .map(|f| start(&f.transition_learning, f.transitions.columns.len(), f.states.len()))
                .collect(),
            initial_state: model
                .factors
                .iter()
                .map(|f| start(&f.prior_learning, 1, f.states.len()))
                .collect(),
            habits: start(&model.choice.habit_learning, 1, model.choice.habits.cells.len()),
            preferences: model
                .modalities
                .iter()
                .map(|m| start(&m.preferences.learning, m.preferences.steps.len(), m.outcomes.len()))
                .collect(),
        }
    }

    /// Whether all starts are the same bits.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let LearningStarts { likelihood, transitions, initial_state, habits, preferences } = self;
        let lists = [
            (likelihood, &other.likelihood),
            (transitions, &other.transitions),
            (initial_state, &other.initial_state),
            (preferences, &other.preferences),
        ];
        let mut pairs = lists.into_iter().flat_map(|(starts, others)| starts.iter().zip(others));
        pairs.all(|(start, other)| is_same_start(start.as_ref(), other.as_ref()))
            && is_same_start(habits.as_ref(), other.habits.as_ref())
    }

    /// Fills all starts at other parameter values, without allocation.
    pub(crate) fn fill(
        &mut self,
        model: &TaskModel,
        (likelihood, transitions, initial_state, habits): Tables<'_, T>,
        values: &[T],
    ) -> Result<(), LikelihoodError> {
        for (m, modality) in model.modalities.iter().enumerate() {
            fill_start(&mut self.likelihood[m], modality.learning.as_ref(), &likelihood[m], values)?;
            fill_preferences(&mut self.preferences[m], &modality.preferences, values)?;
        }
        for (f, factor) in model.factors.iter().enumerate() {
            fill_start(
                &mut self.transitions[f],
                factor.transition_learning.as_ref(),
                &transitions[f],
                values,
            )?;
            fill_start(
                &mut self.initial_state[f],
                factor.prior_learning.as_ref(),
                &initial_state[f],
                values,
            )?;
        }
        fill_start(&mut self.habits, model.choice.habit_learning.as_ref(), habits, values)
    }
}

fn is_same_start<T: Real>(start: Option<&DirichletStart<T>>, other: Option<&DirichletStart<T>>) -> bool {
    let (Some(start), Some(other)) = (start, other) else { return start.is_none() && other.is_none() };
    let DirichletStart { counts, rate, outcome_rates, forgetting, is_explicit } = start;
    are_same(counts, &other.counts)
        && are_same(outcome_rates, &other.outcome_rates)
        && rate.is_same(other.rate)
        && forgetting.is_same(other.forgetting)
        && *is_explicit == other.is_explicit
}

/// Preferences that are learned are counts themselves.
fn fill_preferences<T: Real>(
    start: &mut Option<DirichletStart<T>>,
    preferences: &Preferences,
    values: &[T],
) -> Result<(), LikelihoodError> {
    let (Some(start), Some(learning)) = (start, &preferences.learning) else { return Ok(()) };
    fill_rates(start, learning, values)?;
    fill_counts(&mut start.counts, &preferences.steps, values)
}

fn fill_rates<T: Real>(
    start: &mut DirichletStart<T>,
    learning: &Learning,
    values: &[T],
) -> Result<(), LikelihoodError> {
    start.rate = learning.learning_rate.evaluate(values);
    start.forgetting = learning.forgetting_rate.evaluate(values);
    check_range("learning rate", start.rate, f64::INFINITY)?;
    for (rate, expression) in start.outcome_rates.iter_mut().zip(&learning.outcome_rates) {
        *rate = expression.evaluate(values);
        check_range("learning rate", *rate, f64::INFINITY)?;
    }
    check_range("forgetting rate", start.forgetting, 1.0)
}

fn fill_counts<T: Real>(
    counts: &mut Array2<T>,
    columns: &[Vec<Expression>],
    values: &[T],
) -> Result<(), LikelihoodError> {
    for (count, cell) in counts.iter_mut().zip(columns.iter().flatten()) {
        *count = cell.evaluate(values);
        check_range("prior count", *count, f64::INFINITY)?;
    }
    Ok(())
}

fn fill_start<T: Real>(
    start: &mut Option<DirichletStart<T>>,
    learning: Option<&Learning>,
    table: &Array2<T>,
    values: &[T],
) -> Result<(), LikelihoodError> {
    let (Some(start), Some(learning)) = (start, learning) else { return Ok(()) };
    fill_rates(start, learning, values)?;
    match &learning.counts {
        Counts::Scaled(total) => {
            let total: T = total.evaluate(values);
            check_range("prior count", total, f64::INFINITY)?;
            start.counts.zip_mut_with(table, |count, &p| *count = total * p);
        }
        Counts::Explicit(columns) => fill_counts(&mut start.counts, columns, values)?,
    }
    Ok(())
}
