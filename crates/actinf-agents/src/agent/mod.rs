//! The agent: perceive, plan, act, learn. This is the only step there is; simulation and likelihood both take it.
//!
//! What perceiving, planning and learning are belongs to the agent's mind: [`filtering`] carries a belief from step to
//! step and plans from it; [`crate::trial_message_passing`] infers all steps of the trial, past and to come, at once.

mod filtering;

use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::planning::Plan;
use crate::real::Real;
use crate::response;
use crate::schema::RowOrder;
use crate::state_inference::free_energy::VariationalFreeEnergy;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::trial_message_passing::TrialMind;
use filtering::Filtering;
use std::sync::Arc;

/// What an actor (an agent or a baseline) meets: recorded behaviour, or a simulated task.
pub(crate) trait World<T: Real, A = Agent<T>> {
    /// Takes (records, looks up or draws) the joint action, given the actor with its action probabilities.
    fn act(&mut self, agent: &mut A) -> Result<Option<usize>, LikelihoodErrorKind>;

    /// Takes note that no action is due at this step, the last one of a trial that was planned as a whole.
    fn rest(&mut self, _agent: &A) -> Result<(), LikelihoodErrorKind> {
        Ok(())
    }

    /// Brings about this step's observations.
    fn observe(&mut self);

    /// This step's observations, one per modality.
    fn observations(&self) -> &[Observation];

    /// The agent has taken in this step's observations, and has not learned from them yet.
    fn perceived(&mut self, _agent: &A) {}
}

/// How the agent perceives, plans and learns.
enum Mind<T> {
    Filtering(Box<Filtering<T>>),
    Trial(Box<TrialMind<T>>),
}

/// An agent with its beliefs, what it learned and its plan.
pub(crate) struct Agent<T> {
    task: Arc<TaskModel>,
    structure: Arc<Structure>,
    model: GenerativeModel<T>,
    mind: Mind<T>,
    /// The action of the step before, `Some(None)` where it is missing, `None` at the start of a trial.
    last_action: Option<Option<usize>>,
}

impl<T: Real> Agent<T> {
    pub(crate) fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        Agent::made(task, structure, values, false)
    }

    /// An agent that is led along recorded behaviour for nothing but the probabilities of actions, which may come later than
    /// the actions, and for derivatives.
    pub(crate) fn scored(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        Agent::made(task, structure, values, true)
    }

    fn made(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        values: &[T],
        is_scored: bool,
    ) -> Result<Self, LikelihoodError> {
        let model = GenerativeModel::new(task, values)?;
        let mind = match TrialMind::new(task, structure, &model)? {
            Some(mind) => Mind::Trial(Box::new(mind)),
            None => Mind::Filtering(Box::new(Filtering::new(task, structure, &model, is_scored)?)),
        };
        Ok(Agent { last_action: None, mind, model, structure: structure.clone(), task: task.clone() })
    }

    /// Gives the agent other parameter values and forgets everything.
    pub(crate) fn set_values(&mut self, values: &[T]) -> Result<(), LikelihoodError> {
        self.model.fill(&self.task, values)?;
        if let Mind::Filtering(mind) = &mut self.mind {
            mind.set_model(&self.model);
        }
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        match &mut self.mind {
            Mind::Filtering(mind) => mind.forget(&self.model),
            Mind::Trial(mind) => mind.forget(&self.model),
        }
    }

    /// Starts a session; learned counts restart unless the model carries them.
    pub(crate) fn start_session(&mut self) {
        if !self.task.learning.carry {
            self.forget();
        }
    }

    /// Starts a trial of so many rows: beliefs about states restart at the initial prior.
    pub(crate) fn start_trial(&mut self, rows: usize) -> Result<(), LikelihoodErrorKind> {
        self.last_action = None;
        match &mut self.mind {
            Mind::Filtering(mind) => mind.start_trial(),
            Mind::Trial(mind) => mind.start_trial(&self.model, rows)?,
        }
        Ok(())
    }

    /// Ends a trial, after its last step and its responses.
    pub(crate) fn end_trial(&mut self) {
        match &mut self.mind {
            Mind::Filtering(mind) => mind.end_trial(&self.model),
            Mind::Trial(mind) => mind.end_trial(&self.model),
        }
    }

    /// Ends a session, after its last trial and its responses.
    pub(crate) fn end_session(&mut self) {
        if let Mind::Filtering(mind) = &mut self.mind {
            mind.end_session(&self.model);
        }
    }

    /// The most rows a trial may have, where the model says so.
    pub(crate) fn most_rows(&self) -> Option<usize> {
        match &self.mind {
            Mind::Filtering(_) => None,
            Mind::Trial(mind) => mind.most_rows(),
        }
    }

    /// One step: perceive, plan, act, learn, in the order of the table's rows.
    pub(crate) fn step(&mut self, world: &mut impl World<T>) -> Result<(), LikelihoodErrorKind> {
        match self.task.schema.row_order {
            RowOrder::ObserveThenAct => {
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
                world.perceived(self);
                self.act(world)?;
            }
            RowOrder::ActThenObserve => {
                self.act(world)?;
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
                world.perceived(self);
            }
        }
        if let Mind::Filtering(mind) = &mut self.mind {
            mind.learn(&self.task, &self.model, world.observations());
        }
        Ok(())
    }

    /// Plans and acts, if an action is due.
    fn act(&mut self, world: &mut impl World<T>) -> Result<(), LikelihoodErrorKind> {
        if self.plan() {
            self.last_action = Some(world.act(self)?);
            Ok(())
        } else {
            world.rest(self)
        }
    }

    /// Moves across the last action.
    fn move_on(&mut self) {
        let Some(action) = self.last_action.take() else { return };
        match &mut self.mind {
            Mind::Filtering(mind) => mind.move_on(&self.task, action),
            Mind::Trial(mind) => mind.move_on(&self.task, action),
        }
    }

    fn perceive(&mut self, observations: &[Observation]) -> Result<(), LikelihoodErrorKind> {
        match &mut self.mind {
            Mind::Filtering(mind) => mind.perceive(observations),
            Mind::Trial(mind) => mind.perceive(&self.model, observations),
        }
    }

    /// Works out the probabilities of actions; `false` if no action is due.
    fn plan(&mut self) -> bool {
        match &mut self.mind {
            Mind::Filtering(mind) => {
                mind.plan(&self.model);
                true
            }
            Mind::Trial(mind) => mind.choose(self.task.choice.selection, &self.model.settings),
        }
    }

    /// The task model the agent was made from.
    pub(crate) fn task(&self) -> &TaskModel {
        &self.task
    }

    /// What the agent works with at its present parameter values.
    pub(crate) fn model(&self) -> &GenerativeModel<T> {
        &self.model
    }

    /// `ln p(u)` of a joint action, in nats, chosen anew from a posterior over policies that a mind that infers whole trials had;
    /// `due` is the step of the policies that was due.
    pub(crate) fn choose_again(&mut self, due: usize, log_posterior: &[T], action: usize) -> T {
        match &mut self.mind {
            Mind::Filtering(_) => T::constant(f64::NAN),
            Mind::Trial(mind) => {
                let (selection, settings) = (self.task.choice.selection, &self.model.settings);
                mind.choose_from(due, log_posterior, selection, settings);
                mind.log_actions()[action]
            }
        }
    }

    /// `ln p(u)` of a joint action that was taken, in nats, of the latest plan; `None` if it comes with [`Agent::settle`].
    pub(crate) fn decide(&mut self, action: usize) -> Option<T> {
        match &mut self.mind {
            Mind::Filtering(mind) => mind.decide(action),
            Mind::Trial(mind) => Some(mind.log_actions()[action]),
        }
    }

    /// The log-probabilities of all actions that were to come later, in nats and in order, and the derivatives of their sum;
    /// `None` if there are none of that kind.
    pub(crate) fn settle(&mut self) -> Option<(&[f64], T)> {
        match &mut self.mind {
            Mind::Filtering(mind) => mind.settle(&self.model),
            Mind::Trial(_) => None,
        }
    }

    /// `ln p(u)` of all joint actions, in nats, of the latest plan, without derivatives.
    pub(crate) fn log_actions(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.structure.joint_actions];
        match &self.mind {
            Mind::Filtering(mind) => mind.log_action_values(&mut values),
            Mind::Trial(mind) => {
                values.iter_mut().zip(mind.log_actions()).for_each(|(value, log)| *value = log.value());
            }
        }
        values
    }

    /// Appends what the latest decision needs beyond the parameters of planning and choice; nothing where the planner does
    /// not remember.
    pub(crate) fn remember(&self, has_free_weights: bool, memory: &mut Vec<f64>) {
        if let Mind::Filtering(mind) = &self.mind {
            mind.remember(has_free_weights, memory);
        }
    }

    /// The latest plan, without derivatives: for reports.
    pub(crate) fn report(&self) -> Plan<T> {
        match &self.mind {
            Mind::Filtering(mind) => mind.report(),
            Mind::Trial(mind) => mind.report(),
        }
    }

    /// What a filtering agent has learned.
    pub(crate) fn knowledge(&self) -> Option<&Knowledge<T>> {
        match &self.mind {
            Mind::Filtering(mind) => Some(mind.knowledge()),
            Mind::Trial(_) => None,
        }
    }

    /// The mind that infers whole trials, if that is how the agent works.
    pub(crate) fn trial_mind(&self) -> Option<&TrialMind<T>> {
        match &self.mind {
            Mind::Filtering(_) => None,
            Mind::Trial(mind) => Some(mind),
        }
    }

    /// As [`Agent::trial_mind`].
    pub(crate) fn trial_mind_mut(&mut self) -> Option<&mut TrialMind<T>> {
        match &mut self.mind {
            Mind::Filtering(_) => None,
            Mind::Trial(mind) => Some(mind),
        }
    }

    /// The surprise at the latest observations (of a mind that infers whole trials: at all of the trial's), in nats.
    pub(crate) fn surprise(&self) -> T {
        match &self.mind {
            Mind::Filtering(mind) => mind.surprise(),
            Mind::Trial(mind) => mind.surprise(),
        }
    }

    /// The terms of the variational free energy at `observations`, which were the latest; before anything is learned from
    /// them. A mind that infers whole trials does not divide it.
    pub(crate) fn free_energy(&self, observations: &[Observation]) -> VariationalFreeEnergy<T> {
        match &self.mind {
            Mind::Filtering(mind) => mind.free_energy(observations),
            Mind::Trial(_) => VariationalFreeEnergy { complexity: T::ZERO, accuracy: T::ZERO },
        }
    }

    /// Writes what responses depend on: the marginal beliefs of all factors, and the plan if some response depends on it.
    pub(crate) fn response_inputs(&self, inputs: &mut [T]) {
        let (marginals, plan) = inputs.split_at_mut(self.structure.marginal_states());
        self.marginals(marginals);
        if self.structure.has_responses_of_plan {
            let (latest, next) = match &self.mind {
                Mind::Filtering(mind) => mind.differentiable(),
                Mind::Trial(mind) => mind.differentiable(),
            };
            response::of_plan(&latest, next, plan);
        }
    }

    /// Writes the marginal beliefs of all factors about the present step, one after the other.
    pub(crate) fn marginals(&self, marginals: &mut [T]) {
        match &self.mind {
            Mind::Filtering(mind) => mind.marginals(marginals),
            Mind::Trial(mind) => mind.marginals(marginals),
        }
    }
}
