//! What a decision needs beyond the parameters of planning and choice, to be kept where nothing else is free: the expected
//! outcomes that are preferred or not, and the information gains about states and about the likelihood, of every node. None of
//! it depends on precisions, preferences, habits, lapse or the weights of terms.

use super::layout::Layout;
use super::outlook::Outlook;
use crate::real::Real;

/// How many numbers are kept per decision.
pub(crate) fn size(layout: &Layout) -> usize {
    layout.nodes.iter().map(|node| node.preferred.len() + 2).sum()
}

impl<T: Real> Outlook<T> {
    /// Appends what the latest decision needs.
    pub(super) fn remember(&self, memory: &mut Vec<f64>) {
        memory.extend(&self.outcomes);
        let gains =
            |terms: &super::outlook::Terms| [terms.state_information_gain, terms.likelihood_information_gain];
        memory.extend(self.terms.iter().flat_map(gains));
    }

    /// Puts what a decision needs back in its place.
    pub(super) fn recall(&mut self, memory: &[f64]) {
        let (outcomes, gains) = memory.split_at(self.outcomes.len());
        self.outcomes.copy_from_slice(outcomes);
        for (terms, gains) in self.terms.iter_mut().zip(gains.chunks_exact(2)) {
            terms.state_information_gain = gains[0];
            terms.likelihood_information_gain = gains[1];
        }
    }
}
