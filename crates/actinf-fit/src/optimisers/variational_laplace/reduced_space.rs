//! The parameters that have prior variance, in the axes of the prior, and the free energy there.

use super::derivatives::Expansion;
use super::{Iteration, VariationalPosterior};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Prior variances below this fraction of the largest are taken for 0: the parameter is fixed.
const NEGLIGIBLE: f64 = 1e-14;

/// The space of the parameters that have prior variance.
pub(super) struct ReducedSpace {
    prior_mean: DVector<f64>,
    /// Its columns are the directions of p.
    pub(super) basis: DMatrix<f64>,
    prior_precision: DMatrix<f64>,
}

/// A point with its free energy.
#[derive(Clone)]
pub(super) struct Accepted {
    pub(super) p: DVector<f64>,
    pub(super) free_energy: f64,
    /// The slope and the curvature of the log posterior.
    pub(super) slope: DVector<f64>,
    pub(super) curvature: DMatrix<f64>,
}

impl ReducedSpace {
    /// Eigenvectors by falling variance; of a diagonal covariance these are a permutation, with ties in their order.
    pub(super) fn of(prior_mean: &[f64], prior_covariance: &DMatrix<f64>) -> Self {
        let eigen = SymmetricEigen::new(prior_covariance.clone());
        let is_diagonal = prior_covariance
            .iter()
            .enumerate()
            .all(|(position, entry)| position % (prior_covariance.nrows() + 1) == 0 || *entry == 0.0);
        let size = prior_mean.len();
        let (variances, vectors) = match is_diagonal {
            true => (prior_covariance.diagonal(), DMatrix::identity(size, size)),
            false => (eigen.eigenvalues, eigen.eigenvectors),
        };
        let largest = variances.iter().copied().fold(0.0, f64::max);
        let mut kept: Vec<usize> = (0..size).filter(|&k| variances[k] > NEGLIGIBLE * largest).collect();
        kept.sort_by(|&a, &b| variances[b].total_cmp(&variances[a]));
        let precisions = DVector::from_iterator(kept.len(), kept.iter().map(|&k| 1.0 / variances[k]));
        ReducedSpace {
            prior_mean: DVector::from_column_slice(prior_mean),
            basis: vectors.select_columns(&kept),
            prior_precision: DMatrix::from_diagonal(&precisions),
        }
    }

    pub(super) fn point(&self, p: &DVector<f64>) -> Vec<f64> {
        (&self.prior_mean + &self.basis * p).as_slice().to_vec()
    }

    pub(super) fn reduced(&self, point: &[f64]) -> DVector<f64> {
        self.basis.transpose() * (DVector::from_column_slice(point) - &self.prior_mean)
    }

    pub(super) fn free_energy(&self, p: &DVector<f64>, local: &Expansion) -> Accepted {
        let clamped = without_positive_eigenvalues(&local.curvature);
        let curvature = clamped - &self.prior_precision;
        let pull = &self.prior_precision * p;
        let ratio = log_absolute_determinant(&self.prior_precision) - log_absolute_determinant(&curvature);
        Accepted {
            p: p.clone(),
            free_energy: local.value - 0.5 * p.dot(&pull) + 0.5 * ratio,
            slope: &local.gradient - pull,
            curvature,
        }
    }

    pub(super) fn posterior(&self, best: Accepted, trace: Vec<Iteration>) -> VariationalPosterior {
        let eigen = SymmetricEigen::new(-best.curvature);
        let inverse = DMatrix::from_diagonal(&eigen.eigenvalues.map(|value| 1.0 / value));
        let reduced = &eigen.eigenvectors * inverse * eigen.eigenvectors.transpose();
        VariationalPosterior {
            mean: self.point(&best.p),
            covariance: &self.basis * reduced * self.basis.transpose(),
            free_energy: best.free_energy,
            trace,
        }
    }
}

fn without_positive_eigenvalues(curvature: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(curvature.clone());
    let clamped = DMatrix::from_diagonal(&eigen.eigenvalues.map(|value| value.min(0.0)));
    &eigen.eigenvectors * clamped * eigen.eigenvectors.transpose()
}

fn log_absolute_determinant(symmetric: &DMatrix<f64>) -> f64 {
    SymmetricEigen::new(symmetric.clone()).eigenvalues.iter().map(|value| value.abs().ln()).sum()
}
