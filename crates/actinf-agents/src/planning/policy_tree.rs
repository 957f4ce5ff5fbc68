//! Policies as sequences of actions: beliefs are rolled forward under each, and the steps' terms summed.
//!
//! ```text
//! q_0 = q(s | past)      q_k = B(u_k) q_{k-1}      G(π) = Σ_k g(q_{k-1}, u_k, q_k)
//! ```
//!
//! | symbol | what it is | shape |
//! |---|---|---|
//! | `q_k` | what is believed about the states after `k` actions | a belief of the agent's scheme |
//! | `u_k` | the `k`-th joint action of the policy | |
//! | `B(u)` | the transitions under a joint action | `[next state, state]` |
//! | `g` | the weighted terms of one step, in nats | one number |
//!
//! Nothing is observed along the way. Policies with the same beginning share it: beliefs are rolled forward along the tree
//! of all policies.

use super::{ImaginedStep, Mind, StepValuation};
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::real::Real;
use crate::state_inference::Move;
use crate::structure::Structure;

/// The workspace to value policies: one entry per step ahead, the present being the first.
pub(crate) struct PolicyTree<T> {
    beliefs: Vec<Vec<T>>,
    /// The marginals of all factors, where a term needs them.
    marginals: Vec<Vec<T>>,
    path: Vec<ExpectedFreeEnergy<T>>,
}

impl<T: Real> PolicyTree<T> {
    pub(crate) fn new(structure: &Structure, belief_size: usize) -> Self {
        let depths = structure.policies.horizon() + 1;
        PolicyTree {
            beliefs: vec![vec![T::ZERO; belief_size]; depths],
            marginals: vec![vec![T::ZERO; structure.marginal_states()]; depths],
            path: vec![ExpectedFreeEnergy::NONE; depths],
        }
    }

    /// Writes the terms of every policy from `belief`.
    pub(crate) fn value(
        &mut self,
        mind: &mut Mind<'_, T>,
        valuation: &mut StepValuation<T>,
        belief: &[T],
        terms: &mut [ExpectedFreeEnergy<T>],
    ) {
        let needs_marginals = mind.structure.terms.need_marginals();
        self.beliefs[0].copy_from_slice(belief);
        if needs_marginals {
            mind.inference.marginals(belief, &mut self.marginals[0]);
            valuation.aim(mind.structure, &self.marginals[0]);
        }
        for step in mind.structure.policies.steps() {
            let (before, after) = self.beliefs.split_at_mut(step.depth + 1);
            let after = &mut after[0];
            mind.inference.predict(mind.knowledge, Move::Action(step.action), &before[step.depth], after);
            if needs_marginals {
                mind.inference.marginals(after, &mut self.marginals[step.depth + 1]);
            }
            self.path[step.depth + 1] = self.path[step.depth];
            let imagined = ImaginedStep {
                depth: step.depth,
                action: step.action,
                after,
                marginals_before: &self.marginals[step.depth],
                marginals_after: &self.marginals[step.depth + 1],
            };
            valuation.add_step(mind, &imagined, &mut self.path[step.depth + 1]);
            if let Some(policy) = step.ends {
                terms[policy] = self.path[step.depth + 1];
            }
        }
    }
}
