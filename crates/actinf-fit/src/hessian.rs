//! The curvature at a maximum: the Hessian by central differences of the exact gradient, and what follows from it.

use crate::optimisers::Objective;
use actinf_agents::LikelihoodError;
use nalgebra::{Cholesky, DMatrix, SymmetricEigen};

/// The step of the differences, times the size of the coordinate where that exceeds 1. With `h = 1e-5` the
/// truncation error is `h²/6` = 2e-11 of the third derivative of the gradient, and a gradient that is exact to 1e-13 adds 1e-8.
const RELATIVE_STEP: f64 = 1e-5;

/// The Hessian of the objective at `point`, symmetrised: `2 d` evaluations for d coordinates.
///
/// # Errors
///
/// If the objective has no finite value at a neighbouring point.
pub fn hessian(objective: &mut dyn Objective, point: &[f64]) -> Result<DMatrix<f64>, LikelihoodError> {
    let dimension = point.len();
    let mut columns = DMatrix::zeros(dimension, dimension);
    let (mut above, mut below) = (vec![0.0; dimension], vec![0.0; dimension]);
    let mut moved = point.to_vec();
    for column in 0..dimension {
        let step = RELATIVE_STEP * point[column].abs().max(1.0);
        moved[column] = point[column] + step;
        objective.evaluate(&moved, &mut above)?;
        moved[column] = point[column] - step;
        objective.evaluate(&moved, &mut below)?;
        moved[column] = point[column];
        for row in 0..dimension {
            columns[(row, column)] = (above[row] - below[row]) / (2.0 * step);
        }
    }
    Ok((&columns + columns.transpose()) * 0.5)
}

/// A positive definite curvature `A = -Hessian` and what Laplace's method needs of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Curvature {
    /// `A⁻¹`: the covariance of the normal approximation.
    pub covariance: DMatrix<f64>,
    /// `ln det A`.
    pub log_determinant: f64,
    /// The ratio of the largest to the smallest eigenvalue of A.
    pub condition: f64,
}

impl Curvature {
    /// The curvature of a maximum with this Hessian; `None` if `-Hessian` is not positive definite.
    pub fn of_hessian(hessian: &DMatrix<f64>) -> Option<Self> {
        let precision = -hessian;
        if precision.iter().any(|entry| !entry.is_finite()) {
            return None;
        }
        let eigenvalues = SymmetricEigen::new(precision.clone()).eigenvalues;
        let (smallest, largest) = (eigenvalues.min(), eigenvalues.max());
        let factor = Cholesky::new(precision).filter(|_| smallest > 0.0)?;
        let log_determinant = 2.0 * factor.l_dirty().diagonal().map(f64::ln).sum();
        let covariance = factor.inverse();
        let is_finite = covariance.iter().all(|entry| entry.is_finite()) && log_determinant.is_finite();
        is_finite.then_some(Curvature { covariance, log_determinant, condition: largest / smallest })
    }

    /// The curvature whose inverse is `covariance`; `None` if that is not positive definite.
    ///
    /// # Example
    ///
    /// ```
    /// use nalgebra::{DMatrix, DVector};
    /// let variances = DVector::from_vec(vec![4.0, 0.5]);
    /// let curvature = actinf_fit::hessian::Curvature::of_covariance(&DMatrix::from_diagonal(&variances)).unwrap();
    /// assert!((curvature.condition - 8.0).abs() < 1e-12);
    /// assert!((curvature.log_determinant + 2.0_f64.ln()).abs() < 1e-12);
    /// ```
    pub fn of_covariance(covariance: &DMatrix<f64>) -> Option<Self> {
        if covariance.iter().any(|entry| !entry.is_finite()) {
            return None;
        }
        let eigenvalues = SymmetricEigen::new(covariance.clone()).eigenvalues;
        let (smallest, largest) = (eigenvalues.min(), eigenvalues.max());
        let factor = Cholesky::new(covariance.clone()).filter(|_| smallest > 0.0)?;
        let log_determinant = -2.0 * factor.l_dirty().diagonal().map(f64::ln).sum();
        let covariance = covariance.clone();
        log_determinant.is_finite().then_some(Curvature {
            covariance,
            log_determinant,
            condition: largest / smallest,
        })
    }

    /// The variance of the linear combination `weights` of the coordinates: `wᵀ A⁻¹ w`.
    pub fn variance_along(&self, weights: &[f64]) -> f64 {
        let terms = weights.iter().enumerate().flat_map(|(row, a)| {
            weights.iter().enumerate().map(move |(column, b)| a * b * self.covariance[(row, column)])
        });
        terms.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `f(x, y) = -x² - x y - y² + x³`, with Hessian `[[-2 + 6 x, -1], [-1, -2]]`.
    struct Cubic;

    impl Objective for Cubic {
        fn evaluate(&mut self, p: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
            let (x, y) = (p[0], p[1]);
            gradient[0] = -2.0 * x - y + 3.0 * x * x;
            gradient[1] = -x - 2.0 * y;
            Ok(-x * x - x * y - y * y + x * x * x)
        }
    }

    #[test]
    fn the_hessian_of_a_cubic_is_its_second_derivative() {
        let found = hessian(&mut Cubic, &[0.2, -0.3]).unwrap();
        let expected = DMatrix::from_row_slice(2, 2, &[-0.8, -1.0, -1.0, -2.0]);
        assert!((found - expected).abs().max() < 1e-9);
    }

    #[test]
    fn curvature_holds_the_inverse_determinant_and_condition() {
        let curvature =
            Curvature::of_hessian(&DMatrix::from_row_slice(2, 2, &[-2.0, -1.0, -1.0, -2.0])).unwrap();
        assert!((curvature.log_determinant - 3.0_f64.ln()).abs() < 1e-14);
        assert!((curvature.condition - 3.0).abs() < 1e-14);
        assert!((curvature.covariance[(0, 0)] - 2.0 / 3.0).abs() < 1e-14);
        assert!((curvature.variance_along(&[1.0, -1.0]) - 2.0).abs() < 1e-14);
    }

    #[test]
    fn a_saddle_has_no_curvature() {
        assert!(Curvature::of_hessian(&DMatrix::from_row_slice(2, 2, &[-1.0, 0.0, 0.0, 1.0])).is_none());
        assert!(Curvature::of_hessian(&DMatrix::from_row_slice(1, 1, &[f64::NAN])).is_none());
    }
}
