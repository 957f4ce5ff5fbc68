//! What a mind that infers whole trials shows of itself: its plan, its beliefs, its precision.

use super::mind::TrialMind;
use crate::planning::{Differentiable, Plan};
use crate::real::Real;

impl<T: Real> TrialMind<T> {
    /// `ln p(u)` per joint action, in nats, when an action was last due.
    pub(crate) fn log_actions(&self) -> &[T] {
        &self.actions.log
    }

    /// What the latest action was chosen from: the step of the policies that was due, and `ln π` per policy.
    pub(crate) fn decision(&self) -> Option<(usize, &[T])> {
        self.due().map(|due| (due, &self.precision.log_posterior[..]))
    }

    /// The latest plan: for reports.
    pub(crate) fn report(&self) -> Plan<T> {
        Plan {
            terms: self.terms.clone(),
            totals: self.totals.clone(),
            log_posterior: self.precision.log_posterior.clone(),
        }
    }

    /// The latest plan, and the joint action that each policy has next; no actions where none is due.
    pub(crate) fn differentiable(&self) -> (Differentiable<'_, T>, &[usize]) {
        let due = self.due();
        let plan = Differentiable {
            log_actions: due.map_or(&[], |_| self.log_actions()),
            log_posterior: &self.precision.log_posterior,
            totals: &self.totals,
        };
        (plan, due.map_or(&[], |step| &self.layout.actions[step]))
    }

    /// The free energy of the trial so far, averaged over policies, in nats; lower is better.
    pub(crate) fn surprise(&self) -> T {
        -self.evidence_bound
    }

    /// The policy precision `γ` after the present step.
    pub(crate) fn precision(&self) -> T {
        self.precision.precision
    }

    /// Writes the beliefs about the present step, averaged over policies.
    pub(crate) fn marginals(&self, marginals: &mut [T]) {
        if let Some(now) = self.evidence.steps().checked_sub(1) {
            self.average(now, marginals);
        } else {
            marginals.copy_from_slice(&self.knowledge.initial);
        }
    }

    /// Writes the beliefs about a step of the trial, averaged over policies.
    pub(super) fn average(&self, step: usize, marginals: &mut [T]) {
        self.beliefs.average(&self.precision.posterior, step, marginals);
    }
}
