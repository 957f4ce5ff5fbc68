//! Policies valued all at once, with everything shared: what the plain tree of [`super::policy_tree`] computes, many times
//! faster, for exact filtering over factors that move by themselves.
//!
//! 1. Imagined steps that are alike whatever the parameters are one node: after a move that forgets where the controlled
//!    factors were, what came before does not matter ([`layout`]).
//! 2. Where controlled factors get to is a product of transitions that depends on no belief ([`reach`]).
//! 3. Drifting factors are averaged over once per step ahead, not once per policy ([`outlook`]).
//! 4. All of it is done in plain numbers; derivatives come from the same equations read backwards ([`slopes`]), at the cost
//!    of about two values whatever the number of parameters.
//!
//! The plain tree is its oracle: `tests/laws` compare values and derivatives on random models. Models it does not serve
//! (other schemes of inference, factors that depend on each other's past, information about B, inductive value, learned
//! habits, tree search) are planned for by the plain tree.

pub(crate) mod layout;
mod outlook;
mod reach;
mod reachable;
pub(crate) mod recall;
mod slopes;

use super::Mind;
use crate::action_selection::Choice;
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::settings::Settings;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use layout::Layout;
use outlook::Outlook;
use reach::Reach;
use slopes::{Slopes, Worth};
use std::sync::Arc;

/// The parameters of planning and choice as plain numbers.
struct Values {
    settings: Settings<f64>,
    log_habits: Vec<f64>,
    /// Per list of preferences and column.
    log_preferences: Vec<f64>,
    /// The same per node and preferred column.
    of_outcomes: Vec<f64>,
    /// Per list of preferences: the utility of the modalities that have none.
    indifference: Vec<f64>,
}

/// All policies valued from one belief, with the workspace to do so.
pub(crate) struct Foresight<T> {
    layout: Arc<Layout>,
    reach: Reach<T>,
    outlook: Outlook<T>,
    values: Values,
    /// The value of every node: `w_u U + w_s S + w_a N`.
    worths: Vec<f64>,
    /// `-G` per policy.
    policy_values: Vec<f64>,
    /// `ln E - γ G` per policy.
    logits: Vec<f64>,
    choice: Choice,
    slopes: Slopes,
}

impl<T: Real> Foresight<T> {
    pub(crate) fn new(
        task: &TaskModel,
        structure: &Structure,
        layout: &Arc<Layout>,
        model: &GenerativeModel<T>,
    ) -> Self {
        let lists = layout.preferences;
        let mut foresight = Foresight {
            reach: Reach::new(layout),
            outlook: Outlook::new(layout, structure),
            values: Values {
                settings: model.settings.values(),
                log_habits: vec![0.0; structure.policies.len()],
                log_preferences: vec![0.0; lists * layout.width],
                of_outcomes: Vec::new(),
                indifference: vec![0.0; lists],
            },
            worths: vec![0.0; layout.nodes.len()],
            policy_values: vec![0.0; structure.policies.len()],
            logits: vec![0.0; structure.policies.len()],
            choice: Choice::new(structure, task.choice.selection),
            slopes: Slopes::new(layout),
            layout: layout.clone(),
        };
        foresight.set_model(structure, model);
        foresight
    }

    /// Takes over the parameters of planning and choice.
    pub(crate) fn set_model(&mut self, structure: &Structure, model: &GenerativeModel<T>) {
        self.values.settings = model.settings.values();
        for (value, log_habit) in self.values.log_habits.iter_mut().zip(model.log_habits()) {
            *value = log_habit.value();
        }
        for list in 0..self.layout.preferences {
            let all =
                &mut self.values.log_preferences[list * self.layout.width..(list + 1) * self.layout.width];
            let first = |m: &usize| model.log_preferences(*m, list)[0].value();
            let mut indifference: f64 = self.layout.indifferent.iter().map(first).sum();
            for columns in &self.layout.columns {
                if structure.modalities[columns.modality].has_preferences {
                    let preferred = model.log_preferences(columns.modality, list);
                    let cells = all[columns.outcomes.clone()].iter_mut().zip(preferred);
                    cells.for_each(|(cell, log_preference)| *cell = log_preference.value());
                } else {
                    indifference += first(&columns.modality);
                }
            }
            self.values.indifference[list] = indifference;
        }
        self.values.of_outcomes.clear();
        for node in &self.layout.nodes {
            let preferred = &self.values.log_preferences[node.preferences * self.layout.width..];
            self.values.of_outcomes.extend(node.preferred.iter().map(|&column| preferred[column]));
        }
    }

    /// Values every policy from `belief` and computes the probability of every joint action.
    pub(crate) fn plan(&mut self, mind: &Mind<'_, T>, belief: &[T]) {
        let layout = &*self.layout;
        self.reach.follow(layout, mind.structure, mind.knowledge);
        self.outlook.follow(layout, mind.knowledge);
        self.outlook.look((layout, mind.structure), mind.knowledge, &self.reach, belief);
        self.outlook.value(layout, &self.values.of_outcomes);
        self.decide(mind.structure);
    }

    /// Values policies and actions from the terms of every node.
    fn decide(&mut self, structure: &Structure) {
        let weights = &self.values.settings.weights;
        for ((worth, terms), node) in self.worths.iter_mut().zip(&self.outlook.terms).zip(&self.layout.nodes)
        {
            *worth = weights.utility * (terms.utility + self.values.indifference[node.preferences])
                + weights.state_information_gain * terms.state_information_gain
                + weights.likelihood_information_gain * terms.likelihood_information_gain;
        }
        let horizon = structure.policies.horizon();
        for (value, nodes) in self.policy_values.iter_mut().zip(self.layout.policies.chunks_exact(horizon)) {
            *value = nodes.iter().map(|&node| self.worths[node]).sum();
        }
        let precision = self.values.settings.policy_precision;
        for ((logit, value), log_habit) in
            self.logits.iter_mut().zip(&self.policy_values).zip(&self.values.log_habits)
        {
            *logit = log_habit + precision * value;
        }
        self.choice.choose(&self.values.settings, &self.logits);
    }

    /// Appends what the latest decision needs beyond the parameters of planning and choice.
    pub(crate) fn remember(&self, memory: &mut Vec<f64>) {
        self.outlook.remember(memory);
    }

    /// Makes a decision again from what was remembered of it; `ln p(u)` of one joint action, in nats, with the derivatives
    /// that come through the parameters of planning and choice.
    pub(crate) fn recall(
        &mut self,
        structure: &Structure,
        model: &GenerativeModel<T>,
        (memory, action): (&[f64], usize),
    ) -> T {
        self.outlook.recall(memory);
        self.outlook.prefer(&self.values.of_outcomes);
        self.decide(structure);
        let mut result = T::constant(self.choice.log[action]);
        if T::CARRIES_DERIVATIVES && result.value().is_finite() {
            self.add_decision(structure, model, action, &mut result);
        }
        result
    }

    /// `ln p(u)` per joint action, in nats.
    pub(crate) fn log_actions(&self) -> &[f64] {
        &self.choice.log
    }

    /// `ln p(u)` of one joint action, in nats, with its derivatives.
    pub(crate) fn log_action(
        &mut self,
        structure: &Structure,
        (model, knowledge): (&GenerativeModel<T>, &Knowledge<T>),
        action: usize,
    ) -> T {
        let mut result = T::constant(self.choice.log[action]);
        if !T::CARRIES_DERIVATIVES || !result.value().is_finite() {
            return result;
        }
        self.add_decision(structure, model, action, &mut result);
        let Values { settings, log_preferences, .. } = &self.values;
        let worth = Worth { weights: &settings.weights, log_preferences };
        let from = (&self.outlook, &self.reach, knowledge);
        self.slopes.add(&self.layout, from, &worth, &mut result);
        result
    }

    /// The derivatives that come through the parameters of planning and choice.
    fn add_decision(
        &mut self,
        structure: &Structure,
        model: &GenerativeModel<T>,
        action: usize,
        result: &mut T,
    ) {
        self.choice.slopes(&self.values.settings, &self.logits, action);
        self.add_choice(model, result);
        self.add_steps(structure);
        self.add_weights(model, result);
        let weight = self.values.settings.weights.utility;
        self.slopes.add_preferences(&self.layout, &self.outlook, weight);
        self.add_preferences(structure, model, result);
    }

    /// The derivatives that come through precisions, lapse and habits.
    fn add_choice(&self, model: &GenerativeModel<T>, result: &mut T) {
        let slopes = &self.choice;
        let along_values = slopes.policies.iter().zip(&self.policy_values);
        // A policy that no habit allows has no slope and, maybe, no finite value.
        let possible = along_values.filter(|(slope, _)| **slope != 0.0);
        result.add_slope(possible.map(|(slope, value)| slope * value).sum(), model.settings.policy_precision);
        result.add_slope(slopes.action_precision, model.settings.action_precision);
        result.add_slope(slopes.lapse, model.settings.lapse);
        for (&slope, &log_habit) in slopes.policies.iter().zip(model.log_habits()) {
            result.add_slope(slope, log_habit);
        }
    }

    /// The slopes along the value of every node.
    fn add_steps(&mut self, structure: &Structure) {
        let precision = self.values.settings.policy_precision;
        self.slopes.steps.fill(0.0);
        let nodes = self.layout.policies.chunks_exact(structure.policies.horizon());
        for (slope, nodes) in self.choice.policies.iter().zip(nodes) {
            for &node in nodes {
                self.slopes.steps[node] += precision * slope;
            }
        }
    }

    fn add_weights(&self, model: &GenerativeModel<T>, result: &mut T) {
        let along = |term: fn(&outlook::Terms) -> f64| {
            let pairs = self.slopes.steps.iter().zip(&self.outlook.terms);
            pairs.map(|(slope, terms)| slope * term(terms)).sum()
        };
        let weights = &model.settings.weights;
        result.add_slope(along(|terms| terms.utility), weights.utility);
        result.add_slope(along(|terms| terms.state_information_gain), weights.state_information_gain);
        result
            .add_slope(along(|terms| terms.likelihood_information_gain), weights.likelihood_information_gain);
    }

    fn add_preferences(&self, structure: &Structure, model: &GenerativeModel<T>, result: &mut T) {
        for list in 0..self.layout.preferences {
            let slopes = &self.slopes.preferences[list * self.layout.width..];
            for columns in &self.layout.columns {
                if structure.modalities[columns.modality].has_preferences {
                    let preferred = model.log_preferences(columns.modality, list);
                    for (&slope, &log_preference) in slopes[columns.outcomes.clone()].iter().zip(preferred) {
                        result.add_slope(slope, log_preference);
                    }
                }
            }
        }
    }

    /// Writes every policy's terms, expected free energy and log posterior, without derivatives: for reports.
    pub(crate) fn report(
        &self,
        terms: &mut [ExpectedFreeEnergy<T>],
        totals: &mut [T],
        log_posterior: &mut [T],
    ) {
        let horizon = self.layout.policies.len() / terms.len().max(1);
        for (to, nodes) in terms.iter_mut().zip(self.layout.policies.chunks_exact(horizon.max(1))) {
            *to = ExpectedFreeEnergy::NONE;
            for &node in nodes {
                let of = &self.outlook.terms[node];
                let indifference = self.values.indifference[self.layout.nodes[node].preferences];
                to.utility = to.utility + (of.utility + indifference);
                to.state_information_gain = to.state_information_gain + of.state_information_gain;
                to.likelihood_information_gain =
                    to.likelihood_information_gain + of.likelihood_information_gain;
            }
        }
        for (total, value) in totals.iter_mut().zip(&self.policy_values) {
            *total = T::constant(-value);
        }
        for (log_q, &logit) in log_posterior.iter_mut().zip(&self.logits) {
            *log_q = T::constant(logit);
        }
        crate::categorical::log_softmax(log_posterior);
    }
}
