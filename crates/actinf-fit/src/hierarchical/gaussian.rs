//! The multivariate normal distribution of a population over subjects' coordinates.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use std::f64::consts::PI;

/// A covariance with its inverse, its determinant and its Cholesky factor.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    covariance: DMatrix<f64>,
    precision: DMatrix<f64>,
    factor: Cholesky<f64, Dyn>,
    log_determinant: f64,
}

impl Spread {
    /// `None` unless the covariance is finite and positive definite.
    pub(crate) fn of_covariance(covariance: &DMatrix<f64>) -> Option<Self> {
        if covariance.iter().any(|entry| !entry.is_finite()) {
            return None;
        }
        let factor = Cholesky::new(covariance.clone())?;
        let log_determinant = 2.0 * factor.l_dirty().diagonal().map(f64::ln).sum();
        let precision = factor.inverse();
        let is_finite = log_determinant.is_finite() && precision.iter().all(|entry| entry.is_finite());
        is_finite.then(|| Spread { covariance: covariance.clone(), precision, factor, log_determinant })
    }

    /// A diagonal covariance.
    pub(crate) fn of_variances(variances: &[f64]) -> Option<Self> {
        Self::of_covariance(&DMatrix::from_diagonal(&DVector::from_column_slice(variances)))
    }

    pub(crate) fn covariance(&self) -> &DMatrix<f64> {
        &self.covariance
    }

    pub(crate) fn precision(&self) -> &DMatrix<f64> {
        &self.precision
    }

    /// `-½ (x - mean)ᵀ Σ⁻¹ (x - mean) - ½ ln det Σ - d/2 ln 2π`, in nats.
    pub(crate) fn log_density(&self, x: &[f64], mean: &[f64]) -> f64 {
        let deviation = deviation(x, mean);
        let distance = deviation.dot(&(&self.precision * &deviation));
        -0.5 * (distance + self.log_determinant + x.len() as f64 * (2.0 * PI).ln())
    }

    /// The same; adds its derivative with respect to `x` to `gradient`.
    pub(crate) fn add_log_density(&self, x: &[f64], mean: &[f64], gradient: &mut [f64]) -> f64 {
        let pull = &self.precision * deviation(x, mean);
        gradient.iter_mut().zip(pull.iter()).for_each(|(slope, pull)| *slope -= pull);
        self.log_density(x, mean)
    }

    /// `L z`, with `L Lᵀ = Σ`: of standard normal z, a draw around zero.
    pub(crate) fn stretch(&self, z: &DVector<f64>) -> DVector<f64> {
        self.factor.l() * z
    }

    /// `(x - mean)ᵀ Σ⁻¹ (x - mean)`.
    pub(crate) fn squared_distance(&self, x: &[f64], mean: &[f64]) -> f64 {
        let deviation = deviation(x, mean);
        deviation.dot(&(&self.precision * &deviation))
    }

    pub(crate) fn log_determinant(&self) -> f64 {
        self.log_determinant
    }
}

fn deviation(x: &[f64], mean: &[f64]) -> DVector<f64> {
    DVector::from_iterator(x.len(), x.iter().zip(mean).map(|(a, b)| a - b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_density_of_a_diagonal_covariance_is_the_product_of_its_parts() {
        let spread = Spread::of_variances(&[4.0, 0.25]).unwrap();
        let part = |z: f64, sd: f64| -0.5 * z * z - sd.ln() - 0.5 * (2.0 * PI).ln();
        let mut gradient = [1.0, 1.0];
        let found = spread.add_log_density(&[3.0, 1.0], &[1.0, 2.0], &mut gradient);
        assert!((found - part(1.0, 2.0) - part(-2.0, 0.5)).abs() < 1e-14);
        assert!((gradient[0] - 0.5).abs() < 1e-14 && (gradient[1] - 5.0).abs() < 1e-14);
    }

    #[test]
    fn a_stretched_vector_has_the_distance_of_the_vector() {
        let covariance = DMatrix::from_row_slice(2, 2, &[2.0, 1.2, 1.2, 1.0]);
        let spread = Spread::of_covariance(&covariance).unwrap();
        let x = spread.stretch(&DVector::from_column_slice(&[0.6, -0.8]));
        assert!((spread.squared_distance(x.as_slice(), &[0.0, 0.0]) - 1.0).abs() < 1e-12);
        assert!((spread.log_determinant() - 0.56_f64.ln()).abs() < 1e-12);
        assert!((spread.precision() * spread.covariance() - DMatrix::identity(2, 2)).abs().max() < 1e-12);
    }

    #[test]
    fn what_is_not_positive_definite_is_no_spread() {
        assert!(Spread::of_variances(&[1.0, 0.0]).is_none());
        assert!(Spread::of_variances(&[f64::NAN]).is_none());
        assert!(Spread::of_covariance(&DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0])).is_none());
    }
}
