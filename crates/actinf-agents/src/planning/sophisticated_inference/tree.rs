//! The tree: nodes hold beliefs, branches are the actions taken from them.

use crate::categorical::log_softmax;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::real::Real;
use std::ops::Range;

/// A belief that may come about.
pub(super) struct Node<T> {
    /// The branch that leads here, and the probability of the outcomes that do; none for the root.
    from: Option<usize>,
    probability: T,
    /// Its branches; empty before it is expanded.
    pub(super) branches: Range<usize>,
    /// Whether all actions on the way here are followed.
    pub(super) is_live: bool,
    total: T,
    terms: ExpectedFreeEnergy<T>,
}

/// An action taken from a node.
pub(super) struct Branch<T> {
    node: usize,
    own: ExpectedFreeEnergy<T>,
    own_total: T,
    /// The nodes it leads to, one per outcome combination.
    pub(super) children: Range<usize>,
    pub(super) is_followed: bool,
    /// The expected free energy of the action and all that follows, in nats.
    pub(super) total: T,
    /// The same by term, unweighted and without penalties.
    pub(super) terms: ExpectedFreeEnergy<T>,
}

/// A tree whose nodes stand level by level, with room that is kept from search to search.
pub(super) struct Tree<T> {
    actions: usize,
    belief_size: usize,
    pub(super) nodes: Vec<Node<T>>,
    pub(super) branches: Vec<Branch<T>>,
    /// Per branch, `ln q(u)` at its node.
    pub(super) log_posterior: Vec<T>,
    beliefs: Vec<T>,
}

impl<T: Real> Tree<T> {
    /// An empty tree in which every node has this many actions.
    pub(super) fn new(actions: usize, belief_size: usize) -> Self {
        Tree {
            actions,
            belief_size,
            nodes: Vec::new(),
            branches: Vec::new(),
            log_posterior: Vec::new(),
            beliefs: Vec::new(),
        }
    }

    /// Starts again with a root; returns the first level.
    pub(super) fn plant(&mut self, belief: &[T]) -> Range<usize> {
        self.nodes.clear();
        self.branches.clear();
        self.log_posterior.clear();
        self.beliefs.clear();
        self.push_node(None, T::ONE, belief);
        0..1
    }

    /// The belief of a node.
    pub(super) fn belief(&self, node: usize) -> &[T] {
        &self.beliefs[node * self.belief_size..(node + 1) * self.belief_size]
    }

    /// Adds a node that `branch` leads to.
    pub(super) fn add_node(&mut self, branch: usize, probability: T, belief: &[T]) {
        self.push_node(Some(branch), probability, belief);
    }

    fn push_node(&mut self, from: Option<usize>, probability: T, belief: &[T]) {
        self.beliefs.extend_from_slice(belief);
        self.nodes.push(Node {
            from,
            probability,
            branches: 0..0,
            is_live: true,
            total: T::ZERO,
            terms: ExpectedFreeEnergy::NONE,
        });
    }

    /// Makes the branches added next those of `node`; returns the first.
    pub(super) fn start_branches(&mut self, node: usize) -> usize {
        let first = self.branches.len();
        self.nodes[node].branches = first..first + self.actions;
        first
    }

    /// Adds a branch of `node`, whose branches were started, with the value of its own step.
    pub(super) fn add_branch(&mut self, node: usize, own: ExpectedFreeEnergy<T>, own_total: T) {
        self.branches.push(Branch {
            node,
            own,
            own_total,
            children: 0..0,
            is_followed: true,
            total: own_total,
            terms: own,
        });
        self.log_posterior.push(T::ZERO);
    }

    /// `ln q(u) = ln softmax(-γ G(u))` at a node, with habits at the root.
    pub(super) fn prefer(&mut self, node: usize, precision: T, log_habits: &[T]) {
        let branches = self.nodes[node].branches.clone();
        let log_posterior = &mut self.log_posterior[branches.clone()];
        for (k, (log_q, branch)) in log_posterior.iter_mut().zip(&self.branches[branches]).enumerate() {
            let log_habit = if node == 0 { log_habits[k] } else { T::ZERO };
            *log_q = log_habit - precision * branch.total;
        }
        log_softmax(log_posterior);
    }

    /// Computes all totals and posteriors, from the deepest level to the root.
    pub(super) fn value(&mut self, precision: T, log_habits: &[T], penalty: f64) {
        // Nodes stand after the branch that leads to them, so that the last ones are the deepest.
        for node in (0..self.nodes.len()).rev() {
            let branches = self.nodes[node].branches.clone();
            branches.clone().for_each(|branch| self.value_branch(branch, penalty));
            self.prefer(node, precision, log_habits);
            let (mut total, mut terms) = (T::ZERO, ExpectedFreeEnergy::NONE);
            for branch in branches.filter(|&b| self.log_posterior[b].value() > f64::NEG_INFINITY) {
                let q = self.log_posterior[branch].exp();
                total += q * self.branches[branch].total;
                terms.add_weighted(q, &self.branches[branch].terms);
            }
            self.nodes[node].total = total;
            self.nodes[node].terms = terms;
        }
    }

    fn value_branch(&mut self, branch: usize, penalty: f64) {
        let branch = &mut self.branches[branch];
        branch.terms = branch.own;
        if !branch.is_followed {
            branch.total = T::constant(penalty);
            return;
        }
        branch.total = branch.own_total;
        for node in &self.nodes[branch.children.clone()] {
            branch.total += node.probability * node.total;
            branch.terms.add_weighted(node.probability, &node.terms);
        }
    }

    /// The entropy of `q(u)` at the root, in nats.
    pub(super) fn root_entropy(&self) -> f64 {
        let root = &self.log_posterior[..self.actions];
        let logs = root.iter().map(|log_q| log_q.value()).filter(|log_q| *log_q > f64::NEG_INFINITY);
        logs.map(|log_q| -log_q.exp() * log_q).sum()
    }

    /// Stops following all actions whose probability is below the threshold, and what comes after them.
    pub(super) fn cut(&mut self, threshold: f64) {
        let least = threshold.ln();
        for (branch, log_q) in self.branches.iter_mut().zip(&self.log_posterior) {
            branch.is_followed &= log_q.value() >= least;
        }
        for node in 0..self.nodes.len() {
            if let Some(branch) = self.nodes[node].from {
                let branch = &self.branches[branch];
                self.nodes[node].is_live = branch.is_followed && self.nodes[branch.node].is_live;
            }
        }
    }
}
