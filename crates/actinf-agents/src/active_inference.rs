//! An active inference agent as a model of behaviour.

use crate::agent::Agent;
use crate::behaviour::{Session, Subject};
use crate::behaviour_model::{BehaviourModel, Design, Scorer};
use crate::error::LikelihoodError;
use crate::generative_process::GenerativeProcess;
use crate::inspection::{self, Inspection};
use crate::likelihood::TaskScorer;
use crate::parameter::Parameter;
use crate::schema::Schema;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::trajectory::{Quantity, Trajectory};
use crate::trial_message_passing::{self, TrialInspection};
use crate::walk::Slots;
use crate::{recording, response, simulate, walk};
use rand::Rng;
use std::sync::Arc;

/// A task model with the agent that plays it, ready to score and to simulate.
#[derive(Clone, Debug)]
pub struct ActiveInference {
    task: Arc<TaskModel>,
    structure: Arc<Structure>,
    quantities: Vec<Quantity>,
}

impl ActiveInference {
    /// Prepares a task model.
    pub fn new(task: TaskModel) -> ActiveInference {
        ActiveInference {
            structure: Arc::new(Structure::new(&task)),
            quantities: recording::quantities(&task),
            task: Arc::new(task),
        }
    }

    /// Prepares a task model whose policies are valued one imagined step after the other, as the equations are written:
    /// the oracle that faster ways are checked against. It gives the same numbers up to rounding, more slowly.
    pub fn plain(task: TaskModel) -> ActiveInference {
        ActiveInference {
            structure: Arc::new(Structure::new(&task).plain()),
            quantities: recording::quantities(&task),
            task: Arc::new(task),
        }
    }

    /// Refuses behaviour that does not fit the schema, responses that no parameters give a density, and trials that are
    /// longer than policies.
    fn check(&self, subject: &Subject) -> Result<(), LikelihoodError> {
        walk::check(&self.task.schema, subject)?;
        response::check(&self.task.responses, subject)?;
        trial_message_passing::check(&self.task, subject)
    }

    /// The task model.
    pub fn task(&self) -> &TaskModel {
        &self.task
    }

    /// Every policy's terms, beliefs and what was learned, at each step of a subject's behaviour: for those who check
    /// an agent against another implementation. [`BehaviourModel::trajectory`] is the summary of it. Empty for an agent
    /// that infers whole trials, see [`ActiveInference::inspect_trials`].
    ///
    /// # Errors
    ///
    /// As [`BehaviourModel::trajectory`].
    pub fn inspect(&self, subject: &Subject, values: &[f64]) -> Result<Vec<Inspection>, LikelihoodError> {
        self.check(subject)?;
        inspection::inspect(&self.task, &self.structure, subject, values)
    }

    /// The same for an agent that infers whole trials, trial by trial.
    ///
    /// # Errors
    ///
    /// As [`BehaviourModel::trajectory`]; if the model asks for another scheme of inference.
    pub fn inspect_trials(
        &self,
        subject: &Subject,
        values: &[f64],
    ) -> Result<Vec<TrialInspection>, LikelihoodError> {
        self.check(subject)?;
        trial_message_passing::inspect(&self.task, &self.structure, subject, values)
    }

    /// As [`BehaviourModel::simulate`], and `ln p` of every action drawn, in nats, in the order of the steps.
    ///
    /// # Errors
    ///
    /// As [`BehaviourModel::simulate`].
    pub fn simulate_with_log_probabilities(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<(Vec<Session>, Vec<f64>), LikelihoodError> {
        let mut agent = Agent::new(&self.task, &self.structure, values)?;
        agent.set_values(values)?;
        let mut slots = Slots::new(values.len(), &self.structure);
        slots.values_mut().copy_from_slice(values);
        let process = GenerativeProcess::new(&self.task.process, &self.task.schema, values)?;
        simulate::simulate(&mut agent, &mut slots, process, &self.task.schema, design, rng)
    }
}

impl BehaviourModel for ActiveInference {
    fn name(&self) -> &str {
        &self.task.name
    }

    fn description(&self) -> &str {
        &self.task.description
    }

    fn parameters(&self) -> &[Parameter] {
        &self.task.parameters
    }

    fn schema(&self) -> &Schema {
        &self.task.schema
    }

    fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    fn scorer<'a>(
        &'a self,
        subject: &'a Subject,
        fixed: &[f64],
        free: &[usize],
    ) -> Result<Box<dyn Scorer + 'a>, LikelihoodError> {
        self.check(subject)?;
        Ok(Box::new(TaskScorer::new(&self.task, &self.structure, subject, fixed, free)))
    }

    fn trajectory(&self, subject: &Subject, values: &[f64]) -> Result<Trajectory, LikelihoodError> {
        self.check(subject)?;
        recording::trajectory(&self.task, &self.structure, subject, values)
    }

    fn simulate(
        &self,
        values: &[f64],
        design: Design,
        rng: &mut dyn Rng,
    ) -> Result<Vec<Session>, LikelihoodError> {
        Ok(self.simulate_with_log_probabilities(values, design, rng)?.0)
    }
}
