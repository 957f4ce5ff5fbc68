//! Planning: the expected free energy of every policy from the current belief, and the posterior over policies.
//!
//! ```text
//! q(π) = softmax(-γ G(π) + ln E(π))
//! ```
//!
//! Policies are sequences of actions whose outcomes do not change them ([`policy_tree`]); or, if the model asks for it, single
//! actions followed by whatever will then be best given what will have been seen ([`sophisticated_inference`]). Each
//! imagined step is valued on the pages of [`crate::expected_free_energy`].
//!
//! Monte Carlo tree search is not offered: the likelihood of behaviour under it is itself random, so that it can neither be
//! compared between parameter values nor differentiated.

pub(crate) mod foresight;
mod imagined_step;
pub mod policy_tree;
pub mod sophisticated_inference;

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
use policy_tree::PolicyTree;
use sophisticated_inference::SophisticatedInference;

/// How policies are valued.
enum Method<T> {
    /// All at once, in plain numbers.
    Foresight(Box<Foresight<T>>),
    Policies(StepValuation<T>, PolicyTree<T>),
    Sophisticated(StepValuation<T>, Box<SophisticatedInference<T>>),
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
        let valuation = || StepValuation::new(task, structure);
        let method = match (&task.planning.sophistication, &structure.layout) {
            (Some(settings), _) => {
                let search = SophisticatedInference::new(settings.clone(), structure, belief_size);
                Method::Sophisticated(valuation(), Box::new(search))
            }
            (None, Some(layout)) => {
                Method::Foresight(Box::new(Foresight::new(task, structure, layout, model)))
            }
            (None, None) => Method::Policies(valuation(), PolicyTree::new(structure, belief_size)),
        };
        Planner {
            plan: Plan {
                terms: vec![ExpectedFreeEnergy::NONE; structure.policies.len()],
                totals: vec![T::ZERO; structure.policies.len()],
                log_posterior: vec![T::ZERO; structure.policies.len()],
            },
            method,
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
            Method::Foresight(foresight) => return foresight.plan(mind, belief),
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
        }
        let precision = mind.model.settings.policy_precision;
        prefer(precision, totals, &mind.knowledge.log_habits, log_posterior);
        self.actions.select(mind.structure, self.selection, &mind.model.settings, log_posterior);
    }

    /// `ln p(u)` of one joint action of the latest plan, in nats.
    pub(crate) fn log_action(&mut self, mind: &Mind<'_, T>, action: usize) -> T {
        match &mut self.method {
            Method::Foresight(foresight) => {
                foresight.log_action(mind.structure, (mind.model, mind.knowledge), action)
            }
            _ => self.actions.log[action],
        }
    }

    /// The planner that can make decisions again from what it remembers of them, if that is how this model is planned for.
    pub(crate) fn foresight(&mut self) -> Option<&mut Foresight<T>> {
        match &mut self.method {
            Method::Foresight(foresight) => Some(foresight),
            _ => None,
        }
    }

    /// Writes `ln p(u)` of all joint actions of the latest plan, in nats, without derivatives.
    pub(crate) fn log_action_values(&self, values: &mut [f64]) {
        match &self.method {
            Method::Foresight(foresight) => values.copy_from_slice(foresight.log_actions()),
            _ => values.iter_mut().zip(&self.actions.log).for_each(|(value, log)| *value = log.value()),
        }
    }

    /// `ln p(u)` per joint action and `ln q(π)` per policy, in nats, with derivatives; not kept up where [`Foresight`] plans, which serves
    /// no model that asks for them.
    pub(crate) fn differentiable(&self) -> (&[T], &[T]) {
        debug_assert!(!matches!(self.method, Method::Foresight(_)));
        (&self.actions.log, &self.plan.log_posterior)
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
