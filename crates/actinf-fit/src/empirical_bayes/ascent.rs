//! SPM's step uphill: along the flow of the local quadratic for a time that grows with success.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The step that follows `dx/dt = g + J x` for the time `τ = exp(v - ln|det J| / n)`:
///
/// ```text
/// Δ = (exp(τ J) - I) J⁻¹ g
/// ```
///
/// with `gradient` g and `curvature` J, which is symmetric; Newton's step where `τ > e^16`. Small `log_rate` v gives a short step
/// along the gradient, large ones approach Newton's step. In directions without curvature the step is `τ g`. Where J is diagonal
/// SPM's determinant leaves out its negative entries, so that a single parameter at a maximum has `τ = e^v`; so does this one.
///
/// # Example
///
/// In one dimension `v = ln 2` follows the flow for the time 2:
///
/// ```
/// use actinf_fit::empirical_bayes::flow_step;
/// use nalgebra::{DMatrix, DVector};
/// let step = flow_step(&DMatrix::from_element(1, 1, -1.0), &DVector::from_element(1, 3.0), 2.0_f64.ln());
/// assert!((step[0] - 3.0 * (1.0 - (-2.0_f64).exp())).abs() < 1e-14);
/// ```
pub fn flow_step(curvature: &DMatrix<f64>, gradient: &DVector<f64>, log_rate: f64) -> DVector<f64> {
    let size = gradient.len();
    let eigen = SymmetricEigen::new((curvature + curvature.transpose()) * 0.5);
    let within = |value: &f64| value.abs() > 1e-16 && value.abs() < 1e16;
    let is_diagonal = (0..size).all(|i| (0..size).all(|j| i == j || curvature[(i, j)] == 0.0));
    let counted = |value: &f64| within(value) && (*value > 0.0 || !is_diagonal);
    let log_determinant: f64 =
        eigen.eigenvalues.iter().copied().filter(counted).map(|value| value.abs().ln()).sum();
    let time = (log_rate - log_determinant / size as f64).exp();
    let along = eigen.eigenvectors.transpose() * gradient;
    let step = along.zip_map(&eigen.eigenvalues, |slope, value| {
        if time > 16.0_f64.exp() {
            -slope / value
        } else if value == 0.0 {
            slope * time
        } else {
            slope * (time * value).exp_m1() / value
        }
    });
    eigen.eigenvectors * step
}
