//! Exceedance probabilities: how probable it is that a model is more frequent than every other.
//!
//! A Dirichlet variable is a list of independent Gamma variables divided by their sum, so with g and G the density and
//! distribution function of Gamma(α, 1),
//!
//! ```text
//! xp_k = P(m_k > m_j for all j ≠ k) = ∫ g(x; α_k) Π_{j≠k} G(x; α_j) dx
//! ```
//!
//! With x = exp(t) the integrand is analytic around the real line and fades out at both ends, where the trapezium rule
//! converges exponentially in 1/step (Trefethen & Weideman 2014, *SIAM Review* 56:385). The step here is a quarter of
//! the smallest standard deviation of t, or less, which leaves errors of rounding only: below 1e-12 for counts up to a
//! hundred, 1e-11 up to a thousand and 1e-9 up to 100,000, for up to 40 models (tests against the Beta distribution function, and against
//! numbers computed with 30 digits).

use statrs::function::gamma::{checked_gamma_lr, ln_gamma};

/// What is cut off beyond the ends of the integral: exp(-46) = 1e-20.
const CUT_OFF: f64 = 46.0;

/// The exceedance probability of each component of a Dirichlet distribution with these counts, all finite and above 0.
/// They sum to 1.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::exceedance_probabilities;
/// // P(m > 1 - m) with m ~ Beta(2, 1), whose distribution function is x²: 1 - 1/4.
/// let xp = exceedance_probabilities(&[2.0, 1.0]);
/// assert!((xp[0] - 0.75).abs() < 1e-13 && (xp[1] - 0.25).abs() < 1e-13);
/// ```
pub fn exceedance_probabilities(counts: &[f64]) -> Vec<f64> {
    let largest = counts.iter().copied().fold(0.0, f64::max);
    let step = 0.25 / (4.0 + largest).sqrt();
    let (lower, upper) = range(counts, largest);
    let points = ((upper - lower) / step).ceil() as usize;
    let mut totals = vec![0.0; counts.len()];
    for point in 0..=points {
        add_integrands(counts, lower + point as f64 * step, &mut totals);
    }
    totals.iter().map(|total| total * step).collect()
}

/// The t beyond which nothing is left of any integrand.
///
/// Below, every G(x; α) is at most x^α / Γ(α + 1), so an integrand is at most the product of these bounds, and also
/// at most the bound of the largest count. Above, P(X > α + √(2 α c) + c) ≤ exp(-c) (Boucheron, Lugosi & Massart
/// 2013, section 2.4).
fn range(counts: &[f64], largest: f64) -> (f64, f64) {
    let total: f64 = counts.iter().sum();
    let of_all = (counts.iter().map(|&count| ln_gamma(count + 1.0)).sum::<f64>() - CUT_OFF) / total;
    let of_largest = (ln_gamma(largest + 1.0) - CUT_OFF) / largest;
    (of_all.max(of_largest), (largest + (2.0 * largest * CUT_OFF).sqrt() + CUT_OFF).ln())
}

/// Adds `x g(x; α_k) Π_{j≠k} G(x; α_j)` at x = exp(t) to the total of each k.
fn add_integrands(counts: &[f64], t: f64, totals: &mut [f64]) {
    let x = t.exp();
    let below: Vec<f64> =
        counts.iter().map(|&count| checked_gamma_lr(count, x).unwrap_or(f64::NAN)).collect();
    for (k, (total, &count)) in totals.iter_mut().zip(counts).enumerate() {
        let others: f64 = below.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, below)| below).product();
        *total += (count * t - x - ln_gamma(count)).exp() * others;
    }
}
