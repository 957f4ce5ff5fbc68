//! Normal distributions, and subjects known by them.

use super::error::EmpiricalBayesError;
use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};

/// A normal distribution over parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    /// The mean.
    pub mean: DVector<f64>,
    /// The covariance.
    pub covariance: DMatrix<f64>,
}

impl Gaussian {
    /// A distribution with these moments, row by row of the covariance.
    ///
    /// # Errors
    ///
    /// If the covariance does not have as many entries as the mean has squared.
    pub fn from_rows(mean: &[f64], covariance: &[f64]) -> Result<Gaussian, EmpiricalBayesError> {
        let size = mean.len();
        EmpiricalBayesError::size("the covariance", covariance.len(), size * size)?;
        Ok(Gaussian {
            mean: DVector::from_row_slice(mean),
            covariance: DMatrix::from_row_slice(size, size, covariance),
        })
    }

    /// The number of parameters.
    pub fn size(&self) -> usize {
        self.mean.len()
    }

    /// The distribution of some of the parameters.
    pub(super) fn marginal(&self, parameters: &[usize]) -> Gaussian {
        let size = parameters.len();
        let covariance = |i: usize, j: usize| self.covariance[(parameters[i], parameters[j])];
        Gaussian {
            mean: DVector::from_fn(size, |k, _| self.mean[parameters[k]]),
            covariance: DMatrix::from_fn(size, size, covariance),
        }
    }

    pub(super) fn check(&self, what: &str, size: usize) -> Result<(), EmpiricalBayesError> {
        EmpiricalBayesError::size(format!("the mean of {what}"), self.size(), size)?;
        let (rows, columns) = self.covariance.shape();
        EmpiricalBayesError::size(format!("the covariance of {what}"), rows.max(columns), size)?;
        EmpiricalBayesError::size(format!("the covariance of {what}"), rows.min(columns), size)?;
        if self.mean.iter().chain(self.covariance.iter()).all(|entry| entry.is_finite()) {
            return Ok(());
        }
        Err(EmpiricalBayesError::NotFinite { what: what.into() })
    }
}

/// A fitted subject: the model's evidence, and what was believed of its parameters before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstLevel {
    /// The identity in the data.
    pub subject: String,
    /// The prior of the fit.
    pub prior: Gaussian,
    /// The normal approximation of the posterior.
    pub posterior: Gaussian,
    /// The log evidence under this prior, or its approximation, in nats.
    pub log_evidence: f64,
}

/// The inverse of a symmetric positive definite matrix.
pub(super) fn inverse(matrix: &DMatrix<f64>, what: &str) -> Result<DMatrix<f64>, EmpiricalBayesError> {
    Cholesky::new(symmetric(matrix))
        .map(|factor| factor.inverse())
        .ok_or_else(|| EmpiricalBayesError::not_positive_definite(what))
}

/// `ln det` of a symmetric positive definite matrix.
pub(super) fn log_determinant(matrix: &DMatrix<f64>, what: &str) -> Result<f64, EmpiricalBayesError> {
    let factor = Cholesky::new(symmetric(matrix));
    let factor = factor.ok_or_else(|| EmpiricalBayesError::not_positive_definite(what))?;
    Ok(2.0 * factor.l_dirty().diagonal().map(f64::ln).sum())
}

/// The mean of a matrix and its transpose.
pub(super) fn symmetric(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    (matrix + matrix.transpose()) * 0.5
}

/// `L` with `L Lᵀ = covariance`, one column per direction that has variance: eigenvalues below 1e-14 of the largest count as 0.
pub(super) fn root(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(symmetric(covariance));
    let least = eigen.eigenvalues.max().max(0.0) * 1e-14;
    let columns: Vec<DVector<f64>> = eigen
        .eigenvalues
        .iter()
        .zip(eigen.eigenvectors.column_iter())
        .filter(|(value, _)| **value > least)
        .map(|(value, vector)| vector * value.sqrt())
        .collect();
    if columns.is_empty() {
        return DMatrix::zeros(covariance.nrows(), 0);
    }
    DMatrix::from_columns(&columns)
}

/// SPM's inverse: a small number is added to the diagonal.
pub(super) fn spm_inverse(matrix: &DMatrix<f64>, added: Option<f64>) -> DMatrix<f64> {
    let size = matrix.nrows();
    let added = added.unwrap_or_else(|| {
        let norm = matrix.row_iter().map(|row| row.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max);
        // The spacing of doubles at the norm, times the size, as MATLAB's `eps(norm) * size`.
        let spacing = f64::from_bits(norm.to_bits() + 1) - norm;
        (spacing * size as f64).max((-32.0_f64).exp())
    });
    let shifted = matrix + DMatrix::identity(size, size) * added;
    shifted.try_inverse().unwrap_or_else(|| DMatrix::from_element(size, size, f64::NAN))
}
