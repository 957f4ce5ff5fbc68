//! A mind that carries a belief about the present from step to step, plans from it, and learns as it goes.

use super::Plan;
use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::GenerativeModel;
use crate::learning::{Knowledge, Learner, Lived};
use crate::planning::{Mind, Planner};
use crate::real::Real;
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
            knowledge: Knowledge::new(task, model),
            learner: Learner::new(task, structure, belief.len())?,
            planner: Planner::new(task, structure, belief.len()),
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

    /// Predicts the belief across an action, given `ln p` of every joint action when it was chosen.
    pub(super) fn move_on(&mut self, task: &TaskModel, action: Option<usize>, log_actions: &[T]) {
        let moved = match (action, task.choice.missing_action) {
            (Some(action), _) => Moved::Known(Move::Action(action)),
            (None, MissingAction::Stay) => Moved::Known(Move::Stay),
            (None, MissingAction::Average) => Moved::Averaged,
        };
        if let Moved::Averaged = moved {
            for (weight, &log) in self.averaged.iter_mut().zip(log_actions) {
                *weight = if log.value() > f64::NEG_INFINITY { log.exp() } else { T::ZERO };
            }
        }
        self.moved = Some(moved);
        let taken = moved.taken(&self.averaged);
        self.inference.advance(&self.knowledge, taken, &self.belief, &mut self.next, &mut self.branch);
        std::mem::swap(&mut self.belief, &mut self.next);
    }

    /// Learns from the step that ends with these observations, in which the belief may have been moved.
    pub(super) fn learn(&mut self, model: &GenerativeModel<T>, observations: &[Observation]) {
        let moved = self.moved.take();
        let lived = Lived {
            observations,
            before: &self.next,
            taken: moved.map(|moved| moved.taken(&self.averaged)),
            belief: &self.belief,
            log_policies: &self.planner.log_posterior,
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

    pub(super) fn latest_plan(&self) -> Plan<'_, T> {
        Plan {
            terms: &self.planner.terms,
            totals: &self.planner.totals,
            log_posterior: &self.planner.log_posterior,
        }
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
