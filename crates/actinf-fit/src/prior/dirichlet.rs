//! The Dirichlet distribution, on a simplex.
//!
//! Its density is taken with respect to the first K - 1 components; derivatives are with respect to all K
//! components varied freely, as models give theirs.

use super::error::{PriorErrorKind, positive};
use super::trigamma::trigamma;
use rand::Rng;
use rand_distr::Distribution;
use statrs::function::gamma::ln_gamma;

/// `ln p(x) = ln Γ(Σ a) - Σ ln Γ(a_k) + Σ (a_k - 1) ln x_k`.
pub(crate) fn log_density(concentration: &[f64], values: &[f64]) -> f64 {
    let total: f64 = concentration.iter().sum();
    let terms = concentration.iter().zip(values);
    ln_gamma(total) + terms.map(|(&a, &x)| (a - 1.0) * x.ln() - ln_gamma(a)).sum::<f64>()
}

/// Adds `∂ ln p / ∂ x_k = (a_k - 1) / x_k` to `gradient`.
pub(crate) fn add_gradient(concentration: &[f64], values: &[f64], gradient: &mut [f64]) {
    for ((slope, &a), &x) in gradient.iter_mut().zip(concentration).zip(values) {
        *slope += (a - 1.0) / x;
    }
}

/// The variance of each coordinate `ln(x_k / x_K)`: `ψ'(a_k) + ψ'(a_K)`.
pub(crate) fn coordinate_variances(concentration: &[f64]) -> Vec<f64> {
    match concentration.split_last() {
        Some((&last, others)) => others.iter().map(|&a| trigamma(a) + trigamma(last)).collect(),
        None => Vec::new(),
    }
}

/// The variance of the logit of each component as Laplace's method sees it: `1 / a_k + 1 / (Σ a - a_k)`.
pub(crate) fn laplace_variances(concentration: &[f64]) -> Vec<f64> {
    let total: f64 = concentration.iter().sum();
    concentration.iter().map(|&a| 1.0 / a + 1.0 / (total - a)).collect()
}

/// Accepts as many positive numbers as the simplex has components.
pub(crate) fn check(concentration: &[f64], size: usize) -> Result<(), PriorErrorKind> {
    if concentration.len() != size {
        return Err(PriorErrorKind::WrongSize { expected: size, found: concentration.len() });
    }
    concentration.iter().try_for_each(|&a| positive("concentration", a))
}

/// A draw: independent gammas divided by their sum.
pub(crate) fn sample(concentration: &[f64], rng: &mut dyn Rng) -> Option<Vec<f64>> {
    let draw = |&a: &f64| Some(rand_distr::Gamma::new(a, 1.0).ok()?.sample(&mut *rng));
    let gammas: Vec<f64> = concentration.iter().map(draw).collect::<Option<_>>()?;
    let total: f64 = gammas.iter().sum();
    Some(gammas.iter().map(|gamma| gamma / total).collect())
}
