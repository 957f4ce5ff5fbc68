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

pub(crate) mod foresight;
mod imagined_step;
pub mod monte_carlo_tree_search;
pub mod policy_tree;
pub mod sophisticated_inference;

pub(crate) use foresight::lanes::{Cell, add_possible, add_product};
pub(crate) use foresight::layout::Layout;
pub(crate) use imagined_step::{ImaginedStep, Mind, StepValuation};

use crate::action_selection::ActionProbabilities;
use crate::categorical::log_softmax;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::{ActionSelection, TaskModel};
use foresight::Foresight;
use monte_carlo_tree_search::MonteCarloTreeSearch;
use policy_tree::PolicyTree;
use sophisticated_inference::SophisticatedInference;

/// How policies are valued.
enum Method<T> {
    /// All at once, in plain numbers.
    Foresight(Box<Foresight<T, 1>>),
    Policies(StepValuation<T>, PolicyTree<T>),
    Sophisticated(StepValuation<T>, Box<SophisticatedInference<T>>),
    Searched(StepValuation<T>, Box<MonteCarloTreeSearch<T>>),
}

/// How the policies of a task model are valued.
fn method<T: Real>(
    task: &TaskModel,
    structure: &Structure,
    model: &GenerativeModel<T>,
    belief_size: usize,
) -> Method<T> {
    let valuation = || StepValuation::new(task, structure);
    let planning = &task.planning;
    if let Some(settings) = planning.sophistication.clone() {
        let search = SophisticatedInference::new(settings, structure, belief_size);
        Method::Sophisticated(valuation(), Box::new(search))
    } else if let Some(settings) = planning.monte_carlo_tree_search.clone() {
        let search = MonteCarloTreeSearch::new(settings, structure, belief_size);
        Method::Searched(valuation(), Box::new(search))
    } else if let Some(layout) = &structure.layout {
        Method::Foresight(Box::new(Foresight::new(task, structure, layout, model)))
    } else {
        Method::Policies(valuation(), PolicyTree::new(structure, belief_size))
    }
}

/// The valued policies of one plan.
#[derive(Clone, Debug)]
pub(crate) struct Plan<T> {
    /// Per policy, the terms of its expected free energy.
    pub(crate) terms: Vec<ExpectedFreeEnergy<T>>,
    /// Per policy, its expected free energy `G(π)`, in nats.
    pub(crate) totals: Vec<T>,
    /// Per policy, `ln q(π)`.
    pub(crate) log_posterior: Vec<T>,
}

/// What of a plan other equations depend on, with derivatives.
pub(crate) struct Differentiable<'a, T> {
    /// Per joint action, `ln p(u)`, in nats.
    pub(crate) log_actions: &'a [T],
    /// Per policy, `ln q(π)`.
    pub(crate) log_posterior: &'a [T],
    /// Per policy, `G(π)`, in nats.
    pub(crate) totals: &'a [T],
}

/// Plans, and chooses accordingly; with the workspace to do so.
pub(crate) struct Planner<T> {
    plan: Plan<T>,
    method: Method<T>,
    selection: ActionSelection,
    actions: ActionProbabilities<T>,
}

impl<T: Real> Planner<T> {
    pub(crate) fn new(
        task: &TaskModel,
        structure: &Structure,
        model: &GenerativeModel<T>,
        belief_size: usize,
    ) -> Self {
        Planner {
            method: method(task, structure, model, belief_size),
            plan: Plan {
                terms: vec![ExpectedFreeEnergy::NONE; structure.policies.len()],
                totals: vec![T::ZERO; structure.policies.len()],
                log_posterior: vec![T::ZERO; structure.policies.len()],
            },
            selection: task.choice.selection,
            actions: ActionProbabilities::new(structure),
        }
    }

    /// Takes over other parameter values.
    pub(crate) fn set_model(&mut self, structure: &Structure, model: &GenerativeModel<T>) {
        if let Method::Foresight(foresight) = &mut self.method {
            foresight.set_model(structure, model);
        }
    }

    /// Values every policy from `belief` and computes the probability of every joint action.
    pub(crate) fn plan(&mut self, mind: &mut Mind<'_, T>, belief: &[T]) {
        let Plan { terms, totals, log_posterior } = &mut self.plan;
        match &mut self.method {
            Method::Foresight(foresight) => {
                foresight.look_around((mind.structure, mind.knowledge), belief);
                return foresight.decide();
            }
            Method::Policies(valuation, tree) => {
                valuation.follow(mind);
                tree.value(mind, valuation, belief, terms);
                for (total, terms) in totals.iter_mut().zip(&*terms) {
                    *total = terms.weighted(&mind.model.settings.weights);
                }
            }
            Method::Sophisticated(valuation, search) => {
                valuation.follow(mind);
                search.search(mind, valuation, belief);
                search.report(terms, totals);
            }
            Method::Searched(valuation, search) => {
                valuation.follow(mind);
                search.search(mind, valuation, belief);
                search.report(terms, totals);
            }
        }
        let precision = mind.model.settings.policy_precision;
        prefer(precision, totals, &mind.knowledge.log_habits, log_posterior);
        let first = mind.structure.policies.first_actions();
        self.actions.select(mind.structure, self.selection, &mind.model.settings, log_posterior, first);
    }

    /// `ln p(u)` of one joint action of the latest plan, in nats; without derivatives where [`Foresight`] plans.
    pub(crate) fn log_action(&self, action: usize) -> T {
        match &self.method {
            Method::Foresight(foresight) => T::constant(foresight.log_action(action, 0)),
            _ => self.actions.log[action],
        }
    }

    /// Appends what the latest decision needs beyond the parameters of planning and choice; nothing where [`Foresight`] does
    /// not plan.
    pub(crate) fn remember(&self, has_free_weights: bool, memory: &mut Vec<f64>) {
        if let Method::Foresight(foresight) = &self.method {
            foresight.remember(has_free_weights, memory);
        }
    }

    /// Writes `ln p(u)` of all joint actions of the latest plan, in nats, without derivatives.
    pub(crate) fn log_action_values(&self, values: &mut [f64]) {
        match &self.method {
            Method::Foresight(foresight) => {
                let values = values.iter_mut().enumerate();
                values.for_each(|(action, value)| *value = foresight.log_action(action, 0));
            }
            _ => values.iter_mut().zip(&self.actions.log).for_each(|(value, log)| *value = log.value()),
        }
    }

    /// The latest plan with derivatives; not kept up where [`Foresight`] plans, which serves no model that asks for them.
    pub(crate) fn differentiable(&self) -> Differentiable<'_, T> {
        debug_assert!(!matches!(self.method, Method::Foresight(_)));
        Differentiable {
            log_actions: &self.actions.log,
            log_posterior: &self.plan.log_posterior,
            totals: &self.plan.totals,
        }
    }

    /// The latest plan, without derivatives: for reports.
    pub(crate) fn report(&self) -> Plan<T> {
        let mut plan = self.plan.clone();
        if let Method::Foresight(foresight) = &self.method {
            foresight.report(&mut plan.terms, &mut plan.totals, &mut plan.log_posterior);
        }
        plan
    }
}

/// `ln q = ln softmax(ln E - γ G)`.
fn prefer<T: Real>(precision: T, totals: &[T], log_habits: &[T], log_posterior: &mut [T]) {
    for ((log_q, &total), &log_habit) in log_posterior.iter_mut().zip(totals).zip(log_habits) {
        *log_q = log_habit - precision * total;
    }
    log_softmax(log_posterior);
}
