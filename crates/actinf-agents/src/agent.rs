//! The agent: perceive, plan, act, learn. This is the only step there is; simulation and likelihood both take it.

use crate::action_selection::ActionProbabilities;
use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::planning::Planner;
use crate::real::Real;
use crate::schema::RowOrder;
use crate::state_inference::{Move, StateInference, Taken, scheme};
use crate::structure::Structure;
use crate::task_model::{MissingAction, TaskModel};
use std::sync::Arc;

/// What the agent meets: recorded behaviour, or a simulated task.
pub(crate) trait World<T: Real> {
    /// Takes (records, looks up or draws) the joint action, given the agent with its action probabilities.
    fn act(&mut self, agent: &Agent<T>) -> Result<Option<usize>, LikelihoodErrorKind>;

    /// Brings about this step's observations.
    fn observe(&mut self);

    /// This step's observations, one per modality.
    fn observations(&self) -> &[Observation];
}

/// An agent with its beliefs, what it learned and its plan.
pub(crate) struct Agent<T> {
    task: Arc<TaskModel>,
    structure: Arc<Structure>,
    model: GenerativeModel<T>,
    knowledge: Knowledge<T>,
    inference: Box<dyn StateInference<T>>,
    planner: Planner<T>,
    actions: ActionProbabilities<T>,
    belief: Vec<T>,
    next: Vec<T>,
    branch: Vec<T>,
    /// `p(u)` per joint action, where beliefs move with all of them.
    probabilities: Vec<T>,
    surprise: T,
    /// The action of the step before, `Some(None)` where it is missing, `None` at the start of a trial.
    last_action: Option<Option<usize>>,
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
            knowledge: Knowledge::new(task, &model),
            planner: Planner::new(structure, belief.len()),
            actions: ActionProbabilities::new(structure),
            next: belief.clone(),
            branch: belief.clone(),
            probabilities: vec![T::ZERO; structure.joint_actions],
            belief,
            surprise: T::ZERO,
            last_action: None,
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
        self.last_action = None;
    }

    /// One step: perceive, plan, act, learn, in the order of the table's rows.
    pub(crate) fn step(&mut self, world: &mut impl World<T>) -> Result<(), LikelihoodErrorKind> {
        match self.task.schema.row_order {
            RowOrder::ObserveThenAct => {
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
                self.choose();
                self.last_action = Some(world.act(self)?);
            }
            RowOrder::ActThenObserve => {
                self.choose();
                self.last_action = Some(world.act(self)?);
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
            }
        }
        self.knowledge.learn_step(&self.model, &*self.inference, &self.belief, world.observations());
        Ok(())
    }

    /// Predicts the belief across the last action.
    fn move_on(&mut self) {
        match self.last_action {
            None => return,
            Some(Some(action)) => self.advance(Some(Move::Action(action))),
            Some(None) => match self.task.choice.missing_action {
                MissingAction::Stay => self.advance(Some(Move::Stay)),
                MissingAction::Average => self.advance(None),
            },
        }
        self.last_action = None;
    }

    /// Moves the belief; without a move, as with every joint action, weighted by its probability when it was chosen.
    fn advance(&mut self, action: Option<Move>) {
        let taken = match action {
            Some(action) => Taken::Known(action),
            None => {
                for (p, log) in self.probabilities.iter_mut().zip(&self.actions.log) {
                    *p = if log.value() == f64::NEG_INFINITY { T::ZERO } else { log.exp() };
                }
                Taken::Averaged(&self.probabilities)
            }
        };
        self.inference.advance(&self.knowledge, taken, &self.belief, &mut self.next, &mut self.branch);
        std::mem::swap(&mut self.belief, &mut self.next);
    }

    fn perceive(&mut self, observations: &[Observation]) -> Result<(), LikelihoodErrorKind> {
        self.surprise = self
            .inference
            .perceive(&self.knowledge, observations, &mut self.belief)
            .ok_or(LikelihoodErrorKind::ImpossibleObservation)?;
        Ok(())
    }

    fn choose(&mut self) {
        self.planner.plan(&self.structure, &self.model, &self.knowledge, &mut *self.inference, &self.belief);
        self.actions.select(
            &self.structure,
            self.task.choice.selection,
            &self.model.settings,
            &self.planner.log_posterior,
        );
    }

    /// The task model the agent was made from.
    pub(crate) fn task(&self) -> &TaskModel {
        &self.task
    }

    /// `ln p(u)` per joint action, in nats, of the latest plan.
    pub(crate) fn log_actions(&self) -> &[T] {
        &self.actions.log
    }

    /// The latest plan.
    pub(crate) fn planner(&self) -> &Planner<T> {
        &self.planner
    }

    /// What the agent has learned.
    pub(crate) fn knowledge(&self) -> &Knowledge<T> {
        &self.knowledge
    }

    /// The agent's tables.
    pub(crate) fn model(&self) -> &GenerativeModel<T> {
        &self.model
    }

    /// The surprise at the latest observations, in nats.
    pub(crate) fn surprise(&self) -> T {
        self.surprise
    }

    /// Writes the marginal beliefs of all factors, one after the other.
    pub(crate) fn marginals(&self, marginals: &mut [T]) {
        self.inference.marginals(&self.belief, marginals);
    }
}
