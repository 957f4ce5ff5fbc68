//! What model selection needs of the Dirichlet distribution over frequencies m with counts α.

use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::{digamma, ln_gamma};

/// `E[ln m_k] = ψ(α_k) - ψ(Σ α)`.
pub(crate) fn expected_logs(counts: &[f64]) -> Vec<f64> {
    let total = digamma(counts.iter().sum());
    counts.iter().map(|&count| digamma(count) - total).collect()
}

/// `E[ln Dir(m; α)] = ln Γ(Σ α) - Σ ln Γ(α_k) + Σ (α_k - 1) E[ln m_k]`, with the expectation taken elsewhere.
pub(crate) fn expected_log_density(counts: &[f64], expected_logs: &[f64]) -> f64 {
    let normaliser = ln_gamma(counts.iter().sum()) - counts.iter().map(|&count| ln_gamma(count)).sum::<f64>();
    normaliser + counts.iter().zip(expected_logs).map(|(count, log)| (count - 1.0) * log).sum::<f64>()
}

/// `E[m_k] = α_k / Σ α`.
pub(crate) fn means(counts: &[f64]) -> Vec<f64> {
    let total: f64 = counts.iter().sum();
    counts.iter().map(|count| count / total).collect()
}

/// The central 95 % interval of each frequency: quantiles of its marginal, Beta(α_k, Σ α - α_k).
pub(crate) fn intervals(counts: &[f64]) -> Vec<[f64; 2]> {
    let rest = |k: usize| -> f64 {
        counts.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, count)| count).sum()
    };
    let interval =
        |(k, &count): (usize, &f64)| [0.025, 0.975].map(|level| beta_quantile(count, rest(k), level));
    counts.iter().enumerate().map(interval).collect()
}

/// The quantile of Beta(a, b) by bisection, to the last bit but a few.
fn beta_quantile(a: f64, b: f64, level: f64) -> f64 {
    let (mut lower, mut upper) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (lower + upper);
        match checked_beta_reg(a, b, middle) {
            Ok(below) if below < level => lower = middle,
            _ => upper = middle,
        }
    }
    0.5 * (lower + upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_frequency_has_its_interval_and_mean() {
        let [lower, upper] = intervals(&[1.0, 1.0])[0];
        assert!((lower - 0.025).abs() < 1e-14 && (upper - 0.975).abs() < 1e-14);
        assert_eq!(means(&[1.0, 3.0]), [0.25, 0.75]);
    }

    #[test]
    fn the_density_of_a_uniform_distribution_is_constant() {
        // Dir(1, 1, 1) has density 2 everywhere on the simplex.
        let counts = [1.0; 3];
        assert!((expected_log_density(&counts, &expected_logs(&counts)) - 2.0_f64.ln()).abs() < 1e-14);
    }

    #[test]
    fn expected_logs_of_whole_counts_are_harmonic_differences() {
        // ψ(1) - ψ(3) = -(1 + 1/2) and ψ(2) - ψ(3) = -1/2.
        let logs = expected_logs(&[1.0, 2.0]);
        assert!((logs[0] + 1.5).abs() < 1e-13 && (logs[1] + 0.5).abs() < 1e-13);
    }
}
