//! Exact filtering on the joint state of all factors.
//!
//! ```text
//! predict   p(s' | past)    = Σ_s Π_f B_f(s'_f | parents_f(s), u) q(s)
//! update    q(s' | past, o) ∝ Π_m A_m(o_m | parents_m(s')) p(s' | past)
//! surprise  -ln p(o | past) = -ln Σ_s' Π_m A_m(o_m | s') p(s' | past)
//! ```
//!
//! Beliefs are renormalised at every update (the scaled forward recursion: Rabiner 1989, section V.A), so nothing
//! underflows before a state is about 1e-308 times less probable than the rest.

use super::evidence::evidence;
use super::{Move, StateInference, extend};
use crate::behaviour::Observation;
use crate::categorical::normalise;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::{Structure, configuration, states_of};
use std::sync::Arc;

/// Exact filtering with its workspace.
pub(crate) struct Exact<T> {
    structure: Arc<Structure>,
    buffer: Vec<T>,
    states: Vec<usize>,
    is_factorised: bool,
}

impl<T: Real> Exact<T> {
    pub(crate) fn new(structure: Arc<Structure>) -> Self {
        Exact {
            buffer: vec![T::ZERO; structure.joint_states],
            states: vec![0; structure.factor_sizes.len()],
            is_factorised: structure.transitions.iter().enumerate().all(|(f, t)| t.is_own(f)),
            structure,
        }
    }

    /// Moves one factor after the other: every factor depends on its own past alone.
    fn predict_by_factor(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]) {
        let structure = &*self.structure;
        let moves = |factor: usize| control_configuration(&structure.transitions[factor], action).is_some();
        let mut remaining = (0..structure.transitions.len()).filter(|&factor| moves(factor)).count();
        if remaining == 0 {
            to.copy_from_slice(from);
        }
        let mut right = structure.joint_states;
        let mut is_first = true;
        for (factor, &size) in structure.factor_sizes.iter().enumerate() {
            right /= size;
            if !moves(factor) {
                continue;
            }
            // The belief alternates between `to` and the buffer so that the last factor leaves it in `to`.
            let (source, target) = match remaining % 2 {
                1 => (&mut *self.buffer, &mut *to),
                _ => (&mut *to, &mut *self.buffer),
            };
            let source = if is_first { from } else { source };
            move_factor(structure, knowledge, (factor, action), source, target, right);
            is_first = false;
            remaining -= 1;
        }
    }

    /// Moves all factors together: some depend on the past of others.
    fn predict_jointly(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]) {
        to.fill(T::ZERO);
        for (state, &weight) in from.iter().enumerate() {
            if weight.is_zero() {
                continue;
            }
            states_of(state, &self.structure.factor_sizes, &mut self.states);
            spread(&self.structure, knowledge, action, weight, &self.states, &mut self.buffer);
            for (next, &mass) in to.iter_mut().zip(&self.buffer) {
                *next += mass;
            }
        }
    }
}

/// Writes `weight · Π_f B_f(s'_f | states)` for every joint state s' to `to`.
pub(super) fn spread<T: Real>(
    structure: &Structure,
    knowledge: &Knowledge<T>,
    action: Move,
    weight: T,
    states: &[usize],
    to: &mut [T],
) {
    to.fill(T::ZERO);
    to[0] = weight;
    let mut filled = 1;
    for (factor, transitions) in structure.transitions.iter().enumerate() {
        let column = control_configuration(transitions, action).map(|controls| {
            let parents = configuration(&transitions.parents, &structure.factor_sizes, states);
            knowledge.transitions[factor].column(controls * transitions.parent_configurations + parents)
        });
        let stays_in = states[factor];
        filled = extend(to, filled, structure.factor_sizes[factor], |state| match column {
            Some(column) => column[state],
            None if state == stays_in => T::ONE,
            None => T::ZERO,
        });
    }
}

/// The configuration of a factor's controls under a move; `None` if the factor keeps its state.
pub(super) fn control_configuration(
    transitions: &crate::structure::TransitionStructure,
    action: Move,
) -> Option<usize> {
    match action {
        _ if transitions.stays => None,
        Move::Action(action) => Some(transitions.control_configurations[action]),
        Move::Stay if transitions.is_controlled => None,
        Move::Stay => Some(0),
    }
}

/// How many entries that stand side by side are worth a loop of their own.
const FEW: usize = 4;

/// Moves one factor that depends on its own past alone, among others that vary slower and, in `right` configurations,
/// faster than it: `to[.., s', r] = Σ_s B(s' | s, u) from[.., s, r]`. Leaves `to` as it is and returns `false` where the
/// factor stays.
pub(crate) fn move_factor<T: Real>(
    structure: &Structure,
    knowledge: &Knowledge<T>,
    (factor, action): (usize, Move),
    from: &[T],
    to: &mut [T],
    right: usize,
) -> bool {
    let transitions = &structure.transitions[factor];
    let Some(controls) = control_configuration(transitions, action) else { return false };
    let size = structure.factor_sizes[factor];
    let rows = transitions.parent_configurations;
    let columns = knowledge.transitions[factor].columns(controls * rows, rows);
    let blocks = to.chunks_exact_mut(size * right).zip(from.chunks_exact(size * right));
    if transitions.parents.is_empty() {
        blocks.for_each(|(next, previous)| forget(next, previous, right, columns));
    } else {
        blocks.for_each(|(next, previous)| transfer(next, previous, right, columns));
    }
    true
}

/// `next[s', r] = column[s'] Σ_s previous[s, r]`: the factor forgets where it was.
#[inline]
fn forget<T: Real>(next: &mut [T], previous: &[T], right: usize, column: &[T]) {
    let (first, others) = next.split_at_mut(right);
    first.copy_from_slice(&previous[..right]);
    for source in previous[right..].chunks_exact(right) {
        first.iter_mut().zip(source).for_each(|(mass, &p)| *mass += p);
    }
    for (target, &p) in others.chunks_exact_mut(right).zip(&column[1..]) {
        target.iter_mut().zip(&*first).for_each(|(cell, &mass)| *cell = mass * p);
    }
    first.iter_mut().for_each(|mass| *mass *= column[0]);
}

/// `next[s', r] = Σ_s column_s[s'] previous[s, r]`, the columns standing one after the other.
#[inline]
fn transfer<T: Real>(next: &mut [T], previous: &[T], right: usize, columns: &[T]) {
    let size = next.len() / right;
    if !T::CARRIES_DERIVATIVES && right < FEW {
        return transfer_few(next, previous, right, columns);
    }
    next.fill(T::ZERO);
    for (source, column) in previous.chunks_exact(right).zip(columns.chunks_exact(size)) {
        if let [mass] = source {
            if !mass.is_zero() {
                next.iter_mut().zip(column).for_each(|(cell, &p)| *cell += *mass * p);
            }
            continue;
        }
        for (target, &p) in next.chunks_exact_mut(right).zip(column).filter(|(_, p)| !p.is_zero()) {
            target.iter_mut().zip(source).for_each(|(cell, &mass)| *cell += mass * p);
        }
    }
}

/// The same sums in the same order, one configuration after the other: of plain numbers that are few, what is zero costs
/// least if nobody asks.
#[inline]
fn transfer_few<T: Real>(next: &mut [T], previous: &[T], right: usize, columns: &[T]) {
    match next.len() / right {
        2 => transfer_between::<T, 2>(next, previous, right, columns),
        3 => transfer_between::<T, 3>(next, previous, right, columns),
        4 => transfer_between::<T, 4>(next, previous, right, columns),
        size => {
            for (state, targets) in next.chunks_exact_mut(right).enumerate() {
                for (place, target) in targets.iter_mut().enumerate() {
                    *target = T::ZERO;
                    let sources = previous.iter().skip(place).step_by(right);
                    for (&mass, column) in sources.zip(columns.chunks_exact(size)) {
                        *target += mass * column[state];
                    }
                }
            }
        }
    }
}

/// The same between so few states that all sums of a configuration stay in registers.
#[inline]
fn transfer_between<T: Real, const S: usize>(next: &mut [T], previous: &[T], right: usize, columns: &[T]) {
    let (columns, _) = columns.as_chunks::<S>();
    for place in 0..right {
        let mut sums = [T::ZERO; S];
        for (sources, column) in previous.chunks_exact(right).zip(columns) {
            let mass = sources[place];
            for (sum, &p) in sums.iter_mut().zip(column) {
                *sum += mass * p;
            }
        }
        for (targets, sum) in next.chunks_exact_mut(right).zip(sums) {
            targets[place] = sum;
        }
    }
}

/// Divides a belief by its sum and returns that; a single state that is possible is certain, to the last bit.
pub(crate) fn normalise_belief<T: Real>(belief: &mut [T]) -> T {
    let mut possible = belief.iter().enumerate().filter(|(_, p)| p.value() > 0.0);
    match (possible.next(), possible.next()) {
        (Some((only, _)), None) => make_certain(belief, only),
        _ => normalise(belief),
    }
}

/// As [`normalise_belief`], where only one state is possible; others may be about to become so.
fn make_certain<T: Real>(belief: &mut [T], only: usize) -> T {
    let mut others = T::ZERO;
    for (_, &p) in belief.iter().enumerate().filter(|(state, p)| *state != only && !p.is_zero()) {
        others += p;
    }
    let sum = std::mem::replace(&mut belief[only], T::ONE) + others;
    if !others.is_zero() {
        let inverse = T::ONE / sum;
        belief[only] = T::ONE - others * inverse;
        for (_, p) in belief.iter_mut().enumerate().filter(|(state, _)| *state != only) {
            *p *= inverse;
        }
    }
    sum
}

impl<T: Real> StateInference<T> for Exact<T> {
    fn belief_size(&self) -> usize {
        self.structure.joint_states
    }

    fn restart(&mut self, knowledge: &Knowledge<T>, belief: &mut [T]) {
        belief.fill(T::ZERO);
        belief[0] = T::ONE;
        let mut filled = 1;
        for (factor, &size) in self.structure.factor_sizes.iter().enumerate() {
            let prior = knowledge.initial_state[factor].column(0);
            filled = extend(belief, filled, size, |state| prior[state]);
        }
    }

    fn predict(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]) {
        if self.is_factorised {
            self.predict_by_factor(knowledge, action, from, to);
        } else {
            self.predict_jointly(knowledge, action, from, to);
        }
    }

    fn update(
        &mut self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T> {
        let mut is_updated = false;
        for ((table, modality), observation) in
            knowledge.likelihood.iter().zip(&self.structure.modalities).zip(observations)
        {
            if *observation == Observation::Missing {
                continue;
            }
            is_updated = true;
            for (state, p) in belief.iter_mut().enumerate().filter(|(_, p)| !p.is_zero()) {
                let row = modality.configuration_of_state.get(state).copied().unwrap_or(state);
                *p *= evidence(table.column(row), observation);
            }
        }
        if !is_updated {
            return Some(T::ZERO);
        }
        let probability = normalise_belief(belief);
        (probability.value() > 0.0).then(|| -probability.ln())
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn parents<'a>(&self, modality: usize, belief: &'a [T], scratch: &'a mut [T]) -> &'a [T] {
        let modality = &self.structure.modalities[modality];
        if modality.configuration_of_state.is_empty() {
            return belief;
        }
        let scratch = &mut scratch[..modality.parent_configurations];
        scratch.fill(T::ZERO);
        for (&p, &configuration) in belief.iter().zip(&modality.configuration_of_state) {
            if !p.is_zero() {
                scratch[configuration] += p;
            }
        }
        scratch
    }

    fn marginals(&self, belief: &[T], marginals: &mut [T]) {
        marginals_of(&self.structure, belief.iter().copied().enumerate(), marginals);
    }
}

/// Writes the marginal beliefs about all factors, one after the other, given joint states with their probabilities.
pub(super) fn marginals_of<T: Real>(
    structure: &Structure,
    belief: impl Iterator<Item = (usize, T)>,
    marginals: &mut [T],
) {
    marginals.fill(T::ZERO);
    for (state, p) in belief.filter(|(_, p)| !p.is_zero()) {
        let mut right = structure.joint_states;
        for (&size, &offset) in structure.factor_sizes.iter().zip(&structure.factor_offsets) {
            right /= size;
            marginals[offset + state / right % size] += p;
        }
    }
}
