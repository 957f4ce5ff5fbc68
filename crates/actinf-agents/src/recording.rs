//! The long form of the likelihood: everything the agent believed, expected and would have done at each step.

use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::expected_free_energy::{ActiveTerms, NamedTerm};
use crate::likelihood::not_a_number;
use crate::state_inference::free_energy::VariationalFreeEnergy;
use crate::structure::Structure;
use crate::task_model::{InferenceScheme, TaskModel};
use crate::trajectory::{LogLikelihood, Quantity, StepRecord, Trajectory};
use crate::trial_message_passing::TrialMind;
use crate::walk::{Slots, Walk, walk};
use std::sync::Arc;

/// The quantities of a task model's trajectories: beliefs, expected free energy and its terms, policy entropy, and the terms
/// of the variational free energy with the surprise, which is their difference (see [`crate::state_inference::free_energy`]).
///
/// Expected free energy and its terms (those that can differ from 0, unweighted) are averages under the posterior over
/// policies; the last three belong to the row's own observations, whether they come before or after the action. Under trial
/// message passing the surprise is the free energy of the trial so far, undivided, and the policy precision is there as
/// well. All but beliefs and precision are in nats.
pub(crate) fn quantities(task: &TaskModel) -> Vec<Quantity> {
    let quantity = |family: &str, label: &str, unit: &str| Quantity {
        family: family.to_string(),
        label: label.to_string(),
        unit: unit.to_string(),
    };
    let mut quantities: Vec<Quantity> = task
        .factors
        .iter()
        .flat_map(|f| {
            f.states.iter().map(move |state| quantity(&format!("belief.{}", f.name), state, "probability"))
        })
        .collect();
    let terms = ActiveTerms::new(task).named();
    for term in std::iter::once("total").chain(terms.into_iter().map(|(name, _)| name)) {
        quantities.push(quantity("expected_free_energy", term, "nats"));
    }
    quantities.push(quantity("policy", "entropy", "nats"));
    if let InferenceScheme::TrialMessagePassing(_) = task.inference {
        quantities.push(quantity("policy", "precision", "1/nats"));
    } else {
        quantities.push(quantity("free_energy", "complexity", "nats"));
        quantities.push(quantity("free_energy", "accuracy", "nats"));
    }
    quantities.push(quantity("observation", "surprise", "nats"));
    quantities
}

/// A walk that records every step.
struct Recording<'a> {
    task: &'a TaskModel,
    marginal_states: usize,
    terms: Vec<NamedTerm>,
    slots: &'a mut Slots<f64>,
    step: Option<&'a Step>,
    place: Place,
    free_energy: VariationalFreeEnergy<f64>,
    record: StepRecord,
    trajectory: Trajectory,
}

impl Recording<'_> {
    /// The quantities as they are now, but for those of the observation, which are not known before it.
    fn quantities(&self, agent: &Agent<f64>) -> Vec<f64> {
        let mut quantities = vec![0.0; self.marginal_states];
        agent.marginals(&mut quantities);
        let plan = agent.report();
        let posterior = || plan.log_posterior.iter().map(|log_q| log_q.exp()).zip(&plan.log_posterior);
        quantities.push(posterior().zip(&plan.totals).map(|((q, _), total)| q * total).sum());
        for (_, term) in &self.terms {
            quantities.push(posterior().zip(&plan.terms).map(|((q, _), terms)| q * term(terms)).sum());
        }
        let entropy: f64 = posterior().filter(|(q, _)| *q > 0.0).map(|(q, log_q)| -q * log_q).sum();
        quantities.push(entropy);
        quantities.extend(agent.trial_mind().map(TrialMind::precision));
        quantities.extend(self.about_observation(agent));
        quantities
    }

    /// Complexity, accuracy and surprise; of a mind that infers whole trials, the surprise alone.
    fn about_observation(&self, agent: &Agent<f64>) -> Vec<f64> {
        match agent.trial_mind() {
            Some(_) => vec![agent.surprise()],
            None => vec![self.free_energy.complexity, self.free_energy.accuracy, agent.surprise()],
        }
    }

    fn note_impossible(&mut self, kind: LikelihoodErrorKind) {
        let row = self.step.map(|step| step.row);
        self.trajectory.impossible.get_or_insert(LikelihoodError { kind, place: Some(self.place), row });
    }
}

impl World<f64> for Recording<'_> {
    fn act(&mut self, agent: &mut Agent<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let logs = agent.log_actions();
        if logs.iter().any(|log| log.is_nan()) {
            return Err(not_a_number("the log-probability of an action"));
        }
        self.record.action_probabilities = logs.iter().map(|log| log.exp()).collect();
        self.record.quantities = self.quantities(agent);
        if let Some(action) = self.record.action {
            let log = logs[action];
            if log == f64::NEG_INFINITY {
                self.note_impossible(LikelihoodErrorKind::ImpossibleAction);
            }
            self.record.log_probability = Some(log);
            self.trajectory.log_likelihood.actions += log;
        }
        Ok(self.record.action)
    }

    /// No action is due: each of them has probability 0.
    fn rest(&mut self, agent: &Agent<f64>) -> Result<(), LikelihoodErrorKind> {
        self.record.action_probabilities = vec![0.0; agent.log_actions().len()];
        self.record.quantities = self.quantities(agent);
        Ok(())
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }

    fn perceived(&mut self, agent: &Agent<f64>) {
        self.free_energy = agent.free_energy(self.observations());
    }
}

impl<'a> Walk<'a, f64> for Recording<'a> {
    fn enter(&mut self, place: Place, step: &'a Step) {
        self.step = Some(step);
        self.place = place;
        self.record = StepRecord {
            place,
            row: step.row,
            action: self.task.schema.joint_action(&step.actions),
            log_probability: None,
            action_probabilities: Vec::new(),
            quantities: Vec::new(),
            response_log_densities: vec![None; self.task.responses.len()],
        };
    }

    fn respond(
        &mut self,
        agent: &Agent<f64>,
        response: usize,
        value: f64,
    ) -> Result<(), LikelihoodErrorKind> {
        let slots = self.slots.with_beliefs(agent);
        let log = self.task.responses[response].distribution.log_density(slots, value);
        if log.is_nan() {
            return Err(not_a_number("the log density of a response"));
        }
        if !log.is_finite() {
            self.note_impossible(LikelihoodErrorKind::ImpossibleResponse);
        }
        self.trajectory.log_likelihood.responses[response] += log;
        let is_over = self.trajectory.steps.last().is_some_and(|record| record.place == self.place);
        let record = if is_over { self.trajectory.steps.last_mut() } else { None };
        record.unwrap_or(&mut self.record).response_log_densities[response] = Some(log);
        Ok(())
    }

    fn leave(&mut self, agent: &Agent<f64>) {
        let observed = self.about_observation(agent);
        let quantities = &mut self.record.quantities;
        if let Some(start) = quantities.len().checked_sub(observed.len()) {
            quantities[start..].copy_from_slice(&observed);
        }
        self.trajectory.steps.push(self.record.clone());
    }

    fn end_session(&mut self, agent: &Agent<f64>) {
        self.trajectory.session_ends.push(self.quantities(agent));
    }
}

/// The trajectory of a subject at the given values.
pub(crate) fn trajectory(
    task: &Arc<TaskModel>,
    structure: &Arc<Structure>,
    subject: &Subject,
    values: &[f64],
) -> Result<Trajectory, LikelihoodError> {
    let mut agent = Agent::new(task, structure, values)?;
    agent.set_values(values)?;
    let mut slots = Slots::new(values.len(), structure);
    slots.values_mut().copy_from_slice(values);
    let mut recording = Recording {
        task,
        marginal_states: structure.marginal_states(),
        terms: structure.terms.named(),
        slots: &mut slots,
        step: None,
        place: Place::default(),
        free_energy: VariationalFreeEnergy::default(),
        record: StepRecord {
            place: Place::default(),
            row: 0,
            action: None,
            log_probability: None,
            action_probabilities: Vec::new(),
            quantities: Vec::new(),
            response_log_densities: Vec::new(),
        },
        trajectory: Trajectory {
            steps: Vec::with_capacity(subject.steps().count()),
            session_ends: Vec::with_capacity(subject.sessions.len()),
            log_likelihood: LogLikelihood {
                responses: vec![0.0; task.responses.len()],
                ..LogLikelihood::default()
            },
            impossible: None,
        },
    };
    walk(&mut agent, subject, &mut recording)?;
    let mut trajectory = recording.trajectory;
    let parts = &mut trajectory.log_likelihood;
    parts.total = parts.actions + parts.responses.iter().sum::<f64>();
    Ok(trajectory)
}
