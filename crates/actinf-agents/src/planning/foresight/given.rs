//! Decisions between policies whose steps' values are given: nothing is imagined, only summed and chosen from.

use super::decision::{Decision, Values};
use super::layout::Layout;
use super::parameter_slopes::ParameterSlopes;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::settings::Weights;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use std::sync::Arc;

/// Decisions from given values of steps, `L` at a time.
pub(crate) struct GivenWorths<const L: usize> {
    pub(super) layout: Arc<Layout>,
    pub(super) values: Values,
    pub(super) decision: Decision<L>,
    pub(super) slopes: ParameterSlopes<L>,
    pub(super) steps: Vec<[f64; L]>,
}

impl<const L: usize> GivenWorths<L> {
    pub(crate) fn new<T: Real>(
        (task, structure, layout): (&TaskModel, &Structure, &Arc<Layout>),
        model: &GenerativeModel<T>,
    ) -> Self {
        let mut given = GivenWorths {
            values: Values::new(layout, structure, model),
            decision: Decision::new(task, structure, layout),
            slopes: ParameterSlopes::new(layout, structure),
            steps: vec![[0.0; L]; layout.nodes.len()],
            layout: layout.clone(),
        };
        given.set_model(structure, model);
        given
    }

    /// Takes over other parameter values, and starts anew.
    pub(crate) fn set_model<T: Real>(&mut self, structure: &Structure, model: &GenerativeModel<T>) {
        self.values.set(&self.layout, structure, model);
        self.slopes.clear();
    }

    /// The weights of the terms that make up values, and the utility of the modalities without preferences.
    pub(crate) fn weights(&self) -> (Weights<f64>, f64) {
        (self.values.settings.weights, self.values.indifference[0])
    }

    /// The value of every step, to be given; in nats.
    pub(crate) fn worths(&mut self) -> &mut [[f64; L]] {
        &mut self.decision.worths
    }

    /// Values every policy and computes the probabilities of actions.
    pub(crate) fn decide(&mut self) {
        self.decision.choose(&self.layout, &self.values);
    }

    /// `ln p(u)` of one joint action, in nats.
    pub(crate) fn log_action(&self, action: usize, lane: usize) -> f64 {
        self.decision.choice.log_probability(&self.values.settings, action, lane)
    }

    /// Notes the slopes of the latest decisions, for one joint action per lane that was taken so many times, along
    /// precisions, lapse and habits; returns those along the value of every step.
    pub(crate) fn note_choice(&mut self, actions: &[usize; L], times: &[f64; L]) -> &[[f64; L]] {
        let Decision { choice, logits, .. } = &mut self.decision;
        choice.slopes(&self.values.settings, logits, (actions, times));
        self.slopes.add((&self.layout, &self.values), &self.decision, &mut self.steps);
        &self.steps
    }

    /// Notes slopes along the weights of utility and of the information gain about A.
    pub(crate) fn note_weights(&mut self, utility: f64, likelihood_information_gain: f64) {
        let [of_utility, _, of_gain] = self.slopes.weights();
        of_utility[0] += utility;
        of_gain[0] += likelihood_information_gain;
    }

    /// Adds the derivatives that come through what was noted.
    pub(crate) fn pass_on<T: Real>(&self, structure: &Structure, model: &GenerativeModel<T>, result: &mut T) {
        self.slopes.pass_on(&self.layout, structure, model, result);
    }
}
