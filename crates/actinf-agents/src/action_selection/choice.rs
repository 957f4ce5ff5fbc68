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

use super::grouping::Grouping;
use crate::planning::{Cell, add_possible, add_product};
use crate::settings::Settings;
use crate::structure::Structure;
use crate::task_model::ActionSelection;

/// The probabilities of the joint actions and the slopes of one of them, with the workspace to compute them; for several
/// decisions abreast.
pub(crate) struct Choice<const L: usize> {
    /// `∂ ln p(u) / ∂ℓ(π)` per policy.
    pub(crate) policies: Vec<[f64; L]>,
    /// `∂ ln p(u) / ∂α`.
    pub(crate) action_precision: [f64; L],
    /// `∂ ln p(u) / ∂λ`.
    pub(crate) lapse: [f64; L],
    selection: ActionSelection,
    groupings: Vec<Grouping<L>>,
    /// Where policies are drawn: `α ℓ`.
    sharpened: Vec<[f64; L]>,
    has_unit_precision: bool,
    has_lapse: bool,
    joint_actions: usize,
    processor: pulp::Arch,
}

impl<const L: usize> Choice<L> {
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
            policies: vec![[0.0; L]; structure.policies.len()],
            action_precision: [0.0; L],
            lapse: [0.0; L],
            selection,
            groupings,
            sharpened: vec![[0.0; L]; structure.policies.len()],
            has_unit_precision: structure.has_unit_action_precision,
            has_lapse: structure.has_lapse,
            joint_actions: joint,
            processor: pulp::Arch::new(),
        }
    }

    /// Chooses from `ℓ`.
    pub(crate) fn choose(&mut self, settings: &Settings<f64>, logits: &[[f64; L]]) {
        let alpha = self.alpha(settings);
        let logits = if self.draws_policies() {
            for (to, logit) in self.sharpened.iter_mut().zip(logits) {
                *to = logit.map(|logit| settings.action_precision * logit);
            }
            &self.sharpened
        } else {
            logits
        };
        self.groupings.iter_mut().for_each(|grouping| grouping.choose(logits, alpha));
    }

    /// Whether `α` sharpens `ℓ` itself.
    fn draws_policies(&self) -> bool {
        self.selection == ActionSelection::Policy && !self.has_unit_precision
    }

    /// The precision that sharpens groups.
    fn alpha(&self, settings: &Settings<f64>) -> f64 {
        if self.selection == ActionSelection::Policy || self.has_unit_precision {
            1.0
        } else {
            settings.action_precision
        }
    }

    /// `ln p(u)` of one joint action in the latest choice, in nats.
    pub(crate) fn log_probability(&self, settings: &Settings<f64>, action: usize, lane: usize) -> f64 {
        let log = self.log_kept(settings, action, lane);
        if !self.has_lapse {
            return log;
        }
        let uniform = settings.lapse / self.joint_actions as f64;
        ((1.0 - settings.lapse) * log.exp() + uniform).ln()
    }

    /// `ln p(u)` without lapses.
    fn log_kept(&self, settings: &Settings<f64>, action: usize, lane: usize) -> f64 {
        let alpha = self.alpha(settings);
        self.groupings.iter().map(|grouping| grouping.log_probability(action, alpha, lane)).sum()
    }

    /// Computes the slopes of `ln p(u)` of the latest choice, `times` over, for one joint action per lane that is possible.
    pub(crate) fn slopes(
        &mut self,
        settings: &Settings<f64>,
        logits: &[[f64; L]],
        (actions, times): (&[usize; L], &[f64; L]),
    ) {
        let processor = self.processor;
        processor.dispatch(Sloping { choice: self, settings, logits, actions, times });
    }

    /// What lapses leave of the slopes.
    fn keep(&mut self, settings: &Settings<f64>, actions: &[usize; L]) -> [f64; L] {
        let mut scale = [1.0; L];
        if self.has_lapse {
            let uniform = 1.0 / self.joint_actions as f64;
            for (lane, &action) in actions.iter().enumerate() {
                let kept = self.log_kept(settings, action, lane).exp();
                let p = (1.0 - settings.lapse) * kept + settings.lapse * uniform;
                scale[lane] = (1.0 - settings.lapse) * kept / p;
                self.lapse[lane] = (uniform - kept) / p;
            }
        }
        scale
    }
}

/// The slopes of every lane's joint action.
struct Sloping<'a, const L: usize> {
    choice: &'a mut Choice<L>,
    settings: &'a Settings<f64>,
    logits: &'a [[f64; L]],
    actions: &'a [usize; L],
    times: &'a [f64; L],
}

impl<const L: usize> pulp::NullaryFnOnce for Sloping<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Sloping { choice, settings, logits, actions, times } = self;
        let alpha = choice.alpha(settings);
        choice.policies.fill([0.0; L]);
        choice.action_precision = [0.0; L];
        for grouping in &choice.groupings {
            let along = grouping.add_slopes(actions, alpha, &mut choice.policies);
            add_product(&mut choice.action_precision, 1.0, along);
        }
        if choice.draws_policies() {
            choice.action_precision = [0.0; L];
            for (slope, logit) in choice.policies.iter_mut().zip(logits) {
                add_possible(&mut choice.action_precision, *slope, *logit);
                *slope = slope.map(|slope| slope * settings.action_precision);
            }
        }
        let kept = choice.keep(settings, actions);
        let mut scale = [0.0; L];
        add_product(&mut scale, kept, times.lanes());
        for slopes in choice.policies.iter_mut().chain([&mut choice.action_precision]) {
            scale_possible(slopes, &scale);
        }
        scale_possible(&mut choice.lapse, times);
    }
}

/// `slope *= scale`, where a scale of 0 leaves nothing, even of what is not finite.
#[inline(always)]
#[allow(clippy::float_cmp, reason = "an exact zero is the question")]
fn scale_possible<const L: usize>(slopes: &mut [f64; L], scale: &[f64; L]) {
    for (slope, &scale) in slopes.iter_mut().zip(scale) {
        *slope = if scale == 0.0 { 0.0 } else { *slope * scale };
    }
}
