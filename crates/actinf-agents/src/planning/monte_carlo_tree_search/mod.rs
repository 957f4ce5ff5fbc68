//! Monte Carlo tree search: sophisticated inference over a tree that grows where imagined futures lead.
//!
//! ```text
//! G(u | q)  = g(q, u) + Σ_o seen p(o | q, u) G(q') / Σ_o seen p(o | q, u)       q' = the belief after u and o
//! G(q)      = Σ_u tried q(u | q) G(u | q)                    q(u | q) ∝ exp(-γ G(u | q)); 0 where the tree ends
//! ```
//!
//! | symbol | here | |
//! |---|---|---|
//! | `q`, `q'` | belief | over states, as the agent's scheme of inference holds it |
//! | `g(q, u)` | own | expected free energy of one step, in nats: all active terms with the model's weights |
//! | `G(u \| q)` | total | expected free energy of an action and all that follows, in nats |
//! | `N`, `n(u)` | tries | how often a belief was reached, and how often the action was taken from it |
//! | `c` | `exploration` | in nats |
//!
//! This is the recursion of [sophisticated inference](super::sophisticated_inference), with the same beliefs, the same
//! value of a step and habits at the root, restricted to the actions that were tried and the outcomes that were seen. It is
//! for trees that are too large to grow whole. Each of [`simulations`](crate::task_model::MonteCarloTreeSearch) imagined
//! futures goes from the present to the horizon:
//!
//! 1. at a belief from which some action has not been taken, the one of these with the least `g` is taken; otherwise
//!    the one with the least `G(u | q) - c √(ln N / n(u))` (UCB1);
//! 2. an outcome of each modality is drawn: where inference is exact from the predictive distribution, modality after
//!    modality; otherwise, as in sophisticated inference, from the product of the modalities' marginals;
//! 3. the belief is updated by the agent's own scheme, and the future goes on from there. At its end `G` is computed again
//!    for all beliefs on the way.
//!
//! At the last step nothing follows, so that all actions count as tried.
//!
//! Outcomes are weighed by their probabilities and not by how often they were drawn, so that what is drawn decides only
//! which part of the tree is known (partial Bellman backups). Where everything has been tried and seen, the result is that
//! of sophisticated inference without pruning. Drawn combinations that the update finds impossible (approximate inference
//! only) end the future with 0.
//!
//! # Randomness and gradient
//!
//! Every plan draws from a stream of its own, which starts at the model's `seed`: common random numbers. A plan is
//! therefore a function of the belief, of what has been learned and of the parameters, like every other plan: the
//! likelihood of behaviour is a number and not a random variable, evaluating it again gives the same bits, and simulated
//! behaviour is scored as it was drawn. How much depends on the draws shows in other seeds.
//!
//! The gradient is exact for the tree as it was grown: derivatives pass through the values kept in it (`g`, `p(o)`,
//! `q(u)`), not through the choices and draws that grew it. The likelihood as a function of the parameters jumps where
//! other futures are imagined; the jumps become small with more simulations and vanish where the tree is complete.
//!
//! # References
//!
//! Kocsis & Szepesvári (2006). Bandit based Monte-Carlo planning. *ECML*, 282-293: the choice of actions.
//!
//! Keller & Helmert (2013). Trial-based heuristic tree search for finite horizon MDPs. *ICAPS* 23, 135-143: partial Bellman
//! backups, as in its DP-UCT, with the soft value of sophisticated inference in the place of the maximum.
//!
//! Fountas, Sajid, Mediano & Friston (2020). Deep active inference agents using Monte-Carlo methods. *NeurIPS* 33,
//! 11662-11675: tree search for active inference.

mod tree;

use super::{ImaginedStep, Mind, StepValuation};
use crate::behaviour::Observation;
use crate::expected_free_energy::{ExpectedFreeEnergy, expected_outcomes};
use crate::generative_process::draw;
use crate::real::Real;
use crate::state_inference::Move;
use crate::structure::Structure;
use crate::task_model::{MonteCarloTreeSearch as Settings, Numerics};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tree::{Arrival, Tree};

/// A tree search with its workspace.
pub(crate) struct MonteCarloTreeSearch<T> {
    settings: Settings,
    tree: Tree<T>,
    /// The beliefs and branches of the present future.
    path: Vec<(usize, usize)>,
    belief: Vec<T>,
    predicted: Vec<T>,
    marginals_before: Vec<T>,
    marginals_after: Vec<T>,
    parents: Vec<T>,
    /// The expected outcomes of one modality.
    outcomes: Vec<T>,
    observations: Vec<Observation>,
}

impl<T: Real> MonteCarloTreeSearch<T> {
    pub(crate) fn new(settings: Settings, structure: &Structure, belief_size: usize) -> Self {
        let widest = |size: fn(&crate::structure::ModalityStructure) -> usize| {
            vec![T::ZERO; structure.modalities.iter().map(size).max().unwrap_or(1)]
        };
        MonteCarloTreeSearch {
            path: Vec::with_capacity(settings.horizon),
            settings,
            tree: Tree::new(structure.policies.len(), belief_size),
            belief: vec![T::ZERO; belief_size],
            predicted: vec![T::ZERO; belief_size],
            marginals_before: vec![T::ZERO; structure.marginal_states()],
            marginals_after: vec![T::ZERO; structure.marginal_states()],
            parents: widest(|modality| modality.parent_configurations),
            outcomes: widest(|modality| modality.outcomes),
            observations: vec![Observation::Missing; structure.modalities.len()],
        }
    }

    /// Grows and values the tree from `belief`.
    pub(crate) fn search(&mut self, mind: &mut Mind<'_, T>, valuation: &mut StepValuation<T>, belief: &[T]) {
        let mut rng = ChaCha8Rng::seed_from_u64(self.settings.seed);
        self.tree.plant(belief);
        self.expand(mind, valuation, 0, 0);
        for _ in 0..self.settings.simulations {
            self.imagine_future(mind, valuation, &mut rng);
        }
    }

    /// Writes the terms and the expected free energy of every action at the root; of an action that was never tried, of its
    /// own step.
    pub(crate) fn report(&self, terms: &mut [ExpectedFreeEnergy<T>], totals: &mut [T]) {
        for ((terms, total), branch) in terms.iter_mut().zip(totals).zip(self.tree.root()) {
            *terms = branch.terms;
            *total = branch.total;
        }
    }

    /// Goes from the present to the horizon once, and values all beliefs on the way again.
    fn imagine_future(
        &mut self,
        mind: &mut Mind<'_, T>,
        valuation: &mut StepValuation<T>,
        rng: &mut ChaCha8Rng,
    ) {
        self.path.clear();
        let mut node = 0;
        for depth in 1..self.settings.horizon {
            let policy = self.tree.choose(node, self.settings.exploration);
            let branch = self.tree.branch(node, policy);
            self.path.push((node, branch));
            self.belief.copy_from_slice(self.tree.belief(node));
            let (arrival, is_possible) = self.imagine_outcomes(mind, policy, rng);
            node = match self.tree.find(branch, arrival.outcomes) {
                Some(known) => known,
                None => {
                    let node = self.tree.add_node(branch, arrival, &self.predicted);
                    if is_possible {
                        self.expand(mind, valuation, node, depth);
                    }
                    node
                }
            };
            if !is_possible {
                break;
            }
        }
        let precision = mind.model.settings.policy_precision;
        for &(node, branch) in self.path.iter().rev() {
            self.tree.revalue(node, branch, precision);
        }
    }

    /// Values every action of a node by itself.
    fn expand(
        &mut self,
        mind: &mut Mind<'_, T>,
        valuation: &mut StepValuation<T>,
        node: usize,
        depth: usize,
    ) {
        self.belief.copy_from_slice(self.tree.belief(node));
        let needs_marginals = mind.structure.terms.need_marginals();
        if needs_marginals {
            mind.inference.marginals(&self.belief, &mut self.marginals_before);
            valuation.aim(mind.structure, &self.marginals_before);
        }
        self.tree.start_branches(node);
        for &action in mind.structure.policies.first_actions() {
            let after = &mut self.predicted;
            mind.inference.predict(mind.knowledge, Move::Action(action), &self.belief, after);
            if needs_marginals {
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
            self.tree.add_branch(own, own.weighted(&mind.model.settings.weights));
        }
        if depth + 1 == self.settings.horizon {
            self.tree.close(node, mind.model.settings.policy_precision);
        }
    }

    /// Draws the outcomes that an action taken from `self.belief` brings, and leaves the belief updated with them in
    /// `self.predicted`; `false` if they are impossible.
    fn imagine_outcomes(
        &mut self,
        mind: &mut Mind<'_, T>,
        policy: usize,
        rng: &mut ChaCha8Rng,
    ) -> (Arrival<T>, bool) {
        let action = Move::Action(mind.structure.policies.first_actions()[policy]);
        mind.inference.predict(mind.knowledge, action, &self.belief, &mut self.predicted);
        let is_predictive = mind.inference.is_exact() && mind.structure.numerics == Numerics::Exact;
        self.observations.fill(Observation::Missing);
        let mut arrival = Arrival { outcomes: 0, probability: T::ONE };
        for m in 0..self.observations.len() {
            let outcome = self.draw_outcome(mind, m, rng);
            arrival.add(outcome, mind.structure.modalities[m].outcomes, self.outcomes[outcome]);
            self.observations[m] = Observation::Outcome(outcome);
            if is_predictive {
                // The next modality is drawn given this one, so that only what is possible is drawn.
                mind.inference.update(mind.knowledge, &self.observations, &mut self.predicted);
                self.observations[m] = Observation::Missing;
            }
        }
        let is_possible = is_predictive
            || mind.inference.update(mind.knowledge, &self.observations, &mut self.predicted).is_some();
        (arrival, is_possible)
    }

    /// Draws an outcome of a modality; `self.outcomes` holds the probabilities it was drawn with.
    fn draw_outcome(&mut self, mind: &mut Mind<'_, T>, modality: usize, rng: &mut ChaCha8Rng) -> usize {
        let outcomes = &mut self.outcomes[..mind.structure.modalities[modality].outcomes];
        let parents = mind.inference.parents(modality, &self.predicted, &mut self.parents);
        expected_outcomes(mind.knowledge.likelihood[modality].expected().view(), parents, outcomes);
        draw(outcomes.iter().map(|q| q.value()), rng)
    }
}
