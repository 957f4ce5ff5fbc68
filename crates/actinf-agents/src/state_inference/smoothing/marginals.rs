//! One step of smoothing on one marginal per factor.
//!
//! ```text
//! g_i(parents)  = Σ_s' B_i(s' | parents, u) r_i(s')                       what factor i says about its parents
//! q(s_d)        ∝ q_t(s_d) Π_i Σ_other parents Π_other q_t(other) g_i     over the factors i that depend on d
//! J_i(s', parents) = B_i(s' | parents, u) Π_d q_t(parent d) r_i(s')
//! ```

use super::super::Move;
use super::super::exact::control_configuration;
use super::{BackwardStep, Pairs, Taken};
use crate::categorical::normalise;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use ndarray::Array2;
use std::sync::Arc;

pub(super) struct Marginals<T> {
    structure: Arc<Structure>,
    /// `g`: `[parents' configuration]`.
    said: Vec<T>,
    message: Vec<T>,
    /// How many factors depend on each factor across the present move.
    children: Vec<usize>,
    states: Vec<usize>,
}

impl<T: Real> Marginals<T> {
    pub(super) fn new(structure: Arc<Structure>) -> Self {
        let configurations =
            structure.transitions.iter().map(|transitions| transitions.parent_configurations);
        Marginals {
            said: vec![T::ZERO; configurations.max().unwrap_or(1)],
            message: vec![T::ZERO; structure.factor_sizes.iter().copied().max().unwrap_or(1)],
            children: vec![0; structure.factor_sizes.len()],
            states: vec![0; structure.factor_sizes.len()],
            structure,
        }
    }

    /// The factor's column for a configuration of its parents under a move.
    fn column<'k>(
        &self,
        knowledge: &'k Knowledge<T>,
        factor: usize,
        action: Move,
        row: usize,
    ) -> Option<&'k [T]> {
        let transitions = &self.structure.transitions[factor];
        let controls = control_configuration(transitions, action)?;
        Some(knowledge.transitions[factor].column(controls * transitions.parent_configurations + row))
    }

    /// Computes `g` of one factor, given its part of the ratio.
    fn fill_said(&mut self, knowledge: &Knowledge<T>, factor: usize, taken: Taken<'_, T>, ratio: &[T]) {
        for row in 0..self.structure.transitions[factor].parent_configurations {
            let mut said = T::ZERO;
            for (action, weight) in taken.each() {
                for (&p, &ratio) in
                    self.column(knowledge, factor, action, row).unwrap_or_default().iter().zip(ratio)
                {
                    if !p.is_zero() {
                        said += weight * p * ratio;
                    }
                }
            }
            self.said[row] = said;
        }
    }

    /// Multiplies the belief about one parent with what the factor says about it.
    fn tell(&mut self, factor: usize, parent: usize, filtered: &[T], smoothed: &mut [T]) {
        let transitions = &self.structure.transitions[factor];
        let range = self.structure.factor_range(parent);
        self.message[..range.len()].fill(T::ZERO);
        for row in 0..transitions.parent_configurations {
            self.structure.states_of_configuration(&transitions.parents, row, &mut self.states);
            let others = transitions.parents.iter().filter(|&&other| other != parent);
            let weight = product(&self.structure, others, &self.states, filtered);
            if !weight.is_zero() {
                self.message[self.states[parent]] += weight * self.said[row];
            }
        }
        for (q, &message) in smoothed[range].iter_mut().zip(&self.message) {
            *q *= message;
        }
        self.children[parent] += 1;
    }

    /// The factor keeps its state: its belief after the move is its belief before it.
    fn keep(&mut self, factor: usize, taken: Taken<'_, T>, ratio: &[T], smoothed: &mut [T]) {
        let mut total = T::ZERO;
        taken.each().for_each(|(_, weight)| total += weight);
        for (q, &ratio) in smoothed[self.structure.factor_range(factor)].iter_mut().zip(ratio) {
            *q *= total * ratio;
        }
        self.children[factor] += 1;
    }

    fn fill_pairs(
        &mut self,
        (knowledge, factor): (&Knowledge<T>, usize),
        action: Move,
        (filtered, ratio): (&[T], &[T]),
        pairs: &mut Array2<T>,
    ) {
        pairs.fill(T::ZERO);
        let structure = self.structure.clone();
        let parents = &structure.transitions[factor].parents;
        for (row, mut pairs) in pairs.rows_mut().into_iter().enumerate() {
            structure.states_of_configuration(parents, row, &mut self.states);
            let weight = product(&structure, parents.iter(), &self.states, filtered);
            let column = self.column(knowledge, factor, action, row).unwrap_or_default();
            for ((pair, &p), &ratio) in pairs.iter_mut().zip(column).zip(ratio) {
                *pair = if weight.is_zero() || p.is_zero() { T::ZERO } else { weight * p * ratio };
            }
        }
    }
}

/// `Π_d q_d(states[d])` over the given factors.
fn product<'a, T: Real>(
    structure: &Structure,
    factors: impl Iterator<Item = &'a usize>,
    states: &[usize],
    belief: &[T],
) -> T {
    factors.fold(T::ONE, |weight, &f| weight * belief[structure.factor_offsets[f] + states[f]])
}

impl<T: Real> BackwardStep<T> for Marginals<T> {
    fn retrace(
        &mut self,
        knowledge: &Knowledge<T>,
        taken: Taken<'_, T>,
        filtered: &[T],
        ratio: &[T],
        smoothed: &mut [T],
        pairs: &mut Pairs<T>,
    ) {
        let structure = self.structure.clone();
        smoothed.copy_from_slice(filtered);
        self.children.fill(0);
        for (factor, transitions) in structure.transitions.iter().enumerate() {
            let ratio = &ratio[structure.factor_range(factor)];
            // Whether a factor keeps its state does not differ between the actions of one move.
            if taken.each().any(|(action, _)| control_configuration(transitions, action).is_none()) {
                self.keep(factor, taken, ratio, smoothed);
                continue;
            }
            self.fill_said(knowledge, factor, taken, ratio);
            for &parent in &transitions.parents {
                self.tell(factor, parent, filtered, smoothed);
            }
            if let (Some(Some(pairs)), Taken::Known(action)) = (pairs.get_mut(factor), taken) {
                self.fill_pairs((knowledge, factor), action, (filtered, ratio), pairs);
            }
        }
        for (factor, _) in self.children.iter().enumerate().filter(|(_, children)| **children > 1) {
            normalise(&mut smoothed[structure.factor_range(factor)]);
        }
    }
}
