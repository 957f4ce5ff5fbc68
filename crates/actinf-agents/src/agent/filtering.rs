//! A mind that carries a belief about the present from step to step, plans from it, and learns as it goes.

use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::generative_model::GenerativeModel;
use crate::learning::{Knowledge, Learner, Lived};
use crate::planning::foresight::abreast::{Decisions, decisions};
use crate::planning::{Differentiable, Mind, Plan, Planner};
use crate::real::Real;
use crate::state_inference::free_energy::VariationalFreeEnergy;
use crate::state_inference::smoothing::Taken;
use crate::state_inference::{Move, StateInference, scheme};
use crate::structure::Structure;
use crate::task_model::{MissingAction, TaskModel};
use std::sync::Arc;

/// When plans are made.
enum Planning<T> {
    /// At once.
    Now(Box<Planner<T>>),
    /// Several recorded decisions at a time.
    Later(Box<dyn Decisions<T>>),
}

/// Beliefs, what was learned, and the plan.
pub(super) struct Filtering<T> {
    structure: Arc<Structure>,
    knowledge: Knowledge<T>,
    learner: Learner<T>,
    inference: Box<dyn StateInference<T>>,
    planning: Planning<T>,
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

impl<T: Real> Planning<T> {
    /// What of the latest plan other equations depend on; nothing where plans are made later, which serves no model that asks
    /// for it.
    fn differentiable(&self) -> Differentiable<'_, T> {
        match self {
            Planning::Now(planner) => planner.differentiable(),
            Planning::Later(_) => Differentiable { log_actions: &[], log_posterior: &[], totals: &[] },
        }
    }
}

impl<T: Real> Filtering<T> {
    pub(super) fn new(
        task: &Arc<TaskModel>,
        structure: &Arc<Structure>,
        model: &GenerativeModel<T>,
        is_scored: bool,
    ) -> Result<Self, LikelihoodError> {
        let inference = scheme(task, structure)?;
        let belief = vec![T::ZERO; inference.belief_size()];
        let planning = match &structure.layout {
            Some(layout) if is_scored => Planning::Later(decisions(task, structure, layout, model)),
            _ => Planning::Now(Box::new(Planner::new(task, structure, model, belief.len()))),
        };
        Ok(Filtering {
            knowledge: Knowledge::new(structure, model),
            learner: Learner::new(task, structure, belief.len())?,
            planning,
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
        match &mut self.planning {
            Planning::Now(planner) => planner.set_model(&self.structure, model),
            Planning::Later(decisions) => decisions.set_model(&self.structure, model),
        }
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
            let plan = self.planning.differentiable();
            for (weight, &log) in self.averaged.iter_mut().zip(plan.log_actions) {
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
                self.planning.differentiable().log_posterior
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
        match &mut self.planning {
            Planning::Now(planner) => {
                let mut mind = Mind {
                    structure: &self.structure,
                    model,
                    knowledge: &self.knowledge,
                    inference: &mut *self.inference,
                };
                planner.plan(&mut mind, &self.belief);
            }
            Planning::Later(decisions) => {
                let places = self.structure.layout.as_ref().map_or(&[][..], |layout| &layout.places);
                decisions.look((&self.structure, &self.knowledge), places, &self.belief);
            }
        }
    }

    /// `ln p(u)` of a joint action that was taken, in nats, of the latest plan; `None` if it comes later.
    pub(super) fn decide(&mut self, action: usize) -> Option<T> {
        match &mut self.planning {
            Planning::Now(planner) => Some(planner.log_action(action)),
            Planning::Later(decisions) => {
                decisions.take(&self.knowledge, action, 1.0);
                None
            }
        }
    }

    /// The log-probabilities of all actions that were to come later, in nats, and the derivatives of their sum.
    pub(super) fn settle(&mut self, model: &GenerativeModel<T>) -> Option<(&[f64], T)> {
        let Planning::Later(decisions) = &mut self.planning else { return None };
        decisions.settle(&self.knowledge);
        let derivatives = decisions.derivatives(&self.structure, model, &self.knowledge);
        Some((decisions.log_probabilities(), derivatives))
    }

    pub(super) fn log_action_values(&self, values: &mut [f64]) {
        if let Planning::Now(planner) = &self.planning {
            planner.log_action_values(values);
        }
    }

    pub(super) fn remember(&self, has_free_weights: bool, memory: &mut Vec<f64>) {
        if let Planning::Now(planner) = &self.planning {
            planner.remember(has_free_weights, memory);
        }
    }

    /// The latest plan, without derivatives; nothing where plans are made later, which is never reported.
    pub(super) fn report(&self) -> Plan<T> {
        match &self.planning {
            Planning::Now(planner) => planner.report(),
            Planning::Later(_) => Plan { terms: Vec::new(), totals: Vec::new(), log_posterior: Vec::new() },
        }
    }

    /// The latest plan, and the joint action that each policy starts with.
    pub(super) fn differentiable(&self) -> (Differentiable<'_, T>, &[usize]) {
        (self.planning.differentiable(), self.structure.policies.first_actions())
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
