//! The slopes along the parameters of planning and choice, summed over decisions.

use super::decision::{Decision, Values};
use super::lanes::{add_possible, add_product, total};
use super::layout::Layout;
use super::outlook::{Outlook, Terms};
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::structure::Structure;

/// The slopes along precisions, lapse, habits, weights of terms and preferences.
pub(super) struct ParameterSlopes<const L: usize> {
    policy_precision: [f64; L],
    action_precision: [f64; L],
    lapse: [f64; L],
    /// Along `ln E`, per policy.
    habits: Vec<[f64; L]>,
    /// Along the weights of utility and of the information gains about states and A.
    weights: [[f64; L]; 3],
    /// Along `ln C`, per list of preferences and column.
    preferences: Vec<[f64; L]>,
}

impl<const L: usize> ParameterSlopes<L> {
    pub(super) fn new(layout: &Layout, structure: &Structure) -> Self {
        ParameterSlopes {
            policy_precision: [0.0; L],
            action_precision: [0.0; L],
            lapse: [0.0; L],
            habits: vec![[0.0; L]; structure.policies.len()],
            weights: [[0.0; L]; 3],
            preferences: vec![[0.0; L]; layout.preferences * layout.width],
        }
    }

    /// Starts anew.
    pub(super) fn clear(&mut self) {
        for slope in [&mut self.policy_precision, &mut self.action_precision, &mut self.lapse] {
            *slope = [0.0; L];
        }
        self.habits.fill([0.0; L]);
        self.weights = [[0.0; L]; 3];
        self.preferences.fill([0.0; L]);
    }

    /// Adds the slopes of the latest decision along precisions, lapse and habits, given those of its choice; writes those
    /// along the value of every step to `steps`.
    pub(super) fn add(
        &mut self,
        (layout, values): (&Layout, &Values),
        decision: &Decision<L>,
        steps: &mut [[f64; L]],
    ) {
        decision.processor.dispatch(Adding { slopes: self, layout, values, decision, steps });
    }

    /// Adds the slopes along the weights of terms, given those along the value of every step.
    pub(super) fn add_weights(
        &mut self,
        (layout, values): (&Layout, &Values),
        outlook: &Outlook<L>,
        steps: &[[f64; L]],
    ) {
        let terms = &outlook.terms[..];
        outlook.processor.dispatch(Weighing { slopes: &mut self.weights, layout, values, terms, steps });
    }

    /// The slopes along the weights of utility and of the information gains about states and A, to be added to.
    pub(super) fn weights(&mut self) -> &mut [[f64; L]; 3] {
        &mut self.weights
    }

    /// Adds the slopes along preferences, given those along the value of every step and the outcomes it expects.
    pub(super) fn add_preferences(
        &mut self,
        (layout, values): (&Layout, &Values),
        (outlook, outcomes): (&Outlook<L>, &[[f64; L]]),
        steps: &[[f64; L]],
    ) {
        let weight = values.settings.weights.utility;
        outlook.processor.dispatch(Preferring { slopes: self, layout, weight, outlook, outcomes, steps });
    }

    /// Adds the derivatives that come through the parameters of planning and choice.
    pub(super) fn pass_on<T: Real>(
        &self,
        layout: &Layout,
        structure: &Structure,
        model: &GenerativeModel<T>,
        result: &mut T,
    ) {
        let settings = &model.settings;
        let weights = &settings.weights;
        let scalars = [
            (&self.policy_precision, settings.policy_precision),
            (&self.action_precision, settings.action_precision),
            (&self.lapse, settings.lapse),
            (&self.weights[0], weights.utility),
            (&self.weights[1], weights.state_information_gain),
            (&self.weights[2], weights.likelihood_information_gain),
        ];
        for (slopes, parameter) in scalars {
            result.add_slope(total(slopes), parameter);
        }
        for (slopes, &log_habit) in self.habits.iter().zip(model.log_habits()) {
            result.add_slope(total(slopes), log_habit);
        }
        for (list, slopes) in self.preferences.chunks_exact(layout.width.max(1)).enumerate() {
            for columns in layout.columns.iter().filter(|c| structure.modalities[c.modality].has_preferences)
            {
                let preferred = model.log_preferences(columns.modality, list);
                for (slopes, &log_preference) in slopes[columns.outcomes.clone()].iter().zip(preferred) {
                    result.add_slope(total(slopes), log_preference);
                }
            }
        }
    }
}

/// The slopes of one decision along precisions, lapse and habits.
struct Adding<'a, const L: usize> {
    slopes: &'a mut ParameterSlopes<L>,
    layout: &'a Layout,
    values: &'a Values,
    decision: &'a Decision<L>,
    steps: &'a mut [[f64; L]],
}

impl<const L: usize> pulp::NullaryFnOnce for Adding<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Adding { slopes, layout, values, decision, steps } = self;
        let choice = &decision.choice;
        add_product(&mut slopes.action_precision, 1.0, choice.action_precision);
        add_product(&mut slopes.lapse, 1.0, choice.lapse);
        let precision = values.settings.policy_precision;
        steps.fill([0.0; L]);
        let policies = choice.policies.iter().zip(&decision.policy_values).zip(&mut slopes.habits);
        for (((slope, value), habit), nodes) in policies.zip(layout.policies.chunks_exact(layout.horizon)) {
            // A policy that no habit allows has no slope and, maybe, no finite value.
            add_possible(&mut slopes.policy_precision, *slope, *value);
            add_product(habit, 1.0, *slope);
            for &node in nodes {
                add_product(&mut steps[node], precision, *slope);
            }
        }
    }
}

/// The slopes of one decision along the weights of terms.
struct Weighing<'a, const L: usize> {
    slopes: &'a mut [[f64; L]; 3],
    layout: &'a Layout,
    values: &'a Values,
    terms: &'a [Terms<L>],
    steps: &'a [[f64; L]],
}

impl<const L: usize> pulp::NullaryFnOnce for Weighing<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Weighing { slopes, layout, values, terms, steps } = self;
        for ((node, terms), slope) in layout.nodes.iter().zip(terms).zip(steps) {
            let indifference = values.indifference[node.preferences];
            add_possible(&mut slopes[0], *slope, terms.utility.map(|utility| utility + indifference));
            add_possible(&mut slopes[1], *slope, terms.state_information_gain);
            add_possible(&mut slopes[2], *slope, terms.likelihood_information_gain);
        }
    }
}

/// The slopes of one decision along preferences.
struct Preferring<'a, const L: usize> {
    slopes: &'a mut ParameterSlopes<L>,
    layout: &'a Layout,
    weight: f64,
    outlook: &'a Outlook<L>,
    outcomes: &'a [[f64; L]],
    steps: &'a [[f64; L]],
}

impl<const L: usize> pulp::NullaryFnOnce for Preferring<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Preferring { slopes, layout, weight, outlook, outcomes, steps } = self;
        for ((node, slope), &first) in layout.nodes.iter().zip(steps).zip(&outlook.first_outcomes) {
            let along = &mut slopes.preferences[node.preferences * layout.width..];
            let of_utility = slope.map(|slope| slope * weight);
            for (&column, y) in node.preferred.iter().zip(&outcomes[first..]) {
                add_product(&mut along[column], of_utility, *y);
            }
        }
    }
}
