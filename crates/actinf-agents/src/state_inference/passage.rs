//! How a factor passes from one slot of a window to the next: the transitions of the move made there, with their
//! logarithms.

use super::exact::control_configuration;
use super::smoothing::Taken;
use super::{Move, mean_field};
use crate::learning::Knowledge;
use crate::numerics;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::Numerics;
use std::sync::Arc;

/// The transitions of one factor across one move.
#[derive(Clone, Copy)]
pub(crate) struct Passage<'a, T> {
    /// The factors whose states before matter.
    pub(super) parents: &'a [usize],
    /// `B`: per configuration of the parents one column of probabilities of the next states, one after the other.
    pub(super) columns: &'a [T],
    /// `ln B`, in the same order.
    pub(super) logs: &'a [T],
}

/// What was done at a slot, towards the next.
pub(super) struct Departure<T> {
    /// The move; `None` for any joint action, with averaged transitions.
    action: Option<Move>,
    /// Made when first needed, and kept for the next time.
    averages: Option<Averages<T>>,
}

/// Transitions averaged over joint actions.
struct Averages<T> {
    /// The probability of each joint action.
    weights: Vec<T>,
    /// Per factor; empty for factors that are not controlled.
    tables: Vec<Logged<T>>,
}

/// A table of probabilities with its logarithms.
struct Logged<T> {
    columns: Vec<T>,
    logs: Vec<T>,
}

impl<T: Real> Logged<T> {
    fn take_logs(&mut self, numerics: Numerics) {
        self.logs.iter_mut().zip(&self.columns).for_each(|(log, &p)| *log = numerics::ln(p, numerics));
    }
}

/// The passages of all factors and moves.
pub(crate) struct Passages<T> {
    structure: Arc<Structure>,
    numerics: Numerics,
    /// Per factor, `ln B` in the layout of its table.
    logs: Vec<Vec<T>>,
    /// Per factor, the passage of one that stays.
    stays: Vec<Logged<T>>,
    /// The numbers of all factors: a factor that stays has itself as its only parent.
    factors: Vec<usize>,
}

impl<T: Real> Passages<T> {
    pub(super) fn new(structure: Arc<Structure>, numerics: Numerics) -> Self {
        let identity = |&size: &usize| {
            let cell = |k: usize| if k / size == k % size { T::ONE } else { T::ZERO };
            let mut table =
                Logged { columns: (0..size * size).map(cell).collect(), logs: vec![T::ZERO; size * size] };
            table.take_logs(numerics);
            table
        };
        Passages {
            logs: vec![Vec::new(); structure.factor_sizes.len()],
            stays: structure.factor_sizes.iter().map(identity).collect(),
            factors: (0..structure.factor_sizes.len()).collect(),
            numerics,
            structure,
        }
    }

    /// Takes the logarithms of all transitions.
    pub(super) fn restart(&mut self, knowledge: &Knowledge<T>) {
        for factor in 0..self.logs.len() {
            self.take_logs(knowledge, factor);
        }
    }

    /// Takes the logarithms of the transitions that are learned.
    pub(super) fn refresh(&mut self, knowledge: &Knowledge<T>) {
        for factor in 0..self.logs.len() {
            if knowledge.transitions[factor].counts().is_some() {
                self.take_logs(knowledge, factor);
            }
        }
    }

    fn take_logs(&mut self, knowledge: &Knowledge<T>, factor: usize) {
        let table = knowledge.transitions[factor].expected();
        let logs = &mut self.logs[factor];
        logs.resize(table.len(), T::ZERO);
        logs.iter_mut().zip(table).for_each(|(log, &p)| *log = numerics::ln(p, self.numerics));
    }

    /// How `factor` passes, given what was done.
    pub(super) fn of<'a>(
        &'a self,
        knowledge: &'a Knowledge<T>,
        departure: &'a Departure<T>,
        factor: usize,
    ) -> Passage<'a, T> {
        let transitions = &self.structure.transitions[factor];
        if let (None, Some(averages), true) =
            (departure.action, &departure.averages, transitions.is_controlled)
        {
            let Logged { columns, logs } = &averages.tables[factor];
            return Passage { parents: &transitions.parents, columns, logs };
        }
        // Where all actions are averaged, a factor that is not controlled moves as it always does.
        let action = departure.action.unwrap_or(Move::Stay);
        let Some(controls) = control_configuration(transitions, action) else {
            let Logged { columns, logs } = &self.stays[factor];
            return Passage { parents: &self.factors[factor..=factor], columns, logs };
        };
        let (rows, size) = (transitions.parent_configurations, self.structure.factor_sizes[factor]);
        let cells = controls * rows * size..(controls + 1) * rows * size;
        let columns = knowledge.transitions[factor].columns(controls * rows, rows);
        Passage { parents: &transitions.parents, columns, logs: &self.logs[factor][cells] }
    }

    /// Predicts the marginals of all factors.
    pub(super) fn predict(
        &self,
        knowledge: &Knowledge<T>,
        departure: &Departure<T>,
        from: &[T],
        to: &mut [T],
    ) {
        for factor in 0..self.factors.len() {
            let Passage { parents, columns, .. } = self.of(knowledge, departure, factor);
            let range = self.structure.factor_range(factor);
            mean_field::predict_factor(&self.structure, parents, columns, from, &mut to[range]);
        }
    }
}

impl<T: Real> Departure<T> {
    pub(super) fn new() -> Self {
        Departure { action: Some(Move::Stay), averages: None }
    }

    pub(super) fn set(&mut self, structure: &Structure, taken: Taken<'_, T>) {
        match taken {
            Taken::Known(action) => self.action = Some(action),
            Taken::Averaged(probabilities) => {
                self.action = None;
                let averages = self.averages.get_or_insert_with(|| Averages::new(structure));
                averages.weights.copy_from_slice(probabilities);
            }
        }
    }

    /// Averages the transitions as they are known now, where anything is averaged.
    pub(super) fn refresh(&mut self, structure: &Structure, knowledge: &Knowledge<T>, numerics: Numerics) {
        if let (None, Some(averages)) = (self.action, &mut self.averages) {
            averages.refresh(structure, knowledge, numerics);
        }
    }
}

impl<T: Real> Averages<T> {
    fn new(structure: &Structure) -> Self {
        let table = |(factor, &size): (usize, &usize)| {
            let transitions = &structure.transitions[factor];
            let cells = if transitions.is_controlled { transitions.parent_configurations * size } else { 0 };
            Logged { columns: vec![T::ZERO; cells], logs: vec![T::ZERO; cells] }
        };
        Averages {
            weights: vec![T::ZERO; structure.joint_actions],
            tables: structure.factor_sizes.iter().enumerate().map(table).collect(),
        }
    }

    fn refresh(&mut self, structure: &Structure, knowledge: &Knowledge<T>, numerics: Numerics) {
        for (factor, table) in self.tables.iter_mut().enumerate() {
            let transitions = &structure.transitions[factor];
            if !transitions.is_controlled {
                continue;
            }
            table.columns.fill(T::ZERO);
            let rows = transitions.parent_configurations;
            for (&weight, &controls) in self.weights.iter().zip(&transitions.control_configurations) {
                if weight.is_zero() {
                    continue;
                }
                let columns = knowledge.transitions[factor].columns(controls * rows, rows);
                table.columns.iter_mut().zip(columns).for_each(|(cell, &p)| *cell += weight * p);
            }
            table.take_logs(numerics);
        }
    }
}
