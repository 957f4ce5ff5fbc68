//! Which transitions a policy goes through: its own, or those of the actions that were really taken.

use super::kernel::Kernel;
use super::knowledge::TrialKnowledge;
use super::layout::Layout;
use crate::real::Real;

/// What was done between a step and the next one.
#[derive(Clone, Copy, Debug)]
enum Taken {
    Action(usize),
    /// The action is missing and nothing was done: controlled factors stay.
    Stay,
    /// The action is missing and was averaged over; its kernels stand at this place.
    Averaged(usize),
}

/// The actions of the trial so far, where policies prescribe only the next one.
pub(super) struct Executed<T> {
    taken: Vec<Taken>,
    averages: Vec<[Vec<Kernel<T>>; 2]>,
    used_averages: usize,
}

impl<T: Real> Executed<T> {
    pub(super) fn new() -> Self {
        Executed { taken: Vec::new(), averages: Vec::new(), used_averages: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.taken.clear();
        self.used_averages = 0;
    }

    /// The joint action of a policy between a step and the next one: its own, or the one that was taken there; `None` where that
    /// is missing.
    pub(super) fn action(&self, layout: &Layout, policy: usize, step: usize) -> Option<usize> {
        if layout.plans_whole_trial() {
            return Some(layout.actions[step][policy]);
        }
        match self.taken.get(step) {
            None => Some(layout.actions[0][policy]),
            Some(Taken::Action(action)) => Some(*action),
            Some(_) => None,
        }
    }

    pub(super) fn push(&mut self, action: Option<usize>) {
        self.taken.push(action.map_or(Taken::Stay, Taken::Action));
    }

    /// Adds a missing action, averaged over all joint actions with these log-probabilities.
    pub(super) fn push_average(&mut self, layout: &Layout, knowledge: &TrialKnowledge<T>, log_actions: &[T]) {
        if self.used_averages == self.averages.len() {
            let kernels = || layout.structure.factor_sizes.iter().map(|&size| Kernel::new(size)).collect();
            self.averages.push([kernels(), kernels()]);
        }
        let [forward, backward] = &mut self.averages[self.used_averages];
        for factor in 0..layout.factors() {
            let transitions = &layout.structure.transitions[factor];
            let p = |to: usize, from: usize| {
                let mut sum = T::ZERO;
                for (action, &log) in
                    log_actions.iter().enumerate().filter(|(_, log)| log.value().is_finite())
                {
                    let configuration = transitions.control_configurations[action];
                    sum += log.exp() * knowledge.forward[factor][configuration].probability(to, from);
                }
                sum
            };
            forward[factor].fill(layout.numerics, p);
            backward[factor].fill_normalised(layout.numerics, |to, from| p(from, to));
        }
        self.taken.push(Taken::Averaged(self.used_averages));
        self.used_averages += 1;
    }
}

/// The transitions of one policy.
#[derive(Clone, Copy)]
pub(super) struct Route<'a, T> {
    pub(super) layout: &'a Layout,
    pub(super) knowledge: &'a TrialKnowledge<T>,
    pub(super) executed: &'a Executed<T>,
    pub(super) policy: usize,
}

impl<'a, T: Real> Route<'a, T> {
    /// `ln D` of all factors.
    pub(super) fn log_initial(&self) -> &'a [T] {
        &self.knowledge.log_initial
    }

    /// As [`Executed::action`].
    #[inline]
    pub(super) fn action(&self, step: usize) -> Option<usize> {
        self.executed.action(self.layout, self.policy, step)
    }

    /// From a step to the next one.
    #[inline]
    pub(super) fn forward(&self, step: usize, factor: usize) -> &'a Kernel<T> {
        self.kernel(step, factor, &self.knowledge.forward, 0)
    }

    /// From the step after a step back to it.
    #[inline]
    pub(super) fn backward(&self, step: usize, factor: usize) -> &'a Kernel<T> {
        self.kernel(step, factor, &self.knowledge.backward, 1)
    }

    #[inline]
    fn kernel(
        &self,
        step: usize,
        factor: usize,
        kernels: &'a [Vec<Kernel<T>>],
        direction: usize,
    ) -> &'a Kernel<T> {
        let transitions = &self.layout.structure.transitions[factor];
        if let Some(action) = self.action(step) {
            return &kernels[factor][transitions.control_configurations[action]];
        }
        match self.executed.taken[step] {
            Taken::Averaged(place) => &self.executed.averages[place][direction][factor],
            _ if transitions.is_controlled => &self.knowledge.stay[factor],
            _ => &kernels[factor][0],
        }
    }
}
