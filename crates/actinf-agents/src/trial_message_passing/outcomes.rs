//! What every joint state says about outcomes: their joint distribution, their preferences, what is left to learn of them.

use super::counts::CountTable;
use super::layout::Layout;
use crate::numerics::{SPM_ADDED, SPM_INFORMATION_FLOOR};
use crate::real::Real;

/// Tables over joint states.
pub(super) struct Outcomes<T> {
    /// Joint outcomes with their probabilities, joint state by joint state, those that are not 0.
    joint: Vec<(usize, T)>,
    /// Where each joint state's joint outcomes end.
    ends: Vec<usize>,
    /// `Σ_o p(o | s) ln p(o | s)` per joint state, in nats.
    negative_entropies: Vec<T>,
    /// `Σ_g Σ_o A_g(o | s) ln C_g(o)`: `[step, joint state]`, in nats.
    utilities: Vec<T>,
}

impl<T: Real> Outcomes<T> {
    pub(super) fn new(layout: &Layout) -> Self {
        let joint_states = layout.structure.joint_states;
        Outcomes {
            joint: Vec::new(),
            ends: Vec::with_capacity(joint_states),
            negative_entropies: vec![T::ZERO; joint_states],
            utilities: vec![T::ZERO; layout.preference_steps * joint_states],
        }
    }

    /// The joint outcomes of a joint state with their probabilities.
    #[inline]
    pub(super) fn of_state(&self, joint: usize) -> &[(usize, T)] {
        let first = joint.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.joint[first..self.ends[joint]]
    }

    /// `Σ_o p(o | s) ln p(o | s)` of a joint state, in nats.
    #[inline]
    pub(super) fn negative_entropy(&self, joint: usize) -> T {
        self.negative_entropies[joint]
    }

    /// The utilities of all joint states at a step of the trial.
    pub(super) fn utilities(&self, layout: &Layout, step: usize) -> &[T] {
        let joint_states = layout.structure.joint_states;
        let start = step.min(layout.preference_steps - 1) * joint_states;
        &self.utilities[start..start + joint_states]
    }

    /// Works out joint outcomes from the likelihoods.
    pub(super) fn refresh_joint(&mut self, layout: &Layout, likelihood: &[CountTable<T>]) {
        self.joint.clear();
        self.ends.clear();
        for state in 0..layout.structure.joint_states {
            let first = self.joint.len();
            self.joint.push((0, T::ONE));
            for (m, modality) in layout.structure.modalities.iter().enumerate() {
                if modality.information_gain {
                    self.cross(first, likelihood[m].column(layout.parents(m, state)));
                }
            }
            let mut sum = T::ZERO;
            for &(_, p) in &self.joint[first..] {
                sum += p * ln_information(p, layout);
            }
            self.negative_entropies[state] = sum;
            self.ends.push(self.joint.len());
        }
    }

    /// Crosses the joint outcomes from `first` on with one more modality.
    fn cross(&mut self, first: usize, column: &[T]) {
        let last = self.joint.len();
        for at in first..last {
            let (outcome, mass) = self.joint[at];
            for (next, &p) in column.iter().enumerate().filter(|(_, p)| p.value() > 0.0) {
                self.joint.push((outcome * column.len() + next, mass * p));
            }
        }
        self.joint.drain(first..last);
    }

    /// Works out the utilities from likelihoods and log preferences (`[step, outcome]` per modality).
    pub(super) fn refresh_utilities(
        &mut self,
        layout: &Layout,
        likelihood: &[CountTable<T>],
        log_preferences: &[Vec<T>],
    ) {
        let joint_states = layout.structure.joint_states;
        for (step, utilities) in self.utilities.chunks_exact_mut(joint_states).enumerate() {
            for (state, utility) in utilities.iter_mut().enumerate() {
                *utility = T::ZERO;
                for (m, logs) in log_preferences.iter().enumerate() {
                    let column = likelihood[m].column(layout.parents(m, state));
                    let steps = logs.len() / column.len();
                    let start = step.min(steps - 1) * column.len();
                    for (&p, &log) in column.iter().zip(&logs[start..]).filter(|(p, _)| !p.is_zero()) {
                        *utility += p * log;
                    }
                }
            }
        }
    }
}

/// The logarithm that information gain is measured with.
#[inline]
pub(super) fn ln_information<T: Real>(p: T, layout: &Layout) -> T {
    if layout.is_spm() { (p + SPM_INFORMATION_FLOOR).ln() } else { p.ln() }
}

/// What is left to learn about a probability with this count: `½ (1/a - 1/Σa)`, where `sum` is the sum over its column and
/// `size` its number of entries; 0 where the count is 0. With `keeps_zeros`, as SPM does for D, a count of 0 has
/// the enormous weight that `1e-16` in its place would have.
pub(super) fn novelty<T: Real>(count: T, sum: T, size: usize, layout: &Layout, keeps_zeros: bool) -> T {
    if count.value() <= 0.0 && !(keeps_zeros && layout.is_spm()) {
        return T::ZERO;
    }
    let added = if layout.is_spm() { SPM_ADDED } else { 0.0 };
    (T::ONE / (count + added) - T::ONE / (sum + size as f64 * added)) * 0.5
}
