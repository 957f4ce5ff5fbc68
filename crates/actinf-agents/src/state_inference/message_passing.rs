//! Message passing over a window of past steps: what its two variants share.
//!
//! ```text
//! q_k,f(s) ∝ exp( L_k,f(s) + w_k (forward_k,f(s) + backward_k,f(s)) )         for slots k of the window and factors f
//! L_k,f(s) = Σ_m E_q[other parents of m][ ln A_m(o_m,k | parents) ]            nothing from what is missing
//! forward_0,f = ln p_0,f                                                       the window's prior
//! backward    = 0 at the last slot
//! ```
//!
//! The messages and the weight `w_k` make the variant: [marginal](super::marginal_message_passing) or
//! [variational](super::variational_message_passing). All marginals start uniform, and every sweep computes all of them
//! from those of the sweep before. Their number is fixed, which keeps the result differentiable. The agent's belief is the last
//! slot; it plans ahead by mean-field predictions from there, and where it imagines observations, it takes them in by one
//! step of [fixed-point iteration](super::fixed_point_iteration) with parallel sweeps.
//!
//! A step without observations is a slot without evidence. What was done before the first observation is no part of the
//! window: its prior is then the prediction from `D`. Across a missing action controlled factors stay where they were, or
//! transitions are averaged, `B̄_f = Σ_u p(u) B_f(u)`, with the agent's own probabilities of its actions.
//!
//! Observations are impossible if in some sweep no state of a factor is possible, or if the marginals together give them
//! probability 0. From uniform marginals, expected logarithms count combinations of states that cannot be: models with
//! certain likelihoods of several factors need the floor of [`Numerics::Pymdp`].
//!
//! The surprise is the free energy of the whole window, with transitions judged by independent marginals:
//!
//! ```text
//! F = Σ_k Σ_f q_k,f·ln q_k,f  -  Σ_f q_0,f·ln p_0,f  -  Σ_k>0 Σ_f E_q[ ln B_f(s_k | parents_k-1) ]  -  Σ_k Σ_m E_q[ ln A_m(o_m,k | ·) ]
//! ```
//!
//! While nothing has been dropped it bounds `-ln p(all observations of the trial)` from above, in nats. It is infinite
//! where independent marginals allow a transition of probability 0, as they do as soon as a factor that stays is
//! uncertain; beliefs are not affected.
//!
//! # References
//!
//! Parr, Markovic, Kiebel & Friston (2019). Neuronal message passing using mean-field, Bethe, and marginal
//! approximations. *Scientific Reports* 9, 1889.

use super::mean_field::{add_expected_log, adopt, expected_log, flatten, weighted_logs};
use super::passage::{Departure, Passage, Passages};
use super::smoothing::Taken;
use super::window::Window;
use super::{FixedPointIteration, Move, StateInference};
use crate::behaviour::Observation;
use crate::categorical::log_softmax;
use crate::learning::Knowledge;
use crate::numerics;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::{Numerics, Schedule};
use std::sync::Arc;

/// The messages along time: what distinguishes the schemes.
pub(crate) trait Messages<T: Real>: Send {
    /// The weight of the messages along time at a slot that is not the last.
    const WEIGHT: f64;

    /// Writes the message to a factor from the marginals of all factors one slot before.
    fn forward(&mut self, structure: &Structure, passage: Passage<'_, T>, before: &[T], message: &mut [T]);

    /// Adds the message to `factor` from the marginal of its child one slot later; `before` are the marginals of all
    /// factors where the message arrives.
    fn add_backward(
        &mut self,
        structure: &Structure,
        passage: Passage<'_, T>,
        factor: usize,
        before: &[T],
        after: &[T],
        logits: &mut [T],
    );
}

/// Message passing with its window and workspace.
pub(crate) struct MessagePassing<T, M> {
    structure: Arc<Structure>,
    sweeps: usize,
    numerics: Numerics,
    messages: M,
    window: Window<T>,
    passages: Passages<T>,
    log_prior: Vec<T>,
    /// Per slot, those of all factors.
    logits: Vec<T>,
    /// For what is imagined.
    one_step: FixedPointIteration<T>,
}

impl<T: Real, M: Messages<T>> MessagePassing<T, M> {
    pub(super) fn with_messages(
        structure: Arc<Structure>,
        sweeps: usize,
        window: Option<usize>,
        numerics: Numerics,
        messages: M,
    ) -> Self {
        MessagePassing {
            sweeps,
            numerics,
            messages,
            window: Window::new(&structure, window, numerics),
            passages: Passages::new(structure.clone(), numerics),
            log_prior: vec![T::ZERO; structure.marginal_states()],
            logits: Vec::new(),
            one_step: FixedPointIteration::new(structure.clone(), sweeps, Schedule::Parallel, numerics),
            structure,
        }
    }

    /// One sweep over all slots and factors. `false` if no state of some factor is possible.
    fn sweep(&mut self, knowledge: &Knowledge<T>) -> bool {
        let factors = 0..self.structure.factor_sizes.len();
        for slot in 0..self.window.slots().len() {
            factors.clone().for_each(|factor| self.update_logits(knowledge, slot, factor));
        }
        let logits = self.logits.chunks_exact(self.structure.marginal_states());
        self.window.slots_mut().iter_mut().zip(logits).all(|(slot, logits)| {
            factors.clone().all(|factor| {
                let range = self.structure.factor_range(factor);
                adopt(&logits[range.clone()], &mut slot.marginals[range])
            })
        })
    }

    /// Computes the logits of one marginal from those around it.
    fn update_logits(&mut self, knowledge: &Knowledge<T>, k: usize, factor: usize) {
        let structure = &*self.structure;
        let slots = self.window.slots();
        let range = structure.factor_range(factor);
        let logits = &mut self.logits[k * structure.marginal_states()..][range.clone()];
        match k.checked_sub(1) {
            None => logits.copy_from_slice(&self.log_prior[range]),
            Some(before) => {
                let passage = self.passages.of(knowledge, &slots[before].departure, factor);
                self.messages.forward(structure, passage, &slots[before].marginals, logits);
            }
        }
        if let Some(after) = slots.get(k + 1) {
            for child in 0..structure.factor_sizes.len() {
                let passage = self.passages.of(knowledge, &slots[k].departure, child);
                if passage.parents.contains(&factor) {
                    let after = &after.marginals[structure.factor_range(child)];
                    self.messages.add_backward(
                        structure,
                        passage,
                        factor,
                        &slots[k].marginals,
                        after,
                        logits,
                    );
                }
            }
            logits.iter_mut().for_each(|logit| *logit = *logit * M::WEIGHT);
        }
        for (modality, logs) in structure.modalities.iter().zip(&slots[k].log_evidence) {
            if modality.parents.contains(&factor) && !logs.is_empty() {
                let log = |row: usize| logs[row];
                add_expected_log(structure, &modality.parents, factor, &slots[k].marginals, log, logits);
            }
        }
        log_softmax(logits);
    }

    /// The free energy of the window; `None` if the marginals give the observations probability 0.
    fn free_energy(&self, knowledge: &Knowledge<T>) -> Option<T> {
        let slots = self.window.slots();
        let (mut free_energy, mut is_finite) = (T::ZERO, true);
        for (k, slot) in slots.iter().enumerate() {
            for &q in slot.marginals.iter().filter(|q| q.value() > 0.0) {
                free_energy += q * numerics::ln(q, self.numerics);
            }
            let past = match k.checked_sub(1) {
                None => weighted_logs(&slot.marginals, &self.log_prior),
                Some(before) => {
                    let slot_before = &slots[before];
                    self.expected_log_transitions(
                        knowledge,
                        &slot_before.departure,
                        &slot_before.marginals,
                        &slot.marginals,
                    )
                }
            };
            is_finite &= past.value().is_finite();
            free_energy -= past;
            let accuracy = slot.accuracy(&self.structure);
            if accuracy.value() == f64::NEG_INFINITY {
                return None;
            }
            free_energy -= accuracy;
        }
        // Derivatives of an infinite sum are of no use, and those of its terms may be no numbers.
        Some(if is_finite { free_energy } else { T::constant(f64::INFINITY) })
    }

    /// `Σ_f E_q[ ln B_f(after | parents before) ]`.
    fn expected_log_transitions(
        &self,
        knowledge: &Knowledge<T>,
        departure: &Departure<T>,
        before: &[T],
        after: &[T],
    ) -> T {
        let mut sum = T::ZERO;
        for factor in 0..self.structure.factor_sizes.len() {
            let Passage { parents, logs, .. } = self.passages.of(knowledge, departure, factor);
            let next = &after[self.structure.factor_range(factor)];
            let log = |row: usize| weighted_logs(next, &logs[row * next.len()..(row + 1) * next.len()]);
            sum += expected_log(&self.structure, parents, before, log);
        }
        sum
    }
}

impl<T: Real, M: Messages<T>> StateInference<T> for MessagePassing<T, M> {
    fn belief_size(&self) -> usize {
        self.one_step.belief_size()
    }

    fn restart(&mut self, knowledge: &Knowledge<T>, belief: &mut [T]) {
        self.one_step.restart(knowledge, belief);
        self.window.restart(belief);
        self.passages.restart(knowledge);
    }

    fn predict(&mut self, knowledge: &Knowledge<T>, action: Move, from: &[T], to: &mut [T]) {
        self.one_step.predict(knowledge, action, from, to);
    }

    fn update(
        &mut self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T> {
        self.one_step.update(knowledge, observations, belief)
    }

    fn advance(
        &mut self,
        knowledge: &Knowledge<T>,
        taken: Taken<'_, T>,
        from: &[T],
        to: &mut [T],
        branch: &mut [T],
    ) {
        self.one_step.predict_across(knowledge, taken, from, to, branch);
        self.window.leave(&self.structure, knowledge, &self.passages, taken, to);
    }

    fn perceive(
        &mut self,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
        belief: &mut [T],
    ) -> Option<T> {
        self.passages.refresh(knowledge);
        self.window.refresh(&self.structure, knowledge);
        self.window.see(&self.structure, knowledge, observations);
        for (log, &p) in self.log_prior.iter_mut().zip(&self.window.prior) {
            *log = numerics::ln(p, self.numerics);
        }
        self.logits.resize(self.window.slots().len() * belief.len(), T::ZERO);
        for slot in self.window.slots_mut() {
            flatten(&self.structure, &mut slot.marginals);
        }
        for _ in 0..self.sweeps {
            if !self.sweep(knowledge) {
                return None;
            }
        }
        belief.copy_from_slice(&self.window.slots().last()?.marginals);
        self.free_energy(knowledge)
    }

    fn accuracy(&self, _: &Knowledge<T>, _: &[Observation], _: &[T], _: &mut [T]) -> T {
        let mut accuracy = T::ZERO;
        self.window.slots().iter().for_each(|slot| accuracy += slot.accuracy(&self.structure));
        accuracy
    }

    fn is_exact(&self) -> bool {
        self.one_step.is_exact()
    }

    fn past(&self, back: usize) -> Option<&[T]> {
        let slots = self.window.slots();
        Some(&slots[slots.len().checked_sub(back + 1)?].marginals)
    }

    fn parents<'a>(&self, modality: usize, belief: &'a [T], scratch: &'a mut [T]) -> &'a [T] {
        self.one_step.parents(modality, belief, scratch)
    }

    fn marginals(&self, belief: &[T], marginals: &mut [T]) {
        self.one_step.marginals(belief, marginals);
    }
}
