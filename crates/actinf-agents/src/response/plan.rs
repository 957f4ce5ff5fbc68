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
pub const PLAN: [&str; 3] = ["policy.entropy", "action.entropy", "expected_free_energy.difference"];

/// Writes the values of [`PLAN`].
pub(crate) fn of_plan<T: Real>(plan: &Differentiable<'_, T>, first_actions: &[usize], inputs: &mut [T]) {
    let values = [
        entropy_of_logs(plan.log_posterior),
        entropy_of_logs(plan.log_actions),
        difference(plan.totals, first_actions),
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

fn difference<T: Real>(totals: &[T], first_actions: &[usize]) -> T {
    let lowest = |without: Option<usize>| {
        let policies = totals.iter().zip(first_actions).filter(|(_, first)| Some(**first) != without);
        policies.min_by(|(a, _), (b, _)| a.value().total_cmp(&b.value()))
    };
    let best = lowest(None);
    match (best, best.and_then(|(_, &first)| lowest(Some(first)))) {
        (Some((&best, _)), Some((&second, _))) => second - best,
        _ => T::ZERO,
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_between_actions_not_between_policies() {
        assert_eq!(difference(&[1.0, 1.5, 4.0, 3.0], &[0, 0, 1, 1]), 2.0);
        assert_eq!(difference(&[4.0, 3.0, 1.5, 1.0], &[0, 0, 1, 1]), 2.0);
        assert_eq!(difference(&[2.0, 2.0], &[0, 1]), 0.0);
        assert_eq!(difference(&[2.0, 5.0], &[1, 1]), 0.0);
    }

    #[test]
    fn the_entropy_of_a_coin_is_ln_2_and_impossible_actions_add_nothing() {
        let half = 0.5_f64.ln();
        assert!((entropy_of_logs(&[half, f64::NEG_INFINITY, half]) - 2.0_f64.ln()).abs() < 1e-15);
    }
}
