//! What can be reached and seen at all, whatever the values of the parameters: cells that are 0 by definition cannot.

use super::layout::Layout;
use crate::structure::Structure;
use crate::task_model::{Distribution, Form, TaskModel};

/// Which cells of the model's tables can differ from 0.
pub(crate) struct Reachable {
    /// Per modality and configuration of its parents, per outcome.
    likelihood: Vec<Vec<Vec<bool>>>,
    /// Per factor and configuration of its controls and parents, per next state.
    transitions: Vec<Vec<Vec<bool>>>,
}

/// A table that is learned may come to hold anything.
fn possible(columns: &[Distribution], is_learned: bool) -> Vec<Vec<bool>> {
    let cell = |column: &Distribution, expression: &crate::Expression| {
        is_learned || column.form == Form::Softmax || expression.as_constant() != Some(0.0)
    };
    columns.iter().map(|column| column.cells.iter().map(|x| cell(column, x)).collect()).collect()
}

impl Reachable {
    pub(crate) fn new(task: &TaskModel, structure: &Structure) -> Reachable {
        debug_assert_eq!(task.factors.len(), structure.transitions.len());
        Reachable {
            likelihood: task
                .modalities
                .iter()
                .map(|m| possible(&m.likelihood, m.learning.is_some()))
                .collect(),
            transitions: task
                .factors
                .iter()
                .map(|f| possible(&f.transitions.columns, f.transition_learning.is_some()))
                .collect(),
        }
    }

    /// Whether an outcome is possible under a configuration of its modality's parents.
    pub(crate) fn can_be_seen(&self, modality: usize, configuration: usize, outcome: usize) -> bool {
        self.likelihood[modality][configuration][outcome]
    }

    /// Which states of the controlled factors can be reached by an action, and from where: `[state, origin]`.
    pub(crate) fn after(
        &self,
        layout: &Layout,
        structure: &Structure,
        before: Option<&[bool]>,
        action: usize,
    ) -> Vec<bool> {
        let (states, origins) = (layout.controlled_states, layout.origins);
        // The first step starts from every state, or from any one where it is forgotten anyway.
        let mut now: Vec<bool> = match before {
            Some(before) => before.to_vec(),
            None => (0..states * origins).map(|place| place / origins == place % origins).collect(),
        };
        let mut right = states * origins;
        for &factor in &layout.controlled {
            let size = structure.factor_sizes[factor];
            right /= size;
            now = self.along(structure, factor, action, &now, (size, right));
        }
        now
    }

    fn along(
        &self,
        structure: &Structure,
        factor: usize,
        action: usize,
        from: &[bool],
        (size, right): (usize, usize),
    ) -> Vec<bool> {
        let transitions = &structure.transitions[factor];
        if transitions.stays {
            return from.to_vec();
        }
        let first = transitions.control_configurations[action] * transitions.parent_configurations;
        let mut to = vec![false; from.len()];
        for (place, _) in from.iter().enumerate().filter(|(_, reached)| **reached) {
            let (block, state, rest) = (place / (size * right), place / right % size, place % right);
            let parents = if transitions.parents.is_empty() { 0 } else { state };
            for next in 0..size {
                to[(block * size + next) * right + rest] |= self.transitions[factor][first + parents][next];
            }
        }
        to
    }
}
