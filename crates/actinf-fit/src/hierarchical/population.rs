//! The population that subjects are drawn from: weights of the means and a covariance, and their update from subjects'
//! posteriors.

use super::first_level::SubjectPosterior;
use super::gaussian::Spread;
use super::group_problem::GroupProblem;
use nalgebra::{Cholesky, DMatrix, DVector};

/// Which entries of the population's covariance are estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CovarianceForm {
    /// Variances only: coordinates are independent in the population.
    #[default]
    Diagonal,
    /// Variances and covariances.
    Full,
}

impl CovarianceForm {
    /// The name as in fit files.
    pub fn name(self) -> &'static str {
        match self {
            CovarianceForm::Diagonal => "diagonal",
            CovarianceForm::Full => "full",
        }
    }

    /// How many numbers it has for `dimension` coordinates.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_fit::hierarchical::CovarianceForm;
    /// assert_eq!(CovarianceForm::Full.size(3), 6);
    /// ```
    pub fn size(self, dimension: usize) -> usize {
        match self {
            CovarianceForm::Diagonal => dimension,
            CovarianceForm::Full => dimension * (dimension + 1) / 2,
        }
    }
}

/// A normal population: `θ_i ~ Normal(X_i w, Σ)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// The weights w, in the order of [`GroupProblem::weights`].
    pub weights: Vec<f64>,
    /// The covariance Σ of the unconstrained coordinates around their means.
    pub covariance: DMatrix<f64>,
}

impl Population {
    /// The population that the problem's own priors describe.
    pub fn of_priors(group: &GroupProblem<'_>) -> Self {
        let means: Vec<f64> = group.coordinates().iter().map(|c| c.prior_mean).collect();
        let variances = group.coordinates().iter().map(|c| c.prior_sd * c.prior_sd);
        Population {
            weights: group.weights_with_means(&means),
            covariance: DMatrix::from_diagonal(&DVector::from_iterator(means.len(), variances)),
        }
    }

    /// The same mean and variance for all coordinates, uncorrelated.
    pub fn isotropic(group: &GroupProblem<'_>, mean: f64, variance: f64) -> Self {
        let dimension = group.coordinates().len();
        Population {
            weights: group.weights_with_means(&vec![mean; dimension]),
            covariance: DMatrix::from_diagonal_element(dimension, dimension, variance),
        }
    }

    /// Whether it has a weight per weight and a covariance per coordinate of the group problem.
    pub(crate) fn check_size(&self, group: &GroupProblem<'_>) -> Result<(), String> {
        let (weights, dimension) = (group.weights().len(), group.coordinates().len());
        if self.weights.len() == weights && self.covariance.shape() == (dimension, dimension) {
            return Ok(());
        }
        Err(format!(
            "it has {} weights and a covariance of {} × {}, but {weights} weights and {dimension} coordinates are needed",
            self.weights.len(),
            self.covariance.nrows(),
            self.covariance.ncols()
        ))
    }

    /// The covariance made ready for densities.
    ///
    /// # Errors
    ///
    /// In words, if it is not positive definite.
    pub(crate) fn spread(&self) -> Result<Spread, String> {
        Spread::of_covariance(&self.covariance).ok_or_else(|| {
            format!(
                "the covariance of the population is not positive definite (variances {:?})",
                self.covariance.diagonal().as_slice()
            )
        })
    }

    /// The maximum of the expected log density of the subjects' coordinates under their posteriors (Huys 2011):
    ///
    /// ```text
    /// w = (Σ_i X_iᵀ Σ⁻¹ X_i)⁻¹ Σ_i X_iᵀ Σ⁻¹ θ̂_i
    /// Σ = 1/(N - c) Σ_i [ (θ̂_i - X_i w)(θ̂_i - X_i w)ᵀ + A_i⁻¹ ]
    /// ```
    ///
    /// with c = `fewer`, 0 for the maximum. `members` pairs positions in the group with posteriors. `None` if the
    /// weights are not determined.
    pub(crate) fn updated(
        &self,
        group: &GroupProblem<'_>,
        members: &[(usize, &SubjectPosterior)],
        form: CovarianceForm,
        fewer: usize,
    ) -> Option<Self> {
        let precision = Spread::of_covariance(&self.covariance)?.precision().clone();
        let weights = generalised_least_squares(group, members, &precision)?;
        let dimension = group.coordinates().len();
        let mut total = DMatrix::zeros(dimension, dimension);
        for (subject, posterior) in members {
            let mean = DVector::from_vec(group.means(*subject, &weights));
            let deviation = DVector::from_column_slice(&posterior.mode) - mean;
            total += &deviation * deviation.transpose() + &posterior.covariance;
        }
        let divisor = members.len().checked_sub(fewer).filter(|&n| n > 0)?;
        let mut covariance = total / divisor as f64;
        if form == CovarianceForm::Diagonal {
            covariance = DMatrix::from_diagonal(&covariance.diagonal());
        }
        Some(Population { weights, covariance })
    }
}

/// `X_i`: coordinates × weights.
pub(crate) fn subject_design(group: &GroupProblem<'_>, subject: usize) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(group.coordinates().len(), group.weights().len());
    for coordinate in 0..group.coordinates().len() {
        let row = group.design_of(coordinate).row(subject);
        for (column, value) in group.weights_of(coordinate).zip(row) {
            matrix[(coordinate, column)] = value;
        }
    }
    matrix
}

fn generalised_least_squares(
    group: &GroupProblem<'_>,
    members: &[(usize, &SubjectPosterior)],
    precision: &DMatrix<f64>,
) -> Option<Vec<f64>> {
    let size = group.weights().len();
    let (mut left, mut right) = (DMatrix::zeros(size, size), DVector::zeros(size));
    for (subject, posterior) in members {
        let design = subject_design(group, *subject);
        let weighted = design.transpose() * precision;
        left += &weighted * &design;
        right += weighted * DVector::from_column_slice(&posterior.mode);
    }
    let solution = Cholesky::new(left)?.solve(&right);
    solution.iter().all(|w| w.is_finite()).then(|| solution.as_slice().to_vec())
}
