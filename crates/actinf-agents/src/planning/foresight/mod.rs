//! Policies valued all at once, with everything shared: what the plain tree of [`super::policy_tree`] computes, many times
//! faster, for exact filtering over factors that move by themselves.
//!
//! 1. Imagined steps that are alike whatever the parameters are one node: after a move that forgets where the controlled
//!    factors were, what came before does not matter ([`layout`]).
//! 2. Where controlled factors get to is a product of transitions that depends on no belief ([`reach`]).
//! 3. Drifting factors are averaged over once per step ahead, not once per policy ([`drift`], [`outlook`]).
//! 4. All of it is done in plain numbers; derivatives come from the same equations read backwards ([`slopes`]), at the cost
//!    of about two values whatever the number of parameters.
//! 5. Where behaviour is recorded, decisions do not wait for each other: several are made abreast ([`lanes`], [`abreast`]),
//!    and slopes along what they share meet the derivatives of the parameters once.
//!
//! The plain tree is its oracle: `tests/laws` compare values and derivatives on random models. Models it does not serve
//! (other schemes of inference, factors that depend on each other's past, information about B, inductive value, learned
//! habits, tree search) are planned for by the plain tree.

pub(crate) mod abreast;
mod columns;
mod decision;
mod drift;
pub(crate) mod given;
pub(crate) mod lanes;
pub(crate) mod layout;
mod outlook;
mod parameter_slopes;
mod reach;
mod reachable;
pub(crate) mod recall;
mod rows;
mod slopes;

use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use decision::{Decision, Values};
use drift::Drift;
use layout::Layout;
use outlook::Outlook;
use parameter_slopes::ParameterSlopes;
use reach::Reach;
use rows::Rows;
use slopes::{Slopes, Worth};
use std::sync::Arc;

/// All policies valued from the beliefs of `L` decisions, with the workspace to do so.
pub(crate) struct Foresight<T, const L: usize> {
    layout: Arc<Layout>,
    reach: Reach<T>,
    drift: Drift<L>,
    rows: Vec<Rows<T, L>>,
    outlook: Outlook<L>,
    values: Values,
    decision: Decision<L>,
    slopes: Slopes<L>,
    along_parameters: ParameterSlopes<L>,
    /// Per lane, the belief as `[origin, drifting state]`, with derivatives.
    beliefs: Vec<T>,
    /// Transitions are to be taken over.
    is_stale: bool,
}

impl<T: Real, const L: usize> Foresight<T, L> {
    pub(crate) fn new(
        task: &TaskModel,
        structure: &Structure,
        layout: &Arc<Layout>,
        model: &GenerativeModel<T>,
    ) -> Self {
        let rows = |columns| Rows::new(columns, structure);
        let mut foresight = Foresight {
            reach: Reach::new(layout),
            drift: Drift::new(layout, structure),
            rows: layout.columns.iter().map(rows).collect(),
            outlook: Outlook::new(layout),
            values: Values::new(layout, structure, model),
            decision: Decision::new(task, structure, layout),
            slopes: Slopes::new(layout),
            along_parameters: ParameterSlopes::new(layout, structure),
            beliefs: vec![T::ZERO; L * layout.origins * layout.drifting_states],
            is_stale: true,
            layout: layout.clone(),
        };
        foresight.set_model(structure, model);
        foresight
    }

    /// Takes over other parameter values.
    pub(crate) fn set_model(&mut self, structure: &Structure, model: &GenerativeModel<T>) {
        self.values.set(&self.layout, structure, model);
        self.rows.iter_mut().for_each(Rows::forget);
        self.drift.start().fill([0.0; L]);
        self.along_parameters.clear();
        self.is_stale = true;
    }

    /// Takes a belief and what is known into a lane; `places` tells where in `[origin, drifting state]` its entries belong.
    pub(crate) fn look(
        &mut self,
        (structure, knowledge): (&Structure, &Knowledge<T>),
        places: &[usize],
        belief: &[T],
        lane: usize,
    ) {
        if self.is_stale || self.layout.learns_transitions {
            self.reach.follow(&self.layout, structure, knowledge);
            self.drift.follow(knowledge);
            self.is_stale = false;
        }
        for (rows, columns) in self.rows.iter_mut().zip(&self.layout.columns) {
            rows.follow(columns, knowledge, lane);
        }
        let size = self.layout.origins * self.layout.drifting_states;
        let start = &mut self.beliefs[lane * size..(lane + 1) * size];
        start.fill(T::ZERO);
        places.iter().zip(belief).for_each(|(&place, &q)| start[place] += q);
        for (lanes, q) in self.drift.start().iter_mut().zip(start) {
            lanes[lane] = q.value();
        }
    }

    /// Takes a belief over joint states and what is known into the first lane.
    pub(crate) fn look_around(&mut self, known: (&Structure, &Knowledge<T>), belief: &[T]) {
        let layout = self.layout.clone();
        self.look(known, &layout.places, belief, 0);
    }

    /// Values every policy in all lanes and computes the probabilities of actions.
    pub(crate) fn decide(&mut self) {
        let layout = &*self.layout;
        self.outlook.look(layout, &mut self.drift, &self.rows, self.reach.values());
        self.outlook.value(layout, &self.values.of_outcomes);
        self.decision.decide(layout, &self.values, &self.outlook.terms);
    }

    /// `ln p(u)` of one joint action, in nats.
    pub(crate) fn log_action(&self, action: usize, lane: usize) -> f64 {
        self.decision.choice.log_probability(&self.values.settings, action, lane)
    }

    /// Notes the slopes of the latest decisions along the parameters of planning and choice, for one joint action per lane
    /// that was taken so many times.
    fn note_parameters(&mut self, actions: &[usize; L], times: &[f64; L]) {
        let Decision { choice, logits, .. } = &mut self.decision;
        choice.slopes(&self.values.settings, logits, (actions, times));
        let (with, steps) = ((&*self.layout, &self.values), &mut self.slopes.steps);
        self.along_parameters.add(with, &self.decision, steps);
        self.along_parameters.add_weights(with, &self.outlook.terms, steps);
        let (expected, width) = (&self.outlook.expected, self.layout.width);
        let outcome = |_, node: usize, column: usize| &expected[node * width + column];
        self.along_parameters.add_preferences(with, outcome, steps);
    }

    /// Notes, after [`Foresight::note_parameters`], the slopes along tables and transitions, and adds the derivatives that
    /// come through beliefs and learned tables.
    fn note_expectations(&mut self, knowledge: &Knowledge<T>, result: &mut T) {
        let Values { settings, log_preferences, .. } = &self.values;
        let worth = Worth { weights: &settings.weights, log_preferences };
        let from = (&self.outlook, &mut self.drift, &self.rows[..]);
        self.slopes.add(&self.layout, from, &self.reach, &worth);
        let along = self.drift.slopes();
        for (lane, beliefs) in self.beliefs.chunks_exact(along.len().max(1)).enumerate() {
            for (slopes, &q) in along.iter().zip(beliefs) {
                result.add_slope(slopes[lane], q);
            }
        }
        self.pass_on_rows::<false>(knowledge, result);
    }

    fn pass_on_rows<const IS_END: bool>(&mut self, knowledge: &Knowledge<T>, result: &mut T) {
        let rows = self.rows.iter_mut().zip(&mut self.slopes.rows);
        for ((rows, slopes), columns) in rows.zip(&self.layout.columns) {
            rows.add::<IS_END>(columns, knowledge, slopes, result);
        }
    }

    /// Adds the derivatives that come through transitions, which are about to change or to be forgotten.
    fn pass_on_transitions(&mut self, knowledge: &Knowledge<T>, result: &mut T) {
        self.slopes.add_reach(&self.reach, result);
        self.drift.add(knowledge, result);
    }

    /// Writes every policy's terms, expected free energy and log posterior, without derivatives: for reports.
    pub(crate) fn report(
        &self,
        terms: &mut [ExpectedFreeEnergy<T>],
        totals: &mut [T],
        log_posterior: &mut [T],
    ) {
        for (to, nodes) in terms.iter_mut().zip(self.layout.policies.chunks_exact(self.layout.horizon)) {
            *to = ExpectedFreeEnergy::NONE;
            for &node in nodes {
                let of = &self.outlook.terms[node];
                let indifference = self.values.indifference[self.layout.nodes[node].preferences];
                to.utility = to.utility + (of.variable_utility[0] + of.settled_utility[0] + indifference);
                to.state_information_gain = to.state_information_gain + of.state_information_gain[0];
                to.likelihood_information_gain =
                    to.likelihood_information_gain + of.likelihood_information_gain[0];
            }
        }
        for (total, value) in totals.iter_mut().zip(&self.decision.policy_values) {
            *total = T::constant(-value[0]);
        }
        for (log_q, logit) in log_posterior.iter_mut().zip(&self.decision.logits) {
            *log_q = T::constant(logit[0]);
        }
        crate::categorical::log_softmax(log_posterior);
    }
}
