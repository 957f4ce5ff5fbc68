//! One step of smoothing on the joint state of all factors: exact.

use super::super::Move;
use super::super::exact::spread;
use super::{BackwardStep, Pairs, Taken};
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::{Structure, configuration, states_of};
use std::sync::Arc;

pub(super) struct Joint<T> {
    structure: Arc<Structure>,
    /// `q(s'_t+1, s_t | whole trial)` for one joint state `s_t`: `[joint state]`.
    row: Vec<T>,
    states: Vec<usize>,
}

impl<T: Real> Joint<T> {
    pub(super) fn new(structure: Arc<Structure>) -> Self {
        Joint {
            row: vec![T::ZERO; structure.joint_states],
            states: vec![0; structure.factor_sizes.len()],
            structure,
        }
    }

    /// Computes the row of one joint state before the move, whose states stand in `states`, and returns its sum.
    fn fill_row(&mut self, knowledge: &Knowledge<T>, action: Move, weight: T, ratio: &[T]) -> T {
        spread(&self.structure, knowledge, action, weight, &self.states, &mut self.row);
        let mut sum = T::ZERO;
        for (mass, &ratio) in self.row.iter_mut().zip(ratio) {
            if !mass.is_zero() {
                *mass *= ratio;
                sum += *mass;
            }
        }
        sum
    }

    /// Adds the row to the pairs of every factor that is asked for.
    fn add_pairs(&self, pairs: &mut Pairs<T>) {
        let sizes = &self.structure.factor_sizes;
        let mut right = self.structure.joint_states;
        for (factor, pairs) in pairs.iter_mut().enumerate() {
            right /= sizes[factor];
            let Some(pairs) = pairs else { continue };
            let parents = configuration(&self.structure.transitions[factor].parents, sizes, &self.states);
            for (state, &mass) in self.row.iter().enumerate().filter(|(_, mass)| !mass.is_zero()) {
                pairs[(parents, state / right % sizes[factor])] += mass;
            }
        }
    }
}

impl<T: Real> BackwardStep<T> for Joint<T> {
    fn retrace(
        &mut self,
        knowledge: &Knowledge<T>,
        taken: Taken<'_, T>,
        filtered: &[T],
        ratio: &[T],
        smoothed: &mut [T],
        pairs: &mut Pairs<T>,
    ) {
        smoothed.fill(T::ZERO);
        pairs.iter_mut().flatten().for_each(|pairs| pairs.fill(T::ZERO));
        for (action, weight) in taken.each() {
            for (state, &q) in filtered.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
                states_of(state, &self.structure.factor_sizes, &mut self.states);
                smoothed[state] += self.fill_row(knowledge, action, weight * q, ratio);
                self.add_pairs(pairs);
            }
        }
    }
}
