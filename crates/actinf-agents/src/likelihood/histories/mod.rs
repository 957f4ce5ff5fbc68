//! The log-likelihood along the tree of histories, read once from the behaviour: every moment is inferred once, every
//! decision made once, however often it was met.
//!
//! It serves models that foresight serves, in which nothing is learned, or A alone, step by step from filtered beliefs. The
//! walk along the behaviour serves all others, and gives the same numbers bit for bit; it also finds out what is wrong where
//! something is impossible. What reaches no beliefs is differentiated at the end ([`apart`]).

pub(super) mod apart;
#[cfg(test)]
mod tests;
pub(super) mod tree;

use super::{checked_action, checked_response, walked::Walked};
use crate::behaviour::Subject;
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::learning::{Knowledge, likelihood};
use crate::planning::Layout;
use crate::planning::foresight::abreast::{Decisions, decisions};
use crate::real::Real;
use crate::schema::RowOrder;
use crate::state_inference::partly_known::{KnownFactors, PartlyKnown};
use crate::structure::Structure;
use crate::task_model::{LearningBeliefs, LearningTime, TaskModel};
use crate::walk::Slots;
use std::sync::Arc;
use tree::{From, Moment, Tree};

/// A subject's histories.
pub(super) struct Histories {
    pub(super) tree: Tree,
    pub(super) factors: Arc<KnownFactors>,
    /// Per state of the known factors, where planning looks for the beliefs about the others.
    places: Vec<Vec<usize>>,
    learns: bool,
    pub(super) learns_first: bool,
}

/// Whether the tree serves a model.
fn is_served(task: &TaskModel, layout: &Layout) -> bool {
    let learns = task.modalities.iter().any(|modality| modality.learning.is_some());
    let learns_as_it_goes =
        task.learning.time == LearningTime::Step && task.learning.beliefs == LearningBeliefs::Filtered;
    !layout.learns_transitions
        && task.factors.iter().all(|factor| factor.prior_learning.is_none())
        && (!learns || learns_as_it_goes)
}

impl Histories {
    /// The histories of a subject, if the tree serves the model and the behaviour.
    pub(super) fn new(task: &TaskModel, structure: &Structure, subject: &Subject) -> Option<Histories> {
        let layout = structure.layout.as_ref().filter(|layout| is_served(task, layout))?;
        let factors = Arc::new(KnownFactors::new(task, structure));
        let learns = task.modalities.iter().any(|modality| modality.learning.is_some());
        let places = |known| factors.joint_states(known).iter().map(|&joint| layout.places[joint]).collect();
        Some(Histories {
            tree: Tree::new(task, &factors, subject, learns)?,
            places: (0..factors.known_states()).map(places).collect(),
            factors,
            learns,
            learns_first: task.schema.row_order == RowOrder::ActThenObserve,
        })
    }
}

/// What goes along the tree.
pub(super) struct Told<T> {
    structure: Arc<Structure>,
    model: GenerativeModel<T>,
    knowledge: Knowledge<T>,
    filter: PartlyKnown<T>,
    decisions: Box<dyn Decisions<T>>,
    kept: Vec<Vec<T>>,
    /// The log densities of responses, in the order in which they were given.
    responses: Vec<T>,
    /// `[response, state]`: the marginal beliefs they were given with, in the order of the tree.
    beliefs: Vec<f64>,
}

impl<T: Real> Told<T> {
    pub(super) fn new(
        (task, structure, layout): (&TaskModel, &Arc<Structure>, &Arc<Layout>),
        histories: &Histories,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        let model = GenerativeModel::new(task, values)?;
        let nothing = vec![T::ZERO; histories.factors.unknown_states];
        Ok(Told {
            knowledge: Knowledge::new(structure, &model),
            filter: PartlyKnown::new(structure.clone(), histories.factors.clone()),
            decisions: decisions(task, structure, layout, &model),
            kept: vec![nothing; histories.tree.kept],
            responses: vec![T::ZERO; histories.tree.responses.len()],
            beliefs: vec![0.0; histories.tree.responses.len() * structure.marginal_states()],
            structure: structure.clone(),
            model,
        })
    }

    /// The log-likelihood at some values; `None` if something is impossible.
    ///
    /// # Errors
    ///
    /// If the model is not valid at these values.
    pub(super) fn evaluate(
        &mut self,
        task: &TaskModel,
        histories: &Histories,
        slots: &mut Slots<T>,
    ) -> Result<Option<T>, LikelihoodError> {
        self.model.fill(task, slots.values())?;
        self.decisions.set_model(&self.structure, &self.model);
        self.knowledge.restart(&self.model);
        for moment in &histories.tree.moments {
            if !(self.live(histories, moment) && self.respond(task, histories, moment, slots)) {
                return Ok(None);
            }
        }
        self.decisions.settle(&self.knowledge);
        let log_probabilities = self.decisions.log_probabilities();
        let mut sum = 0.0;
        for &decision in &histories.tree.order {
            let Ok(log) = checked_action(log_probabilities[decision]) else { return Ok(None) };
            sum += log;
        }
        let mut actions = T::constant(sum);
        let derivatives = self.decisions.derivatives(&self.structure, &self.model, &self.knowledge);
        actions.add_slope(1.0, derivatives);
        let mut responses = T::ZERO;
        self.responses.iter().for_each(|&log| responses += log);
        Ok(Some(actions + responses))
    }

    /// Goes through one moment; `false` if what was seen is impossible.
    fn live(&mut self, histories: &Histories, moment: &Moment) -> bool {
        if moment.forgets {
            self.knowledge.restart(&self.model);
        }
        match moment.from {
            From::Prior => self.filter.restart(&self.knowledge),
            From::Last => {}
            From::Kept(place) => self.filter.resume(&self.kept[place]),
        }
        if let Some(action) = moment.action {
            self.filter.predict(&self.knowledge, action);
        }
        let outcomes = &histories.tree.outcomes[moment.outcomes.clone()];
        if !self.filter.update(&self.knowledge, moment.known, outcomes) {
            return false;
        }
        if let Some(place) = moment.keeps {
            self.kept[place].copy_from_slice(self.filter.belief());
        }
        if histories.learns_first {
            self.learn(histories, moment.known, outcomes);
        }
        for &(action, times) in &histories.tree.decisions[moment.decisions.clone()] {
            let places = &histories.places[moment.known];
            let belief = self.filter.belief();
            self.decisions.look((&self.structure, &self.knowledge), places, belief);
            self.decisions.take(&self.knowledge, action, times);
        }
        if !histories.learns_first {
            self.learn(histories, moment.known, outcomes);
        }
        true
    }

    /// Works out the log densities of the responses given at a moment; `false` if one is impossible.
    fn respond(
        &mut self,
        task: &TaskModel,
        histories: &Histories,
        moment: &Moment,
        slots: &mut Slots<T>,
    ) -> bool {
        let states = self.structure.marginal_states();
        for place in moment.responses.clone() {
            let given = &histories.tree.responses[place];
            let beliefs = &mut self.beliefs[place * states..(place + 1) * states];
            let slots = slots.with_inputs_of(|inputs| {
                self.filter.marginals(moment.known, inputs);
                beliefs.iter_mut().zip(inputs).for_each(|(belief, q)| *belief = q.value());
            });
            match checked_response(task, given.response, slots, given.value) {
                Ok(log) => self.responses[given.number] = log,
                Err(_) => return false,
            }
        }
        true
    }

    /// Learns A from the outcomes of a step.
    fn learn(&mut self, histories: &Histories, known: usize, outcomes: &[(usize, usize)]) {
        if !histories.learns {
            return;
        }
        for &(modality, outcome) in outcomes {
            let Some(learning) = &self.model.learning.likelihood[modality] else { continue };
            let table = &mut self.knowledge.likelihood[modality];
            let parents = self.filter.parents(modality, known);
            likelihood::learn_outcome(table, learning.rate_of(outcome), outcome, parents);
            table.update(learning);
        }
    }
}

/// The log-likelihood along the tree; where something is impossible, the behaviour tells what.
pub(super) fn evaluate<T: Real>(
    told: &mut Told<T>,
    histories: &Histories,
    (task, structure, subject): (&Arc<TaskModel>, &Arc<Structure>, &Subject),
    slots: &mut Slots<T>,
) -> Result<T, LikelihoodError> {
    if let Some(log_likelihood) = told.evaluate(task, histories, slots)? {
        return Ok(log_likelihood);
    }
    Walked::new(task, structure, slots.values())?.evaluate(task, subject, slots)?;
    Err(LikelihoodError::of_model("something that happened is impossible at these parameter values"))
}
