//! Sophisticated inference: planning as a tree of actions and of the outcomes they bring.
//!
//! ```text
//! G(u | q)  = g(q, u) + Σ_o p(o | q, u) G(q')        q' = the belief after u and o; g is the value of one step
//! G(q)      = Σ_u q(u | q) G(u | q)                   q(u | q) = softmax(-γ G(u | q)); 0 where the tree ends
//! ```
//!
//! | symbol | what it is |
//! |---|---|
//! | `q`, `q'` | belief about states before an action, and after it and its outcomes |
//! | `u`, `o` | joint action, and one outcome of each modality |
//! | `g(q, u)` | expected free energy of one step, in nats: all active terms with the model's weights |
//! | `G(u \| q)`, `G(q)` | expected free energy of an action and all that follows, and of a belief before its action, in nats |
//! | `q(u \| q)` | probability of an action once the belief is `q` |
//! | `γ` | policy precision |
//!
//! An agent that plans so knows that it will have seen the outcome before it acts again. At the root habits enter:
//! `q(u) = softmax(-γ G(u) + ln E(u))`, which takes the place of the posterior over policies; `γ` is the policy precision
//! everywhere in the tree. Beliefs are updated by the agent's own scheme of inference. All active terms count in every step;
//! goals are aimed at from the belief that each step starts from. With a horizon of one step this is plain planning with
//! single actions.
//!
//! # Outcomes
//!
//! An outcome of the tree is a combination of one outcome per modality. Where inference is exact, its probability is the
//! predictive `p(o | past, u)`. Under mean field and under pymdp's numerics it is the product of the modalities' marginals
//! `Π_m q(o_m)`; combinations that the update then finds impossible end the tree with 0. Combinations whose product is 0
//! are left out.
//!
//! # Pruning
//!
//! By default nothing is pruned: the recursion is exact, and its gradient too. With the thresholds of
//! [`Sophistication`] the tree is grown as in pymdp 1.0.4, level by level:
//!
//! 1. at every node of the deepest level, actions with `softmax(-γ g)` not above `action_threshold` are not followed, nor
//!    those without any outcome combination above `outcome_threshold`; followed actions get a node for every outcome
//!    combination above the threshold, whose probabilities are not divided by their sum;
//! 2. all `G` are computed from the deepest level to the root; an action that is not followed has `G = penalty`;
//! 3. the tree is complete if it has `horizon` levels, or if the entropy of `q(u)` at the root is not above
//!    `entropy_stop`; otherwise actions with `q(u | q)` below `action_threshold` are no longer followed, and it grows on.
//!
//! The gradient is exact for the tree as it was grown, but the likelihood jumps where a threshold is crossed. pymdp has a
//! precision of its own in the tree and ignores habits and all terms but utility and information gain about states; its
//! numbers come out with `γ` at that precision, uniform habits, and these two terms.
//!
//! The tree of an exact recursion over `H` steps has `(actions · combinations)^(H-1) · actions` valued steps.
//!
//! # References
//!
//! Friston, Da Costa, Hafner, Hesp & Parr (2021). Sophisticated inference. *Neural Computation* 33, 713-763.

mod tree;

use super::{ImaginedStep, Mind, StepValuation};
use crate::behaviour::Observation;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::real::Real;
use crate::state_inference::Move;
use crate::structure::Structure;
use crate::task_model::{Numerics, Sophistication};
use tree::Tree;

/// A tree search with its workspace.
pub(crate) struct SophisticatedInference<T> {
    settings: Sophistication,
    tree: Tree<T>,
    belief: Vec<T>,
    /// Per action, the belief predicted after it.
    predicted: Vec<Vec<T>>,
    /// Per action, the expected outcomes of all modalities, one after the other.
    outcomes: Vec<Vec<T>>,
    marginals_before: Vec<T>,
    marginals_after: Vec<T>,
    observations: Vec<Observation>,
}

impl<T: Real> SophisticatedInference<T> {
    pub(crate) fn new(settings: Sophistication, structure: &Structure, belief_size: usize) -> Self {
        let actions = structure.policies.len();
        let outcomes = structure.modalities.iter().map(|m| m.outcomes).sum();
        SophisticatedInference {
            settings,
            tree: Tree::new(actions, belief_size),
            belief: vec![T::ZERO; belief_size],
            predicted: vec![vec![T::ZERO; belief_size]; actions],
            outcomes: vec![vec![T::ZERO; outcomes]; actions],
            marginals_before: vec![T::ZERO; structure.marginal_states()],
            marginals_after: vec![T::ZERO; structure.marginal_states()],
            observations: vec![Observation::Missing; structure.modalities.len()],
        }
    }

    /// Grows and values the tree from `belief`.
    pub(crate) fn search(&mut self, mind: &mut Mind<'_, T>, valuation: &mut StepValuation<T>, belief: &[T]) {
        let is_revised = self.settings.action_threshold > 0.0 || self.settings.entropy_stop >= 0.0;
        let mut level = self.tree.plant(belief);
        for depth in 0..self.settings.horizon {
            let is_last = depth + 1 == self.settings.horizon;
            for node in level.clone() {
                if !self.tree.nodes[node].is_live {
                    continue;
                }
                self.expand(mind, valuation, node, depth);
                if !is_last {
                    self.follow_actions(mind, valuation.offsets(), node);
                }
            }
            level = level.end..self.tree.nodes.len();
            if !(is_last || is_revised) {
                continue;
            }
            let precision = mind.model.settings.policy_precision;
            self.tree.value(precision, &mind.knowledge.log_habits, self.settings.penalty);
            if is_last || self.tree.root_entropy() <= self.settings.entropy_stop {
                return;
            }
            self.tree.cut(self.settings.action_threshold);
        }
    }

    /// Writes the terms and the expected free energy of every action at the root.
    pub(crate) fn report(&self, terms: &mut [ExpectedFreeEnergy<T>], totals: &mut [T]) {
        for ((terms, total), branch) in terms.iter_mut().zip(totals).zip(&self.tree.branches) {
            *terms = branch.terms;
            *total = branch.total;
        }
    }

    /// Values every action of a node by itself and decides which are followed.
    fn expand(
        &mut self,
        mind: &mut Mind<'_, T>,
        valuation: &mut StepValuation<T>,
        node: usize,
        depth: usize,
    ) {
        self.belief.copy_from_slice(self.tree.belief(node));
        if mind.structure.terms.need_marginals() {
            mind.inference.marginals(&self.belief, &mut self.marginals_before);
            valuation.aim(mind.structure, &self.marginals_before);
        }
        let first = self.tree.start_branches(node);
        for policy in 0..self.predicted.len() {
            let own = self.value_action(mind, valuation, policy, depth);
            self.tree.add_branch(node, own, own.weighted(&mind.model.settings.weights));
        }
        self.tree.prefer(node, mind.model.settings.policy_precision, &mind.knowledge.log_habits);
        let least = self.settings.action_threshold.ln();
        for (policy, outcomes) in self.outcomes.iter().enumerate() {
            let is_probable = self.tree.log_posterior[first + policy].value() > least;
            let likeliest = most_probable_combination(outcomes, valuation.offsets());
            self.tree.branches[first + policy].is_followed =
                is_probable && likeliest > self.settings.outcome_threshold;
        }
    }

    /// The terms of one action's own step from the belief at hand; keeps the belief and the outcomes it leads to.
    fn value_action(
        &mut self,
        mind: &mut Mind<'_, T>,
        valuation: &mut StepValuation<T>,
        policy: usize,
        depth: usize,
    ) -> ExpectedFreeEnergy<T> {
        let action = mind.structure.policies.first_actions()[policy];
        let after = &mut self.predicted[policy];
        mind.inference.predict(mind.knowledge, Move::Action(action), &self.belief, after);
        if mind.structure.terms.need_marginals() {
            mind.inference.marginals(after, &mut self.marginals_after);
        }
        let step = ImaginedStep {
            depth,
            action,
            after,
            marginals_before: &self.marginals_before,
            marginals_after: &self.marginals_after,
        };
        let mut own = ExpectedFreeEnergy::NONE;
        valuation.add_step(mind, &step, &mut own);
        self.outcomes[policy].copy_from_slice(valuation.outcomes());
        own
    }

    /// Adds the nodes that the followed actions of a node lead to.
    fn follow_actions(&mut self, mind: &mut Mind<'_, T>, offsets: &[usize], node: usize) {
        for policy in 0..self.outcomes.len() {
            let branch = self.tree.nodes[node].branches.start + policy;
            if self.tree.branches[branch].is_followed {
                let first = self.tree.nodes.len();
                self.imagine_outcomes(mind, offsets, branch, policy, T::ONE);
                self.tree.branches[branch].children = first..self.tree.nodes.len();
            }
        }
    }

    /// Adds a node for every outcome combination above the threshold; `probability` is the product over the modalities
    /// whose outcomes are already chosen, as many as `offsets` have been used up.
    fn imagine_outcomes(
        &mut self,
        mind: &mut Mind<'_, T>,
        offsets: &[usize],
        branch: usize,
        policy: usize,
        probability: T,
    ) {
        let [start, end, ..] = *offsets else {
            return self.imagine(mind, branch, policy, probability);
        };
        let modality = self.observations.len() + 1 - offsets.len();
        for cell in start..end {
            let probability = probability * self.outcomes[policy][cell];
            // A product only becomes smaller as further modalities join it.
            if probability.value() > self.settings.outcome_threshold {
                self.observations[modality] = Observation::Outcome(cell - start);
                self.imagine_outcomes(mind, &offsets[1..], branch, policy, probability);
            }
        }
    }

    /// Adds the node after one outcome combination, unless it is impossible.
    fn imagine(&mut self, mind: &mut Mind<'_, T>, branch: usize, policy: usize, product: T) {
        self.belief.copy_from_slice(&self.predicted[policy]);
        let surprise = mind.inference.update(mind.knowledge, &self.observations, &mut self.belief);
        let Some(surprise) = surprise else { return };
        let is_predictive = mind.inference.is_exact() && mind.structure.numerics == Numerics::Exact;
        let probability = if is_predictive { (-surprise).exp() } else { product };
        self.tree.add_node(branch, probability, &self.belief);
    }
}

/// The largest product of one outcome per modality.
fn most_probable_combination<T: Real>(outcomes: &[T], offsets: &[usize]) -> f64 {
    let largest =
        |cells: &[usize]| outcomes[cells[0]..cells[1]].iter().fold(0.0, |m: f64, q| m.max(q.value()));
    offsets.windows(2).map(largest).product()
}
