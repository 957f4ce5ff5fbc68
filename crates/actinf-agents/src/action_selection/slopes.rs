//! How the log-probability of one action changes with the log posterior over policies, `α` and `λ`.
//!
//! ```text
//! L_g = ln Σ_{π in g} e^ℓ(π)      ln p(g) = α L_g - ln Σ_g' e^(α L_g')
//! ∂ ln p(g) / ∂(α L_g') = [g' = g] - p(g')      ∂L_g / ∂ℓ(π) = e^(ℓ(π) - L_g)
//! λ: p' = (1 - λ) p + λ/n         ∂ ln p' / ∂ ln p = (1 - λ) p / p'      ∂ ln p' / ∂λ = (1/n - p) / p'
//! ```
//!
//! `ℓ` needs no normalisation. Where policies are drawn, `α` sharpens `ℓ` itself and groups are not sharpened again.

use crate::settings::Settings;
use crate::structure::Structure;
use crate::task_model::ActionSelection;

/// The slopes of `ln p(u)` for one action, with the workspace to compute them.
pub(crate) struct ChoiceSlopes {
    /// `∂ ln p(u) / ∂ℓ(π)` per policy.
    pub(crate) policies: Vec<f64>,
    /// `∂ ln p(u) / ∂α`.
    pub(crate) action_precision: f64,
    /// `∂ ln p(u) / ∂λ`.
    pub(crate) lapse: f64,
    logits: Vec<f64>,
    shares: Vec<f64>,
    groups: Vec<Group>,
}

/// The policies that begin with the same action.
#[derive(Clone, Copy)]
struct Group {
    largest: f64,
    /// `Σ e^(ℓ - largest)`.
    sum: f64,
    /// `∂ ln p / ∂L`.
    slope: f64,
}

const EMPTY: Group = Group { largest: f64::NEG_INFINITY, sum: 0.0, slope: 0.0 };

impl Group {
    /// `L = ln Σ e^ℓ`.
    fn log_sum(&self) -> f64 {
        if self.sum > 0.0 { self.sum.ln() + self.largest } else { f64::NEG_INFINITY }
    }
}

impl ChoiceSlopes {
    pub(crate) fn new(structure: &Structure) -> Self {
        let policies = structure.policies.len();
        let most_actions = structure.control_sizes.iter().copied().max().unwrap_or(1);
        ChoiceSlopes {
            policies: vec![0.0; policies],
            action_precision: 0.0,
            lapse: 0.0,
            logits: vec![0.0; policies],
            shares: vec![0.0; policies],
            groups: vec![EMPTY; structure.joint_actions.max(most_actions)],
        }
    }

    /// Computes the slopes for a joint action that is possible.
    pub(crate) fn of_action(
        &mut self,
        structure: &Structure,
        selection: ActionSelection,
        settings: &Settings<f64>,
        logits: &[f64],
        action: usize,
    ) {
        let first = structure.policies.first_actions();
        let alpha = settings.action_precision;
        self.policies.fill(0.0);
        self.action_precision = 0.0;
        self.logits.copy_from_slice(logits);
        let log_p = match selection {
            ActionSelection::Policy => {
                self.logits.iter_mut().for_each(|logit| *logit *= alpha);
                let log_p = self.add_groups(structure.joint_actions, 1.0, |policy| first[policy], action);
                // Impossible policies stay impossible whatever α is.
                let pairs = self.policies.iter_mut().zip(logits).filter(|(slope, _)| **slope != 0.0);
                self.action_precision = pairs
                    .map(|(slope, logit)| {
                        let along = *slope * logit;
                        *slope *= alpha;
                        along
                    })
                    .sum();
                log_p
            }
            ActionSelection::JointAction => {
                self.add_groups(structure.joint_actions, alpha, |policy| first[policy], action)
            }
            ActionSelection::Marginal => (0..structure.control_sizes.len())
                .map(|control| {
                    let of = |joint: usize| structure.actions[joint][control];
                    let actions = structure.control_sizes[control];
                    self.add_groups(actions, alpha, |policy| of(first[policy]), of(action))
                })
                .sum(),
        };
        self.add_lapse(structure, settings.lapse, log_p.exp());
    }

    /// Adds the slopes of `ln p(chosen)` among groups of policies, and returns it.
    fn add_groups(
        &mut self,
        count: usize,
        alpha: f64,
        group_of: impl Fn(usize) -> usize,
        chosen: usize,
    ) -> f64 {
        let groups = &mut self.groups[..count];
        groups.fill(EMPTY);
        for (policy, &logit) in self.logits.iter().enumerate() {
            let group = &mut groups[group_of(policy)];
            group.largest = group.largest.max(logit);
        }
        for (policy, (share, &logit)) in self.shares.iter_mut().zip(&self.logits).enumerate() {
            let group = &mut groups[group_of(policy)];
            *share = if logit > f64::NEG_INFINITY { (logit - group.largest).exp() } else { 0.0 };
            group.sum += *share;
        }
        let (log_p, along_alpha) = slopes_of_groups(groups, alpha, chosen);
        self.action_precision += along_alpha;
        for (policy, (slope, share)) in self.policies.iter_mut().zip(&self.shares).enumerate() {
            let group = &groups[group_of(policy)];
            if *share > 0.0 {
                *slope += group.slope * share / group.sum;
            }
        }
        log_p
    }

    fn add_lapse(&mut self, structure: &Structure, lapse: f64, kept: f64) {
        self.lapse = 0.0;
        if !structure.has_lapse {
            return;
        }
        let uniform = 1.0 / structure.joint_actions as f64;
        let p = (1.0 - lapse) * kept + lapse * uniform;
        let scale = (1.0 - lapse) * kept / p;
        self.lapse = (uniform - kept) / p;
        self.policies.iter_mut().for_each(|slope| *slope *= scale);
        self.action_precision *= scale;
    }
}

/// Writes `∂ ln p(chosen) / ∂L` of every group; returns `ln p(chosen)` and its slope along `α`.
fn slopes_of_groups(groups: &mut [Group], alpha: f64, chosen: usize) -> (f64, f64) {
    let largest = groups.iter().fold(f64::NEG_INFINITY, |largest, group| largest.max(group.log_sum()));
    let shifted = |group: &Group| group.log_sum() - largest;
    let possible = |group: &&mut Group| group.sum > 0.0;
    let total: f64 = groups.iter().filter(|g| g.sum > 0.0).map(|g| (alpha * shifted(g)).exp()).sum();
    let log_p = alpha * shifted(&groups[chosen]) - total.ln();
    let mut along_alpha = shifted(&groups[chosen]);
    for (index, group) in groups.iter_mut().enumerate().filter(|(_, group)| possible(group)) {
        let log_sum = group.log_sum() - largest;
        let p = (alpha * log_sum).exp() / total;
        along_alpha -= p * log_sum;
        group.slope = alpha * (if index == chosen { 1.0 } else { 0.0 } - p);
    }
    (log_p, along_alpha)
}
