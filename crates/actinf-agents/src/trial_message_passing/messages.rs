//! Marginal message passing: all steps of the trial under one policy.
//!
//! ```text
//! v = Σ_messages (m + ln L̄ - ln x)           messages: forward, and backward where there is a step after
//! ln x ← ln x + v / τ, normalised             one factor at one step, those before it already updated
//! ```
//!
//! `ln L̄` is the logarithm of the likelihood expected under the other factors; it is 0 where
//! nothing has been observed yet. It and `- ln x` count once per message. At the fixed point
//! `x ∝ L̄ exp(mean of the messages)`. The free energy that is returned is on the page of
//! [`free_energy`](super::free_energy).

use super::evidence::Evidence;
use super::free_energy::Share;
use super::layout::Layout;
use super::pace::Pace;
use super::route::Route;
use crate::numerics::{SPM_ADDED, ln_added};
use crate::real::Real;
use crate::task_model::Numerics;

/// In SPM, sweeps three and four are left out once the free energy rises by no more than this.
const SPM_CONVERGENCE: f64 = 0.000_335_462_627_902_511_84;

/// The sweeps that SPM always runs begin here.
const SPM_UNCONDITIONAL: usize = 4;

/// Which steps take part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// The present step: the last one observed.
    pub(super) now: usize,
    /// One past the last step.
    pub(super) end: usize,
    /// Steps before this one receive a message from the step after.
    pub(super) backward_before: usize,
}

/// Beliefs of one policy and their logarithms: `[step, factor's state]`.
pub(super) struct PolicyBeliefs<'a, T> {
    pub(super) beliefs: &'a mut [T],
    pub(super) logs: &'a mut [T],
}

impl<T> PolicyBeliefs<'_, T> {
    /// The marginal of a factor at a step, and its logarithm.
    #[inline]
    fn at(&self, layout: &Layout, step: usize, factor: usize) -> (&[T], &[T]) {
        let cells = layout.cells(step, factor);
        (&self.beliefs[cells.clone()], &self.logs[cells])
    }
}

/// What messages are made from.
pub(super) struct Sources<'a, T> {
    pub(super) layout: &'a Layout,
    pub(super) evidence: &'a Evidence<T>,
    pub(super) route: Route<'a, T>,
    pub(super) span: Span,
}

/// The workspace: one entry per state of a factor.
pub(super) struct Messages<T> {
    forward: Vec<T>,
    backward: Vec<T>,
    likelihood: Vec<T>,
    /// The logarithm of 0.
    impossible: T,
}

impl<T: Real> Messages<T> {
    pub(super) fn new(layout: &Layout) -> Self {
        let most = layout.structure.factor_sizes.iter().copied().max().unwrap_or(1);
        let message = vec![T::ZERO; most];
        Messages {
            forward: message.clone(),
            backward: message.clone(),
            likelihood: message,
            impossible: ln_added(T::ZERO, layout.numerics),
        }
    }

    /// Runs all sweeps and returns the free energy `F(π)` in SPM's sign (higher is better, in nats), as it was during the last
    /// one; minus infinity if the policy cannot have led to what was observed. `trace` is called after every sweep.
    pub(super) fn infer(
        &mut self,
        sources: &Sources<'_, T>,
        mut policy: PolicyBeliefs<'_, T>,
        mut trace: impl FnMut(&[T]),
    ) -> T {
        let is_spm = sources.layout.is_spm();
        let pace = Pace::new(sources.layout);
        let mut free_energy = T::ZERO;
        let mut rise = 1.0;
        for sweep in 0..sources.layout.settings.sweeps {
            if is_spm && sweep < SPM_UNCONDITIONAL && rise <= SPM_CONVERGENCE {
                rise = 0.0;
            } else {
                let before = free_energy;
                free_energy = self.sweep(sources, pace, &mut policy);
                if sweep > 0 {
                    rise = (free_energy - before).value();
                }
            }
            trace(policy.beliefs);
            if free_energy.value() == f64::NEG_INFINITY {
                break;
            }
        }
        free_energy
    }

    /// One sweep over all steps and factors.
    fn sweep(&mut self, sources: &Sources<'_, T>, pace: Pace, policy: &mut PolicyBeliefs<'_, T>) -> T {
        let mut free_energy = T::ZERO;
        for step in 0..sources.span.end {
            for factor in 0..sources.layout.factors() {
                self.collect(sources, policy, (step, factor));
                match self.update(sources, pace, policy, (step, factor)) {
                    Some(part) => free_energy += part,
                    None => return T::constant(f64::NEG_INFINITY),
                }
            }
        }
        free_energy
    }

    /// Updates one factor at one step with the messages collected; its part of the free energy before, `None` if no state is
    /// left.
    #[inline]
    fn update(
        &mut self,
        sources: &Sources<'_, T>,
        pace: Pace,
        policy: &mut PolicyBeliefs<'_, T>,
        (step, factor): (usize, usize),
    ) -> Option<T> {
        let (layout, span) = (sources.layout, sources.span);
        let share = if step == 0 || step + 1 == span.end { pace.at_ends } else { pace.between };
        let is_linked = step < span.backward_before;
        let cells = layout.cells(step, factor);
        let (x, log_x) = (&mut policy.beliefs[cells.clone()], &mut policy.logs[cells]);
        if layout.is_spm() {
            Some(self.descend((pace.rate, share), is_linked, x, log_x))
        } else {
            self.descend_exactly((pace.rate, share), is_linked, x, log_x)
        }
    }

    /// Collects the messages from the steps before and after, and what was observed.
    #[inline]
    fn collect(
        &mut self,
        sources: &Sources<'_, T>,
        policy: &PolicyBeliefs<'_, T>,
        (step, factor): (usize, usize),
    ) {
        let (layout, route) = (sources.layout, &sources.route);
        let size = layout.structure.factor_sizes[factor];
        let forward = &mut self.forward[..size];
        match step.checked_sub(1) {
            None => forward.copy_from_slice(&route.log_initial()[layout.structure.factor_range(factor)]),
            Some(before) => {
                let (x, log_x) = policy.at(layout, before, factor);
                route.forward(before, factor).message(x, log_x, layout.numerics, forward);
            }
        }
        if step < sources.span.backward_before {
            let (x, log_x) = policy.at(layout, step + 1, factor);
            let backward = &mut self.backward[..size];
            route.backward(step, factor).message(x, log_x, layout.numerics, backward);
        }
        let likelihood = &mut self.likelihood[..size];
        if step <= sources.span.now && sources.evidence.is_seen(step) {
            let marginals = &policy.beliefs[step * layout.marginal_states..][..layout.marginal_states];
            sources.evidence.expected(layout, step, factor, marginals, likelihood);
            log_each(likelihood, self.impossible, layout.numerics);
        } else {
            likelihood.fill(T::ZERO);
        }
    }

    /// One step of the descent under SPM's numerics; returns the factor's part of the free energy before it.
    #[inline]
    fn descend(&self, (rate, share): (f64, Share), is_linked: bool, x: &mut [T], log_x: &mut [T]) -> T {
        let mut free_energy = T::ZERO;
        let mut largest = f64::NEG_INFINITY;
        let messages = self.forward.iter().zip(&self.backward).zip(&self.likelihood);
        for ((&p, log), ((&forward, &backward), &likelihood)) in x.iter().zip(log_x.iter_mut()).zip(messages)
        {
            let mut v = forward + likelihood - *log;
            if is_linked {
                v += backward + likelihood - *log;
            }
            free_energy += p * share.of(v, likelihood, is_linked);
            *log += v * rate;
            largest = largest.max(log.value());
        }
        softmax_with_logs(x, log_x, largest);
        free_energy
    }

    /// The same without floors: states that are impossible drop out; `None` if none is left.
    fn descend_exactly(
        &self,
        (rate, share): (f64, Share),
        is_linked: bool,
        x: &mut [T],
        log_x: &mut [T],
    ) -> Option<T> {
        let mut free_energy = T::ZERO;
        let mut largest = f64::NEG_INFINITY;
        for (s, log) in log_x.iter_mut().enumerate() {
            let likelihood = self.likelihood[s];
            let mut v = self.forward[s] + likelihood;
            if is_linked {
                v += self.backward[s] + likelihood;
            }
            if v.value() == f64::NEG_INFINITY || log.value() == f64::NEG_INFINITY {
                *log = T::constant(f64::NEG_INFINITY);
                continue;
            }
            v -= if is_linked { *log * 2.0 } else { *log };
            free_energy += x[s] * share.of(v, likelihood, is_linked);
            *log += v * rate;
            largest = largest.max(log.value());
        }
        if largest == f64::NEG_INFINITY {
            return None;
        }
        softmax(x, log_x, largest);
        for (log, &p) in log_x.iter_mut().zip(x.iter()) {
            *log = p.ln();
        }
        Some(free_energy)
    }
}

/// The least probability whose logarithm, with `1e-16` added, is that of the softmax and a correction of the first order: the
/// second one is below `½ (1e-16 / p)²`, 5e-17.
const CORRECTED_FROM: f64 = 1e-8;

/// `x = exp(logits - largest) / Σ`, and `ln(x + 1e-16)` in place of the logits, with few logarithms.
#[inline]
fn softmax_with_logs<T: Real>(x: &mut [T], logits: &mut [T], largest: f64) {
    let mut sum = T::ZERO;
    for (p, logit) in x.iter_mut().zip(logits.iter_mut()) {
        *logit = *logit - largest;
        // The largest one is 0, whose exponential is 1 with the same derivatives.
        *p = if logit.value() == 0.0 { *logit + 1.0 } else { logit.exp() };
        sum += *p;
    }
    let (inverse, log_sum) = (T::ONE / sum, sum.ln());
    for (p, logit) in x.iter_mut().zip(logits) {
        *p *= inverse;
        *logit = if p.value() > CORRECTED_FROM {
            *logit - log_sum + T::ONE / *p * SPM_ADDED
        } else {
            ln_added(*p, Numerics::Spm)
        };
    }
}

#[inline]
fn log_each<T: Real>(likelihoods: &mut [T], impossible: T, numerics: Numerics) {
    for likelihood in likelihoods {
        *likelihood = if likelihood.is_zero() { impossible } else { ln_added(*likelihood, numerics) };
    }
}

/// `x = exp(logits - largest) / Σ`.
#[inline]
pub(super) fn softmax<T: Real>(x: &mut [T], logits: &[T], largest: f64) {
    let mut sum = T::ZERO;
    for (p, &logit) in x.iter_mut().zip(logits) {
        *p = if logit.value() == f64::NEG_INFINITY { T::ZERO } else { (logit - largest).exp() };
        sum += *p;
    }
    let inverse = T::ONE / sum;
    x.iter_mut().for_each(|p| *p *= inverse);
}
