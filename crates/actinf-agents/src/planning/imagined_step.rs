//! One imagined step: what an action is expected to bring, term by term.

use crate::expected_free_energy::inductive_value::InductivePlanning;
use crate::expected_free_energy::parameter_information_gain::{InformationWeights, expected_weight};
use crate::expected_free_energy::{
    ExpectedFreeEnergy, expected_outcomes, parameter_information_gain, state_information_gain, utility,
};
use crate::generative_model::GenerativeModel;
use crate::learning::{Knowledge, Table};
use crate::real::Real;
use crate::state_inference::StateInference;
use crate::structure::Structure;
use crate::task_model::TaskModel;

/// What an agent plans with: its model, what it has learned, and how it infers.
pub(crate) struct Mind<'a, T> {
    pub(crate) structure: &'a Structure,
    pub(crate) model: &'a GenerativeModel<T>,
    pub(crate) knowledge: &'a Knowledge<T>,
    pub(crate) inference: &'a mut dyn StateInference<T>,
}

/// An imagined action and the beliefs on both sides of it. Marginals are read only where a term needs them.
pub(crate) struct ImaginedStep<'a, T> {
    /// How many steps ahead it lies, from 0.
    pub(crate) depth: usize,
    /// The joint action.
    pub(crate) action: usize,
    /// The belief predicted after the action.
    pub(crate) after: &'a [T],
    /// The marginals of all factors before the action.
    pub(crate) marginals_before: &'a [T],
    /// The marginals of all factors after the action.
    pub(crate) marginals_after: &'a [T],
}

/// The valuation of imagined steps, with what it has worked out from the agent's tables.
pub(crate) struct StepValuation<T> {
    about_likelihood: Vec<Option<InformationWeights<T>>>,
    about_transitions: Vec<Option<InformationWeights<T>>>,
    induction: Option<InductivePlanning>,
    /// Whether the expected outcomes of all modalities are wanted, also where no term needs them.
    keeps_outcomes: bool,
    /// The expected outcomes of the latest step, modality after modality.
    outcomes: Vec<T>,
    /// Where each modality's outcomes start, and where the last one's end.
    offsets: Vec<usize>,
    parents: Vec<T>,
    states: Vec<usize>,
}

/// The weights of a table, where they are needed.
fn weights<T: Real>(
    are_needed: &[bool],
    shape: impl Fn(usize) -> (usize, usize),
    structure: &Structure,
) -> Vec<Option<InformationWeights<T>>> {
    let weights = |(index, needed): (usize, &bool)| {
        let (columns, outcomes) = shape(index);
        needed.then(|| InformationWeights::new(columns, outcomes, structure.numerics))
    };
    are_needed.iter().enumerate().map(weights).collect()
}

fn follow<T: Real>(weights: &mut [Option<InformationWeights<T>>], tables: &[Table<T>]) {
    for (weights, table) in weights.iter_mut().zip(tables) {
        if let Some(weights) = weights {
            weights.follow(table);
        }
    }
}

impl<T: Real> StepValuation<T> {
    pub(crate) fn new(task: &TaskModel, structure: &Structure) -> Self {
        let terms = &structure.terms;
        let likelihood = |m: usize| (task.modalities[m].likelihood.len(), task.modalities[m].outcomes.len());
        let transitions =
            |f: usize| (task.factors[f].transitions.columns.len(), task.factors[f].states.len());
        let mut offsets = vec![0];
        for modality in &structure.modalities {
            offsets.push(offsets[offsets.len() - 1] + modality.outcomes);
        }
        let widest = structure.modalities.iter().map(|m| m.parent_configurations).max().unwrap_or(1);
        StepValuation {
            about_likelihood: weights(&terms.likelihood_information_gain, likelihood, structure),
            about_transitions: weights(&terms.transition_information_gain, transitions, structure),
            induction: task
                .planning
                .induction
                .as_ref()
                .filter(|_| terms.inductive_value)
                .map(|induction| InductivePlanning::new(induction, structure)),
            keeps_outcomes: task.planning.sophistication.is_some(),
            outcomes: vec![T::ZERO; offsets[offsets.len() - 1]],
            offsets,
            parents: vec![T::ZERO; widest],
            states: vec![0; structure.factor_sizes.len()],
        }
    }

    /// Takes over what has been learned since the last plan.
    pub(crate) fn follow(&mut self, mind: &Mind<'_, T>) {
        follow(&mut self.about_likelihood, &mind.knowledge.likelihood);
        follow(&mut self.about_transitions, &mind.knowledge.transitions);
        if let Some(induction) = &mut self.induction {
            induction.follow(mind.structure, mind.knowledge);
        }
    }

    /// Sets the aim of inductive planning from the marginals of all factors, if it is asked for.
    pub(crate) fn aim(&mut self, structure: &Structure, marginals: &[T]) {
        if let Some(induction) = &mut self.induction {
            induction.aim(structure, marginals);
        }
    }

    /// The expected outcomes of the latest step, modality after modality: only where planning is sophisticated.
    pub(crate) fn outcomes(&self) -> &[T] {
        &self.outcomes
    }

    /// Where each modality's outcomes start, and where the last one's end.
    pub(crate) fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// Adds the terms of a step.
    pub(crate) fn add_step(
        &mut self,
        mind: &Mind<'_, T>,
        step: &ImaginedStep<'_, T>,
        terms: &mut ExpectedFreeEnergy<T>,
    ) {
        for modality in 0..mind.structure.modalities.len() {
            self.add_modality(mind, step, modality, terms);
        }
        for factor in 0..self.about_transitions.len() {
            if let Some(weights) = &self.about_transitions[factor] {
                let gain = transition_gain(mind.structure, factor, step, weights, &mut self.states);
                terms.transition_information_gain += gain;
            }
        }
        if let Some(induction) = &self.induction {
            terms.inductive_value += induction.value(step.marginals_after);
        }
    }

    fn add_modality(
        &mut self,
        mind: &Mind<'_, T>,
        step: &ImaginedStep<'_, T>,
        m: usize,
        terms: &mut ExpectedFreeEnergy<T>,
    ) {
        let modality = &mind.structure.modalities[m];
        let log_preferences = mind.model.log_preferences(m, step.depth);
        if !modality.has_preferences {
            terms.utility += log_preferences[0];
        }
        if !(modality.has_preferences || modality.information_gain || self.keeps_outcomes) {
            return;
        }
        let table = &mind.knowledge.likelihood[m];
        let parents = mind.inference.parents(m, step.after, &mut self.parents);
        let outcomes = &mut self.outcomes[self.offsets[m]..self.offsets[m + 1]];
        expected_outcomes(table.expected().view(), parents, outcomes);
        if modality.has_preferences {
            terms.utility += utility(outcomes, log_preferences);
        }
        if modality.information_gain {
            terms.state_information_gain += state_information_gain(outcomes, parents, table.entropies());
        }
        if let Some(weights) = &self.about_likelihood[m] {
            terms.likelihood_information_gain += parameter_information_gain(outcomes, parents, weights.all());
        }
    }
}

/// The information gain about the transitions of one factor under the step's action.
fn transition_gain<T: Real>(
    structure: &Structure,
    factor: usize,
    step: &ImaginedStep<'_, T>,
    weights: &InformationWeights<T>,
    states: &mut [usize],
) -> T {
    let transitions = &structure.transitions[factor];
    let next = &step.marginals_after[structure.factor_range(factor)];
    let first = transitions.control_configurations[step.action] * transitions.parent_configurations;
    let mut gain = T::ZERO;
    for row in 0..transitions.parent_configurations {
        structure.states_of_configuration(&transitions.parents, row, states);
        let marginal = |f: &usize| step.marginals_before[structure.factor_offsets[*f] + states[*f]];
        let q = transitions.parents.iter().map(marginal).fold(T::ONE, |product, q| product * q);
        if !q.is_zero() {
            gain += q * expected_weight(next, weights.column(first + row));
        }
    }
    gain
}
