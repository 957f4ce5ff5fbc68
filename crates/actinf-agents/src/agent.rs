//! The agent: perceive, plan, act, learn. This is the only step there is; simulation and likelihood both take it.

use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::GenerativeModel;
use crate::learning::{Knowledge, Learner, Lived};
use crate::planning::{Mind, Planner};
use crate::real::Real;
use crate::response;
use crate::schema::RowOrder;
use crate::state_inference::free_energy::VariationalFreeEnergy;
use crate::state_inference::smoothing::Taken;
use crate::state_inference::{Move, StateInference, scheme};
use crate::structure::Structure;
use crate::task_model::{MissingAction, TaskModel};
use std::sync::Arc;

/// What an actor (an agent or a baseline) meets: recorded behaviour, or a simulated task.
pub(crate) trait World<T: Real, A = Agent<T>> {
    /// Takes (records, looks up or draws) the joint action, given the actor with its action probabilities.
    fn act(&mut self, agent: &mut A) -> Result<Option<usize>, LikelihoodErrorKind>;

    /// Brings about this step's observations.
    fn observe(&mut self);

    /// This step's observations, one per modality.
    fn observations(&self) -> &[Observation];

    /// The agent has taken in this step's observations, and has not learned from them yet.
    fn perceived(&mut self, _agent: &A) {}
}

/// An agent with its beliefs, what it learned and its plan.
pub(crate) struct Agent<T> {
    task: Arc<TaskModel>,
    structure: Arc<Structure>,
    model: GenerativeModel<T>,
    knowledge: Knowledge<T>,
    learner: Learner<T>,
    inference: Box<dyn StateInference<T>>,
    planner: Planner<T>,
    belief: Vec<T>,
    /// After a move, the belief before it.
    next: Vec<T>,
    branch: Vec<T>,
    /// The probabilities of the joint actions a move was averaged over.
    averaged: Vec<T>,
    surprise: T,
    /// The action of the step before, `Some(None)` where it is missing, `None` at the start of a trial.
    last_action: Option<Option<usize>>,
    /// How the belief of this step was moved to, `None` if the trial began with it.
    moved: Option<Moved>,
}

/// A move of this step; see [`Taken`].
#[derive(Clone, Copy, Debug)]
enum Moved {
    Known(Move),
    Averaged,
}

impl Moved {
    fn taken<T>(self, averaged: &[T]) -> Taken<'_, T> {
        match self {
            Moved::Known(action) => Taken::Known(action),
            Moved::Averaged => Taken::Averaged(averaged),
        }
    }
}

impl<T: Real> Agent<T> {
    pub(crate) fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        values: &[T],
    ) -> Result<Self, LikelihoodError> {
        let model = GenerativeModel::new(task, values)?;
        let inference = scheme(task, structure);
        let belief = vec![T::ZERO; inference.belief_size()];
        Ok(Agent {
            knowledge: Knowledge::new(structure, &model),
            learner: Learner::new(task, structure, belief.len())?,
            planner: Planner::new(task, structure, &model, belief.len()),
            next: belief.clone(),
            branch: belief.clone(),
            belief,
            averaged: vec![T::ZERO; structure.joint_actions],
            surprise: T::ZERO,
            last_action: None,
            moved: None,
            model,
            inference,
            structure: structure.clone(),
            task: task.clone(),
        })
    }

    /// Gives the agent other parameter values and forgets everything.
    pub(crate) fn set_values(&mut self, values: &[T]) -> Result<(), LikelihoodError> {
        self.model.fill(&self.task, values)?;
        self.knowledge.restart(&self.model);
        self.planner.set_model(&self.structure, &self.model);
        Ok(())
    }

    /// Starts a session; learned counts restart unless the model carries them.
    pub(crate) fn start_session(&mut self) {
        if !self.task.learning.carry {
            self.knowledge.restart(&self.model);
        }
    }

    /// Starts a trial: beliefs about states restart at the initial prior.
    pub(crate) fn start_trial(&mut self) {
        self.inference.restart(&self.knowledge, &mut self.belief);
        self.learner.start_trial();
        self.last_action = None;
    }

    /// Ends a trial, after its last step and its responses.
    pub(crate) fn end_trial(&mut self) {
        self.learner.end_trial(&self.model, &mut self.knowledge, &mut *self.inference);
    }

    /// Ends a session, after its last trial and its responses.
    pub(crate) fn end_session(&mut self) {
        self.learner.end_session(&self.model, &mut self.knowledge);
    }

    /// One step: perceive, plan, act, learn, in the order of the table's rows.
    pub(crate) fn step(&mut self, world: &mut impl World<T>) -> Result<(), LikelihoodErrorKind> {
        match self.task.schema.row_order {
            RowOrder::ObserveThenAct => {
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
                world.perceived(self);
                self.choose();
                self.last_action = Some(world.act(self)?);
            }
            RowOrder::ActThenObserve => {
                self.choose();
                self.last_action = Some(world.act(self)?);
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
                world.perceived(self);
            }
        }
        self.learn(world.observations());
        Ok(())
    }

    /// Predicts the belief across the last action.
    fn move_on(&mut self) {
        self.moved = None;
        match self.last_action {
            None => return,
            Some(Some(action)) => self.advance(Moved::Known(Move::Action(action))),
            Some(None) => match self.task.choice.missing_action {
                MissingAction::Stay => self.advance(Moved::Known(Move::Stay)),
                MissingAction::Average => self.advance(Moved::Averaged),
            },
        }
        self.last_action = None;
    }

    /// Moves the belief; averaged over every joint action, weighted by its probability when it was chosen.
    fn advance(&mut self, moved: Moved) {
        if let Moved::Averaged = moved {
            for (weight, &log) in self.averaged.iter_mut().zip(self.planner.differentiable().log_actions) {
                *weight = if log.value() > f64::NEG_INFINITY { log.exp() } else { T::ZERO };
            }
        }
        self.moved = Some(moved);
        let taken = moved.taken(&self.averaged);
        self.inference.advance(&self.knowledge, taken, &self.belief, &mut self.next, &mut self.branch);
        std::mem::swap(&mut self.belief, &mut self.next);
    }

    fn learn(&mut self, observations: &[Observation]) {
        let lived = Lived {
            observations,
            before: &self.next,
            taken: self.moved.map(|moved| moved.taken(&self.averaged)),
            belief: &self.belief,
            log_policies: if self.task.choice.habit_learning.is_some() {
                self.planner.differentiable().log_posterior
            } else {
                &[]
            },
        };
        self.learner.learn_step(&self.model, &mut self.knowledge, &mut *self.inference, &lived);
    }

    fn perceive(&mut self, observations: &[Observation]) -> Result<(), LikelihoodErrorKind> {
        self.surprise = self
            .inference
            .perceive(&self.knowledge, observations, &mut self.belief)
            .ok_or(LikelihoodErrorKind::ImpossibleObservation)?;
        Ok(())
    }

    fn choose(&mut self) {
        let mut mind = Mind {
            structure: &self.structure,
            model: &self.model,
            knowledge: &self.knowledge,
            inference: &mut *self.inference,
        };
        self.planner.plan(&mut mind, &self.belief);
    }

    /// The task model the agent was made from.
    pub(crate) fn task(&self) -> &TaskModel {
        &self.task
    }

    /// `ln p(u)` of one joint action, in nats, of the latest plan.
    pub(crate) fn log_action(&mut self, action: usize) -> T {
        let mind = Mind {
            structure: &self.structure,
            model: &self.model,
            knowledge: &self.knowledge,
            inference: &mut *self.inference,
        };
        self.planner.log_action(&mind, action)
    }

    /// Appends what the latest decision needs beyond the parameters of planning and choice; nothing where the planner does
    /// not remember.
    pub(crate) fn remember(&mut self, memory: &mut Vec<f64>) {
        if let Some(foresight) = self.planner.foresight() {
            foresight.remember(memory);
        }
    }

    /// Makes a remembered decision again; `ln p(u)` of its joint action, in nats. `None` where the planner does not remember.
    pub(crate) fn recall(&mut self, memory: &[f64], action: usize) -> Option<T> {
        let foresight = self.planner.foresight()?;
        Some(foresight.recall(&self.structure, &self.model, (memory, action)))
    }

    /// `ln p(u)` of all joint actions, in nats, of the latest plan, without derivatives.
    pub(crate) fn log_actions(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.structure.joint_actions];
        self.planner.log_action_values(&mut values);
        values
    }

    /// The latest plan.
    pub(crate) fn planner(&self) -> &Planner<T> {
        &self.planner
    }

    /// What the agent has learned.
    pub(crate) fn knowledge(&self) -> &Knowledge<T> {
        &self.knowledge
    }

    /// The surprise at the latest observations, in nats.
    pub(crate) fn surprise(&self) -> T {
        self.surprise
    }

    /// The terms of the variational free energy at `observations`, which were the latest; before anything is learned from
    /// them.
    pub(crate) fn free_energy(&self, observations: &[Observation]) -> VariationalFreeEnergy<T> {
        let modalities = self.structure.modalities.iter();
        let widest = modalities.map(|modality| modality.parent_configurations).max().unwrap_or(1);
        let mut scratch = vec![T::ZERO; widest];
        let accuracy = self.inference.accuracy(&self.knowledge, observations, &self.belief, &mut scratch);
        VariationalFreeEnergy::from_total(self.surprise, accuracy)
    }

    /// Writes what responses depend on: the marginal beliefs of all factors, and the plan if some response depends on it.
    pub(crate) fn response_inputs(&self, inputs: &mut [T]) {
        let (marginals, plan) = inputs.split_at_mut(self.structure.marginal_states());
        self.marginals(marginals);
        if self.structure.has_responses_of_plan {
            response::of_plan(&self.planner.differentiable(), self.structure.policies.first_actions(), plan);
        }
    }

    /// Writes the marginal beliefs of all factors, one after the other.
    pub(crate) fn marginals(&self, marginals: &mut [T]) {
        self.inference.marginals(&self.belief, marginals);
    }
}
