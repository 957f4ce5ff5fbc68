//! What imagined steps need to know of every modality: the columns of the rows that are averaged over states.

use super::layout::Layout;
use super::reachable::Reachable;
use crate::structure::{ModalityStructure, Structure};
use crate::task_model::TaskModel;
use std::collections::BTreeSet;
use std::ops::Range;

/// The columns of one modality in the rows that are averaged over states.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ModalityColumns {
    /// The modality.
    pub(crate) modality: usize,
    /// All of its columns: those that follow, in this order.
    pub(crate) all: Range<usize>,
    /// Its likelihood is learned.
    pub(crate) is_learned: bool,
    /// `A(o | s)`, one column per outcome.
    pub(crate) outcomes: Range<usize>,
    /// `H[A(· | s)]`, where information about states counts; of several modalities together where the same steps inform
    /// about all of them, and they have the same parents.
    pub(crate) ambiguity: Option<usize>,
    /// The other modalities of that sum.
    pub(crate) joined: Vec<usize>,
    /// The weights of the information about A, one column per outcome, where it counts.
    pub(crate) weights: Option<Range<usize>>,
    /// For every state (controlled, drifting), the configuration of the modality's parents.
    pub(crate) configurations: Vec<usize>,
    /// How many configurations the parents have.
    pub(crate) rows: usize,
}

/// What can be seen of one modality at one step.
pub(super) struct Seen {
    /// The outcomes that are possible at all.
    possible: Vec<usize>,
    /// They may tell something about states: more than one of them, and more than one column, is possible.
    is_informative: bool,
}

impl Layout {
    /// Gives columns to what some step needs to know.
    pub(super) fn add_columns(&mut self, task: &TaskModel, structure: &Structure, seen: &[Vec<Seen>]) {
        let mut width = 0;
        for (m, modality) in structure.modalities.iter().enumerate() {
            let about_likelihood = structure.terms.likelihood_information_gain[m];
            let is_informative = seen.iter().any(|seen| seen[m].is_informative);
            if !(modality.has_preferences || is_informative || about_likelihood) {
                self.indifferent.push(m);
                continue;
            }
            let is_learned = task.modalities[m].learning.is_some();
            let has_ambiguity = is_informative && (is_learned || !self.join(structure, seen, m));
            let (first, configurations) = (width, self.configurations(modality));
            let mut take = |count: usize| {
                width += count;
                width - count..width
            };
            self.columns.push(ModalityColumns {
                modality: m,
                outcomes: take(modality.outcomes),
                ambiguity: has_ambiguity.then(|| take(1).start),
                weights: about_likelihood.then(|| take(modality.outcomes)),
                all: first..take(0).end,
                is_learned,
                joined: Vec::new(),
                configurations,
                rows: modality.parent_configurations,
            });
        }
        // A row without columns has one that nothing is put into.
        self.width = width.max(1);
    }

    /// Lets a modality join the ambiguity of another that the same steps inform about, if there is one.
    fn join(&mut self, structure: &Structure, seen: &[Vec<Seen>], m: usize) -> bool {
        let host = self.columns.iter_mut().find(|columns| {
            let other = columns.modality;
            columns.ambiguity.is_some()
                && !columns.is_learned
                && structure.modalities[other].parents == structure.modalities[m].parents
                && seen.iter().all(|seen| seen[other].is_informative == seen[m].is_informative)
        });
        host.map(|columns| columns.joined.push(m)).is_some()
    }

    /// For every state (controlled, drifting), the configuration of a modality's parents.
    fn configurations(&self, modality: &ModalityStructure) -> Vec<usize> {
        let of = |&joint: &usize| modality.configuration_of_state.get(joint).copied().unwrap_or(joint);
        self.joint_states.iter().map(of).collect()
    }

    /// What can be seen at a step, modality by modality.
    pub(super) fn seen(&self, node: usize, structure: &Structure, reachable: &Reachable) -> Vec<Seen> {
        let pairs = &self.stages[self.nodes[node].stage].pairs;
        let mixed = self.nodes[node].mixed.iter().map(|&(pair, _)| pairs[pair].0);
        let states: BTreeSet<usize> =
            mixed.flat_map(|x| x * self.drifting_states..(x + 1) * self.drifting_states).collect();
        let modality = |(m, modality): (usize, &ModalityStructure)| {
            let configurations = self.configurations(modality);
            let rows: BTreeSet<usize> = states.iter().map(|&state| configurations[state]).collect();
            let is_possible = |&o: &usize| rows.iter().any(|&row| reachable.can_be_seen(m, row, o));
            let possible: Vec<usize> = (0..modality.outcomes).filter(is_possible).collect();
            let is_informative = modality.information_gain && rows.len() > 1 && possible.len() > 1;
            Seen { possible, is_informative }
        };
        structure.modalities.iter().enumerate().map(modality).collect()
    }

    /// Notes which columns every step values.
    pub(super) fn add_terms(&mut self, task: &TaskModel, structure: &Structure, seen: &[Vec<Seen>]) {
        let is_settled = |m: usize| task.modalities[m].preferences.is_settled();
        let (settled, variable): (Vec<_>, Vec<_>) =
            self.columns.iter().partition(|columns| is_settled(columns.modality));
        for (node, seen) in self.nodes.iter_mut().zip(seen) {
            let column = |columns: &ModalityColumns, o: &usize| columns.outcomes.start + o;
            for (of_kind, ends) in [(&variable, &mut node.variable_ends), (&settled, &mut node.settled_ends)]
            {
                for columns in of_kind {
                    if structure.modalities[columns.modality].has_preferences {
                        let possible = &seen[columns.modality].possible;
                        node.preferred.extend(possible.iter().map(|o| column(columns, o)));
                        ends.push(node.preferred.len());
                    }
                }
            }
            for columns in &self.columns {
                let Seen { possible, is_informative } = &seen[columns.modality];
                if *is_informative {
                    node.uncertain.extend(possible.iter().map(|o| column(columns, o)));
                    node.ambiguities.extend(columns.ambiguity);
                }
            }
        }
    }

    /// Whether the entropies of a modality's columns are needed.
    pub(crate) fn needs_entropies(&self, modality: usize) -> bool {
        self.columns.iter().any(|columns| {
            (columns.modality == modality && columns.ambiguity.is_some())
                || columns.joined.contains(&modality)
        })
    }
}
