//! A mind that carries a belief about the present from step to step, plans from it, and learns as it goes.

use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::GenerativeModel;
use crate::learning::{Knowledge, Learner, Lived};
use crate::planning::{Differentiable, Mind, Plan, Planner};
use crate::real::Real;
use crate::state_inference::free_energy::VariationalFreeEnergy;
use crate::state_inference::smoothing::Taken;
use crate::state_inference::{Move, StateInference, scheme};
use crate::structure::Structure;
use crate::task_model::{MissingAction, TaskModel};
use std::sync::Arc;

/// Beliefs, what was learned, and the plan.
pub(super) struct Filtering<T> {
    structure: Arc<Structure>,
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

impl<T: Real> Filtering<T> {
    pub(super) fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        model: &GenerativeModel<T>,
    ) -> Result<Self, LikelihoodError> {
        let inference = scheme(task, structure)?;
        let belief = vec![T::ZERO; inference.belief_size()];
        Ok(Filtering {
            knowledge: Knowledge::new(structure, model),
            learner: Learner::new(task, structure, belief.len())?,
            planner: Planner::new(task, structure, model, belief.len()),
            next: belief.clone(),
            branch: belief.clone(),
            belief,
            averaged: vec![T::ZERO; structure.joint_actions],
            surprise: T::ZERO,
            moved: None,
            inference,
            structure: structure.clone(),
        })
    }

    pub(super) fn set_model(&mut self, model: &GenerativeModel<T>) {
        self.planner.set_model(&self.structure, model);
    }

    pub(super) fn forget(&mut self, model: &GenerativeModel<T>) {
        self.knowledge.restart(model);
    }

    pub(super) fn start_trial(&mut self) {
        self.inference.restart(&self.knowledge, &mut self.belief);
        self.learner.start_trial();
        self.moved = None;
    }

    pub(super) fn end_trial(&mut self, model: &GenerativeModel<T>) {
        self.learner.end_trial(model, &mut self.knowledge, &mut *self.inference);
    }

    pub(super) fn end_session(&mut self, model: &GenerativeModel<T>) {
        self.learner.end_session(model, &mut self.knowledge);
    }

    /// Predicts the belief across an action; where it is missing, across every joint action, weighted by its probability when
    /// it was chosen, if the model asks for that.
    pub(super) fn move_on(&mut self, task: &TaskModel, action: Option<usize>) {
        let moved = match (action, task.choice.missing_action) {
            (Some(action), _) => Moved::Known(Move::Action(action)),
            (None, MissingAction::Stay) => Moved::Known(Move::Stay),
            (None, MissingAction::Average) => Moved::Averaged,
        };
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

    /// Learns from the step that ends with these observations, in which the belief may have been moved.
    pub(super) fn learn(
        &mut self,
        task: &TaskModel,
        model: &GenerativeModel<T>,
        observations: &[Observation],
    ) {
        let moved = self.moved.take();
        let lived = Lived {
            observations,
            before: &self.next,
            taken: moved.map(|moved| moved.taken(&self.averaged)),
            belief: &self.belief,
            log_policies: if task.choice.habit_learning.is_some() {
                self.planner.differentiable().log_posterior
            } else {
                &[]
            },
        };
        self.learner.learn_step(model, &mut self.knowledge, &mut *self.inference, &lived);
    }

    pub(super) fn perceive(&mut self, observations: &[Observation]) -> Result<(), LikelihoodErrorKind> {
        self.surprise = self
            .inference
            .perceive(&self.knowledge, observations, &mut self.belief)
            .ok_or(LikelihoodErrorKind::ImpossibleObservation)?;
        Ok(())
    }

    pub(super) fn plan(&mut self, model: &GenerativeModel<T>) {
        let mut mind = Mind {
            structure: &self.structure,
            model,
            knowledge: &self.knowledge,
            inference: &mut *self.inference,
        };
        self.planner.plan(&mut mind, &self.belief);
    }

    /// `ln p(u)` of one joint action, in nats, of the latest plan.
    pub(super) fn log_action(&mut self, model: &GenerativeModel<T>, action: usize) -> T {
        let mind = Mind {
            structure: &self.structure,
            model,
            knowledge: &self.knowledge,
            inference: &mut *self.inference,
        };
        self.planner.log_action(&mind, action)
    }

    pub(super) fn log_action_values(&self, values: &mut [f64]) {
        self.planner.log_action_values(values);
    }

    pub(super) fn remember(&mut self, memory: &mut Vec<f64>) {
        if let Some(foresight) = self.planner.foresight() {
            foresight.remember(memory);
        }
    }

    pub(super) fn recall(&mut self, model: &GenerativeModel<T>, memory: &[f64], action: usize) -> Option<T> {
        let foresight = self.planner.foresight()?;
        Some(foresight.recall(&self.structure, model, (memory, action)))
    }

    pub(super) fn report(&self) -> Plan<T> {
        self.planner.report()
    }

    /// The latest plan, and the joint action that each policy starts with.
    pub(super) fn differentiable(&self) -> (Differentiable<'_, T>, &[usize]) {
        (self.planner.differentiable(), self.structure.policies.first_actions())
    }

    pub(super) fn free_energy(&self, observations: &[Observation]) -> VariationalFreeEnergy<T> {
        let modalities = self.structure.modalities.iter();
        let widest = modalities.map(|modality| modality.parent_configurations).max().unwrap_or(1);
        let mut scratch = vec![T::ZERO; widest];
        let accuracy = self.inference.accuracy(&self.knowledge, observations, &self.belief, &mut scratch);
        VariationalFreeEnergy::from_total(self.surprise, accuracy)
    }

    pub(super) fn knowledge(&self) -> &Knowledge<T> {
        &self.knowledge
    }

    pub(super) fn surprise(&self) -> T {
        self.surprise
    }

    pub(super) fn marginals(&self, marginals: &mut [T]) {
        self.inference.marginals(&self.belief, marginals);
    }
}
