//! Exact filtering where the states of some factors are known: they start and move for certain, whatever the parameters, so
//! that actions alone tell where they are. Only the others are filtered, jointly, with the numbers of [`super::exact`].
//!
//! | symbol | what it is | shape |
//! |---|---|---|
//! | `k` | the state of all known factors, numbered row-major | |
//! | `q(u \| k)` | belief about the other factors | `[their joint state]` |

use super::exact::{control_configuration, marginals_of, move_factor, normalise_belief};
use super::{Move, extend};
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::{Structure, certain_state, configuration};
use crate::task_model::{Factor, TaskModel};
use std::sync::Arc;

/// Which factors are known, and what follows from where they are.
#[derive(Debug)]
pub(crate) struct KnownFactors {
    unknown: Vec<usize>,
    /// The number of joint states of the factors that are not known.
    pub(crate) unknown_states: usize,
    /// Where known factors are when a trial begins.
    pub(crate) start: usize,
    /// `[move, k]`: where they get to; the moves are all joint actions, and staying.
    next: Vec<usize>,
    known_states: usize,
    /// Per modality, `[k, u]`: the configuration of its parents.
    configurations: Vec<Vec<usize>>,
    /// Per modality, `[k, u]`: the first `u` with the same configuration.
    alike: Vec<Vec<usize>>,
    /// `[k, u]`: the joint state.
    joint_states: Vec<usize>,
}

/// Whether a factor starts and moves for certain, whatever is learned.
fn is_known(factor: &Factor) -> bool {
    factor.prior_learning.is_none()
        && factor.transition_learning.is_none()
        && std::iter::once(&factor.prior)
            .chain(&factor.transitions.columns)
            .all(|column| certain_state(column).is_some())
}

impl KnownFactors {
    /// The known factors of a model in which every factor moves by itself.
    pub(crate) fn new(task: &TaskModel, structure: &Structure) -> KnownFactors {
        let factors = 0..task.factors.len();
        let (known, unknown): (Vec<usize>, Vec<usize>) = factors.partition(|&f| is_known(&task.factors[f]));
        let sizes = &structure.factor_sizes;
        let states = |factors: &[usize]| factors.iter().map(|&f| sizes[f]).product();
        let (known_states, unknown_states): (usize, usize) = (states(&known), states(&unknown));
        let mut values = vec![0; sizes.len()];
        for &factor in &known {
            values[factor] = certain_state(&task.factors[factor].prior).unwrap_or(0);
        }
        let start = configuration(&known, sizes, &values);
        let moves = (0..structure.joint_actions).map(Move::Action).chain([Move::Stay]);
        let mut next = Vec::new();
        for action in moves {
            for k in 0..known_states {
                structure.states_of_configuration(&known, k, &mut values);
                known.iter().for_each(|&f| values[f] = moved(task, structure, (f, values[f]), action));
                next.push(configuration(&known, sizes, &values));
            }
        }
        let mut configurations = vec![Vec::new(); task.modalities.len()];
        let mut joint_states = Vec::new();
        let all: Vec<usize> = (0..sizes.len()).collect();
        for k in 0..known_states {
            for u in 0..unknown_states {
                structure.states_of_configuration(&known, k, &mut values);
                structure.states_of_configuration(&unknown, u, &mut values);
                joint_states.push(configuration(&all, sizes, &values));
                for (configurations, modality) in configurations.iter_mut().zip(&structure.modalities) {
                    configurations.push(configuration(&modality.parents, sizes, &values));
                }
            }
        }
        let alike = configurations.iter().map(|configurations| alike(configurations, unknown_states));
        KnownFactors {
            alike: alike.collect(),
            unknown,
            unknown_states,
            start,
            next,
            known_states,
            configurations,
            joint_states,
        }
    }

    /// The number of joint states of the factors that are known.
    pub(crate) fn known_states(&self) -> usize {
        self.known_states
    }

    /// For every joint state of the other factors, the first one in which a modality's parents are configured alike.
    pub(crate) fn alike(&self, modality: usize, known: usize) -> &[usize] {
        &self.alike[modality][known * self.unknown_states..(known + 1) * self.unknown_states]
    }

    /// Where known factors get to by a move.
    pub(crate) fn after(&self, known: usize, action: Move) -> usize {
        let moves = self.next.len() / self.known_states;
        let number = if let Move::Action(action) = action { action } else { moves - 1 };
        self.next[number * self.known_states + known]
    }

    /// The joint states that are possible where known factors are.
    pub(crate) fn joint_states(&self, known: usize) -> &[usize] {
        &self.joint_states[known * self.unknown_states..(known + 1) * self.unknown_states]
    }

    /// The configurations of a modality's parents that are possible where known factors are.
    pub(crate) fn configurations(&self, modality: usize, known: usize) -> &[usize] {
        &self.configurations[modality][known * self.unknown_states..(known + 1) * self.unknown_states]
    }
}

/// For every entry, the first one of its chunk that is the same.
fn alike(configurations: &[usize], chunk: usize) -> Vec<usize> {
    let first = |chunk: &[usize]| -> Vec<usize> {
        let same = |c: &usize| chunk.iter().position(|other| other == c).unwrap_or_default();
        chunk.iter().map(same).collect()
    };
    configurations.chunks_exact(chunk).flat_map(first).collect()
}

/// Where a known factor gets to by a move.
fn moved(task: &TaskModel, structure: &Structure, (factor, state): (usize, usize), action: Move) -> usize {
    let transitions = &structure.transitions[factor];
    let Some(controls) = control_configuration(transitions, action) else { return state };
    let row = if transitions.parents.is_empty() { 0 } else { state };
    let column = controls * transitions.parent_configurations + row;
    certain_state(&task.factors[factor].transitions.columns[column]).unwrap_or(state)
}

/// The filter over the factors that are not known.
pub(crate) struct PartlyKnown<T> {
    structure: Arc<Structure>,
    factors: Arc<KnownFactors>,
    belief: Vec<T>,
    buffer: Vec<T>,
}

impl<T: Real> PartlyKnown<T> {
    pub(crate) fn new(structure: Arc<Structure>, factors: Arc<KnownFactors>) -> Self {
        let nothing = vec![T::ZERO; factors.unknown_states];
        PartlyKnown { structure, factors, belief: nothing.clone(), buffer: nothing }
    }

    /// `q(u)`.
    pub(crate) fn belief(&self) -> &[T] {
        &self.belief
    }

    /// Writes the marginal beliefs about all factors, one after the other.
    pub(crate) fn marginals(&self, known: usize, marginals: &mut [T]) {
        let joint_states = self.factors.joint_states(known).iter().copied();
        marginals_of(&self.structure, joint_states.zip(self.belief.iter().copied()), marginals);
    }

    /// The configurations of a modality's parents that are possible, with their probabilities.
    pub(crate) fn parents(&mut self, modality: usize, known: usize) -> impl Iterator<Item = (usize, T)> {
        let alike = self.factors.alike(modality, known);
        self.buffer.fill(T::ZERO);
        alike.iter().zip(&self.belief).for_each(|(&first, &q)| self.buffer[first] += q);
        let configurations = self.factors.configurations(modality, known);
        let firsts = alike.iter().enumerate().filter(|(u, first)| *u == **first);
        firsts.map(|(u, _)| (configurations[u], self.buffer[u]))
    }

    /// Goes on from another belief.
    pub(crate) fn resume(&mut self, belief: &[T]) {
        self.belief.copy_from_slice(belief);
    }

    /// Starts a trial at the initial prior.
    pub(crate) fn restart(&mut self, knowledge: &Knowledge<T>) {
        self.belief[0] = T::ONE;
        let mut filled = 1;
        for &factor in &self.factors.unknown {
            let prior = knowledge.initial_state[factor].column(0);
            let size = self.structure.factor_sizes[factor];
            filled = extend(&mut self.belief, filled, size, |state| prior[state]);
        }
    }

    /// Predicts across a move.
    pub(crate) fn predict(&mut self, knowledge: &Knowledge<T>, action: Move) {
        let mut right = self.belief.len();
        for &factor in &self.factors.unknown {
            right /= self.structure.factor_sizes[factor];
            let (from, to) = (&self.belief, &mut self.buffer);
            if move_factor(&self.structure, knowledge, (factor, action), from, to, right) {
                std::mem::swap(&mut self.belief, &mut self.buffer);
            }
        }
    }

    /// Updates with outcomes, each with its modality; `false` if they are impossible.
    pub(crate) fn update(
        &mut self,
        knowledge: &Knowledge<T>,
        known: usize,
        outcomes: &[(usize, usize)],
    ) -> bool {
        if outcomes.is_empty() {
            return true;
        }
        for &(modality, outcome) in outcomes {
            let table = &knowledge.likelihood[modality];
            let (cells, outcomes) = (table.columns(0, table.expected().nrows()), table.expected().ncols());
            let configurations = self.factors.configurations(modality, known);
            for (q, &configuration) in self.belief.iter_mut().zip(configurations) {
                // Plain numbers are sooner multiplied than asked whether they need to be.
                if !(T::CARRIES_DERIVATIVES && q.is_zero()) {
                    *q *= cells[configuration * outcomes + outcome];
                }
            }
        }
        normalise_belief(&mut self.belief).value() > 0.0
    }
}
