//! The log-likelihood where the agent always knows where it is, as in bandits: all there is to learn are tallies of outcomes.
//!
//! What is seen then adds to one column of A whatever the parameters are, so that behaviour alone says which tallies there
//! will be ([`ledger`]). Their numbers are worked out all at once ([`columns`]), then what imagined steps are worth
//! ([`situations`]), and all decisions after that; slopes are read backwards ([`slopes`]). It gives the numbers of [`super::histories`] bit for bit.

mod columns;
mod ledger;
mod situations;
mod slopes;
#[cfg(test)]
mod tests;

use super::histories::Histories;
use super::{checked_action, walked::Walked};
use crate::behaviour::Subject;
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::planning::Layout;
use crate::planning::foresight::given::GivenWorths;
use crate::real::Real;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::Slots;
use columns::{Columns, Start};
use ledger::{Block, Ledger, Tallies};
use situations::Situations;
use slopes::Slopes;
use std::sync::Arc;

/// How many decisions are made at a time.
const LANES: usize = 32;

/// A subject's tallies.
pub(super) struct Tallied {
    ledger: Ledger,
    /// For every recorded action in order, its decision.
    order: Vec<usize>,
}

impl Tallied {
    /// The tallies of a subject's histories, if all there is to learn are tallies.
    pub(super) fn new(task: &TaskModel, layout: &Layout, histories: &Histories) -> Option<Tallied> {
        Some(Tallied { ledger: Ledger::new(task, layout, histories)?, order: histories.tree.order.clone() })
    }
}

/// What goes along the tallies.
pub(super) struct Tally<T> {
    structure: Arc<Structure>,
    model: GenerativeModel<T>,
    columns: Vec<Columns>,
    slopes: Vec<Slopes>,
    situations: Situations,
    decisions: Box<GivenWorths<LANES>>,
    log_probabilities: Vec<f64>,
}

impl<T: Real> Tally<T> {
    pub(super) fn new(
        (task, structure, layout): (&TaskModel, &Arc<Structure>, &Arc<Layout>),
        tallied: &Tallied,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        let model = GenerativeModel::new(task, values)?;
        let columns: Vec<Columns> = tallied.ledger.tables.iter().map(Columns::new).collect();
        let decisions = GivenWorths::new((task, structure, layout), &model);
        Ok(Tally {
            slopes: columns.iter().filter(|_| T::CARRIES_DERIVATIVES).map(Slopes::new).collect(),
            log_probabilities: Vec::with_capacity(tallied.ledger.blocks.len() * LANES),
            situations: Situations::new(&tallied.ledger),
            structure: structure.clone(),
            decisions: Box::new(decisions),
            columns,
            model,
        })
    }

    /// The log-likelihood at some values; `None` if something is impossible, or a rate is exactly 0, which leaves tables as
    /// they were.
    ///
    /// # Errors
    ///
    /// If the model is not valid at these values.
    fn evaluate(
        &mut self,
        task: &TaskModel,
        tallied: &Tallied,
        values: &[T],
    ) -> Result<Option<T>, LikelihoodError> {
        self.model.fill(task, values)?;
        self.decisions.set_model(&self.structure, &self.model);
        self.log_probabilities.clear();
        let Tallied { ledger, order } = tallied;
        for (tallies, columns) in ledger.tables.iter().zip(&mut self.columns) {
            if !take_over(tallies, &self.model, &mut columns.start) {
                return Ok(None);
            }
            columns.value(tallies);
        }
        if !self.has_seen_the_possible(ledger) {
            return Ok(None);
        }
        self.situations.value(ledger, &self.columns, self.decisions.weights());
        let imagined = ledger.imagined.chunks_exact(ledger.steps.max(1));
        for (block, imagined) in ledger.blocks.iter().zip(imagined) {
            if !self.decide(block, imagined) {
                return Ok(None);
            }
        }
        let mut sum = 0.0;
        for &decision in order {
            sum += self.log_probabilities[decision];
        }
        let mut result = T::constant(sum);
        if T::CARRIES_DERIVATIVES {
            self.pass_on(ledger, &mut result);
        }
        Ok(Some(result))
    }

    /// Whether all that was seen was possible.
    fn has_seen_the_possible(&self, ledger: &Ledger) -> bool {
        let model = &self.model;
        ledger.seen.iter().all(|&(modality, column, outcome)| {
            let counts = model.learning.likelihood[modality].as_ref().map(|learning| &learning.counts);
            [Some(&model.likelihood[modality]), counts]
                .into_iter()
                .flatten()
                .all(|table| table[(column, outcome)].value() > 0.0)
        })
    }

    /// Makes the decisions of a block; `false` if an action is impossible.
    fn decide(&mut self, block: &Block, imagined: &[[u32; LANES]]) -> bool {
        for (worths, situations) in self.decisions.worths().iter_mut().zip(imagined) {
            for (worth, &situation) in worths.iter_mut().zip(situations) {
                *worth = self.situations.worths[situation as usize];
            }
        }
        self.decisions.decide();
        for (lane, &action) in block.actions.iter().enumerate().take(block.taken) {
            let Ok(log) = checked_action(self.decisions.log_action(action, lane)) else { return false };
            self.log_probabilities.push(log);
        }
        if T::CARRIES_DERIVATIVES {
            let steps = self.decisions.note_choice(&block.actions, &block.times);
            for (along, situations) in steps.iter().zip(imagined) {
                for (along, &situation) in along.iter().zip(situations) {
                    self.situations.along[situation as usize] += along;
                }
            }
        }
        true
    }

    /// Adds the derivatives of the sum of all log-probabilities.
    fn pass_on(&mut self, ledger: &Ledger, result: &mut T) {
        let (weights, _) = self.decisions.weights();
        let [utility, gain] = self.situations.read(ledger, &mut self.slopes, &weights);
        self.decisions.note_weights(utility, gain);
        self.decisions.pass_on(&self.structure, &self.model, result);
        for ((slopes, columns), tallies) in self.slopes.iter_mut().zip(&self.columns).zip(&ledger.tables) {
            slopes.read(tallies, columns);
            let Start { expected, counts, rates, forgetting, log_preferences } = &slopes.start;
            let mut add = |slopes: &[f64], numbers: &mut dyn Iterator<Item = T>| {
                slopes.iter().zip(numbers).for_each(|(&slope, number)| result.add_slope(slope, number));
            };
            add(expected, &mut self.model.likelihood[tallies.modality].iter().copied());
            if tallies.has_preferences {
                let preferences = self.model.log_preferences(tallies.modality, 0);
                add(log_preferences, &mut preferences.iter().copied());
            }
            if let Some(learning) = &self.model.learning.likelihood[tallies.modality] {
                add(counts, &mut learning.counts.iter().copied());
                add(rates, &mut (0..tallies.outcomes).map(|outcome| learning.rate_of(outcome)));
                add(&[*forgetting], &mut std::iter::once(learning.forgetting));
            }
        }
    }
}

/// Takes over what the parameters say about a table; `false` if a rate is exactly 0.
fn take_over<T: Real>(tallies: &Tallies, model: &GenerativeModel<T>, start: &mut Start) -> bool {
    let take = |to: &mut [f64], from: &mut dyn Iterator<Item = T>| {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = from.value());
    };
    take(&mut start.expected, &mut model.likelihood[tallies.modality].iter().copied());
    if tallies.has_preferences {
        take(&mut start.log_preferences, &mut model.log_preferences(tallies.modality, 0).iter().copied());
    }
    let Some(learning) = &model.learning.likelihood[tallies.modality] else { return true };
    take(&mut start.counts, &mut learning.counts.iter().copied());
    take(&mut start.rates, &mut (0..tallies.outcomes).map(|outcome| learning.rate_of(outcome)));
    start.forgetting = learning.forgetting.value();
    start.rates.iter().all(|&rate| rate > 0.0) && (!tallies.forgets || start.forgetting > 0.0)
}

/// The log-likelihood along the tallies, and along the behaviour where they do not serve.
pub(super) fn evaluate<T: Real>(
    tally: &mut Tally<T>,
    tallied: &Tallied,
    (task, structure, subject): (&Arc<TaskModel>, &Arc<Structure>, &Subject),
    slots: &mut Slots<T>,
) -> Result<T, LikelihoodError> {
    match tally.evaluate(task, tallied, slots.values())? {
        Some(log_likelihood) => Ok(log_likelihood),
        None => Walked::new(task, structure, slots.values())?.evaluate(task, subject, slots),
    }
}
