//! Action selection: from the posterior over policies to the probability of every joint action.
//!
//! ```text
//! policy        p(u) = Σ_{π starts with u} softmax_π(α ln q(π))
//! joint action  p(u) = softmax_u(α ln q(u)),       q(u)   = Σ_{π starts with u} q(π)
//! marginal      p(u) = Π_c softmax(α ln q_c(u_c)), q_c(a) = Σ_{π whose first action of control c is a} q(π)
//! lapse         p(u) ← (1 - λ) p(u) + λ / number of joint actions
//! ```
//!
//! | symbol | what it is | shape |
//! |---|---|---|
//! | `q(π)` | posterior over policies | `[policy]` |
//! | `u`, `u_c` | joint action, and the action of control `c` in it | |
//! | `p(u)` | probability of the joint action: what recorded choices are scored with | `[joint action]` |
//! | `α` | action precision, at least 0: at 0 all are alike, at infinity the best is certain | one number |
//! | `λ` | lapse: how often any action is taken at random | one number from 0 to 1 |
//!
//! Two policies with `q = (0.8, 0.2)` that start with different actions and `α = 2` give `p = (16, 1) / 17`; a lapse of 0.17
//! makes of the second `0.83 / 17 + 0.085 = 0.134`.
//!
//! All three agree when α = 1 and there is one control. Joint actions that no policy starts with are impossible
//! (unless marginals make them possible). Everything is computed from log-probabilities, in nats, without a floor
//! (but for pymdp's numerics, whose floor applies to `q` before `α` does).
//!
//! # References
//!
//! Heins, Millidge, Demekas, Klein, Friston, Couzin & Tschantz (2022). pymdp: a Python library for active inference in
//! discrete state spaces. *Journal of Open Source Software* 7, 4098: the selection by policy (its `full`) and by marginals.

mod choice;
mod grouping;

pub(crate) use choice::Choice;

use crate::categorical::log_softmax;
use crate::numerics::PYMDP_FLOOR;
use crate::real::Real;
use crate::settings::Settings;
use crate::structure::Structure;
use crate::task_model::{ActionSelection, Numerics};

/// The log-probabilities of the joint actions, with the workspace to compute them.
pub(crate) struct ActionProbabilities<T> {
    /// `ln p(u)` per joint action, in nats.
    pub(crate) log: Vec<T>,
    policies: Vec<T>,
    marginal: Vec<T>,
    maxima: Vec<f64>,
}

impl<T: Real> ActionProbabilities<T> {
    pub(crate) fn new(structure: &Structure) -> Self {
        let most_actions = structure.control_sizes.iter().copied().max().unwrap_or(1);
        ActionProbabilities {
            log: vec![T::ZERO; structure.joint_actions],
            policies: vec![T::ZERO; structure.policies.len()],
            marginal: vec![T::ZERO; most_actions],
            maxima: vec![0.0; structure.joint_actions.max(most_actions)],
        }
    }

    /// Computes `ln p(u)` from `ln q(π)`, which needs no normalisation unless pymdp's floor applies to it, and the joint action
    /// that each policy has next.
    pub(crate) fn select(
        &mut self,
        structure: &Structure,
        selection: ActionSelection,
        settings: &Settings<T>,
        log_posterior: &[T],
        next: &[usize],
    ) {
        let alpha = Sharpening {
            precision: (!structure.has_unit_action_precision).then_some(settings.action_precision),
            numerics: structure.numerics,
        };
        match selection {
            ActionSelection::Policy => {
                let logits = if alpha.changes_more_than_the_sum() {
                    self.policies.copy_from_slice(log_posterior);
                    alpha.apply(&mut self.policies);
                    &self.policies
                } else {
                    log_posterior
                };
                group(logits, |policy| next[policy], &mut self.log, &mut self.maxima);
                log_softmax(&mut self.log);
            }
            ActionSelection::JointAction => {
                group(log_posterior, |policy| next[policy], &mut self.log, &mut self.maxima);
                alpha.apply(&mut self.log);
            }
            ActionSelection::Marginal => self.select_marginals(structure, alpha, log_posterior, next),
        }
        if structure.has_lapse {
            self.mix_lapse(settings.lapse);
        }
    }

    fn select_marginals(
        &mut self,
        structure: &Structure,
        alpha: Sharpening<T>,
        log_posterior: &[T],
        next: &[usize],
    ) {
        self.log.fill(T::ZERO);
        for (control, &size) in structure.control_sizes.iter().enumerate() {
            let marginal = &mut self.marginal[..size];
            let action_of = |joint: usize| structure.actions[joint][control];
            group(log_posterior, |policy| action_of(next[policy]), marginal, &mut self.maxima);
            alpha.apply(marginal);
            for (joint, log) in self.log.iter_mut().enumerate() {
                let part = marginal[action_of(joint)];
                *log = if is_possible(part) && is_possible(*log) { *log + part } else { impossible() };
            }
        }
    }

    fn mix_lapse(&mut self, lapse: T) {
        let uniform = lapse / self.log.len() as f64;
        for log in &mut self.log {
            let kept = if is_possible(*log) { (T::ONE - lapse) * log.exp() } else { T::ZERO };
            *log = (kept + uniform).ln();
        }
    }
}

fn impossible<T: Real>() -> T {
    T::constant(f64::NEG_INFINITY)
}

fn is_possible<T: Real>(log: T) -> bool {
    log.value() > f64::NEG_INFINITY
}

/// `x ← ln softmax(α x)`, after the floor of pymdp's numerics where it is asked for.
#[derive(Clone, Copy)]
struct Sharpening<T> {
    /// The action precision; `None` where it is 1 by the model's definition.
    precision: Option<T>,
    numerics: Numerics,
}

impl<T: Real> Sharpening<T> {
    /// Whether more happens to log-probabilities than that they are normalised.
    fn changes_more_than_the_sum(&self) -> bool {
        self.precision.is_some() || self.numerics == Numerics::Pymdp
    }

    fn apply(self, logs: &mut [T]) {
        if self.numerics == Numerics::Pymdp {
            let floor = PYMDP_FLOOR.ln();
            logs.iter_mut().filter(|log| log.value() < floor).for_each(|log| *log = T::constant(floor));
        }
        if let Some(precision) = self.precision {
            logs.iter_mut().filter(|log| is_possible(**log)).for_each(|log| *log *= precision);
        }
        log_softmax(logs);
    }
}

/// `sums[g] = ln Σ_{i in group g} exp(x_i)`; minus infinity for an empty group.
fn group<T: Real>(logs: &[T], group_of: impl Fn(usize) -> usize, sums: &mut [T], maxima: &mut [f64]) {
    maxima.fill(f64::NEG_INFINITY);
    for (i, log) in logs.iter().enumerate() {
        let largest = &mut maxima[group_of(i)];
        *largest = largest.max(log.value());
    }
    sums.fill(T::ZERO);
    for (i, &log) in logs.iter().enumerate().filter(|(_, log)| is_possible(**log)) {
        sums[group_of(i)] += (log - maxima[group_of(i)]).exp();
    }
    for (sum, &largest) in sums.iter_mut().zip(maxima.iter()) {
        *sum = if largest == f64::NEG_INFINITY { impossible() } else { sum.ln() + largest };
    }
}
