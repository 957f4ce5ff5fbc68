//! What a decision needs beyond the parameters of planning and choice, to be kept where nothing else is free.
//!
//! Per node: the expected outcomes that are preferred or not, the information gain about states and about the likelihood.
//! None of it depends on precisions, preferences, habits, lapse or the weights of terms.

use super::layout::Layout;
use super::outlook::Outlook;
use crate::real::Real;

/// How many numbers are kept per decision.
pub(crate) fn size(layout: &Layout) -> usize {
    layout.nodes.iter().map(|node| node.preferred.len() + 2).sum()
}

impl<T: Real> Outlook<T> {
    /// Appends what the latest decision needs.
    pub(super) fn remember(&self, layout: &Layout, memory: &mut Vec<f64>) {
        for (index, node) in layout.nodes.iter().enumerate() {
            let expected = &self.expected[index * layout.width..(index + 1) * layout.width];
            memory.extend(node.preferred.iter().map(|&column| expected[column]));
            let terms = &self.terms[index];
            memory.extend([terms.state_information_gain, terms.likelihood_information_gain]);
        }
    }

    /// Puts what a decision needs back in its place.
    pub(super) fn recall(&mut self, layout: &Layout, memory: &[f64]) {
        let mut rest = memory;
        for (index, node) in layout.nodes.iter().enumerate() {
            let (preferred, others) = rest.split_at(node.preferred.len());
            let expected = &mut self.expected[index * layout.width..(index + 1) * layout.width];
            node.preferred.iter().zip(preferred).for_each(|(&column, &y)| expected[column] = y);
            let (information, others) = others.split_at(2);
            self.terms[index].state_information_gain = information[0];
            self.terms[index].likelihood_information_gain = information[1];
            rest = others;
        }
    }
}
