//! A window of past steps: what was seen at each, what was done after it, and what is believed about it now.
//!
//! A window without limit holds the trial so far. A window of `H` slots that is full drops its oldest slot when a move is
//! made, and its prior becomes the prediction across the dropped slot's own move from the dropped slot's present marginals:
//!
//! ```text
//! p_0(s')  =  D                                          until a slot is dropped
//!             Σ_parents Π_d q_dropped,d(parent d) B(s' | parents, u_dropped)
//! ```
//!
//! Those marginals know observations that stay in the window, which are therefore counted twice, as in pymdp. A window of one
//! slot is filtering (pymdp's `rollout` would start from `D` at every step instead).
//! Slots are kept from trial to trial, so that nothing is allocated once the longest trial has been seen.

use super::evidence::log_evidence;
use super::mean_field::expected_log;
use super::passage::{Departure, Passages};
use super::smoothing::Taken;
use crate::behaviour::Observation;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::Numerics;

/// One past step.
pub(super) struct Slot<T> {
    /// What is believed now about the states then: the marginals of all factors.
    pub(super) marginals: Vec<T>,
    /// What was done then, towards the next slot.
    pub(super) departure: Departure<T>,
    seen: Vec<Seen>,
    /// Per modality, the log evidence of its observation for each configuration of its parents; empty where missing.
    pub(super) log_evidence: Vec<Vec<T>>,
}

/// What was last seen in a modality, kept without allocation: the weights of a distribution stay where they are for the next.
struct Seen {
    plain: Observation,
    weights: Observation,
    is_plain: bool,
}

impl Seen {
    fn nothing() -> Self {
        Seen { plain: Observation::Missing, weights: Observation::Distribution(Vec::new()), is_plain: true }
    }

    fn observation(&self) -> &Observation {
        if self.is_plain { &self.plain } else { &self.weights }
    }

    fn set(&mut self, observation: &Observation) {
        match (&mut self.weights, observation) {
            (Observation::Distribution(to), Observation::Distribution(from)) => {
                to.clone_from(from);
                self.is_plain = false;
            }
            _ => {
                self.plain = observation.clone();
                self.is_plain = true;
            }
        }
    }
}

/// The slots of the present trial, oldest first.
pub(super) struct Window<T> {
    slots: Vec<Slot<T>>,
    length: usize,
    limit: Option<usize>,
    /// The prior of the first slot: the marginals of all factors.
    pub(super) prior: Vec<T>,
    numerics: Numerics,
}

impl<T: Real> Slot<T> {
    fn new(structure: &Structure) -> Self {
        Slot {
            marginals: vec![T::ZERO; structure.marginal_states()],
            departure: Departure::new(),
            seen: structure.modalities.iter().map(|_| Seen::nothing()).collect(),
            log_evidence: structure
                .modalities
                .iter()
                .map(|modality| Vec::with_capacity(modality.parent_configurations))
                .collect(),
        }
    }

    fn see(&mut self, knowledge: &Knowledge<T>, observations: &[Observation], numerics: Numerics) {
        for (m, observation) in observations.iter().enumerate() {
            self.log_evidence[m].clear();
            self.seen[m].set(observation);
            if *observation != Observation::Missing {
                self.weigh(knowledge, m, numerics);
            }
        }
    }

    /// `Σ_m E_q[ ln A_m(o_m | ·) ]` of what was seen; minus infinity if the marginals give it probability 0.
    pub(super) fn accuracy(&self, structure: &Structure) -> T {
        let mut accuracy = T::ZERO;
        for (modality, logs) in structure.modalities.iter().zip(&self.log_evidence) {
            if !logs.is_empty() && accuracy.value() > f64::NEG_INFINITY {
                accuracy += expected_log(structure, &modality.parents, &self.marginals, |row| logs[row]);
            }
        }
        accuracy
    }

    /// Takes the log evidence of what was seen in a modality from its likelihood.
    fn weigh(&mut self, knowledge: &Knowledge<T>, modality: usize, numerics: Numerics) {
        let table = &knowledge.likelihood[modality];
        let observation = self.seen[modality].observation();
        let logs = &mut self.log_evidence[modality];
        logs.clear();
        logs.extend(
            (0..table.expected().nrows()).map(|row| log_evidence(table.column(row), observation, numerics)),
        );
    }
}

impl<T: Real> Window<T> {
    pub(super) fn new(structure: &Structure, limit: Option<usize>, numerics: Numerics) -> Self {
        Window {
            slots: Vec::new(),
            length: 0,
            limit,
            prior: vec![T::ZERO; structure.marginal_states()],
            numerics,
        }
    }

    /// The slots, oldest first.
    pub(super) fn slots(&self) -> &[Slot<T>] {
        &self.slots[..self.length]
    }

    pub(super) fn slots_mut(&mut self) -> &mut [Slot<T>] {
        &mut self.slots[..self.length]
    }

    /// Starts a trial from a prior.
    pub(super) fn restart(&mut self, prior: &[T]) {
        self.length = 0;
        self.prior.copy_from_slice(prior);
    }

    /// Leaves the last slot, and drops the first where the window is full. Before anything was seen there is no slot to
    /// leave, and the prediction `predicted` becomes the prior.
    pub(super) fn leave(
        &mut self,
        structure: &Structure,
        knowledge: &Knowledge<T>,
        passages: &Passages<T>,
        taken: Taken<'_, T>,
        predicted: &[T],
    ) {
        let Some(last) = self.slots[..self.length].last_mut() else {
            self.prior.copy_from_slice(predicted);
            return;
        };
        last.departure.set(structure, taken);
        last.departure.refresh(structure, knowledge, self.numerics);
        if self.limit == Some(self.length) {
            let dropped = &self.slots[0];
            passages.predict(knowledge, &dropped.departure, &dropped.marginals, &mut self.prior);
            self.slots[..self.length].rotate_left(1);
            self.length -= 1;
        }
    }

    /// Adds a slot with what is seen now.
    pub(super) fn see(
        &mut self,
        structure: &Structure,
        knowledge: &Knowledge<T>,
        observations: &[Observation],
    ) {
        if self.length == self.slots.len() {
            self.slots.push(Slot::new(structure));
        }
        self.slots[self.length].see(knowledge, observations, self.numerics);
        self.length += 1;
    }

    /// Looks at what was seen and done with what has been learned since.
    pub(super) fn refresh(&mut self, structure: &Structure, knowledge: &Knowledge<T>) {
        for slot in &mut self.slots[..self.length] {
            for (m, table) in knowledge.likelihood.iter().enumerate() {
                if table.counts().is_some() && !slot.log_evidence[m].is_empty() {
                    slot.weigh(knowledge, m, self.numerics);
                }
            }
            slot.departure.refresh(structure, knowledge, self.numerics);
        }
    }
}
