//! Exceedance probabilities of a Dirichlet distribution: how probable it is that each model is the most frequent one.

use statrs::function::gamma::{gamma_lr, ln_gamma};

/// Steps of the quadrature per standard deviation of the narrowest factor.
const STEPS_PER_DEVIATION: f64 = 8.0;

/// `P(m_k > m_j for all j ≠ k)` for `m ~ Dirichlet(α)`.
///
/// Independent gammas with shapes α and a common scale keep the order of the m, so this is one integral per model, taken over
/// the logarithm x = e^u by the trapezoid rule:
///
/// ```text
/// ∫ exp(α_k u - e^u - ln Γ(α_k)) Π_{j≠k} P(α_j, e^u) du          P: the regularised lower incomplete gamma function
/// ```
pub(super) fn exceedance_probabilities(alpha: &[f64]) -> Vec<f64> {
    let largest = alpha.iter().copied().fold(1.0, f64::max);
    let smallest = alpha.iter().copied().fold(1.0, f64::min);
    let (low, high) = (-38.0 / smallest, (largest + 38.0 + 9.0 * largest.sqrt()).ln());
    let step = 1.0 / (STEPS_PER_DEVIATION * largest.sqrt());
    let count = ((high - low) / step).ceil() as usize;
    let mut totals = vec![0.0; alpha.len()];
    for index in 0..=count {
        let u = low + index as f64 * step;
        let below: Vec<f64> = alpha.iter().map(|&a| gamma_lr(a, u.exp())).collect();
        for (k, total) in totals.iter_mut().enumerate() {
            let density = (alpha[k] * u - u.exp() - ln_gamma(alpha[k])).exp();
            let others: f64 = below.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, p)| p).product();
            *total += step * density * others;
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::beta::beta_reg;

    #[test]
    fn two_models_follow_the_beta_distribution() {
        for (a, b) in [(12.653, 29.347), (1.0, 1.0), (0.3, 2.0), (150.0, 151.0)] {
            let found = exceedance_probabilities(&[a, b]);
            assert!((found[0] - (1.0 - beta_reg(a, b, 0.5))).abs() < 1e-9, "{found:?}");
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn equal_counts_share_equally_and_three_models_match_a_recorded_quadrature() {
        assert!(exceedance_probabilities(&[5.0; 4]).iter().all(|p| (p - 0.25).abs() < 1e-9));
        // Recorded for the two-step example of CBM by another quadrature.
        let found = exceedance_probabilities(&[14.062_959_037_6, 7.937_014_085_7, 1.000_026_876_6]);
        for (found, expected) in found.iter().zip([0.909_978_698_85, 0.089_990_500_75, 3.080_04e-5]) {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
    }
}
