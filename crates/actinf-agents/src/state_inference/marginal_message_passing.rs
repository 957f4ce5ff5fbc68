//! Marginal message passing: the messages of pymdp's `mmp`.
//!
//! ```text
//! w_k         = 1/2 for every slot but the last, whose weight is 1; the prior of the first slot is halved with the rest
//! forward_k,f = ln Σ_parents Π_d q_k-1,d(parent d) B_f(· | parents, u_k-1)
//! backward_k,f = Σ_children i  ln Σ_s' q_k+1,i(s') B†_i(s' , ·)
//! B†_i(s', s) = B̄_i(s' | s) / Σ_s B̄_i(s' | s)            with B̄ averaged over the child's other parents at slot k
//! ```
//!
//! With one slot the result for one factor is exact. With more it is an approximation, even for one factor: of a state that
//! stays and is seen twice, each time with log odds `l`, exact filtering has log odds `2l`; here the last slot has `3l`
//! after four sweeps and approaches `4l`. A state of the child that no state leads to sends no message.

use super::mean_field::{configurations, predict_factor, weight_of_others};
use super::message_passing::{MessagePassing, Messages};
use super::passage::Passage;
use crate::numerics::{self, floored};
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::Numerics;
use std::sync::Arc;

/// The messages, with the workspace for those that go back.
pub(crate) struct Marginal<T> {
    numerics: Numerics,
    /// `B̄(s' | s)`, column by column.
    averaged: Vec<T>,
    message: Vec<T>,
}

/// Marginal message passing with its workspace.
pub(crate) type MarginalMessagePassing<T> = MessagePassing<T, Marginal<T>>;

impl<T: Real> MarginalMessagePassing<T> {
    pub(crate) fn new(
        structure: Arc<Structure>,
        sweeps: usize,
        window: Option<usize>,
        numerics: Numerics,
    ) -> Self {
        let widest = structure.factor_sizes.iter().copied().max().unwrap_or(1);
        let messages =
            Marginal { numerics, averaged: vec![T::ZERO; widest * widest], message: vec![T::ZERO; widest] };
        Self::with_messages(structure, sweeps, window, numerics, messages)
    }
}

impl<T: Real> Messages<T> for Marginal<T> {
    const WEIGHT: f64 = 0.5;

    fn forward(&mut self, structure: &Structure, passage: Passage<'_, T>, before: &[T], message: &mut [T]) {
        predict_factor(structure, passage.parents, passage.columns, before, message);
        message.iter_mut().for_each(|p| *p = numerics::ln(*p, self.numerics));
    }

    fn add_backward(
        &mut self,
        structure: &Structure,
        passage: Passage<'_, T>,
        factor: usize,
        before: &[T],
        after: &[T],
        logits: &mut [T],
    ) {
        let (size, states) = (after.len(), logits.len());
        let averaged = &mut self.averaged[..size * states];
        averaged.fill(T::ZERO);
        for row in 0..configurations(structure, passage.parents) {
            let (state, weight) = weight_of_others(structure, passage.parents, factor, row, before);
            let column = &passage.columns[row * size..(row + 1) * size];
            for (cell, &p) in averaged[state * size..].iter_mut().zip(column) {
                *cell += weight * p;
            }
        }
        let message = &mut self.message[..states];
        message.fill(T::ZERO);
        for (next, &q) in after.iter().enumerate() {
            let mut norm = T::ZERO;
            averaged.iter().skip(next).step_by(size).for_each(|&p| norm += p);
            let norm = floored(norm, self.numerics);
            // A state that is reached from nowhere says nothing about where it was reached from.
            if q.is_zero() || norm.value() <= 0.0 {
                continue;
            }
            let share = q / norm;
            for (p, &back) in message.iter_mut().zip(averaged.iter().skip(next).step_by(size)) {
                *p += share * back;
            }
        }
        for (logit, &p) in logits.iter_mut().zip(message.iter()) {
            *logit += numerics::ln(p, self.numerics);
        }
    }
}
