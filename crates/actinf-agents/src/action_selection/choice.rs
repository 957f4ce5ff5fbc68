//! Action selection in plain numbers, with the slopes of the log-probability of one action along the log posterior over
//! policies, `α` and `λ`.
//!
//! ```text
//! L_g = ln Σ_{π in g} e^ℓ(π)      ln p(g) = α L_g - ln Σ_g' e^(α L_g')
//! ∂ ln p(g) / ∂(α L_g') = [g' = g] - p(g')      ∂L_g / ∂ℓ(π) = e^(ℓ(π) - L_g)
//! λ: p' = (1 - λ) p + λ/n         ∂ ln p' / ∂ ln p = (1 - λ) p / p'      ∂ ln p' / ∂λ = (1/n - p) / p'
//! ```
//!
//! `ℓ` needs no normalisation. A group holds the policies that begin with the same joint action or, where controls choose
//! on their own, with the same action of one control. Where policies are drawn, `α` sharpens `ℓ` itself and groups are
//! not sharpened again. What is computed is that of [`super::ActionProbabilities`], which is its oracle.

use crate::elementary;
use crate::settings::Settings;
use crate::structure::Structure;
use crate::task_model::ActionSelection;

/// The policies grouped by one choice: of the joint action, or of one control's action.
struct Grouping {
    /// The group of every joint action.
    group_of_action: Vec<usize>,
    /// Every group holds one policy, and stands where the policy does.
    is_one_to_one: bool,
    /// `L` per group, less the largest; minus infinity for an empty group.
    log_sums: Vec<f64>,
    /// `p(g)`.
    probabilities: Vec<f64>,
    /// `ln Σ_g e^(α L_g)`, less `α` times the largest `L`.
    normaliser: f64,
    /// The policies, group after group, and where each group's end.
    members: Vec<usize>,
    ends: Vec<usize>,
    /// `e^(ℓ - largest ℓ of the group)` per member.
    shares: Vec<f64>,
    /// The sum of shares of every group, and the largest logit.
    sums: Vec<f64>,
    largest: Vec<f64>,
    processor: pulp::Arch,
}

impl Grouping {
    fn new(structure: &Structure, groups: usize, group_of_action: Vec<usize>) -> Self {
        let first = structure.policies.first_actions();
        let group_of: Vec<usize> = first.iter().map(|&action| group_of_action[action]).collect();
        let of =
            |group: usize| group_of.iter().enumerate().filter(move |(_, g)| **g == group).map(|(k, _)| k);
        let members: Vec<usize> = (0..groups).flat_map(of).collect();
        let end = |end: &mut usize, group: usize| {
            *end += of(group).count();
            Some(*end)
        };
        Grouping {
            ends: (0..groups).scan(0, end).collect(),
            processor: pulp::Arch::new(),
            is_one_to_one: first.len() == groups && members.iter().enumerate().all(|(k, &m)| k == m),
            log_sums: vec![0.0; groups],
            probabilities: vec![0.0; groups],
            normaliser: 0.0,
            shares: vec![1.0; first.len()],
            largest: vec![0.0; groups],
            sums: vec![1.0; groups],
            members,
            group_of_action,
        }
    }

    fn choose(&mut self, logits: &[f64], alpha: f64) {
        if self.is_one_to_one {
            self.log_sums.copy_from_slice(logits);
        } else {
            self.sum(logits);
        }
        let largest = largest_of(self.log_sums.iter().copied());
        for (p, log_sum) in self.probabilities.iter_mut().zip(&mut self.log_sums) {
            *log_sum -= largest;
            *p = if *log_sum > f64::NEG_INFINITY { alpha * *log_sum } else { f64::NEG_INFINITY };
        }
        elementary::exp(self.processor, &mut self.probabilities);
        let sum: f64 = self.probabilities.iter().sum();
        let inverse = 1.0 / sum;
        self.probabilities.iter_mut().for_each(|p| *p *= inverse);
        self.normaliser = sum.ln();
    }

    /// `L` of every group, and every member's share of its group.
    fn sum(&mut self, logits: &[f64]) {
        let mut start = 0;
        for (&end, largest) in self.ends.iter().zip(&mut self.largest) {
            let members = &self.members[start..end];
            *largest = largest_of(members.iter().map(|&k| logits[k]));
            let shift = if *largest > f64::NEG_INFINITY { *largest } else { 0.0 };
            for (share, &member) in self.shares[start..end].iter_mut().zip(members) {
                *share = logits[member] - shift;
            }
            start = end;
        }
        elementary::exp(self.processor, &mut self.shares);
        let mut start = 0;
        for (group, &end) in self.ends.iter().enumerate() {
            self.sums[group] = self.shares[start..end].iter().sum();
            start = end;
        }
        self.log_sums.copy_from_slice(&self.sums);
        elementary::ln_or_zero(self.processor, &mut self.log_sums);
        for (log_sum, largest) in self.log_sums.iter_mut().zip(&self.largest) {
            *log_sum += largest;
        }
    }

    /// `ln p` of the group of a joint action.
    fn log_probability(&self, action: usize, alpha: f64) -> f64 {
        let log_sum = self.log_sums[self.group_of_action[action]];
        if log_sum > f64::NEG_INFINITY { alpha * log_sum - self.normaliser } else { log_sum }
    }

    /// Adds the slopes of `ln p` of the group of a joint action along `ℓ`, and returns the one along `α`.
    fn add_slopes(&self, action: usize, alpha: f64, slopes: &mut [f64]) -> f64 {
        let chosen = self.group_of_action[action];
        let mut start = 0;
        for (group, &end) in self.ends.iter().enumerate() {
            let of_group = if group == chosen { 1.0 } else { 0.0 } - self.probabilities[group];
            let scale = if self.sums[group] > 0.0 { alpha * of_group / self.sums[group] } else { 0.0 };
            for (&member, share) in self.members[start..end].iter().zip(&self.shares[start..end]) {
                slopes[member] += scale * share;
            }
            start = end;
        }
        let possible = self.probabilities.iter().zip(&self.log_sums).filter(|(p, _)| **p > 0.0);
        self.log_sums[chosen] - possible.map(|(p, log_sum)| p * log_sum).sum::<f64>()
    }
}

/// The largest of some numbers, none of which is not a number; minus infinity if there are none.
fn largest_of(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::NEG_INFINITY, |largest, x| if x > largest { x } else { largest })
}

/// The probabilities of the joint actions and the slopes of one of them, with the workspace to compute them.
pub(crate) struct Choice {
    /// `ln p(u)` per joint action, in nats.
    pub(crate) log: Vec<f64>,
    /// `∂ ln p(u) / ∂ℓ(π)` per policy.
    pub(crate) policies: Vec<f64>,
    /// `∂ ln p(u) / ∂α`.
    pub(crate) action_precision: f64,
    /// `∂ ln p(u) / ∂λ`.
    pub(crate) lapse: f64,
    selection: ActionSelection,
    groupings: Vec<Grouping>,
    /// Where policies are drawn: `α ℓ`.
    sharpened: Vec<f64>,
    has_unit_precision: bool,
    has_lapse: bool,
}

impl Choice {
    pub(crate) fn new(structure: &Structure, selection: ActionSelection) -> Self {
        let joint = structure.joint_actions;
        let groupings = match selection {
            ActionSelection::Marginal => {
                let of = |c: usize| (0..joint).map(|u| structure.actions[u][c]).collect();
                let sizes = structure.control_sizes.iter().enumerate();
                sizes.map(|(c, &size)| Grouping::new(structure, size, of(c))).collect()
            }
            _ => vec![Grouping::new(structure, joint, (0..joint).collect())],
        };
        Choice {
            log: vec![0.0; joint],
            policies: vec![0.0; structure.policies.len()],
            action_precision: 0.0,
            lapse: 0.0,
            selection,
            groupings,
            sharpened: vec![0.0; structure.policies.len()],
            has_unit_precision: structure.has_unit_action_precision,
            has_lapse: structure.has_lapse,
        }
    }

    /// Computes `ln p(u)` from `ℓ`.
    pub(crate) fn choose(&mut self, settings: &Settings<f64>, logits: &[f64]) {
        let draws_policies = self.selection == ActionSelection::Policy && !self.has_unit_precision;
        let logits = if draws_policies {
            let pairs = self.sharpened.iter_mut().zip(logits);
            pairs.for_each(|(to, logit)| *to = settings.action_precision * logit);
            &self.sharpened
        } else {
            logits
        };
        let alpha = self.alpha(settings);
        self.groupings.iter_mut().for_each(|grouping| grouping.choose(logits, alpha));
        for (action, log) in self.log.iter_mut().enumerate() {
            *log = self.groupings.iter().map(|grouping| grouping.log_probability(action, alpha)).sum();
            if self.has_lapse {
                let uniform = settings.lapse / self.groupings[0].group_of_action.len() as f64;
                *log = ((1.0 - settings.lapse) * log.exp() + uniform).ln();
            }
        }
    }

    /// The precision that sharpens groups.
    fn alpha(&self, settings: &Settings<f64>) -> f64 {
        if self.selection == ActionSelection::Policy || self.has_unit_precision {
            1.0
        } else {
            settings.action_precision
        }
    }

    /// Computes the slopes of `ln p(u)` of the latest choice for one joint action that is possible.
    pub(crate) fn slopes(&mut self, settings: &Settings<f64>, logits: &[f64], action: usize) {
        let alpha = self.alpha(settings);
        self.policies.fill(0.0);
        self.action_precision = 0.0;
        for grouping in &self.groupings {
            self.action_precision += grouping.add_slopes(action, alpha, &mut self.policies);
        }
        if self.selection == ActionSelection::Policy && !self.has_unit_precision {
            let pairs = self.policies.iter_mut().zip(logits).filter(|(_, logit)| logit.is_finite());
            self.action_precision = pairs
                .map(|(slope, logit)| {
                    let along = *slope * logit;
                    *slope *= settings.action_precision;
                    along
                })
                .sum();
        }
        if self.has_lapse {
            self.add_lapse(settings.lapse, action, alpha);
        }
    }

    fn add_lapse(&mut self, lapse: f64, action: usize, alpha: f64) {
        let log_kept: f64 = self.groupings.iter().map(|g| g.log_probability(action, alpha)).sum();
        let kept = log_kept.exp();
        let uniform = 1.0 / self.log.len() as f64;
        let p = (1.0 - lapse) * kept + lapse * uniform;
        let scale = (1.0 - lapse) * kept / p;
        self.lapse = (uniform - kept) / p;
        self.policies.iter_mut().for_each(|slope| *slope *= scale);
        self.action_precision *= scale;
    }
}
