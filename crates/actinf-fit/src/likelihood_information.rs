//! What the data alone say about the free parameters near an estimate.
//!
//! ```text
//! I = S (-∂² ln p(y|u)/∂u²) S,     g = S ∂ ln p(y|u)/∂u,     S = diag(prior standard deviations)
//! ```
//!
//! In units of the prior's standard deviations an eigenvalue λ of I is what the data add, along its eigenvector, to the
//! prior precision of 1: with λ = 1 they are worth as much as the prior, with λ = 0.05 they take away less than 5 % of
//! the variance. The curvature of the likelihood is that of the posterior less that of the prior, so nothing but
//! the prior is evaluated. Maximum likelihood uses the priors' widths as the scale on which a parameter plausibly varies.

use crate::hessian::hessian;
use crate::log_posterior::Target;
use crate::log_prior::LogPrior;
use crate::optimisers::Objective;
use crate::problem::Problem;
use actinf_agents::LikelihoodError;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Information and slope of the log-likelihood in units of the prior's standard deviations.
pub(crate) struct LikelihoodInformation {
    /// The prior standard deviation of each coordinate.
    pub(crate) scales: Vec<f64>,
    /// The slopes of the log-likelihood per prior standard deviation.
    pub(crate) slopes: Vec<f64>,
    /// The eigenvalues of the information, ascending.
    pub(crate) eigenvalues: Vec<f64>,
    /// The eigenvectors, in the same order.
    pub(crate) directions: Vec<DVector<f64>>,
}

impl LikelihoodInformation {
    /// From the gradient and Hessian of the target at `point`.
    pub(crate) fn at(
        problem: &Problem<'_>,
        target: Target,
        point: &[f64],
        target_gradient: &[f64],
        target_hessian: &DMatrix<f64>,
    ) -> Result<Self, LikelihoodError> {
        let (mut gradient, mut curvature) =
            (DVector::from_column_slice(target_gradient), target_hessian.clone());
        if target == Target::Posterior {
            let mut prior = LogPrior::new(problem);
            let mut slopes = vec![0.0; point.len()];
            prior.evaluate(point, &mut slopes)?;
            gradient -= DVector::from_vec(slopes);
            curvature -= hessian(&mut prior, point)?;
        }
        let scales = prior_scales(problem);
        let scale = DMatrix::from_diagonal(&DVector::from_column_slice(&scales));
        let information = -(&scale * curvature * &scale);
        let eigen = SymmetricEigen::new(information);
        let mut order: Vec<usize> = (0..point.len()).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[a].total_cmp(&eigen.eigenvalues[b]));
        Ok(LikelihoodInformation {
            slopes: scales.iter().zip(gradient.iter()).map(|(sd, slope)| sd * slope).collect(),
            scales,
            eigenvalues: order.iter().map(|&k| eigen.eigenvalues[k]).collect(),
            directions: order.iter().map(|&k| eigen.eigenvectors.column(k).into_owned()).collect(),
        })
    }
}

/// The prior standard deviation of each coordinate.
pub(crate) fn prior_scales(problem: &Problem<'_>) -> Vec<f64> {
    let variances = problem.free().iter().flat_map(|p| p.prior.coordinate_variances());
    variances.map(f64::sqrt).collect()
}
