//! The energy Bayesian fraction of missing information.

use super::{mean, variance};

/// `mean (E_t - E_t-1)² / Var(E)` for the energies of one chain (Betancourt 2016): how well new momenta explore the energies
/// that the posterior has. Below 0.3 the sampler moves slowly through heavy tails or funnels. NaN with fewer than two draws.
///
/// # Example
///
/// ```
/// use actinf_fit::sampling::energy_bfmi;
/// // Differences 1, -1, 1: mean square 1. The variance of 0, 1, 0, 1 with divisor 3 is 1/3.
/// assert!((energy_bfmi(&[0.0, 1.0, 0.0, 1.0]) - 3.0).abs() < 1e-12);
/// ```
pub fn energy_bfmi(energies: &[f64]) -> f64 {
    let squares: Vec<f64> = energies.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).collect();
    mean(&squares) / variance(energies)
}
