//! What the agent knows during a trial: its tables as learned so far, and what inference and planning need of them.

use super::counts::CountTable;
use super::kernel::Kernel;
use super::layout::Layout;
use super::outcomes::Outcomes;
use crate::categorical::log_softmax;
use crate::generative_model::GenerativeModel;
use crate::numerics::{SPM_DIGAMMA_SHIFT, ln_added};
use crate::real::Real;
use crate::structure::TransitionStructure;
use ndarray::Array2;

/// The tables and what follows from them.
pub(super) struct TrialKnowledge<T> {
    /// Per modality: one column per configuration of the parents.
    pub(super) likelihood: Vec<CountTable<T>>,
    /// Per factor: one column per configuration of controls and parents.
    pub(super) transitions: Vec<CountTable<T>>,
    /// Per modality whose preferences are learned: one column per step.
    pub(super) preferences: Vec<Option<CountTable<T>>>,
    /// Per factor: one column.
    pub(super) initial_state: Vec<CountTable<T>>,
    /// One column: a policy per entry.
    pub(super) habits: CountTable<T>,
    /// Per factor and configuration of its controls.
    pub(super) forward: Vec<Vec<Kernel<T>>>,
    /// The same backwards.
    pub(super) backward: Vec<Vec<Kernel<T>>>,
    /// Per factor, the kernel that stays.
    pub(super) stay: Vec<Kernel<T>>,
    /// `D` of all factors, one after the other.
    pub(super) initial: Vec<T>,
    /// `ln D`.
    pub(super) log_initial: Vec<T>,
    /// `ln E`, in nats.
    pub(super) log_habits: Vec<T>,
    /// `ln C` per modality: `[step, outcome]`, in nats.
    pub(super) log_preferences: Vec<Vec<T>>,
    pub(super) outcomes: Outcomes<T>,
}

impl<T: Real> TrialKnowledge<T> {
    pub(super) fn new(layout: &Layout, model: &GenerativeModel<T>) -> Self {
        let starts = &model.learning;
        let tables = |tables: &[Array2<T>], starts: &[Option<_>]| {
            tables.iter().zip(starts).map(|(table, start)| CountTable::new(table, start.as_ref())).collect()
        };
        let structure = &layout.structure;
        let kernels = |(f, table): (usize, &Array2<T>)| {
            let configurations = table.nrows() / structure.transitions[f].parent_configurations;
            vec![Kernel::new(structure.factor_sizes[f]); configurations]
        };
        let kernels: Vec<Vec<Kernel<T>>> = model.transitions.iter().enumerate().map(kernels).collect();
        let preferences = |start: &Option<crate::learning::DirichletStart<T>>| {
            start.as_ref().map(|start| CountTable::new(&start.counts, Some(start)))
        };
        TrialKnowledge {
            likelihood: tables(&model.likelihood, &starts.likelihood),
            transitions: tables(&model.transitions, &starts.transitions),
            preferences: starts.preferences.iter().map(preferences).collect(),
            initial_state: tables(&model.initial_state_prior, &starts.initial_state),
            habits: CountTable::new(&model.habits, starts.habits.as_ref()),
            backward: kernels.clone(),
            forward: kernels,
            stay: structure.factor_sizes.iter().map(|&n| Kernel::identity(n, layout.numerics)).collect(),
            initial: vec![T::ZERO; layout.marginal_states],
            log_initial: vec![T::ZERO; layout.marginal_states],
            log_habits: vec![T::ZERO; layout.policies()],
            log_preferences: layout
                .preferences
                .iter()
                .zip(&structure.modalities)
                .map(|(preferences, modality)| vec![T::ZERO; preferences.steps * modality.outcomes])
                .collect(),
            outcomes: Outcomes::new(layout),
        }
    }

    /// Forgets what was learned, without allocation.
    pub(super) fn restart(&mut self, layout: &Layout, model: &GenerativeModel<T>) {
        let starts = &model.learning;
        let restart = |tables: &mut [CountTable<T>], from: &[Array2<T>], starts: &[Option<_>]| {
            for ((table, from), start) in tables.iter_mut().zip(from).zip(starts) {
                table.restart(from, start.as_ref());
            }
        };
        restart(&mut self.likelihood, &model.likelihood, &starts.likelihood);
        restart(&mut self.transitions, &model.transitions, &starts.transitions);
        restart(&mut self.initial_state, &model.initial_state_prior, &starts.initial_state);
        self.habits.restart(&model.habits, starts.habits.as_ref());
        for (table, start) in self.preferences.iter_mut().zip(&starts.preferences) {
            if let (Some(table), Some(start)) = (table, start) {
                table.restart(&start.counts, Some(start));
            }
        }
        self.refresh_preferences(layout, model);
        self.refresh_initial_state(layout);
        self.refresh_transitions(layout);
        self.refresh_habits(layout);
        self.refresh_outcomes(layout, true, true);
    }

    /// Works out again what follows from the tables that are learned.
    pub(super) fn refresh_learned(&mut self, layout: &Layout, model: &GenerativeModel<T>) {
        let any = |tables: &[CountTable<T>]| tables.iter().any(CountTable::is_learned);
        let (learns_likelihood, learns_preferences) =
            (any(&self.likelihood), self.preferences.iter().any(Option::is_some));
        if learns_preferences {
            self.refresh_preferences(layout, model);
        }
        if any(&self.initial_state) {
            self.refresh_initial_state(layout);
        }
        if any(&self.transitions) {
            self.refresh_transitions(layout);
        }
        if self.habits.is_learned() {
            self.refresh_habits(layout);
        }
        self.refresh_outcomes(layout, learns_likelihood, learns_preferences);
    }

    fn refresh_outcomes(&mut self, layout: &Layout, likelihood: bool, preferences: bool) {
        if likelihood {
            self.outcomes.refresh_joint(layout, &self.likelihood);
        }
        if likelihood || preferences {
            self.outcomes.refresh_utilities(layout, &self.likelihood, &self.log_preferences);
        }
    }

    fn refresh_initial_state(&mut self, layout: &Layout) {
        for (f, table) in self.initial_state.iter().enumerate() {
            self.initial[layout.structure.factor_range(f)].copy_from_slice(table.column(0));
        }
        for (log, &p) in self.log_initial.iter_mut().zip(&self.initial) {
            *log = ln_added(p, layout.numerics);
        }
    }

    fn refresh_habits(&mut self, layout: &Layout) {
        for (log, &p) in self.log_habits.iter_mut().zip(self.habits.column(0)) {
            *log = ln_added(p, layout.numerics);
        }
    }

    fn refresh_transitions(&mut self, layout: &Layout) {
        for (f, table) in self.transitions.iter().enumerate() {
            let shape = &layout.structure.transitions[f];
            for configuration in 0..self.forward[f].len() {
                let column = |from: usize| column_of(shape, configuration, from);
                self.forward[f][configuration]
                    .fill(layout.numerics, |to, from| table.column(column(from))[to]);
                self.backward[f][configuration]
                    .fill_normalised(layout.numerics, |to, from| table.weights(column(to))[from]);
            }
        }
    }

    fn refresh_preferences(&mut self, layout: &Layout, model: &GenerativeModel<T>) {
        for (m, logs) in self.log_preferences.iter_mut().enumerate() {
            let outcomes = layout.structure.modalities[m].outcomes;
            for (step, logs) in logs.chunks_exact_mut(outcomes).enumerate() {
                match &self.preferences[m] {
                    None => logs.copy_from_slice(model.log_preferences(m, step)),
                    Some(table) => expected_logs(logs, table.weights(step), layout),
                }
                if layout.is_spm() && layout.preferences[m].are_probabilities {
                    logs.iter_mut().for_each(|log| *log = ln_added(log.exp(), layout.numerics));
                }
            }
        }
    }
}

/// The column of a factor's transitions for a configuration of its controls and the factor's own previous state.
pub(super) fn column_of(shape: &TransitionStructure, configuration: usize, from: usize) -> usize {
    configuration * shape.parent_configurations + if shape.parents.is_empty() { 0 } else { from }
}

/// `ln softmax(ψ(c) - ψ(Σ c))`; SPM shifts both arguments of ψ by 1/32.
fn expected_logs<T: Real>(logs: &mut [T], counts: &[T], layout: &Layout) {
    let shift = if layout.is_spm() { SPM_DIGAMMA_SHIFT } else { 0.0 };
    for (log, &count) in logs.iter_mut().zip(counts) {
        *log = (count + shift).digamma();
    }
    log_softmax(logs);
}
