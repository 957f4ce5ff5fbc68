//! Which terms of the expected free energy a model has at all.

use super::ExpectedFreeEnergy;
use crate::expression::Expression;
use crate::task_model::TaskModel;

/// The terms that can differ from 0, whatever the values of the parameters; the others cost nothing.
#[derive(Clone, Debug)]
pub(crate) struct ActiveTerms {
    /// Per modality, whether there is information to gain about its likelihood.
    pub(crate) likelihood_information_gain: Vec<bool>,
    /// Per factor, whether there is information to gain about its transitions.
    pub(crate) transition_information_gain: Vec<bool>,
    /// Whether there are goals to be planned for backwards.
    pub(crate) inductive_value: bool,
}

/// A term by its name, with how to find it.
pub(crate) type NamedTerm = (&'static str, fn(&ExpectedFreeEnergy<f64>) -> f64);

fn can_differ_from_zero(weight: &Expression) -> bool {
    weight.as_constant() != Some(0.0)
}

impl ActiveTerms {
    pub(crate) fn new(task: &TaskModel) -> ActiveTerms {
        let weights = &task.planning.weights;
        let about_likelihood = can_differ_from_zero(&weights.likelihood_information_gain);
        let about_transitions = can_differ_from_zero(&weights.transition_information_gain);
        ActiveTerms {
            likelihood_information_gain: task
                .modalities
                .iter()
                .map(|m| about_likelihood && m.information_gain && m.learning.is_some())
                .collect(),
            transition_information_gain: task
                .factors
                .iter()
                .map(|f| about_transitions && f.transition_learning.is_some())
                .collect(),
            inductive_value: task.planning.induction.is_some()
                && can_differ_from_zero(&weights.inductive_value),
        }
    }

    /// Whether the marginals of the factors are needed.
    pub(crate) fn need_marginals(&self) -> bool {
        self.inductive_value || self.transition_information_gain.contains(&true)
    }

    /// The active terms.
    pub(crate) fn named(&self) -> Vec<NamedTerm> {
        let mut terms: Vec<NamedTerm> = vec![
            ("utility", |terms| terms.utility),
            ("state_information_gain", |terms| terms.state_information_gain),
        ];
        if self.likelihood_information_gain.contains(&true) {
            terms.push(("likelihood_information_gain", |terms| terms.likelihood_information_gain));
        }
        if self.transition_information_gain.contains(&true) {
            terms.push(("transition_information_gain", |terms| terms.transition_information_gain));
        }
        if self.inductive_value {
            terms.push(("inductive_value", |terms| terms.inductive_value));
        }
        terms
    }
}
