//! From logits to choices, of one decision or of several at a time.
//!
//! ```text
//! p_u = exp(x_u - max x) / Σ_k exp(x_k - max x)          ln q_u = (x_u - max x) - ln Σ_k exp(x_k - max x)
//! q_u = (1 - λ) p_u + λ / K                              with lapses, K joint actions
//! d ln q_u = w (dx_u - Σ_k p_k dx_k) + (1/K - p_u) / q_u dλ        w = (1 - λ) p_u / q_u, 1 without lapses
//! ```
//!
//! Both ways take the same operations in the same order, so that a decision has the same log-probability, bit for bit, alone
//! and among others.

use crate::elementary;
use crate::real::Real;

/// How many decisions are worked out at a time.
const LANES: usize = 32;

/// The derivatives of `ln q_u`.
struct Slopes {
    /// `w`: along `x_u`, and along the mean `Σ p_k x_k` with the other sign.
    logits: f64,
    lapse: f64,
}

/// `ln q_u`, given `x_u - max x`, its exponential, the sum of exponentials and the logarithm of that; and its slopes.
#[inline(always)]
fn log_probability<T: Real>(
    (shifted, power): (f64, f64),
    (sum, log_sum): (f64, f64),
    (lapse, actions): (Option<T>, usize),
) -> (f64, Slopes) {
    let Some(lapse) = lapse else {
        return (shifted - log_sum, Slopes { logits: 1.0, lapse: 0.0 });
    };
    let actions = actions as f64;
    let p = power / sum;
    let kept = (1.0 - lapse.value()) * p;
    let q = kept + lapse.value() / actions;
    let weight = if q > 0.0 { kept / q } else { 0.0 };
    let log = if q > 0.0 { q.ln() } else { f64::NEG_INFINITY };
    (log, Slopes { logits: weight, lapse: (1.0 / actions - p) / q })
}

fn largest<T: Real>(logits: &[T]) -> f64 {
    logits.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max(x.value()))
}

/// Writes `ln q_u`, in nats, of every joint action.
pub(super) fn log_probabilities<T: Real>(logits: &[T], lapse: Option<T>, logs: &mut [T]) {
    let largest = largest(logits);
    let lapses = (lapse, logits.len());
    let power = |x: &T| elementary::exp_of(x.value() - largest);
    let mut sum = 0.0;
    logits.iter().for_each(|x| sum += power(x));
    let log_sum = elementary::positive_ln_of(sum);
    let mut mean = T::ZERO;
    if T::CARRIES_DERIVATIVES {
        logits.iter().for_each(|x| mean.add_slope(power(x) / sum, *x));
    }
    for (log, x) in logs.iter_mut().zip(logits) {
        let (value, slopes) = log_probability((x.value() - largest, power(x)), (sum, log_sum), lapses);
        *log = T::constant(value);
        log.add_slope(slopes.logits, *x);
        log.add_slope(-slopes.logits, mean);
        if let Some(lapse) = lapse {
            log.add_slope(slopes.lapse, lapse);
        }
    }
}

/// Recorded decisions, taken in one after the other and worked out several at a time.
pub(super) struct Deferred<T> {
    /// `[lane, action]`
    logits: Vec<T>,
    taken: Vec<usize>,
    /// `x - max x` and its exponential: `[action, lane]`.
    shifted: Vec<[f64; LANES]>,
    powers: Vec<[f64; LANES]>,
    /// The sum of all `ln q`; not finite as soon as one of them is not.
    sum: T,
    processor: pulp::Arch,
}

impl<T: Real> Deferred<T> {
    pub(super) fn new(actions: usize) -> Self {
        Deferred {
            logits: Vec::with_capacity(LANES * actions),
            taken: Vec::with_capacity(LANES),
            shifted: vec![[0.0; LANES]; actions],
            powers: vec![[0.0; LANES]; actions],
            sum: T::ZERO,
            processor: pulp::Arch::new(),
        }
    }

    /// Starts anew.
    pub(super) fn clear(&mut self) {
        self.logits.clear();
        self.taken.clear();
        self.sum = T::ZERO;
    }

    /// Takes in a decision: its logits and the joint action taken.
    pub(super) fn take(&mut self, logits: &[T], action: usize, lapse: Option<T>) {
        let lane = self.taken.len();
        let largest = largest(logits);
        for (shifted, x) in self.shifted.iter_mut().zip(logits) {
            shifted[lane] = x.value() - largest;
        }
        self.logits.extend_from_slice(logits);
        self.taken.push(action);
        if self.taken.len() == LANES {
            self.settle(lapse);
        }
    }

    /// The sum of all `ln q`, in nats; not finite if one of them is not.
    pub(super) fn sum(&mut self, lapse: Option<T>) -> T {
        self.settle(lapse);
        self.sum
    }

    /// Works out what was taken in. Lanes that are not taken show what they showed before and count for nothing.
    fn settle(&mut self, lapse: Option<T>) {
        if self.taken.is_empty() {
            return;
        }
        self.powers.copy_from_slice(&self.shifted);
        elementary::exp(self.processor, self.powers.as_flattened_mut());
        let mut sums = [0.0; LANES];
        for powers in &self.powers {
            sums.iter_mut().zip(powers).for_each(|(sum, power)| *sum += power);
        }
        let mut log_sums = sums;
        elementary::ln(self.processor, &mut log_sums);
        let actions = self.powers.len();
        for (lane, &action) in self.taken.iter().enumerate() {
            let of_action = (self.shifted[action][lane], self.powers[action][lane]);
            let (log, slopes) = log_probability(of_action, (sums[lane], log_sums[lane]), (lapse, actions));
            self.sum += T::constant(log);
            if T::CARRIES_DERIVATIVES {
                let logits = &self.logits[lane * actions..(lane + 1) * actions];
                self.sum.add_slope(slopes.logits, logits[action]);
                for (powers, &x) in self.powers.iter().zip(logits) {
                    self.sum.add_slope(-slopes.logits * (powers[lane] / sums[lane]), x);
                }
                if let Some(lapse) = lapse {
                    self.sum.add_slope(slopes.lapse, lapse);
                }
            }
        }
        self.logits.clear();
        self.taken.clear();
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the same bits are the question")]
mod tests {
    use super::*;
    use crate::Dual;

    /// Logits of fifty decisions between three actions, and a lapse rate, with derivatives.
    fn decisions() -> (Vec<[Dual<4>; 3]>, Dual<4>) {
        let x = |t: usize, u: usize| (t as f64 * 0.7 + u as f64 * 1.9).sin() * 3.0;
        let logits =
            |t: usize| [Dual::variable(x(t, 0), 0), Dual::variable(x(t, 1), 1), Dual::variable(x(t, 2), 2)];
        ((0..50).map(logits).collect(), Dual::variable(0.1, 3))
    }

    #[test]
    fn decisions_are_the_same_alone_and_among_others() {
        let (decisions, lapse) = decisions();
        for lapse in [None, Some(lapse)] {
            let mut deferred = Deferred::new(3);
            let mut sum = Dual::<4>::ZERO;
            for (t, logits) in decisions.iter().enumerate() {
                deferred.take(logits, t % 3, lapse);
                let mut logs = [Dual::ZERO; 3];
                log_probabilities(logits, lapse, &mut logs);
                sum += logs[t % 3];
                let total: f64 = logs.iter().map(|log| log.value().exp()).sum();
                assert!((total - 1.0).abs() < 1e-14);
            }
            let found = deferred.sum(lapse);
            assert_eq!(found.value(), sum.value());
            for (a, b) in found.derivatives().iter().zip(sum.derivatives()) {
                assert!((a - b).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn what_is_impossible_stays_so_unless_there_are_lapses() {
        let logits = [f64::NEG_INFINITY, 0.0];
        let mut logs = [0.0; 2];
        log_probabilities(&logits, None, &mut logs);
        assert_eq!(logs, [f64::NEG_INFINITY, 0.0]);
        log_probabilities(&logits, Some(0.5), &mut logs);
        assert_eq!(logs, [0.25_f64.ln(), 0.75_f64.ln()]);
        let mut deferred = Deferred::new(2);
        deferred.take(&logits, 0, None);
        assert_eq!(deferred.sum(None), f64::NEG_INFINITY);
    }
}
