//! What foresight works out once per task model: which imagined steps are alike, what can be reached, what can be seen.

use super::columns::{ModalityColumns, Seen};
use super::reachable::Reachable;
use crate::structure::{Structure, states_of};
use crate::task_model::{InferenceScheme, MissingAction, Numerics, TaskModel};
use std::collections::BTreeMap;

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
    /// The columns of outcomes that are possible and preferred or not, modality after modality: first those whose
    /// preferences depend on parameters, then those whose preferences are settled.
    pub(crate) preferred: Vec<usize>,
    /// Where those of each modality end, of either kind.
    pub(crate) variable_ends: Vec<usize>,
    pub(crate) settled_ends: Vec<usize>,
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
    /// All steps mix the same pairs.
    pub(crate) is_uniform: bool,
    /// They are all there are, in the order of their weights.
    pub(crate) is_dense: bool,
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
    /// For every joint state, its place in a belief as `[origin, drifting state]`.
    pub(crate) places: Vec<usize>,
    /// The length of a row: all columns of all modalities.
    pub(crate) width: usize,
    pub(crate) columns: Vec<ModalityColumns>,
    /// The modalities without columns: they cannot tell policies apart.
    pub(crate) indifferent: Vec<usize>,
    pub(crate) stages: Vec<Stage>,
    /// Every step after the one before it.
    pub(crate) nodes: Vec<Node>,
    /// How many steps every policy has.
    pub(crate) horizon: usize,
    /// Per policy its steps, one after the other.
    pub(crate) policies: Vec<usize>,
    /// How many lists of preferences there are.
    pub(crate) preferences: usize,
    /// How many states the controlled factors may have come from: 1 if every move forgets where they were.
    pub(crate) origins: usize,
    /// Some factor's transitions are learned.
    pub(crate) learns_transitions: bool,
}

impl Node {
    /// How many of its preferred columns have preferences that depend on parameters; they come first.
    pub(crate) fn variable(&self) -> usize {
        self.variable_ends.last().copied().unwrap_or(0)
    }
}

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
            places: Vec::new(),
            controlled,
            drifting,
            width: 0,
            columns: Vec::new(),
            indifferent: Vec::new(),
            stages: Vec::new(),
            nodes: Vec::new(),
            horizon: structure.policies.horizon(),
            policies: Vec::new(),
            preferences: task.modalities.iter().map(|m| m.preferences.steps.len()).max().unwrap_or(1),
            origins: 1,
            learns_transitions: task.factors.iter().any(|factor| factor.transition_learning.is_some()),
        };
        if layout.controlled.iter().any(|&f| !structure.transitions[f].parents.is_empty()) {
            layout.origins = layout.controlled_states;
        }
        layout.places = vec![0; structure.joint_states];
        for (state, &joint) in layout.joint_states.iter().enumerate() {
            layout.places[joint] = if layout.origins == 1 { state % layout.drifting_states } else { state };
        }
        let reachable = Reachable::new(task, structure);
        layout.add_nodes(structure);
        if !layout.add_pairs(structure, &reachable) {
            return None;
        }
        let seen: Vec<Vec<Seen>> =
            (0..layout.nodes.len()).map(|node| layout.seen(node, structure, &reachable)).collect();
        layout.add_columns(task, structure, &seen);
        layout.add_terms(task, structure, &seen);
        Some(layout)
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
                        variable_ends: Vec::new(),
                        settled_ends: Vec::new(),
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
        for stage in &mut self.stages {
            let mut mixed = stage.nodes.iter().map(|&node| &self.nodes[node].mixed);
            let first = mixed.next();
            stage.is_uniform = mixed.all(|mixed| Some(mixed) == first);
            let cells = self.controlled_states * self.origins;
            let is_dense = |mixed: &Vec<_>| mixed.iter().copied().eq((0..cells).map(|k| (k, k)));
            stage.is_dense = stage.is_uniform && first.is_some_and(is_dense);
        }
        true
    }
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
