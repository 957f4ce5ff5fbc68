//! The slopes along the parameters of planning and choice, summed over decisions.

use super::decision::{Decision, Values};
use super::lanes::{add_possible, add_product, total};
use super::layout::Layout;
use super::outlook::Terms;
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
        values.processor.dispatch(Adding { slopes: self, layout, values, decision, steps });
    }

    /// Adds the slopes along the weights of terms, given those along the value of every step.
    pub(super) fn add_weights(
        &mut self,
        (layout, values): (&Layout, &Values),
        terms: &[Terms<L>],
        steps: &[[f64; L]],
    ) {
        let slopes = &mut self.weights;
        values.processor.dispatch(Weighing { slopes, layout, values, terms, steps });
    }

    /// Adds the slopes along preferences that depend on parameters, given those along the value of every step. The outcome
    /// that a node expects in a column is asked for by the number of such columns before it, the node and the column.
    pub(super) fn add_preferences<'a>(
        &mut self,
        (layout, values): (&Layout, &Values),
        outcome: impl Fn(usize, usize, usize) -> &'a [f64; L],
        steps: &[[f64; L]],
    ) {
        let slopes = &mut self.preferences;
        values.processor.dispatch(Preferring { slopes, layout, values, outcome, steps });
    }

    /// The slopes along the weights of utility and of the information gains about states and A, to be added to.
    pub(super) fn weights(&mut self) -> &mut [[f64; L]; 3] {
        &mut self.weights
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
            let mut utility = terms.settled_utility;
            for (sum, variable) in utility.iter_mut().zip(&terms.variable_utility) {
                *sum += variable + indifference;
            }
            add_possible(&mut slopes[0], *slope, utility);
            add_possible(&mut slopes[1], *slope, terms.state_information_gain);
            add_possible(&mut slopes[2], *slope, terms.likelihood_information_gain);
        }
    }
}

/// The slopes of one decision along preferences.
struct Preferring<'a, F, const L: usize> {
    slopes: &'a mut [[f64; L]],
    layout: &'a Layout,
    values: &'a Values,
    outcome: F,
    steps: &'a [[f64; L]],
}

impl<'o, F: Fn(usize, usize, usize) -> &'o [f64; L], const L: usize> pulp::NullaryFnOnce
    for Preferring<'_, F, L>
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Preferring { slopes, layout, values, outcome, steps } = self;
        let weight = values.settings.weights.utility;
        let mut before = 0;
        for (index, (node, slope)) in layout.nodes.iter().zip(steps).enumerate() {
            let along = &mut slopes[node.preferences * layout.width..];
            let mut of_utility = *slope;
            of_utility.iter_mut().for_each(|slope| *slope *= weight);
            for &column in &node.preferred[..node.variable()] {
                add_product(&mut along[column], of_utility, *outcome(before, index, column));
                before += 1;
            }
        }
    }
}
