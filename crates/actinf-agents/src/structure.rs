//! What of a task model does not depend on parameter values: sizes, index maps, the policy tree.

use crate::expected_free_energy::ActiveTerms;
use crate::planning::Layout;
use crate::policies::Policies;
use crate::response::PLAN;
use crate::task_model::{Distribution, Factor, Numerics, TaskModel, Transitions};
use std::sync::Arc;

/// How one factor's transitions are laid out.
#[derive(Clone, Debug)]
pub(crate) struct TransitionStructure {
    pub(crate) parents: Vec<usize>,
    pub(crate) parent_configurations: usize,
    /// For every joint action, the configuration of the controls this factor depends on.
    pub(crate) control_configurations: Vec<usize>,
    pub(crate) is_controlled: bool,
    /// The factor keeps its state, whatever the action.
    pub(crate) stays: bool,
}

impl TransitionStructure {
    /// Whether the next state depends on no other factor's previous state.
    pub(crate) fn is_own(&self, factor: usize) -> bool {
        self.parents.iter().all(|&parent| parent == factor)
    }
}

/// How one modality's likelihood is laid out.
#[derive(Clone, Debug)]
pub(crate) struct ModalityStructure {
    pub(crate) outcomes: usize,
    pub(crate) parents: Vec<usize>,
    pub(crate) parent_configurations: usize,
    /// For every joint state, the configuration of the parents; empty if that is the joint state itself.
    pub(crate) configuration_of_state: Vec<usize>,
    pub(crate) has_preferences: bool,
    pub(crate) information_gain: bool,
    /// The entropies of its likelihood's columns are needed.
    pub(crate) needs_entropies: bool,
}

/// The sizes and index maps of a task model.
#[derive(Clone, Debug)]
pub(crate) struct Structure {
    pub(crate) factor_sizes: Vec<usize>,
    /// Where each factor's marginal starts in the list of all factors' states.
    pub(crate) factor_offsets: Vec<usize>,
    pub(crate) joint_states: usize,
    pub(crate) joint_actions: usize,
    pub(crate) transitions: Vec<TransitionStructure>,
    pub(crate) modalities: Vec<ModalityStructure>,
    pub(crate) policies: Policies,
    /// For every joint action, the action of each control.
    pub(crate) actions: Vec<Vec<usize>>,
    pub(crate) control_sizes: Vec<usize>,
    /// The action precision is 1 by definition, not by the value of a parameter.
    pub(crate) has_unit_action_precision: bool,
    /// The lapse rate is not 0 by definition.
    pub(crate) has_lapse: bool,
    pub(crate) numerics: Numerics,
    /// Which terms the expected free energy has at all.
    pub(crate) terms: ActiveTerms,
    /// How policies are valued all at once, where they can be.
    pub(crate) layout: Option<Arc<Layout>>,
    /// Some response depends on the plan (see [`crate::response::PLAN`]).
    pub(crate) has_responses_of_plan: bool,
}

impl Structure {
    pub(crate) fn new(model: &TaskModel) -> Structure {
        let factor_sizes = factor_sizes(&model.factors);
        let factor_offsets = factor_sizes
            .iter()
            .scan(0, |offset, size| {
                let start = *offset;
                *offset += size;
                Some(start)
            })
            .collect();
        let joint_actions = model.schema.joint_actions();
        let actions: Vec<Vec<usize>> = (0..joint_actions).map(|u| model.schema.actions_of(u)).collect();
        let control_sizes: Vec<usize> = model.schema.controls.iter().map(|c| c.labels.len()).collect();
        let transitions = model
            .factors
            .iter()
            .enumerate()
            .map(|(f, factor)| {
                let shape =
                    transition_structure(f, &factor.transitions, &factor_sizes, &actions, &control_sizes);
                // What is learned may come to differ from staying.
                TransitionStructure { stays: shape.stays && factor.transition_learning.is_none(), ..shape }
            })
            .collect();
        let modalities = model.modalities.iter().map(|m| modality_structure(m, &factor_sizes)).collect();
        let mut structure = Structure {
            joint_states: factor_sizes.iter().product(),
            factor_sizes,
            factor_offsets,
            joint_actions,
            transitions,
            modalities,
            policies: Policies::new(model.planning.horizon, &model.planning.policies),
            actions,
            control_sizes,
            has_unit_action_precision: model.choice.action_precision.as_constant() == Some(1.0),
            has_lapse: model.choice.lapse.as_constant() != Some(0.0),
            numerics: model.numerics,
            terms: ActiveTerms::new(model),
            has_responses_of_plan: has_responses_of_plan(model),
            layout: None,
        };
        structure.layout = Layout::new(model, &structure).map(Arc::new);
        if let Some(layout) = &structure.layout {
            for (m, modality) in structure.modalities.iter_mut().enumerate() {
                modality.needs_entropies = layout.needs_entropies(m);
            }
        }
        structure
    }

    /// The same without what makes planning fast.
    pub(crate) fn plain(self) -> Structure {
        let plain = |m: ModalityStructure| ModalityStructure { needs_entropies: m.information_gain, ..m };
        Structure { layout: None, modalities: self.modalities.into_iter().map(plain).collect(), ..self }
    }

    /// The number of states over all factors: the length of a list of marginals.
    pub(crate) fn marginal_states(&self) -> usize {
        self.factor_sizes.iter().sum()
    }

    /// The number of inputs of responses: marginal beliefs, then the plan.
    pub(crate) fn response_inputs(&self) -> usize {
        self.marginal_states() + PLAN.len()
    }

    /// Where a factor's marginal stands in the list of all factors' states.
    pub(crate) fn factor_range(&self, factor: usize) -> std::ops::Range<usize> {
        self.factor_offsets[factor]..self.factor_offsets[factor] + self.factor_sizes[factor]
    }

    /// The states that `factors` take in their configuration `index`, written to their places in `states`.
    pub(crate) fn states_of_configuration(&self, factors: &[usize], mut index: usize, states: &mut [usize]) {
        for &factor in factors.iter().rev() {
            states[factor] = index % self.factor_sizes[factor];
            index /= self.factor_sizes[factor];
        }
    }
}

fn has_responses_of_plan(model: &TaskModel) -> bool {
    let values: usize = model.parameters.iter().map(|parameter| parameter.support.size()).sum();
    let plan = values + factor_sizes(&model.factors).iter().sum::<usize>();
    let expressions = model.responses.iter().flat_map(|response| response.distribution.expressions());
    expressions.flat_map(crate::Expression::slots).any(|slot| slot >= plan)
}

pub(crate) fn factor_sizes(factors: &[Factor]) -> Vec<usize> {
    factors.iter().map(|factor| factor.states.len()).collect()
}

/// The row-major number of the configuration that `variables` take in `values`.
pub(crate) fn configuration(variables: &[usize], sizes: &[usize], values: &[usize]) -> usize {
    variables.iter().fold(0, |index, &variable| index * sizes[variable] + values[variable])
}

/// The states of all factors in joint state `index`, written to `states`.
pub(crate) fn states_of(mut index: usize, sizes: &[usize], states: &mut [usize]) {
    for (state, size) in states.iter_mut().zip(sizes).rev() {
        *state = index % size;
        index /= size;
    }
}

pub(crate) fn transition_structure(
    factor: usize,
    transitions: &Transitions,
    factor_sizes: &[usize],
    actions: &[Vec<usize>],
    control_sizes: &[usize],
) -> TransitionStructure {
    TransitionStructure {
        parents: transitions.parents.clone(),
        parent_configurations: transitions.parents.iter().map(|&p| factor_sizes[p]).product(),
        control_configurations: actions
            .iter()
            .map(|joint| configuration(&transitions.controls, control_sizes, joint))
            .collect(),
        is_controlled: !transitions.controls.is_empty(),
        stays: transitions.parents == [factor]
            && transitions.controls.is_empty()
            && transitions.columns.iter().enumerate().all(|(state, column)| is_certain(column, state)),
    }
}

fn is_certain(column: &Distribution, state: usize) -> bool {
    column.cells.iter().enumerate().all(|(cell, expression)| {
        let expected = if cell == state { 1.0 } else { 0.0 };
        matches!(column.form, crate::task_model::Form::Probabilities)
            && expression.as_constant() == Some(expected)
    })
}

/// The state that a column gives for certain, whatever the parameters, if it does.
pub(crate) fn certain_state(column: &Distribution) -> Option<usize> {
    (0..column.cells.len()).find(|&state| is_certain(column, state))
}

fn modality_structure(modality: &crate::task_model::Modality, factor_sizes: &[usize]) -> ModalityStructure {
    let joint_states: usize = factor_sizes.iter().product();
    let mut states = vec![0; factor_sizes.len()];
    let map: Vec<usize> = (0..joint_states)
        .map(|joint| {
            states_of(joint, factor_sizes, &mut states);
            configuration(&modality.parents, factor_sizes, &states)
        })
        .collect();
    let is_identity = map.iter().enumerate().all(|(joint, &c)| joint == c);
    let preferences = || modality.preferences.steps.iter().flatten();
    let first = preferences().next().and_then(crate::Expression::as_constant);
    ModalityStructure {
        outcomes: modality.outcomes.len(),
        parents: modality.parents.clone(),
        parent_configurations: modality.parents.iter().map(|&p| factor_sizes[p]).product(),
        configuration_of_state: if is_identity { Vec::new() } else { map },
        has_preferences: first.is_none() || preferences().any(|p| p.as_constant() != first),
        information_gain: modality.information_gain,
        needs_entropies: modality.information_gain,
    }
}
