//! What decisions need beyond the parameters of planning and choice, kept where nothing else is free, and decisions made again
//! from it.
//!
//! Of every step that is what it is worth but for preferences that depend on parameters, or the terms of that if their
//! weights are free, and the outcomes expected where preferences do depend on parameters. None of it depends on precisions,
//! preferences, habits or lapse.

use super::Foresight;
use super::decision::settled;
use super::given::GivenWorths;
use super::lanes::add_product;
use super::layout::Layout;
use super::outlook::{Terms, utility};
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use std::sync::Arc;

/// How many decisions are recalled at a time.
pub(crate) const LANES: usize = 16;

/// How many numbers are kept of every step beside outcomes.
fn parts(has_free_weights: bool) -> usize {
    if has_free_weights { 3 } else { 1 }
}

/// How many numbers are kept per decision.
pub(crate) fn size(layout: &Layout, has_free_weights: bool) -> usize {
    layout.nodes.iter().map(|node| node.variable() + parts(has_free_weights)).sum()
}

impl<T: Real> Foresight<T, 1> {
    /// Appends what the decision needs beyond the parameters of planning and choice.
    pub(crate) fn remember(&self, has_free_weights: bool, memory: &mut Vec<f64>) {
        for (node, terms) in self.layout.nodes.iter().zip(&self.outlook.terms) {
            if has_free_weights {
                let Terms { settled_utility, state_information_gain, likelihood_information_gain, .. } =
                    terms;
                memory.extend(
                    [settled_utility, state_information_gain, likelihood_information_gain].map(|t| t[0]),
                );
            } else {
                let indifference = self.values.indifference[node.preferences];
                memory.extend(settled(terms, &self.values.settings.weights, indifference));
            }
        }
        for (node, expected) in
            self.layout.nodes.iter().zip(self.outlook.expected.chunks_exact(self.layout.width))
        {
            memory.extend(node.preferred[..node.variable()].iter().map(|&column| expected[column][0]));
        }
    }
}

/// Decisions made again from what was remembered.
pub(crate) struct Recall {
    given: GivenWorths<LANES>,
    has_free_weights: bool,
    terms: Vec<Terms<LANES>>,
}

impl Recall {
    pub(crate) fn new<T: Real>(
        (task, structure, layout): (&TaskModel, &Structure, &Arc<Layout>),
        model: &GenerativeModel<T>,
        has_free_weights: bool,
    ) -> Self {
        let given = GivenWorths::new((task, structure, layout), model);
        Recall { given, has_free_weights, terms: vec![Terms::NONE; layout.nodes.len()] }
    }

    /// Takes over other parameter values, and starts anew.
    pub(crate) fn set_model<T: Real>(&mut self, structure: &Structure, model: &GenerativeModel<T>) {
        self.given.set_model(structure, model);
    }

    /// Makes decisions again from what was remembered of them, `[number, lane]`.
    pub(crate) fn decide(&mut self, memory: &[[f64; LANES]]) {
        let Recall { given, has_free_weights, terms } = self;
        let (parts, outcomes) = memory.split_at(given.layout.nodes.len() * parts(*has_free_weights));
        given.values.processor.dispatch(Recalling { given, parts, outcomes, terms });
        given.decide();
    }

    /// `ln p(u)` of one joint action, in nats.
    pub(crate) fn log_action(&self, action: usize, lane: usize) -> f64 {
        self.given.log_action(action, lane)
    }

    /// Notes the slopes of the latest decisions, for one joint action per lane that was taken so many times.
    pub(crate) fn note(&mut self, memory: &[[f64; LANES]], actions: &[usize; LANES], times: &[f64; LANES]) {
        let Recall { given, has_free_weights, terms } = self;
        given.note_choice(actions, times);
        let GivenWorths { layout, values, slopes, steps, .. } = given;
        let outcomes = &memory[layout.nodes.len() * parts(*has_free_weights)..];
        if *has_free_weights {
            slopes.add_weights((layout, values), terms, steps);
        }
        slopes.add_preferences((layout, values), |before, _, _| &outcomes[before], steps);
    }

    /// Adds the derivatives that come through what was noted.
    pub(crate) fn pass_on<T: Real>(&self, structure: &Structure, model: &GenerativeModel<T>, result: &mut T) {
        self.given.pass_on(structure, model, result);
    }
}

/// What every step is worth, from what was remembered.
struct Recalling<'a> {
    given: &'a mut GivenWorths<LANES>,
    parts: &'a [[f64; LANES]],
    outcomes: &'a [[f64; LANES]],
    terms: &'a mut [Terms<LANES>],
}

impl pulp::NullaryFnOnce for Recalling<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Recalling { given, parts, mut outcomes, terms } = self;
        let GivenWorths { layout, values, decision, .. } = given;
        let weights = &values.settings.weights;
        let mut log_preferences = &values.of_outcomes[..];
        let width = parts.len() / layout.nodes.len().max(1);
        let nodes = layout.nodes.iter().zip(parts.chunks_exact(width.max(1))).zip(terms);
        for (worth, ((node, parts), terms)) in decision.worths.iter_mut().zip(nodes) {
            let (preferred, other_preferences) = log_preferences.split_at(node.preferred.len());
            let (expected, other_outcomes) = outcomes.split_at(node.variable());
            (log_preferences, outcomes) = (other_preferences, other_outcomes);
            terms.variable_utility = utility(preferred, |place| &expected[place], 0, &node.variable_ends);
            *worth = parts[0];
            if let [utility, of_states, of_likelihood] = *parts {
                terms.settled_utility = utility;
                terms.state_information_gain = of_states;
                terms.likelihood_information_gain = of_likelihood;
                *worth = settled(terms, weights, values.indifference[node.preferences]);
            }
            add_product(worth, weights.utility, terms.variable_utility);
        }
    }
}
