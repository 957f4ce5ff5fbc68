//! A look inside a mind that infers whole trials: every number of every trial, for those who check it against another
//! implementation or relate it to recordings of the brain.

use super::complexity::dirichlet_divergence;
use super::counts::CountTable;
use super::knowledge::TrialKnowledge;
use super::mind::TrialMind;
use crate::agent::{Agent, World};
use crate::behaviour::{Observation, Place, Step, Subject, Trial};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::structure::Structure;
use crate::task_model::TaskModel;
use std::sync::Arc;

/// What a mind held at one step of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialStep {
    /// Per policy `F(π)` in nats, higher is better; 0 for policies that were dropped.
    pub evidence_of_policies: Vec<f64>,
    /// Per policy `G(π)` in nats, lower is better; 0 for policies that were dropped.
    pub expected_free_energies: Vec<f64>,
    /// Per policy `ln π`, in nats.
    pub log_policy_posterior: Vec<f64>,
    /// `ln p(u)` per joint action, in nats; empty at the last step, which has no action.
    pub log_action_probabilities: Vec<f64>,
    /// The free energy of the trial so far, in SPM's sign (higher is better), in nats.
    pub evidence: f64,
    /// The policy precision `γ` after each sweep.
    pub precisions: Vec<f64>,
    /// Beliefs after each sweep, averaged over policies: `[sweep][step of the trial][factor's state]`.
    pub beliefs_by_sweep: Vec<Vec<Vec<f64>>>,
}

/// Counts of all tables that are learned, column by column; `None` for the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Per modality: a column per configuration of the parents.
    pub likelihood: Vec<Option<Vec<Vec<f64>>>>,
    /// Per factor: a column per configuration of controls and parents.
    pub transitions: Vec<Option<Vec<Vec<f64>>>>,
    /// Per modality: a column per step of the trial.
    pub preferences: Vec<Option<Vec<Vec<f64>>>>,
    /// Per factor: a single column.
    pub initial_state: Vec<Option<Vec<Vec<f64>>>>,
    /// A single column: a count per policy.
    pub habits: Option<Vec<Vec<f64>>>,
}

/// What a mind held and learned in one trial.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialInspection {
    /// Where the trial begins.
    pub place: Place,
    /// Its steps.
    pub steps: Vec<TrialStep>,
    /// Beliefs at the end, averaged over policies: `[step of the trial][factor's state]`.
    pub beliefs: Vec<Vec<f64>>,
    /// Beliefs at the end: `[policy][step of the trial][factor's state]`.
    pub beliefs_of_policies: Vec<Vec<Vec<f64>>>,
    /// `ln C` during the trial, per modality: a column per step that preferences are given for.
    pub log_preferences: Vec<Vec<Vec<f64>>>,
    /// The counts before the trial.
    pub counts_before: Counts,
    /// The counts after it.
    pub counts: Counts,
}

impl TrialInspection {
    /// `KL[counts after ‖ counts before]` per modality's likelihood, in nats; see [`dirichlet_divergence`].
    pub fn likelihood_complexities(&self, numerics: crate::task_model::Numerics) -> Vec<Option<f64>> {
        divergences(&self.counts.likelihood, &self.counts_before.likelihood, numerics)
    }

    /// The same per factor's transitions.
    pub fn transition_complexities(&self, numerics: crate::task_model::Numerics) -> Vec<Option<f64>> {
        divergences(&self.counts.transitions, &self.counts_before.transitions, numerics)
    }

    /// The same per factor's initial prior.
    pub fn initial_state_complexities(&self, numerics: crate::task_model::Numerics) -> Vec<Option<f64>> {
        divergences(&self.counts.initial_state, &self.counts_before.initial_state, numerics)
    }

    /// The same for the habits.
    pub fn habit_complexity(&self, numerics: crate::task_model::Numerics) -> Option<f64> {
        divergence(self.counts.habits.as_deref()?, self.counts_before.habits.as_deref()?, numerics)
    }
}

/// The columns of a table; `None` where it is not learned.
type Columns = Option<Vec<Vec<f64>>>;

fn divergences(
    after: &[Columns],
    before: &[Columns],
    numerics: crate::task_model::Numerics,
) -> Vec<Option<f64>> {
    let of =
        |(after, before): (&Columns, &Columns)| divergence(after.as_deref()?, before.as_deref()?, numerics);
    after.iter().zip(before).map(of).collect()
}

fn divergence(after: &[Vec<f64>], before: &[Vec<f64>], numerics: crate::task_model::Numerics) -> Option<f64> {
    let column = |(after, before): (&Vec<f64>, &Vec<f64>)| dirichlet_divergence(after, before, numerics);
    Some(after.iter().zip(before).map(column).sum())
}

/// A world in which everything was recorded and the mind is looked into at every step.
struct Inspecting<'a> {
    task: &'a TaskModel,
    step: Option<&'a Step>,
    steps: Vec<TrialStep>,
}

impl World<f64> for Inspecting<'_> {
    fn act(&mut self, agent: &mut Agent<f64>) -> Result<Option<usize>, LikelihoodErrorKind> {
        self.steps.extend(agent.trial_mind().map(|mind| look(mind, mind.log_actions())));
        Ok(self.step.and_then(|step| self.task.schema.joint_action(&step.actions)))
    }

    fn rest(&mut self, agent: &Agent<f64>) -> Result<(), LikelihoodErrorKind> {
        self.steps.extend(agent.trial_mind().map(|mind| look(mind, &[])));
        Ok(())
    }

    fn observe(&mut self) {}

    fn observations(&self) -> &[Observation] {
        self.step.map_or(&[], |step| &step.observations)
    }
}

fn look(mind: &TrialMind<f64>, log_actions: &[f64]) -> TrialStep {
    let sweeps = mind.layout.settings.precision_sweeps.min(mind.precision.history.len());
    let history = &mind.precision.history[mind.precision.history.len() - sweeps..];
    TrialStep {
        evidence_of_policies: mind.free_energies.clone(),
        expected_free_energies: mind.report().totals,
        log_policy_posterior: mind.precision.log_posterior.clone(),
        log_action_probabilities: log_actions.to_vec(),
        evidence: mind.evidence_bound,
        precisions: if history.is_empty() { vec![mind.precision()] } else { history.to_vec() },
        beliefs_by_sweep: averaged_trace(mind),
    }
}

fn averaged_trace(mind: &TrialMind<f64>) -> Vec<Vec<Vec<f64>>> {
    let (states, length) = (mind.layout.marginal_states, mind.points * mind.layout.marginal_states);
    let mut sweeps = vec![vec![0.0; length]; mind.layout.settings.sweeps];
    for (trace, weight) in mind.trace.iter().flatten().zip(&mind.precision.posterior) {
        for (sum, beliefs) in sweeps.iter_mut().zip(trace.chunks_exact(length)) {
            sum.iter_mut().zip(beliefs).for_each(|(sum, q)| *sum += weight * q);
        }
    }
    sweeps.iter().map(|beliefs| beliefs.chunks_exact(states).map(<[f64]>::to_vec).collect()).collect()
}

fn counts(knowledge: &TrialKnowledge<f64>) -> Counts {
    let of = |table: &CountTable<f64>| {
        let columns = 0..table.columns();
        table.is_learned().then(|| columns.map(|column| table.weights(column).to_vec()).collect())
    };
    Counts {
        likelihood: knowledge.likelihood.iter().map(of).collect(),
        transitions: knowledge.transitions.iter().map(of).collect(),
        preferences: knowledge.preferences.iter().map(|table| table.as_ref().and_then(of)).collect(),
        initial_state: knowledge.initial_state.iter().map(of).collect(),
        habits: of(&knowledge.habits),
    }
}

/// Leads a mind that infers whole trials along a subject's behaviour and looks into it.
///
/// # Errors
///
/// If the model asks for another scheme, an observation is impossible, or a quantity is not finite.
pub(crate) fn inspect(
    task: &Arc<TaskModel>,
    structure: &Arc<Structure>,
    subject: &Subject,
    values: &[f64],
) -> Result<Vec<TrialInspection>, LikelihoodError> {
    let mut agent = Agent::new(task, structure, values)?;
    agent.set_values(values)?;
    let mut inspections = Vec::new();
    for (s, session) in subject.sessions.iter().enumerate() {
        agent.start_session();
        for (t, trial) in session.trials.iter().enumerate().filter(|(_, trial)| !trial.aborted) {
            let place = Place { session: s, trial: t, step: 0 };
            let row = trial.steps.first().map(|step| step.row);
            let inspection = inspect_trial(task, &mut agent, trial, place);
            inspections.push(inspection.map_err(|kind| LikelihoodError { kind, place: Some(place), row })?);
        }
        agent.end_session();
    }
    Ok(inspections)
}

fn inspect_trial(
    task: &TaskModel,
    agent: &mut Agent<f64>,
    trial: &Trial,
    place: Place,
) -> Result<TrialInspection, LikelihoodErrorKind> {
    let other = || LikelihoodErrorKind::InvalidModel("the model does not infer whole trials".into());
    let mut world = Inspecting { task, step: None, steps: Vec::new() };
    let counts_before = counts(&agent.trial_mind().ok_or_else(other)?.knowledge);
    agent.start_trial(trial.steps.len())?;
    for step in &trial.steps {
        let mind = agent.trial_mind_mut().ok_or_else(other)?;
        mind.trace = Some(vec![Vec::new(); mind.layout.policies()]);
        world.step = Some(step);
        agent.step(&mut world)?;
    }
    let mind = agent.trial_mind().ok_or_else(other)?;
    let inspection = TrialInspection {
        place,
        steps: world.steps,
        beliefs: (0..mind.points).map(|step| average(mind, step)).collect(),
        beliefs_of_policies: (0..mind.layout.policies())
            .map(|policy| (0..mind.points).map(|step| mind.beliefs.at(policy, step).to_vec()).collect())
            .collect(),
        log_preferences: log_preferences(mind),
        counts_before,
        counts: Counts::default(),
    };
    agent.end_trial();
    let mind = agent.trial_mind().ok_or_else(other)?;
    Ok(TrialInspection { counts: counts(&mind.knowledge), ..inspection })
}

fn average(mind: &TrialMind<f64>, step: usize) -> Vec<f64> {
    let mut marginals = vec![0.0; mind.layout.marginal_states];
    mind.average(step, &mut marginals);
    marginals
}

fn log_preferences(mind: &TrialMind<f64>) -> Vec<Vec<Vec<f64>>> {
    let modalities = mind.knowledge.log_preferences.iter().zip(&mind.layout.structure.modalities);
    modalities
        .map(|(logs, modality)| logs.chunks_exact(modality.outcomes).map(<[f64]>::to_vec).collect())
        .collect()
}
