//! Choices that are made again where nothing that beliefs and policies depend on has changed.
//!
//! Under trial message passing most of an evaluation is inference, on which the action precision and the lapse have no
//! bearing. Finite differences and Hessians move one parameter at a time; where it is one of these two, posteriors over
//! policies of the latest few evaluations are used again. The result is the same, bit for bit.

use super::checked_action;
use crate::agent::Agent;
use crate::behaviour::Place;
use crate::error::LikelihoodError;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::task_model::{InferenceScheme, MissingAction, PolicyExtent, TaskModel};

/// How many evaluations are remembered: as many as second differences along one parameter have points, and one.
const REMEMBERED: usize = 4;

/// The most bytes of posteriors that are remembered of one evaluation; of larger ones none are.
const LARGEST: usize = 1 << 23;

/// A recorded action, and the step of its policies that it was a choice of.
#[derive(Clone, Copy)]
struct Choice {
    action: usize,
    due: usize,
    place: Place,
    row: usize,
}

/// One evaluation.
#[derive(Clone)]
struct Remembered<T> {
    model: GenerativeModel<T>,
    choices: Vec<Choice>,
    /// `ln π`: `[choice, policy]`.
    log_posteriors: Vec<T>,
    is_complete: bool,
}

/// The latest evaluations, the last one first.
pub(super) struct Choices<T> {
    remembered: Vec<Remembered<T>>,
    are_kept: bool,
}

impl<T: Real> Choices<T> {
    pub(super) fn new(task: &TaskModel) -> Self {
        let are_kept = match task.inference {
            // A missing action that is averaged over brings the choice into beliefs.
            InferenceScheme::TrialMessagePassing(settings) => {
                let averages = task.choice.missing_action == MissingAction::Average;
                task.responses.is_empty() && !(averages && settings.policies == PolicyExtent::NextStep)
            }
            _ => false,
        };
        Choices { remembered: Vec::new(), are_kept }
    }

    /// The log-likelihood at the agent's present values, if all that was chosen can be chosen again.
    pub(super) fn again(&mut self, agent: &mut Agent<T>) -> Option<Result<T, LikelihoodError>> {
        let found = self.remembered.iter().position(|remembered| {
            remembered.is_complete && remembered.model.differs_in_choice_only(agent.model())
        })?;
        self.remembered[..=found].rotate_right(1);
        self.remembered.first().map(|latest| latest.sum(agent))
    }

    /// Gets ready to take notes of another evaluation.
    pub(super) fn begin(&mut self, task: &TaskModel, agent: &Agent<T>, values: &[T]) {
        if !self.are_kept {
            return;
        }
        if self.remembered.is_empty() {
            let model = agent.model().clone();
            let empty =
                Remembered { model, choices: Vec::new(), log_posteriors: Vec::new(), is_complete: false };
            self.remembered.resize(REMEMBERED, empty);
        }
        self.remembered.rotate_right(1);
        let latest = &mut self.remembered[0];
        latest.choices.clear();
        latest.log_posteriors.clear();
        latest.is_complete = false;
        // The agent's model was filled with the same values.
        self.are_kept = latest.model.fill(task, values).is_ok();
    }

    /// Notes what an action was chosen from.
    pub(super) fn note(&mut self, agent: &Agent<T>, action: usize, place: Place, row: usize) {
        let (true, Some(latest)) = (self.are_kept, self.remembered.first_mut()) else { return };
        let Some((due, log_posterior)) = agent.trial_mind().and_then(|mind| mind.decision()) else { return };
        latest.choices.push(Choice { action, due, place, row });
        latest.log_posteriors.extend_from_slice(log_posterior);
        if size_of_val(&latest.log_posteriors[..]) > LARGEST {
            (self.are_kept, self.remembered) = (false, Vec::new());
        }
    }

    /// Everything has been noted; the other evaluations get as much room, so that later ones ask for none.
    pub(super) fn complete(&mut self) {
        let (true, Some((latest, others))) = (self.are_kept, self.remembered.split_first_mut()) else {
            return;
        };
        latest.is_complete = true;
        for other in others {
            other.choices.reserve(latest.choices.len().saturating_sub(other.choices.len()));
            let missing = latest.log_posteriors.len().saturating_sub(other.log_posteriors.len());
            other.log_posteriors.reserve(missing);
        }
    }
}

impl<T: Real> Remembered<T> {
    fn sum(&self, agent: &mut Agent<T>) -> Result<T, LikelihoodError> {
        let mut sum = T::ZERO;
        let policies = self.log_posteriors.len() / self.choices.len().max(1);
        for (choice, log_posterior) in
            self.choices.iter().zip(self.log_posteriors.chunks_exact(policies.max(1)))
        {
            let log = agent.choose_again(choice.due, log_posterior, choice.action);
            sum += checked_action(log).map_err(|kind| LikelihoodError {
                kind,
                place: Some(choice.place),
                row: Some(choice.row),
            })?;
        }
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::super::walked::Walked;
    use crate::behaviour_model::{BehaviourModel, Design};
    use crate::dual::Dual;
    use crate::parameter::default_values;
    use crate::real::Real;
    use crate::structure::Structure;
    use crate::walk::Slots;
    use crate::{ActiveInference, Subject, tasks};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use std::sync::Arc;

    /// Where a walk was chosen again, the walk before is the latest one still.
    #[test]
    fn a_choice_is_made_again_where_nothing_else_has_moved_and_only_there() {
        let task = Arc::new(tasks::read("explore_exploit").unwrap());
        let structure = Arc::new(Structure::new(&task));
        let values = default_values(&task.parameters);
        let at = |name: &str| task.parameters.iter().position(|parameter| parameter.name == name).unwrap();
        let (precision, wish) = (at("action_precision"), at("risk_seeking"));
        let design = Design { sessions: 1, trials: 4, steps: 3 };
        let sessions = ActiveInference::new((*task).clone())
            .simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(5))
            .unwrap();
        let subject = Subject { id: "simulated".into(), sessions };
        let mut duals: Vec<Dual<2>> = values.iter().map(|&value| Dual::constant(value)).collect();
        (duals[precision], duals[wish]) =
            (Dual::variable(values[precision], 0), Dual::variable(values[wish], 1));
        let mut walked = Walked::new(&task, &structure, &duals).unwrap();
        let mut slots = Slots::new(duals.len(), &structure);
        slots.values_mut().copy_from_slice(&duals);
        let mut walks = |k: usize, direction: usize, value: f64| {
            slots.values_mut()[k] = Dual::variable(value, direction);
            walked.evaluate(&task, &subject, &mut slots).unwrap();
            walked.choices.remembered.iter().filter(|remembered| remembered.is_complete).count()
        };
        assert_eq!(walks(precision, 0, 32.0), 1);
        assert_eq!(walks(precision, 0, 8.0), 1);
        assert_eq!(walks(wish, 1, 4.5), 2);
        assert_eq!(walks(precision, 0, 9.0), 2);
        // The first one is found again, behind the second.
        assert_eq!(walks(wish, 1, values[wish]), 2);
        // A value that is the same with another derivative is another.
        assert_eq!(walks(wish, 0, values[wish]), 3);
    }
}
