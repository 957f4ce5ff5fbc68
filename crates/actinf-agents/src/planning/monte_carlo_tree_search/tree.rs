//! The tree: nodes hold beliefs that may come about, branches are the actions taken from them.

use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::real::Real;
use std::ops::Range;

/// The outcomes that lead to a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival<T> {
    /// The number of the combination of outcomes, one per modality.
    pub(super) outcomes: u64,
    /// Its probability.
    pub(super) probability: T,
}

impl<T: Real> Arrival<T> {
    /// Adds the outcome of the next modality, one of `size`.
    pub(super) fn add(&mut self, outcome: usize, size: usize, probability: T) {
        // Model files with more combinations than there are numbers are refused.
        self.outcomes = self.outcomes.wrapping_mul(size as u64).wrapping_add(outcome as u64);
        self.probability *= probability;
    }
}

/// A belief that may come about.
struct Node<T> {
    arrival: Arrival<T>,
    /// Another node that the same branch leads to.
    sibling: Option<usize>,
    /// Its branches; none where the future ends.
    branches: Range<usize>,
    tries: usize,
    total: T,
    terms: ExpectedFreeEnergy<T>,
}

/// An action taken from a node.
pub(super) struct Branch<T> {
    own: ExpectedFreeEnergy<T>,
    own_total: T,
    /// The latest of the nodes it leads to.
    child: Option<usize>,
    tries: usize,
    /// The expected free energy of the action and all that follows, in nats.
    pub(super) total: T,
    /// The same by term, unweighted.
    pub(super) terms: ExpectedFreeEnergy<T>,
}

/// A tree whose nodes stand in the order they were found in, with room that is kept from search to search.
pub(super) struct Tree<T> {
    belief_size: usize,
    nodes: Vec<Node<T>>,
    branches: Vec<Branch<T>>,
    beliefs: Vec<T>,
    /// Per action, its weight at the node being valued.
    weights: Vec<T>,
}

impl<T: Real> Tree<T> {
    /// An empty tree in which every node has this many actions.
    pub(super) fn new(actions: usize, belief_size: usize) -> Self {
        Tree {
            belief_size,
            nodes: Vec::new(),
            branches: Vec::new(),
            beliefs: Vec::new(),
            weights: vec![T::ZERO; actions],
        }
    }

    /// Starts again with a root.
    pub(super) fn plant(&mut self, belief: &[T]) {
        self.nodes.clear();
        self.branches.clear();
        self.beliefs.clear();
        self.push_node(Arrival { outcomes: 0, probability: T::ONE }, None, belief);
    }

    /// The belief of a node.
    pub(super) fn belief(&self, node: usize) -> &[T] {
        &self.beliefs[node * self.belief_size..(node + 1) * self.belief_size]
    }

    /// The branches of the root.
    pub(super) fn root(&self) -> &[Branch<T>] {
        &self.branches[self.nodes[0].branches.clone()]
    }

    /// The branch of a node for its action number `policy`.
    pub(super) fn branch(&self, node: usize, policy: usize) -> usize {
        self.nodes[node].branches.start + policy
    }

    /// Makes the branches added next those of `node`, one per action.
    pub(super) fn start_branches(&mut self, node: usize) {
        let first = self.branches.len();
        self.nodes[node].branches = first..first + self.weights.len();
    }

    /// Adds a branch with the value of its own step.
    pub(super) fn add_branch(&mut self, own: ExpectedFreeEnergy<T>, own_total: T) {
        self.branches.push(Branch { own, own_total, child: None, tries: 0, total: own_total, terms: own });
    }

    /// Counts all actions of a node as tried and values it: nothing follows them.
    pub(super) fn close(&mut self, node: usize, precision: T) {
        self.branches[self.nodes[node].branches.clone()].iter_mut().for_each(|branch| branch.tries = 1);
        self.revalue_node(node, precision);
    }

    /// The node that a branch leads to with these outcomes, if it was found before.
    pub(super) fn find(&self, branch: usize, outcomes: u64) -> Option<usize> {
        self.children(branch).find(|&node| self.nodes[node].arrival.outcomes == outcomes)
    }

    /// Adds a node that a branch leads to; returns it.
    pub(super) fn add_node(&mut self, branch: usize, arrival: Arrival<T>, belief: &[T]) -> usize {
        let node = self.nodes.len();
        let sibling = self.branches[branch].child.replace(node);
        self.push_node(arrival, sibling, belief);
        node
    }

    fn push_node(&mut self, arrival: Arrival<T>, sibling: Option<usize>, belief: &[T]) {
        self.beliefs.extend_from_slice(belief);
        self.nodes.push(Node {
            arrival,
            sibling,
            branches: 0..0,
            tries: 0,
            total: T::ZERO,
            terms: ExpectedFreeEnergy::NONE,
        });
    }

    fn children(&self, branch: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.branches[branch].child, |&node| self.nodes[node].sibling)
    }

    /// The action to try next: untried ones first, the least own expected free energy first; then the one with the least
    /// `G - c √(ln N / n)`. Of equals, the first.
    pub(super) fn choose(&self, node: usize, exploration: f64) -> usize {
        let node = &self.nodes[node];
        let branches = &self.branches[node.branches.clone()];
        let has_untried = branches.iter().any(|branch| branch.tries == 0);
        let log_tries = (node.tries.max(1) as f64).ln();
        let mut best = (f64::INFINITY, 0);
        for (policy, branch) in branches.iter().enumerate() {
            let score = match branch.tries {
                0 => branch.own_total.value(),
                _ if has_untried => continue,
                tries => branch.total.value() - exploration * (log_tries / tries as f64).sqrt(),
            };
            if score < best.0 {
                best = (score, policy);
            }
        }
        best.1
    }

    /// Counts a try of a branch of a node, and values both again.
    pub(super) fn revalue(&mut self, node: usize, branch: usize, precision: T) {
        self.nodes[node].tries += 1;
        self.branches[branch].tries += 1;
        self.revalue_branch(branch);
        self.revalue_node(node, precision);
    }

    /// `G(u) = g(u) + Σ_o seen p(o) G(q_o) / Σ_o seen p(o)`.
    fn revalue_branch(&mut self, branch: usize) {
        let mut seen = T::ZERO;
        for node in self.children(branch) {
            seen += self.nodes[node].arrival.probability;
        }
        let (mut total, mut terms) = (self.branches[branch].own_total, self.branches[branch].own);
        for node in self.children(branch) {
            let node = &self.nodes[node];
            let share = node.arrival.probability / seen;
            total += share * node.total;
            terms.add_weighted(share, &node.terms);
        }
        (self.branches[branch].total, self.branches[branch].terms) = (total, terms);
    }

    /// `G(q) = Σ_u tried softmax(-γ G)(u) G(u)`.
    fn revalue_node(&mut self, node: usize, precision: T) {
        let branches = &self.branches[self.nodes[node].branches.clone()];
        let tried = || branches.iter().enumerate().filter(|(_, branch)| branch.tries > 0);
        let least = tried().map(|(_, branch)| branch.total.value()).fold(f64::INFINITY, f64::min);
        let mut sum = T::ZERO;
        for (policy, branch) in tried() {
            self.weights[policy] = (precision * -(branch.total - least)).exp();
            sum += self.weights[policy];
        }
        let (mut total, mut terms) = (T::ZERO, ExpectedFreeEnergy::NONE);
        for (policy, branch) in tried() {
            let q = self.weights[policy] / sum;
            total += q * branch.total;
            terms.add_weighted(q, &branch.terms);
        }
        (self.nodes[node].total, self.nodes[node].terms) = (total, terms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree of two actions, the second of which costs 1 nat more by its own step.
    fn tree() -> Tree<f64> {
        let mut tree = Tree::new(2, 1);
        tree.plant(&[1.0]);
        tree.start_branches(0);
        tree.add_branch(ExpectedFreeEnergy { utility: -1.0, ..ExpectedFreeEnergy::NONE }, 1.0);
        tree.add_branch(ExpectedFreeEnergy { utility: -2.0, ..ExpectedFreeEnergy::NONE }, 2.0);
        tree
    }

    #[test]
    fn actions_are_tried_in_the_order_of_their_own_steps_and_then_by_their_bound() {
        let mut tree = tree();
        assert_eq!(tree.choose(0, 1.0), 0);
        tree.revalue(0, 0, 1.0);
        assert_eq!(tree.choose(0, 1.0), 1);
        tree.revalue(0, 1, 1.0);
        // Both have been tried once, so that the bound favours none; a second try of the first leaves 1 nat between them.
        assert_eq!(tree.choose(0, 1.0), 0);
        tree.revalue(0, 0, 1.0);
        // √(ln 3) - √(ln 3 / 2) = 0.307 nats speak for the second.
        assert_eq!(tree.choose(0, 1.0), 0);
        assert_eq!(tree.choose(0, 3.2), 0);
        assert_eq!(tree.choose(0, 3.3), 1);
    }

    #[test]
    fn an_untried_action_has_no_say_in_the_value_of_a_belief() {
        let mut tree = tree();
        tree.revalue(0, 0, 1.0);
        assert!((tree.nodes[0].total - 1.0).abs() < 1e-15);
        tree.revalue(0, 1, 1.0);
        let q = 1.0 / (1.0 + (-1.0_f64).exp());
        assert!((tree.nodes[0].total - (q + 2.0 * (1.0 - q))).abs() < 1e-15);
        assert!((tree.nodes[0].terms.utility + tree.nodes[0].total).abs() < 1e-15);
    }

    #[test]
    fn outcomes_weigh_by_their_probabilities_however_often_they_are_seen() {
        let mut tree = tree();
        for (outcomes, probability, total) in [(0, 0.1, 5.0), (1, 0.3, 9.0)] {
            let node = tree.add_node(0, Arrival { outcomes, probability }, &[1.0]);
            tree.nodes[node].total = total;
        }
        assert_eq!((tree.find(0, 0), tree.find(0, 1), tree.find(0, 2)), (Some(1), Some(2), None));
        tree.revalue(0, 0, 1.0);
        tree.revalue(0, 0, 1.0);
        assert!((tree.branches[0].total - (1.0 + 0.25 * 5.0 + 0.75 * 9.0)).abs() < 1e-14);
    }
}
