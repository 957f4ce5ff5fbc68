//! Planning: the expected free energy of every policy from the current belief, and the posterior over policies.
//!
//! ```text
//! q(π) = softmax(-γ G(π) + ln E(π))
//! ```
//!
//! | symbol | what it is | shape |
//! |---|---|---|
//! | `π` | a policy: joint actions for the next steps | `[step ahead]` |
//! | `G(π)` | its expected free energy in nats, lower is better: see [`crate::expected_free_energy`] | `[policy]` |
//! | `E(π)` | habits: prior probabilities of policies | `[policy]` |
//! | `γ` | policy precision, at least 0 | one number |
//! | `q(π)` | posterior over policies, from which actions are [selected](crate::action_selection) | `[policy]` |
//!
//! Policies are sequences of actions whose outcomes do not change them ([`policy_tree`]); or, if the model asks for it,
//! single actions followed by whatever will then be best given what will have been seen: over the whole tree of what may
//! come ([`sophisticated_inference`]), or over the part of it that a number of imagined futures reach
//! ([`monte_carlo_tree_search`]). Each imagined step is valued on the pages of [`crate::expected_free_energy`].
//!
//! Plans are no random variables, however they are made: Monte Carlo tree search draws from a stream that starts again with
//! every plan, so that the likelihood of behaviour can be compared between parameter values and differentiated.
//!
//! # References
//!
//! Friston, FitzGerald, Rigoli, Schwartenbeck & Pezzulo (2017). Active inference: a process theory. *Neural Computation* 29,
//! 1-49: the posterior over policies and its precision.
//!
//! Da Costa, Parr, Sajid, Veselic, Neacsu & Friston (2020). Active inference on discrete state-spaces: a synthesis.
//! *Journal of Mathematical Psychology* 99, 102447, section 5.

mod imagined_step;
pub mod monte_carlo_tree_search;
pub mod policy_tree;
pub mod sophisticated_inference;

pub(crate) use imagined_step::{ImaginedStep, Mind, StepValuation};

use crate::categorical::log_softmax;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use monte_carlo_tree_search::MonteCarloTreeSearch;
use policy_tree::PolicyTree;
use sophisticated_inference::SophisticatedInference;

/// How policies are valued.
enum Method<T> {
    Policies(PolicyTree<T>),
    Sophisticated(Box<SophisticatedInference<T>>),
    Searched(Box<MonteCarloTreeSearch<T>>),
}

/// The valued policies of the latest plan, with the workspace to make it.
pub(crate) struct Planner<T> {
    /// Per policy, the terms of its expected free energy.
    pub(crate) terms: Vec<ExpectedFreeEnergy<T>>,
    /// Per policy, its expected free energy `G(π)`, in nats.
    pub(crate) totals: Vec<T>,
    /// Per policy, `ln q(π)`.
    pub(crate) log_posterior: Vec<T>,
    valuation: StepValuation<T>,
    method: Method<T>,
}

impl<T: Real> Planner<T> {
    pub(crate) fn new(task: &TaskModel, structure: &Structure, belief_size: usize) -> Self {
        let planning = &task.planning;
        let method = if let Some(settings) = planning.sophistication.clone() {
            let search = SophisticatedInference::new(settings, structure, belief_size);
            Method::Sophisticated(Box::new(search))
        } else if let Some(settings) = planning.monte_carlo_tree_search.clone() {
            Method::Searched(Box::new(MonteCarloTreeSearch::new(settings, structure, belief_size)))
        } else {
            Method::Policies(PolicyTree::new(structure, belief_size))
        };
        Planner {
            terms: vec![ExpectedFreeEnergy::NONE; structure.policies.len()],
            totals: vec![T::ZERO; structure.policies.len()],
            log_posterior: vec![T::ZERO; structure.policies.len()],
            valuation: StepValuation::new(task, structure),
            method,
        }
    }

    /// Values every policy from `belief` and normalises `ln q(π)`.
    pub(crate) fn plan(&mut self, mind: &mut Mind<'_, T>, belief: &[T]) {
        self.valuation.follow(mind);
        match &mut self.method {
            Method::Policies(tree) => {
                tree.value(mind, &mut self.valuation, belief, &mut self.terms);
                for (total, terms) in self.totals.iter_mut().zip(&self.terms) {
                    *total = terms.weighted(&mind.model.settings.weights);
                }
            }
            Method::Sophisticated(search) => {
                search.search(mind, &mut self.valuation, belief);
                search.report(&mut self.terms, &mut self.totals);
            }
            Method::Searched(search) => {
                search.search(mind, &mut self.valuation, belief);
                search.report(&mut self.terms, &mut self.totals);
            }
        }
        let precision = mind.model.settings.policy_precision;
        prefer(precision, &self.totals, &mind.knowledge.log_habits, &mut self.log_posterior);
    }
}

/// `ln q = ln softmax(ln E - γ G)`.
fn prefer<T: Real>(precision: T, totals: &[T], log_habits: &[T], log_posterior: &mut [T]) {
    for ((log_q, &total), &log_habit) in log_posterior.iter_mut().zip(totals).zip(log_habits) {
        *log_q = log_habit - precision * total;
    }
    log_softmax(log_posterior);
}
