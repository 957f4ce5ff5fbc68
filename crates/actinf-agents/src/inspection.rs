//! A look inside an agent along recorded behaviour: every policy's terms and what was learned, step by step.

use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::learning::Table;
use crate::state_inference::free_energy::VariationalFreeEnergy;
use crate::structure::Structure;
use crate::task_model::TaskModel;
use crate::walk::{Walk, walk};
use ndarray::Array2;
use std::sync::Arc;

/// What an agent held at one step, and what it had learned at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Where the step stands.
    pub place: Place,
    /// The marginal beliefs of all factors, one after the other, when the action was chosen.
    pub beliefs: Vec<f64>,
    /// Per policy, the terms of its expected free energy, unweighted, in nats.
    pub terms: Vec<ExpectedFreeEnergy<f64>>,
    /// Per policy, its expected free energy with the model's weights, in nats; lower is better.
    pub expected_free_energies: Vec<f64>,
    /// Per policy, `ln q(π)`, in nats.
    pub log_policy_posterior: Vec<f64>,
    /// Per joint action, `ln p(u)`, in nats.
    pub log_action_probabilities: Vec<f64>,
    /// The surprise at the step's observations, in nats: `-ln p(o | past)` or its upper bound, the variational free energy.
    pub surprise: f64,
    /// The terms of the variational free energy, in nats: `surprise = complexity - accuracy`.
    pub free_energy: VariationalFreeEnergy<f64>,
    /// The likelihoods A after the step: `[configuration of the parents, outcome]`.
    pub likelihood: Vec<Array2<f64>>,
    /// The transitions B after the step: `[configuration of controls and parents, next state]`.
    pub transitions: Vec<Array2<f64>>,
    /// The initial priors D after the step: `[0, state]`.
    pub initial_state_prior: Vec<Array2<f64>>,
}

struct Inspecting<'a> {
    task: &'a TaskModel,
    marginal_states: usize,
    step: Option<&'a Step>,
    place: Place,
    held: Option<Inspection>,
    free_energy: VariationalFreeEnergy<f64>,
    all: Vec<Inspection>,
}

fn expected(tables: &[Table<f64>]) -> Vec<Array2<f64>> {
    tables.iter().map(|table| table.expected().clone()).collect()
}

impl World<f64> for Inspecting<'_> {
    fn act(&mut self, agent: &mut Agent<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        let mut beliefs = vec![0.0; self.marginal_states];
        agent.marginals(&mut beliefs);
        let plan = agent.report();
        self.held = Some(Inspection {
            place: self.place,
            beliefs,
            terms: plan.terms,
            expected_free_energies: plan.totals,
            log_policy_posterior: plan.log_posterior,
            log_action_probabilities: agent.log_actions(),
            surprise: 0.0,
            free_energy: VariationalFreeEnergy::default(),
            likelihood: Vec::new(),
            transitions: Vec::new(),
            initial_state_prior: Vec::new(),
        });
        Ok(self.step.and_then(|step| self.task.schema.joint_action(&step.actions)))
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }

    fn perceived(&mut self, agent: &Agent<f64>) {
        self.free_energy = agent.free_energy(self.observations());
    }
}

impl<'a> Walk<'a, f64> for Inspecting<'a> {
    fn enter(&mut self, place: Place, step: &'a Step) {
        self.step = Some(step);
        self.place = place;
    }

    fn respond(&mut self, _: &Agent<f64>, _: usize, _: f64) -> Result<(), LikelihoodErrorKind> {
        Ok(())
    }

    fn leave(&mut self, agent: &Agent<f64>) {
        let (Some(held), Some(knowledge)) = (self.held.take(), agent.knowledge()) else { return };
        self.all.push(Inspection {
            surprise: agent.surprise(),
            free_energy: self.free_energy,
            likelihood: expected(&knowledge.likelihood),
            transitions: expected(&knowledge.transitions),
            initial_state_prior: expected(&knowledge.initial_state),
            ..held
        });
    }

    fn end_session(&mut self, _: &Agent<f64>) {}
}

/// Walks an agent along a subject's behaviour and keeps what it held at every step.
pub(crate) fn inspect(
    task: &Arc<TaskModel>,
    structure: &Arc<Structure>,
    subject: &Subject,
    values: &[f64],
) -> Result<Vec<Inspection>, LikelihoodError> {
    let mut agent = Agent::new(task, structure, values)?;
    agent.set_values(values)?;
    let mut inspecting = Inspecting {
        task,
        marginal_states: structure.marginal_states(),
        step: None,
        place: Place::default(),
        held: None,
        free_energy: VariationalFreeEnergy::default(),
        all: Vec::new(),
    };
    walk(&mut agent, subject, &mut inspecting)?;
    Ok(inspecting.all)
}
