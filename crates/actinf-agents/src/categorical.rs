//! Probability distributions over finitely many outcomes, and their logarithms.
//!
//! Everything is in nats. An outcome that is impossible has probability exactly 0 and log-probability minus
//! infinity; it takes part in no sum, so that `0 ln 0 = 0` and its derivatives spread nowhere.

use crate::real::Real;

/// `ln Σ_i exp(x_i)`, without overflow.
///
/// Entries of minus infinity are left out; if there are no others the result is minus infinity.
///
/// # Example
///
/// ```
/// use actinf_agents::categorical::log_sum_exp;
/// assert_eq!(log_sum_exp(&[f64::NEG_INFINITY, 1000.0]), 1000.0);
/// assert!((log_sum_exp(&[0.0_f64, 0.0]) - 2.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn log_sum_exp<T: Real>(logits: &[T]) -> T {
    let largest = logits.iter().fold(f64::NEG_INFINITY, |m, x| m.max(x.value()));
    if largest == f64::NEG_INFINITY {
        return T::constant(f64::NEG_INFINITY);
    }
    let mut sum = T::ZERO;
    for &logit in logits.iter().filter(|x| x.value() > f64::NEG_INFINITY) {
        sum += (logit - largest).exp();
    }
    sum.ln() + largest
}

/// Turns logits into log-probabilities in place: `x_i ← x_i - ln Σ_j exp(x_j)`.
///
/// Entries of minus infinity stay as they are.
///
/// # Example
///
/// ```
/// use actinf_agents::categorical::log_softmax;
/// let mut logits = [0.0_f64, 3.0_f64.ln()];
/// log_softmax(&mut logits);
/// assert!((logits[1].exp() - 0.75).abs() < 1e-15);
/// ```
pub fn log_softmax<T: Real>(logits: &mut [T]) {
    let normaliser = log_sum_exp(logits);
    for logit in logits.iter_mut().filter(|x| x.value() > f64::NEG_INFINITY) {
        *logit -= normaliser;
    }
}

/// `H[p] = - Σ_i p_i ln p_i`, in nats.
///
/// # Example
///
/// ```
/// use actinf_agents::categorical::entropy;
/// assert_eq!(entropy(&[1.0, 0.0]), 0.0);
/// assert_eq!(entropy(&[0.5, 0.5]), 2.0_f64.ln());
/// ```
pub fn entropy<T: Real>(probabilities: &[T]) -> T {
    let mut sum = T::ZERO;
    for &p in probabilities.iter().filter(|p| p.value() > 0.0) {
        sum -= p * p.ln();
    }
    sum
}

/// Divides weights by their sum, in place, and returns the sum. Where the sum is 0 the weights stay as they are.
///
/// # Example
///
/// ```
/// use actinf_agents::categorical::normalise;
/// let mut weights = [1.0, 3.0];
/// assert_eq!(normalise(&mut weights), 4.0);
/// assert_eq!(weights, [0.25, 0.75]);
/// ```
pub fn normalise<T: Real>(weights: &mut [T]) -> T {
    let mut sum = T::ZERO;
    for &weight in weights.iter() {
        sum += weight;
    }
    if sum.value() > 0.0 {
        let inverse = T::ONE / sum;
        for weight in weights {
            *weight *= inverse;
        }
    }
    sum
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exact zeros and infinities are the question")]
mod tests {
    use super::*;
    use crate::Dual;

    #[test]
    fn log_softmax_is_unmoved_by_a_shift_and_by_impossible_entries() {
        let mut a = [0.3, -2.0, 1.5];
        let mut b = [1000.3, 998.0, f64::NEG_INFINITY, 1001.5];
        log_softmax(&mut a);
        log_softmax(&mut b);
        assert!((a.iter().map(|x| x.exp()).sum::<f64>() - 1.0).abs() < 1e-15);
        assert!((a[0] - b[0]).abs() < 1e-12 && (a[2] - b[3]).abs() < 1e-12);
        assert_eq!(b[2], f64::NEG_INFINITY);
    }

    #[test]
    fn the_derivative_of_log_sum_exp_is_the_softmax() {
        let logits =
            [Dual::<4>::variable(0.5, 0), Dual::variable(-1.0, 1), Dual::constant(f64::NEG_INFINITY)];
        let gradient = *log_sum_exp(&logits).derivatives();
        let z = 0.5_f64.exp() + (-1.0_f64).exp();
        assert!((gradient[0] - 0.5_f64.exp() / z).abs() < 1e-15);
        assert!((gradient[1] - (-1.0_f64).exp() / z).abs() < 1e-15);
        assert_eq!(gradient[2], 0.0);
    }
}
