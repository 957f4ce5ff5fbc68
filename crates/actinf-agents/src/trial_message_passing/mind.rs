//! The mind that infers whole trials: what it holds, and what happens in which order.

use super::beliefs::Beliefs;
use super::evidence::Evidence;
use super::expected_free_energy::Valuation;
use super::knowledge::TrialKnowledge;
use super::layout::Layout;
use super::learning::{Lived, learn};
use super::messages::{Messages, Sources, Span};
use super::precision::{Judgement, Precision};
use super::route::{Executed, Route};
use crate::action_selection::ActionProbabilities;
use crate::behaviour::Observation;
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::expected_free_energy::ExpectedFreeEnergy;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::schema::RowOrder;
use crate::settings::Settings;
use crate::structure::Structure;
use crate::task_model::{ActionSelection, InferenceScheme, MissingAction, TaskModel};
use std::sync::Arc;

/// Beliefs about a trial, what was learned, and the plan.
pub(crate) struct TrialMind<T> {
    pub(super) layout: Layout,
    pub(super) knowledge: TrialKnowledge<T>,
    pub(super) evidence: Evidence<T>,
    executed: Executed<T>,
    messages: Messages<T>,
    valuation: Valuation<T>,
    pub(super) precision: Precision<T>,
    acts_first: bool,
    /// The number of steps of this trial.
    pub(super) points: usize,
    pub(super) beliefs: Beliefs<T>,
    /// Whether a policy has not been dropped.
    considered: Vec<bool>,
    /// `F` per policy, higher is better; 0 for those that were dropped.
    pub(super) free_energies: Vec<T>,
    pub(super) terms: Vec<ExpectedFreeEnergy<T>>,
    pub(super) totals: Vec<T>,
    values: Vec<T>,
    pub(super) actions: ActionProbabilities<T>,
    /// The posterior over policies at each step so far: `[step, policy]`.
    pub(super) posteriors: Vec<T>,
    pub(super) evidence_bound: T,
    marginals: Vec<T>,
    /// The beliefs of each policy after each sweep at the present step, where they are asked for.
    pub(super) trace: Option<Vec<Vec<T>>>,
}

impl<T: Real> TrialMind<T> {
    /// The mind a task model asks for; `None` if it asks for another scheme.
    pub(crate) fn new(
        task: &TaskModel,
        structure: &Arc<Structure>,
        model: &GenerativeModel<T>,
    ) -> Result<Option<Self>, LikelihoodError> {
        let InferenceScheme::TrialMessagePassing(settings) = task.inference else { return Ok(None) };
        let layout = Layout::new(task, structure, settings)?;
        let policies = layout.policies();
        let zeros = vec![T::ZERO; policies];
        Ok(Some(TrialMind {
            knowledge: TrialKnowledge::new(&layout, model),
            evidence: Evidence::new(&layout),
            executed: Executed::new(),
            messages: Messages::new(&layout),
            valuation: Valuation::new(&layout),
            precision: Precision::new(policies),
            acts_first: task.schema.row_order == RowOrder::ActThenObserve,
            points: 0,
            beliefs: Beliefs::new(&layout),
            considered: vec![true; policies],
            free_energies: zeros.clone(),
            terms: vec![ExpectedFreeEnergy::NONE; policies],
            totals: zeros.clone(),
            values: zeros,
            actions: ActionProbabilities::new(structure),
            posteriors: Vec::new(),
            evidence_bound: T::ZERO,
            marginals: vec![T::ZERO; layout.marginal_states],
            trace: None,
            layout,
        }))
    }

    pub(crate) fn forget(&mut self, model: &GenerativeModel<T>) {
        self.knowledge.restart(&self.layout, model);
    }

    /// The most rows a trial may have, where policies prescribe all its actions.
    pub(crate) fn most_rows(&self) -> Option<usize> {
        self.layout.fixed_points().map(|points| points - usize::from(self.acts_first))
    }

    pub(crate) fn start_trial(
        &mut self,
        model: &GenerativeModel<T>,
        rows: usize,
    ) -> Result<(), LikelihoodErrorKind> {
        self.points = self.layout.fixed_points().unwrap_or(rows + usize::from(self.acts_first));
        self.evidence.clear();
        self.executed.clear();
        self.posteriors.clear();
        self.considered.fill(true);
        self.precision.start(model.settings.policy_precision);
        self.beliefs.begin(&self.layout, &self.knowledge.initial, self.points);
        if self.acts_first && self.points > 0 {
            self.evidence.push(&self.layout, &self.knowledge, &[]);
            self.infer(model)?;
        }
        Ok(())
    }

    /// Notes the action between the present step and the next one.
    pub(crate) fn move_on(&mut self, task: &TaskModel, action: Option<usize>) {
        if self.layout.plans_whole_trial() {
            return;
        }
        match (action, task.choice.missing_action) {
            (None, MissingAction::Average) => {
                self.executed.push_average(&self.layout, &self.knowledge, &self.actions.log);
            }
            _ => self.executed.push(action),
        }
    }

    pub(crate) fn perceive(
        &mut self,
        model: &GenerativeModel<T>,
        observations: &[Observation],
    ) -> Result<(), LikelihoodErrorKind> {
        if self.evidence.steps() >= self.points {
            let what = "the trial has more rows than the model's policies allow";
            return Err(LikelihoodErrorKind::InvalidBehaviour(what.into()));
        }
        self.evidence.push(&self.layout, &self.knowledge, observations);
        self.infer(model)
    }

    /// Infers all steps, values and judges all policies.
    fn infer(&mut self, model: &GenerativeModel<T>) -> Result<(), LikelihoodErrorKind> {
        let now = self.evidence.steps() - 1;
        let span = self.span(now);
        self.drop_policies(now);
        if !self.layout.plans_whole_trial() && now > 0 {
            self.beliefs.make_uniform(&self.layout);
        }
        self.beliefs.reset(&self.layout);
        for policy in 0..self.layout.policies() {
            self.free_energies[policy] = T::ZERO;
            self.totals[policy] = T::ZERO;
            self.values[policy] = T::ZERO;
            self.terms[policy] = ExpectedFreeEnergy::NONE;
            if self.considered[policy] {
                self.infer_policy(model, policy, span);
            }
        }
        if !self.considered.contains(&true) {
            return Err(LikelihoodErrorKind::ImpossibleObservation);
        }
        self.judge(model);
        Ok(())
    }

    /// The steps that take part now.
    fn span(&self, now: usize) -> Span {
        if self.layout.plans_whole_trial() {
            return Span { now, end: self.points, backward_before: self.points - 1 };
        }
        Span { now, end: (now + 2).min(self.points), backward_before: now }
    }

    /// Drops policies that are much less probable than the best one.
    fn drop_policies(&mut self, now: usize) {
        let (Some(pruning), true) = (self.layout.settings.pruning, now > 0) else { return };
        if !self.layout.plans_whole_trial() {
            return;
        }
        let logs = &self.precision.log_posterior;
        let best = logs.iter().fold(f64::NEG_INFINITY, |best, log| best.max(log.value()));
        for (considered, log) in self.considered.iter_mut().zip(logs) {
            *considered &= log.value() - best > -pruning;
        }
    }

    fn infer_policy(&mut self, model: &GenerativeModel<T>, policy: usize, span: Span) {
        let route =
            Route { layout: &self.layout, knowledge: &self.knowledge, executed: &self.executed, policy };
        let sources = Sources { layout: &self.layout, evidence: &self.evidence, route, span };
        let mut trace = self.trace.as_mut().map(|trace| &mut trace[policy]);
        let beliefs = self.beliefs.of_policy_mut(policy);
        let free_energy = self.messages.infer(&sources, beliefs, |beliefs| {
            if let Some(trace) = &mut trace {
                trace.extend_from_slice(beliefs);
            }
        });
        if free_energy.value() == f64::NEG_INFINITY {
            self.considered[policy] = false;
            return;
        }
        self.free_energies[policy] = free_energy;
        if self.layout.policies() > 1 {
            let beliefs = self.beliefs.of_policy(policy);
            let worth = self.valuation.value(&route, beliefs, span.now..span.end);
            let about_initial_state = self.layout.settings.initial_state_information_gain;
            self.terms[policy] = worth.terms;
            self.totals[policy] = worth.terms.weighted(&model.settings.weights)
                - worth.initial_state_information_gain * about_initial_state;
            self.values[policy] = -self.totals[policy];
        }
    }

    /// Works out the posterior over policies.
    fn judge(&mut self, model: &GenerativeModel<T>) {
        let settings = &self.layout.settings;
        let sweeps = if self.layout.plans_whole_trial() { settings.precision_sweeps } else { 0 };
        let judgement = Judgement {
            considered: &self.considered,
            log_habits: &self.knowledge.log_habits,
            values: &self.values,
            free_energies: &self.free_energies,
        };
        self.precision.update(sweeps, T::ONE / model.settings.policy_precision, &judgement);
        self.posteriors.extend_from_slice(&self.precision.posterior);
        self.evidence_bound = self.precision.evidence(&self.free_energies, self.layout.numerics);
    }

    /// Which of the policies' actions is due at the present step, if any.
    pub(super) fn due(&self) -> Option<usize> {
        let now = self.evidence.steps().checked_sub(1)?;
        let step = if self.layout.plans_whole_trial() { now } else { 0 };
        (now + 1 < self.points && step < self.layout.actions.len()).then_some(step)
    }

    /// Works out the probability of every joint action; `false` if no action is due.
    pub(crate) fn choose(&mut self, selection: ActionSelection, settings: &Settings<T>) -> bool {
        let Some(due) = self.due() else { return false };
        let log_posterior = &self.precision.log_posterior;
        let next = &self.layout.actions[due];
        self.actions.select(&self.layout.structure, selection, settings, log_posterior, next);
        true
    }

    /// The same from another posterior over policies, at the step of theirs that was due.
    pub(crate) fn choose_from(
        &mut self,
        due: usize,
        log_posterior: &[T],
        selection: ActionSelection,
        settings: &Settings<T>,
    ) {
        let next = &self.layout.actions[due];
        self.actions.select(&self.layout.structure, selection, settings, log_posterior, next);
    }

    pub(crate) fn end_trial(&mut self, model: &GenerativeModel<T>) {
        let lived = Lived {
            layout: &self.layout,
            evidence: &self.evidence,
            executed: &self.executed,
            beliefs: &self.beliefs,
            posteriors: &self.posteriors,
        };
        learn(&mut self.knowledge, &lived, &mut self.marginals);
        self.knowledge.refresh_learned(&self.layout, model);
    }
}
