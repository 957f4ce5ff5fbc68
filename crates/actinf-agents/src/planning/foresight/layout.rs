//! What foresight works out once per task model: which imagined steps are alike, what can be reached, what can be seen.

use super::reachable::Reachable;
use crate::structure::{ModalityStructure, Structure, states_of};
use crate::task_model::{InferenceScheme, MissingAction, Numerics, TaskModel};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The columns of one modality in the rows that are averaged over states.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ModalityColumns {
    /// The modality.
    pub(crate) modality: usize,
    /// `A(o | s)`, one column per outcome.
    pub(crate) outcomes: Range<usize>,
    /// `H[A(· | s)]`, where information about states counts.
    pub(crate) ambiguity: Option<usize>,
    /// The weights of the information about A, one column per outcome, where it counts.
    pub(crate) weights: Option<Range<usize>>,
    /// For every state (controlled, drifting), the configuration of the modality's parents.
    pub(crate) configurations: Vec<usize>,
    /// For every configuration of the parents, its states.
    pub(crate) states: Vec<Vec<usize>>,
}

/// One imagined step, shared by all policies in which it is the same.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// The step before it; `None` for a first step.
    pub(crate) before: Option<usize>,
    /// The joint action.
    pub(crate) action: usize,
    /// How far the drifting factors have moved: the stage it belongs to.
    pub(crate) stage: usize,
    /// Which preferences hold.
    pub(crate) preferences: usize,
    /// The pairs of its stage that it mixes, with the place of their weight in its reach.
    pub(crate) mixed: Vec<(usize, usize)>,
    /// The columns of outcomes that are possible and preferred or not.
    pub(crate) preferred: Vec<usize>,
    /// The columns whose entropy is information about states.
    pub(crate) uncertain: Vec<usize>,
    /// The columns of ambiguity that are taken from it.
    pub(crate) ambiguities: Vec<usize>,
}

/// All imagined steps for which the drifting factors have moved equally far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stage {
    /// Pairs of (state of the controlled factors, where they came from) that some step needs.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// The steps.
    pub(crate) nodes: Vec<usize>,
}

/// The parts of a task model's planning that do not depend on parameter values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    /// The controlled factors.
    pub(crate) controlled: Vec<usize>,
    /// The factors that no control moves.
    pub(crate) drifting: Vec<usize>,
    pub(crate) controlled_states: usize,
    pub(crate) drifting_states: usize,
    /// For every state (controlled, drifting), the joint state.
    pub(crate) joint_states: Vec<usize>,
    /// The length of a row: all columns of all modalities, filled up to a multiple of [`LANES`].
    pub(crate) width: usize,
    pub(crate) columns: Vec<ModalityColumns>,
    /// The modalities without columns: they cannot tell policies apart.
    pub(crate) indifferent: Vec<usize>,
    pub(crate) stages: Vec<Stage>,
    /// Every step after the one before it.
    pub(crate) nodes: Vec<Node>,
    /// Per policy its steps, one after the other.
    pub(crate) policies: Vec<usize>,
    /// How many lists of preferences there are.
    pub(crate) preferences: usize,
    /// How many states the controlled factors may have come from: 1 if every move forgets where they were.
    pub(crate) origins: usize,
}

/// How many numbers are added up at a time.
pub(crate) const LANES: usize = 8;

impl Layout {
    /// The layout of a model that foresight serves; `None` for other models.
    pub(crate) fn new(task: &TaskModel, structure: &Structure) -> Option<Layout> {
        if !is_served(task, structure) {
            return None;
        }
        let is_controlled = |f: &usize| structure.transitions[*f].is_controlled;
        let (controlled, drifting): (Vec<_>, Vec<_>) =
            (0..structure.factor_sizes.len()).partition(is_controlled);
        let size = |factors: &[usize]| factors.iter().map(|&f| structure.factor_sizes[f]).product();
        let mut layout = Layout {
            controlled_states: size(&controlled),
            drifting_states: size(&drifting),
            joint_states: joint_states(structure, &controlled, &drifting),
            controlled,
            drifting,
            width: 0,
            columns: Vec::new(),
            indifferent: Vec::new(),
            stages: Vec::new(),
            nodes: Vec::new(),
            policies: Vec::new(),
            preferences: task.modalities.iter().map(|m| m.preferences.steps.len()).max().unwrap_or(1),
            origins: 1,
        };
        if layout.controlled.iter().any(|&f| !structure.transitions[f].parents.is_empty()) {
            layout.origins = layout.controlled_states;
        }
        let reachable = Reachable::new(task, structure);
        layout.add_nodes(structure);
        if !layout.add_pairs(structure, &reachable) {
            return None;
        }
        let seen: Vec<Vec<Seen>> =
            (0..layout.nodes.len()).map(|node| layout.seen(node, structure, &reachable)).collect();
        layout.add_columns(structure, &seen);
        layout.add_terms(structure, &seen);
        Some(layout)
    }

    /// Gives columns to what some step needs to know.
    fn add_columns(&mut self, structure: &Structure, seen: &[Vec<Seen>]) {
        let mut width = 0;
        let mut take = |count: usize| {
            width += count;
            width - count..width
        };
        for (m, modality) in structure.modalities.iter().enumerate() {
            let about_likelihood = structure.terms.likelihood_information_gain[m];
            let is_informative = seen.iter().any(|seen| seen[m].is_informative);
            if !(modality.has_preferences || is_informative || about_likelihood) {
                self.indifferent.push(m);
                continue;
            }
            let configurations = self.configurations(modality);
            let mut states = vec![Vec::new(); modality.parent_configurations];
            for (state, &configuration) in configurations.iter().enumerate() {
                states[configuration].push(state);
            }
            self.columns.push(ModalityColumns {
                modality: m,
                outcomes: take(modality.outcomes),
                ambiguity: is_informative.then(|| take(1).start),
                weights: about_likelihood.then(|| take(modality.outcomes)),
                configurations,
                states,
            });
        }
        self.width = width.div_ceil(LANES).max(1) * LANES;
    }

    /// For every state (controlled, drifting), the configuration of a modality's parents.
    fn configurations(&self, modality: &ModalityStructure) -> Vec<usize> {
        let of = |&joint: &usize| modality.configuration_of_state.get(joint).copied().unwrap_or(joint);
        self.joint_states.iter().map(of).collect()
    }

    fn add_nodes(&mut self, structure: &Structure) {
        let drifts = self.drifting.iter().any(|&f| !structure.transitions[f].stays);
        let policies = &structure.policies;
        let horizon = policies.horizon();
        self.policies = vec![0; policies.len() * horizon];
        self.stages = vec![Stage::default(); if drifts { horizon } else { 1 }];
        let mut known: BTreeMap<(usize, usize, Vec<Vec<usize>>), usize> = BTreeMap::new();
        let mut path: Vec<(usize, Vec<Vec<usize>>)> = Vec::new();
        for step in policies.steps() {
            path.truncate(step.depth);
            let before = path.last();
            let moves = self.moves(structure, before.map(|(_, moves)| moves.as_slice()), step.action);
            let stage = if drifts { step.depth } else { 0 };
            let preferences = step.depth.min(self.preferences - 1);
            let key = (stage, preferences, moves.clone());
            let node = match known.get(&key) {
                Some(&node) => node,
                None => {
                    let before = before.map(|(node, _)| *node);
                    let node = self.nodes.len();
                    self.nodes.push(Node {
                        before,
                        action: step.action,
                        stage,
                        preferences,
                        mixed: Vec::new(),
                        preferred: Vec::new(),
                        uncertain: Vec::new(),
                        ambiguities: Vec::new(),
                    });
                    known.insert(key, node);
                    node
                }
            };
            path.push((node, moves));
            if let Some(policy) = step.ends {
                for (depth, (node, _)) in path.iter().enumerate() {
                    self.policies[policy * horizon + depth] = *node;
                }
            }
        }
    }

    /// Per controlled factor, the moves since it last forgot where it was: imagined steps with the same moves are alike.
    fn moves(&self, structure: &Structure, before: Option<&[Vec<usize>]>, action: usize) -> Vec<Vec<usize>> {
        let next = |(index, &factor): (usize, &usize)| {
            let transitions = &structure.transitions[factor];
            let mut moves = match before {
                Some(before) if !transitions.parents.is_empty() => before[index].clone(),
                // The start is marked, so that a move from it differs from a move after forgetting.
                None if !transitions.parents.is_empty() => vec![usize::MAX],
                _ => Vec::new(),
            };
            if !transitions.stays {
                moves.push(transitions.control_configurations[action]);
            }
            moves
        };
        self.controlled.iter().enumerate().map(next).collect()
    }

    /// Notes what every step mixes, following what can be reached along the tree; `false` if mixing takes more products
    /// than rolling beliefs forward along the tree of policies.
    fn add_pairs(&mut self, structure: &Structure, reachable: &Reachable) -> bool {
        let mut reached: Vec<Vec<bool>> = Vec::with_capacity(self.nodes.len());
        let moving: usize = structure.factor_sizes.iter().sum();
        let width: usize = structure.modalities.iter().map(|m| m.outcomes + 1).sum();
        let rolling = structure.policies.steps().len() * structure.joint_states * (moving + width);
        let mut mixing = 0;
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let before = node.before.map(|before| reached[before].as_slice());
            let states = reachable.after(self, structure, before, node.action);
            let stage = &mut self.stages[node.stage];
            stage.nodes.push(index);
            let mut mixed = Vec::new();
            for (place, _) in states.iter().enumerate().filter(|(_, reached)| **reached) {
                let pair = (place / self.origins, place % self.origins);
                let position = stage.pairs.iter().position(|known| *known == pair).unwrap_or_else(|| {
                    stage.pairs.push(pair);
                    stage.pairs.len() - 1
                });
                mixed.push((position, place));
            }
            mixing += mixed.len() * width;
            if mixing > rolling {
                return false;
            }
            self.nodes[index].mixed = mixed;
            reached.push(states);
        }
        true
    }

    /// What can be seen at a step, modality by modality.
    fn seen(&self, node: usize, structure: &Structure, reachable: &Reachable) -> Vec<Seen> {
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
    fn add_terms(&mut self, structure: &Structure, seen: &[Vec<Seen>]) {
        for (node, seen) in self.nodes.iter_mut().zip(seen) {
            for columns in &self.columns {
                let Seen { possible, is_informative } = &seen[columns.modality];
                let column = |o: &usize| columns.outcomes.start + o;
                if structure.modalities[columns.modality].has_preferences {
                    node.preferred.extend(possible.iter().map(column));
                }
                if let (true, Some(ambiguity)) = (is_informative, columns.ambiguity) {
                    node.uncertain.extend(possible.iter().map(column));
                    node.ambiguities.push(ambiguity);
                }
            }
        }
    }

    /// Whether the entropies of a modality's columns are needed.
    pub(crate) fn needs_entropies(&self, modality: usize) -> bool {
        self.columns.iter().any(|columns| columns.modality == modality && columns.ambiguity.is_some())
    }
}

/// What can be seen of one modality at one step.
struct Seen {
    /// The outcomes that are possible at all.
    possible: Vec<usize>,
    /// They may tell something about states: more than one of them, and more than one column, is possible.
    is_informative: bool,
}

fn is_served(task: &TaskModel, structure: &Structure) -> bool {
    let is_own = structure.transitions.iter().enumerate().all(|(f, t)| t.is_own(f));
    is_own
        && task.inference == InferenceScheme::Exact
        && task.numerics == Numerics::Exact
        && task.planning.sophistication.is_none()
        && task.planning.monte_carlo_tree_search.is_none()
        && !structure.terms.need_marginals()
        && task.choice.habit_learning.is_none()
        && !structure.has_responses_of_plan
        && task.choice.missing_action == MissingAction::Stay
}

/// For every state (controlled, drifting), both row-major, the joint state.
fn joint_states(structure: &Structure, controlled: &[usize], drifting: &[usize]) -> Vec<usize> {
    let sizes = &structure.factor_sizes;
    let mut states = vec![0; sizes.len()];
    let mut order: Vec<(usize, usize)> = (0..structure.joint_states)
        .map(|joint| {
            states_of(joint, sizes, &mut states);
            let number = |factors: &[usize]| factors.iter().fold(0, |n, &f| n * sizes[f] + states[f]);
            let drifting_states: usize = drifting.iter().map(|&f| sizes[f]).product();
            (number(controlled) * drifting_states + number(drifting), joint)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, joint)| joint).collect()
}
