//! The agent: perceive, plan, act, learn. This is the only step there is; simulation and likelihood both take it.
//!
//! What perceiving, planning and learning are belongs to the agent's mind: [`filtering`] carries a belief from step to
//! step and plans from it; [`crate::trial_message_passing`] infers all steps of the trial, past and to come, at once.

mod filtering;

use crate::action_selection::ActionProbabilities;
use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::generative_model::GenerativeModel;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::schema::RowOrder;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::trial_message_passing::TrialMind;
use filtering::Filtering;
use std::sync::Arc;

/// What the agent meets: recorded behaviour, or a simulated task.
pub(crate) trait World<T: Real> {
    /// Takes (records, looks up or draws) the joint action, given the agent with its action probabilities.
    fn act(&mut self, agent: &Agent<T>) -> Result<Option<usize>, LikelihoodErrorKind>;

    /// Takes note that no action is due at this step, the last one of a trial that was planned as a whole.
    fn rest(&mut self, _agent: &Agent<T>) -> Result<(), LikelihoodErrorKind> {
        Ok(())
    }

    /// Brings about this step's observations.
    fn observe(&mut self);

    /// This step's observations, one per modality.
    fn observations(&self) -> &[Observation];
}

/// The latest plan: what every policy is worth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a, T> {
    /// Per policy, the terms of its expected free energy.
    pub(crate) terms: &'a [ExpectedFreeEnergy<T>],
    /// Per policy, its expected free energy `G(π)`, in nats.
    pub(crate) totals: &'a [T],
    /// Per policy, `ln q(π)`.
    pub(crate) log_posterior: &'a [T],
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
    actions: ActionProbabilities<T>,
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
        let mind = match TrialMind::new(task, structure, &model)? {
            Some(mind) => Mind::Trial(Box::new(mind)),
            None => Mind::Filtering(Box::new(Filtering::new(task, structure, &model)?)),
        };
        Ok(Agent {
            actions: ActionProbabilities::new(structure),
            last_action: None,
            mind,
            model,
            structure: structure.clone(),
            task: task.clone(),
        })
    }

    /// Gives the agent other parameter values and forgets everything.
    pub(crate) fn set_values(&mut self, values: &[T]) -> Result<(), LikelihoodError> {
        self.model.fill(&self.task, values)?;
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
                self.act(world)?;
            }
            RowOrder::ActThenObserve => {
                self.act(world)?;
                self.move_on();
                world.observe();
                self.perceive(world.observations())?;
            }
        }
        if let Mind::Filtering(mind) = &mut self.mind {
            mind.learn(&self.model, world.observations());
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
            Mind::Filtering(mind) => mind.move_on(&self.task, action, &self.actions.log),
            Mind::Trial(mind) => mind.move_on(&self.task, action, &self.actions.log),
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
        if let Mind::Filtering(mind) = &mut self.mind {
            mind.plan(&self.model);
        }
        let next = match &self.mind {
            Mind::Filtering(_) => Some(self.structure.policies.first_actions()),
            Mind::Trial(mind) => mind.next_actions(),
        };
        let Some(next) = next else { return false };
        let log_posterior = plan(&self.mind).log_posterior;
        let selection = self.task.choice.selection;
        self.actions.select(&self.structure, selection, &self.model.settings, log_posterior, next);
        true
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
    pub(crate) fn latest_plan(&self) -> Plan<'_, T> {
        plan(&self.mind)
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

    /// Writes the marginal beliefs of all factors about the present step, one after the other.
    pub(crate) fn marginals(&self, marginals: &mut [T]) {
        match &self.mind {
            Mind::Filtering(mind) => mind.marginals(marginals),
            Mind::Trial(mind) => mind.marginals(marginals),
        }
    }
}

fn plan<T: Real>(mind: &Mind<T>) -> Plan<'_, T> {
    match mind {
        Mind::Filtering(mind) => mind.latest_plan(),
        Mind::Trial(mind) => mind.latest_plan(),
    }
}
