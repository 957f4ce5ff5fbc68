//! The posterior over policies and the precision with which it follows expected free energy.
//!
//! ```text
//! π  = softmax(ln E - γ G + F)          π0 = softmax(ln E - γ G)
//! β' = β + (π - π0) · G                 the rate that the policies ask for; β = 1 / policy precision of the model
//! q ← q + (β' - q) / 2,   γ = 1 / q     sixteen times at every step, q carried on to the next step of the trial
//! ```
//!
//! where `F` is higher-is-better ([`free_energy`](super::free_energy)) and `G` lower-is-better. With `γ` the agent becomes
//! more confident when what it sees favours the policies it expected to be good. Nothing keeps `q` above 0; where it falls
//! below, `γ` is negative, as in SPM.

use crate::numerics::ln_added;
use crate::real::Real;
use crate::task_model::Numerics;

/// Precision and posterior of a trial so far.
pub(super) struct Precision<T> {
    /// The rate `q`.
    rate: T,
    /// The precision `γ`.
    pub(super) precision: T,
    /// `γ` after every sweep so far.
    pub(super) history: Vec<T>,
    /// `π` per policy.
    pub(super) posterior: Vec<T>,
    /// `ln π` per policy; minus infinity for those that were dropped.
    pub(super) log_posterior: Vec<T>,
    prior: Vec<T>,
    logits: Vec<T>,
}

/// What the policies are judged by.
pub(super) struct Judgement<'a, T> {
    /// Whether a policy is still considered.
    pub(super) considered: &'a [bool],
    /// `ln E` per policy.
    pub(super) log_habits: &'a [T],
    /// `- G` per policy.
    pub(super) values: &'a [T],
    /// `F` per policy, higher is better.
    pub(super) free_energies: &'a [T],
}

impl<T: Real> Precision<T> {
    pub(super) fn new(policies: usize) -> Self {
        let zeros = vec![T::ZERO; policies];
        Precision {
            rate: T::ONE,
            precision: T::ONE,
            history: Vec::new(),
            posterior: zeros.clone(),
            log_posterior: zeros.clone(),
            prior: zeros.clone(),
            logits: zeros,
        }
    }

    /// A trial starts.
    pub(super) fn start(&mut self, precision: T) {
        self.precision = precision;
        self.rate = T::ONE / precision;
        self.history.clear();
    }

    /// Works out the posterior, and the precision in so many sweeps.
    pub(super) fn update(&mut self, sweeps: usize, rate: T, judgement: &Judgement<'_, T>) {
        for sweep in 0..sweeps.max(1) {
            let precision = self.precision;
            self.logits(judgement, precision, true);
            normalise(&self.logits, &mut self.posterior);
            if sweep + 1 >= sweeps {
                self.note_log_posterior();
            }
            self.logits(judgement, precision, false);
            normalise(&self.logits, &mut self.prior);
            if sweeps > 0 {
                let mut surplus = T::ZERO;
                for ((&after, &before), &value) in
                    self.posterior.iter().zip(&self.prior).zip(judgement.values)
                {
                    surplus += (after - before) * value;
                }
                self.rate -= (self.rate - rate + surplus) * 0.5;
                self.precision = T::ONE / self.rate;
                self.history.push(self.precision);
            }
        }
    }

    fn logits(&mut self, judgement: &Judgement<'_, T>, precision: T, with_evidence: bool) {
        for (k, logit) in self.logits.iter_mut().enumerate() {
            if !judgement.considered[k] {
                *logit = T::constant(f64::NEG_INFINITY);
                continue;
            }
            *logit = judgement.log_habits[k] + precision * judgement.values[k];
            if with_evidence {
                *logit += judgement.free_energies[k];
            }
        }
    }

    fn note_log_posterior(&mut self) {
        self.log_posterior.copy_from_slice(&self.logits);
        crate::categorical::log_softmax(&mut self.log_posterior);
    }

    /// The free energy of the trial so far in SPM's sign: `Σ π (F - ln π + ln π0)`, in nats.
    pub(super) fn evidence(&self, free_energies: &[T], numerics: Numerics) -> T {
        let mut evidence = T::ZERO;
        for (k, &after) in self.posterior.iter().enumerate().filter(|(_, after)| after.value() > 0.0) {
            let information = ln_added(after, numerics) - ln_added(self.prior[k], numerics);
            evidence += after * (free_energies[k] - information);
        }
        evidence
    }
}

/// `p = softmax(logits)`; 0 where a logit is minus infinity.
fn normalise<T: Real>(logits: &[T], p: &mut [T]) {
    let largest = logits.iter().fold(f64::NEG_INFINITY, |most, logit| most.max(logit.value()));
    super::messages::softmax(p, logits, largest);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two policies, `E = (¼, ¾)`: without evidence nothing is learned about the precision.
    #[test]
    fn without_evidence_the_precision_stays_and_the_posterior_is_the_prior() {
        let log_habits = [0.25_f64.ln(), 0.75_f64.ln()];
        let judgement = Judgement {
            considered: &[true, true],
            log_habits: &log_habits,
            values: &[3.0_f64.ln() / 2.0, 0.0],
            free_energies: &[0.0, 0.0],
        };
        let mut precision = Precision::new(2);
        precision.start(2.0);
        precision.update(16, 0.5, &judgement);
        assert!((precision.precision - 2.0).abs() < 1e-15);
        assert!((precision.posterior[0] - 0.5).abs() < 1e-15);
    }

    /// One sweep by hand: π0 = (½, ½), π = (¾, ¼) because F differs by ln 3, so the rate moves by half of ¼ · ln 3.
    #[test]
    fn evidence_for_the_better_policy_raises_the_precision() {
        let judgement = Judgement {
            considered: &[true, true],
            log_habits: &[-3.0_f64.ln(), 0.0],
            values: &[3.0_f64.ln(), 0.0],
            free_energies: &[3.0_f64.ln(), 0.0],
        };
        let mut precision = Precision::new(2);
        precision.start(1.0);
        precision.update(1, 1.0, &judgement);
        assert!((precision.posterior[0] - 0.75).abs() < 1e-15);
        assert!((precision.precision - 1.0 / (1.0 - 0.125 * 3.0_f64.ln())).abs() < 1e-15);
    }
}
