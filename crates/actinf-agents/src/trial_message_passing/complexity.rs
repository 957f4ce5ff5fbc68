//! What was learned in a trial, as a divergence between counts: the complexity terms of the free energy.
//!
//! ```text
//! KL[Dir(q) ‖ Dir(p)] = ln B(p) - ln B(q) + Σ (q - p) [ψ(q) - ψ(Σ q)]        ln B(a) = Σ ln Γ(a) - ln Γ(Σ a)
//! ```
//!
//! column by column, in nats; entries whose count is 0 take no part. SPM shifts the arguments of `ψ` by 1/32, one for each
//! entry of the column, so that its numbers are not quite divergences.

use crate::numerics::SPM_DIGAMMA_SHIFT;
use crate::real::Real;
use crate::task_model::Numerics;

/// `KL[Dir(q) ‖ Dir(p)]` of one column of counts, in nats.
///
/// # Example
///
/// One observation of one of two outcomes that were equally likely: `Γ(2) Γ(1) / Γ(3) = ½` against `1`, and
/// `ψ(2) - ψ(3) = -½`, so that the divergence is `ln 2 - ½`.
///
/// ```
/// use actinf_agents::task_model::Numerics;
/// use actinf_agents::trial_message_passing::dirichlet_divergence;
/// let divergence = dirichlet_divergence(&[2.0, 1.0], &[1.0, 1.0], Numerics::Exact);
/// assert!((divergence - (2.0_f64.ln() - 0.5)).abs() < 1e-12);
/// ```
pub fn dirichlet_divergence(posterior: &[f64], prior: &[f64], numerics: Numerics) -> f64 {
    let shift = if numerics == Numerics::Spm { SPM_DIGAMMA_SHIFT } else { 0.0 };
    let sum: f64 = posterior.iter().map(|q| q + shift).sum();
    let mut divergence = ln_beta(prior) - ln_beta(posterior);
    for (&q, &p) in posterior.iter().zip(prior).filter(|(q, _)| **q > 0.0) {
        divergence += (q - p) * ((q + shift).digamma() - sum.digamma());
    }
    divergence
}

/// `ln B(a) = Σ ln Γ(a) - ln Γ(Σ a)` over the counts that are not 0.
fn ln_beta(counts: &[f64]) -> f64 {
    let counted = || counts.iter().copied().filter(|&count| count > 0.0);
    counted().map(ln_gamma).sum::<f64>() - ln_gamma(counted().sum())
}

/// `ln Γ(x)` for `x > 0`: Stirling's series after the argument has been moved to 10 or beyond (Abramowitz & Stegun 6.1.41).
fn ln_gamma(mut x: f64) -> f64 {
    let mut product = 1.0;
    while x < 10.0 {
        product *= x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = (1.0 / 12.0
        - square
            * (1.0 / 360.0
                - square
                    * (1.0 / 1260.0
                        - square
                            * (1.0 / 1680.0
                                - square * (1.0 / 1188.0 - square * (691.0 / 360_360.0 - square / 156.0))))))
        / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_has_its_factorials_and_its_value_at_a_half() {
        let mut factorial = 1.0;
        for n in 1..20 {
            assert!((ln_gamma(f64::from(n)) - f64::ln(factorial)).abs() < 1e-13, "{n}");
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - 0.5 * std::f64::consts::PI.ln()).abs() < 1e-14);
    }

    #[test]
    fn nothing_learned_is_no_divergence_and_zero_counts_take_no_part() {
        let zero = dirichlet_divergence(&[0.0, 2.0, 0.5], &[0.0, 2.0, 0.5], Numerics::Exact);
        assert!(zero.abs() < 1e-14);
        let with = dirichlet_divergence(&[0.0, 2.0, 1.0], &[0.0, 1.0, 1.0], Numerics::Exact);
        let without = dirichlet_divergence(&[2.0, 1.0], &[1.0, 1.0], Numerics::Exact);
        assert!((with - without).abs() < 1e-14);
    }
}
