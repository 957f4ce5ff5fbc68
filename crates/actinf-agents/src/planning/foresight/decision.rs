//! From what every step is expected to bring to the probability of actions.
//!
//! ```text
//! v_n  = w_u U_n + settled_n                    settled_n = w_u (U_settled,n + U_indifferent) + w_s S_n + w_a N_n
//! -G(π) = Σ_n in π v_n                          ℓ(π)      = ln E(π) - γ G(π)
//! ```
//!
//! `U_n` is the utility of the modalities whose preferences depend on parameters, `U_settled,n` that of those whose
//! preferences do not.

use super::lanes::add_product;
use super::layout::Layout;
use super::outlook::Terms;
use crate::action_selection::Choice;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::settings::{Settings, Weights};
use crate::structure::Structure;
use crate::task_model::TaskModel;

/// The parameters of planning and choice as plain numbers.
pub(super) struct Values {
    pub(super) settings: Settings<f64>,
    log_habits: Vec<f64>,
    /// Per list of preferences and column.
    pub(super) log_preferences: Vec<f64>,
    /// The same per node and preferred column.
    pub(super) of_outcomes: Vec<f64>,
    /// Per list of preferences: the utility of the modalities that have none.
    pub(super) indifference: Vec<f64>,
    pub(super) processor: pulp::Arch,
}

impl Values {
    pub(super) fn new<T: Real>(layout: &Layout, structure: &Structure, model: &GenerativeModel<T>) -> Self {
        Values {
            settings: model.settings.values(),
            log_habits: vec![0.0; structure.policies.len()],
            log_preferences: vec![0.0; layout.preferences * layout.width],
            of_outcomes: Vec::new(),
            indifference: vec![0.0; layout.preferences],
            processor: pulp::Arch::new(),
        }
    }

    /// Takes over other parameter values.
    pub(super) fn set<T: Real>(
        &mut self,
        layout: &Layout,
        structure: &Structure,
        model: &GenerativeModel<T>,
    ) {
        self.settings = model.settings.values();
        for (value, log_habit) in self.log_habits.iter_mut().zip(model.log_habits()) {
            *value = log_habit.value();
        }
        for (list, all) in self.log_preferences.chunks_exact_mut(layout.width.max(1)).enumerate() {
            for columns in layout.columns.iter().filter(|c| structure.modalities[c.modality].has_preferences)
            {
                let preferred = model.log_preferences(columns.modality, list);
                let cells = all[columns.outcomes.clone()].iter_mut().zip(preferred);
                cells.for_each(|(cell, log_preference)| *cell = log_preference.value());
            }
        }
        for (list, indifference) in self.indifference.iter_mut().enumerate() {
            let modalities = structure.modalities.iter().enumerate().filter(|(_, m)| !m.has_preferences);
            *indifference = modalities.map(|(m, _)| model.log_preferences(m, list)[0].value()).sum();
        }
        self.of_outcomes.clear();
        for node in &layout.nodes {
            let preferred = &self.log_preferences[node.preferences * layout.width..];
            self.of_outcomes.extend(node.preferred.iter().map(|&column| preferred[column]));
        }
    }
}

/// The values of steps and policies, and the choice between them.
pub(super) struct Decision<const L: usize> {
    /// `v` of every node.
    pub(super) worths: Vec<[f64; L]>,
    /// `-G` per policy.
    pub(super) policy_values: Vec<[f64; L]>,
    /// `ℓ` per policy.
    pub(super) logits: Vec<[f64; L]>,
    pub(super) choice: Choice<L>,
}

impl<const L: usize> Decision<L> {
    pub(super) fn new(task: &TaskModel, structure: &Structure, layout: &Layout) -> Self {
        Decision {
            worths: vec![[0.0; L]; layout.nodes.len()],
            policy_values: vec![[0.0; L]; structure.policies.len()],
            logits: vec![[0.0; L]; structure.policies.len()],
            choice: Choice::new(structure, task.choice.selection),
        }
    }

    /// Values policies and actions from the terms of every node.
    pub(super) fn decide(&mut self, layout: &Layout, values: &Values, terms: &[Terms<L>]) {
        values.processor.dispatch(Weighing { decision: self, layout, values, terms });
        self.choose(layout, values);
    }

    /// Values policies and actions from the worth of every node.
    pub(super) fn choose(&mut self, layout: &Layout, values: &Values) {
        values.processor.dispatch(Summing { decision: self, layout, values });
        self.choice.choose(&values.settings, &self.logits);
    }
}

/// `v`.
struct Weighing<'a, const L: usize> {
    decision: &'a mut Decision<L>,
    layout: &'a Layout,
    values: &'a Values,
    terms: &'a [Terms<L>],
}

impl<const L: usize> pulp::NullaryFnOnce for Weighing<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Weighing { decision, layout, values, terms } = self;
        let weights = &values.settings.weights;
        for ((worth, terms), node) in decision.worths.iter_mut().zip(terms).zip(&layout.nodes) {
            *worth = settled(terms, weights, values.indifference[node.preferences]);
            add_product(worth, weights.utility, terms.variable_utility);
        }
    }
}

/// What a step is worth but for preferences that depend on parameters.
#[inline(always)]
pub(super) fn settled<const L: usize>(
    terms: &Terms<L>,
    weights: &Weights<f64>,
    indifference: f64,
) -> [f64; L] {
    let mut worth = [0.0; L];
    for (worth, utility) in worth.iter_mut().zip(&terms.settled_utility) {
        *worth = weights.utility * (utility + indifference);
    }
    add_product(&mut worth, weights.state_information_gain, terms.state_information_gain);
    add_product(&mut worth, weights.likelihood_information_gain, terms.likelihood_information_gain);
    worth
}

/// `-G` and `ℓ`.
struct Summing<'a, const L: usize> {
    decision: &'a mut Decision<L>,
    layout: &'a Layout,
    values: &'a Values,
}

impl<const L: usize> pulp::NullaryFnOnce for Summing<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Summing { decision, layout, values } = self;
        let policies = decision.policy_values.iter_mut().zip(decision.logits.iter_mut());
        let nodes = layout.policies.chunks_exact(layout.horizon);
        for (((value, logit), nodes), &log_habit) in policies.zip(nodes).zip(&values.log_habits) {
            *value = [0.0; L];
            nodes.iter().for_each(|&node| add_product(value, 1.0, decision.worths[node]));
            for (logit, value) in logit.iter_mut().zip(value) {
                *logit = log_habit + values.settings.policy_precision * *value;
            }
        }
    }
}
