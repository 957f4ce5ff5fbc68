//! Variational message passing: the messages of pymdp's `vmp`.
//!
//! ```text
//! w_k          = 1
//! forward_k,f  = Σ_parents Π_d q_k-1,d(parent d) ln B_f(· | parents, u_k-1)
//! backward_k,f = Σ_children i Σ_s' q_k+1,i(s') E_q_k[other parents][ ln B_i(s' | parents, u_k) ]
//! ```
//!
//! Expected logarithms are what mean field over steps and factors asks for: each message is a derivative of the free
//! energy, and updates that leave marginals as they are lie where it is stationary. A transition of probability 0 therefore
//! excludes states wherever it has any weight, which from uniform marginals is everywhere: models with
//! such transitions need the floor of [`Numerics::Pymdp`].

use super::mean_field::{add_expected_log, add_weighted_log, weight, weighted_logs};
use super::message_passing::{MessagePassing, Messages};
use super::passage::Passage;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::Numerics;
use std::sync::Arc;

/// The messages.
pub(crate) struct Variational;

/// Variational message passing with its workspace.
pub(crate) type VariationalMessagePassing<T> = MessagePassing<T, Variational>;

impl<T: Real> VariationalMessagePassing<T> {
    pub(crate) fn new(
        structure: Arc<Structure>,
        sweeps: usize,
        window: Option<usize>,
        numerics: Numerics,
    ) -> Self {
        Self::with_messages(structure, sweeps, window, numerics, Variational)
    }
}

impl<T: Real> Messages<T> for Variational {
    const WEIGHT: f64 = 1.0;

    fn forward(&mut self, structure: &Structure, passage: Passage<'_, T>, before: &[T], message: &mut [T]) {
        message.fill(T::ZERO);
        for (row, logs) in passage.logs.chunks_exact(message.len()).enumerate() {
            let weight = weight(structure, passage.parents, row, before);
            for (sum, &log) in message.iter_mut().zip(logs) {
                add_weighted_log(sum, weight, || log);
            }
        }
    }

    /// What the child's marginal says is what a distribution over outcomes would say about the parents of a modality.
    fn add_backward(
        &mut self,
        structure: &Structure,
        passage: Passage<'_, T>,
        factor: usize,
        before: &[T],
        after: &[T],
        logits: &mut [T],
    ) {
        let log =
            |row: usize| weighted_logs(after, &passage.logs[row * after.len()..(row + 1) * after.len()]);
        add_expected_log(structure, passage.parents, factor, before, log, logits);
    }
}
