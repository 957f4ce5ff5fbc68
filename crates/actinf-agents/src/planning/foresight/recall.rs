//! What decisions need beyond the parameters of planning and choice, to be kept where nothing else is free: the expected
//! outcomes that are preferred or not, and the information gains about states and about the likelihood, of every node. None of
//! it depends on precisions, preferences, habits, lapse or the weights of terms.

use super::layout::Layout;
use super::outlook::Outlook;

/// How many numbers are kept per decision.
pub(crate) fn size(layout: &Layout) -> usize {
    layout.nodes.iter().map(|node| node.preferred.len() + 2).sum()
}

impl<const L: usize> Outlook<L> {
    /// Appends what the decision in one lane needs.
    pub(super) fn remember(&self, lane: usize, memory: &mut Vec<f64>) {
        memory.extend(self.outcomes.iter().map(|y| y[lane]));
        memory.extend(
            self.terms.iter().flat_map(|terms| {
                [terms.state_information_gain[lane], terms.likelihood_information_gain[lane]]
            }),
        );
    }

    /// Puts the gains that decisions need back in their place, of all lanes, and returns the expected outcomes.
    pub(super) fn recall<'a>(&mut self, memory: &'a [[f64; L]]) -> &'a [[f64; L]] {
        let (outcomes, gains) = memory.split_at(self.outcomes.len());
        for (terms, gains) in self.terms.iter_mut().zip(gains.chunks_exact(2)) {
            terms.state_information_gain = gains[0];
            terms.likelihood_information_gain = gains[1];
        }
        outcomes
    }
}
