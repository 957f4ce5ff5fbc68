//! What responses may depend on of an agent's plan.

use crate::planning::Differentiable;
use crate::real::Real;

/// The names by which expressions of responses see an agent's latest plan, all in nats:
///
/// | name | what it is |
/// |---|---|
/// | `policy.entropy` | `H[q(π)]`, how undecided the agent is between policies |
/// | `action.entropy` | `H[p(u)]` of the joint actions, after action precision and lapse |
/// | `expected_free_energy.difference` | how much higher the expected free energy of the best policy that starts with another action is than that of the best policy: 0 for a tie between two actions, and 0 if all policies start with the same action |
///
/// ```text
/// difference = min { G(π) : π starts with another action than π* } - G(π*),       π* = argmin G(π)
/// ```
///
/// Policies with `q(π) = 0`, such as those that trial message passing has dropped, take no part; where no policy is left that
/// starts with another action, the difference is infinite, and no response that depends on it has a density.
pub const PLAN: [&str; 3] = ["policy.entropy", "action.entropy", "expected_free_energy.difference"];

/// Writes the values of [`PLAN`].
pub(crate) fn of_plan<T: Real>(plan: &Differentiable<'_, T>, first_actions: &[usize], inputs: &mut [T]) {
    let values = [
        entropy_of_logs(plan.log_posterior),
        entropy_of_logs(plan.log_actions),
        difference(plan.totals, plan.log_posterior, first_actions),
    ];
    inputs.copy_from_slice(&values);
}

/// `- Σ p ln p` from `ln p`.
pub(crate) fn entropy_of_logs<T: Real>(logs: &[T]) -> T {
    let mut sum = T::ZERO;
    for &log in logs.iter().filter(|log| log.value() > f64::NEG_INFINITY) {
        sum -= log.exp() * log;
    }
    sum
}

fn difference<T: Real>(totals: &[T], log_posterior: &[T], first_actions: &[usize]) -> T {
    let is_left = |log_q: &T| log_q.value() > f64::NEG_INFINITY;
    let lowest = |without: Option<usize>| {
        let policies = totals.iter().zip(log_posterior).zip(first_actions);
        let left = policies.filter(|((_, log_q), first)| is_left(log_q) && Some(**first) != without);
        left.map(|((&total, _), &first)| (total, first))
            .min_by(|(a, _), (b, _)| a.value().total_cmp(&b.value()))
    };
    let Some((best, first)) = lowest(None) else { return T::ZERO };
    match lowest(Some(first)) {
        Some((second, _)) => second - best,
        None if first_actions.iter().all(|&other| other == first) => T::ZERO,
        None => T::constant(f64::INFINITY),
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_between_actions_not_between_policies() {
        let even = [0.25_f64.ln(); 4];
        assert_eq!(difference(&[1.0, 1.5, 4.0, 3.0], &even, &[0, 0, 1, 1]), 2.0);
        assert_eq!(difference(&[4.0, 3.0, 1.5, 1.0], &even, &[0, 0, 1, 1]), 2.0);
        assert_eq!(difference(&[2.0, 2.0], &even, &[0, 1]), 0.0);
        assert_eq!(difference(&[2.0, 5.0], &even, &[1, 1]), 0.0);
        assert_eq!(difference::<f64>(&[], &[], &[]), 0.0);
    }

    #[test]
    fn policies_that_were_dropped_take_no_part_in_the_difference() {
        let third = (1.0_f64 / 3.0).ln();
        let dropped = f64::NEG_INFINITY;
        assert_eq!(difference(&[1.0, 0.0, 4.0, 3.0], &[third, dropped, third, third], &[0, 1, 1, 1]), 2.0);
        assert_eq!(difference(&[1.0, 0.0], &[0.0, dropped], &[0, 1]), f64::INFINITY);
    }

    #[test]
    fn the_entropy_of_a_coin_is_ln_2_and_impossible_actions_add_nothing() {
        let half = 0.5_f64.ln();
        assert!((entropy_of_logs(&[half, f64::NEG_INFINITY, half]) - 2.0_f64.ln()).abs() < 1e-15);
    }
}
