//! How what is moved of a member follows the population, in the normal approximation around the estimates.
//!
//! With the covariance `C` of the member's θ under the population `Normal(μ, Σ)`, `Σ = diag(σ)²`, and the deviation `d = θ - μ` of
//! its mode:
//!
//! ```text
//! ∂θ/∂μ = C Σ⁻¹            ∂θ/∂ln σ_c = 2 C_·c d_c / σ_c²
//! ∂d/∂μ = C Σ⁻¹ - 1        ∂μ/∂w from the design
//! ```
//!
//! Where the data say all, `C` is nearly 0: θ does not follow, and d follows in full. Where they say nothing, `C = Σ`: it is the
//! other way round. Either way what is left of a member, once this is taken off, is independent of the population to first order.
//! Along `ln σ` it is worked out where coordinates are independent in the population.

use super::density::Layout;
use super::parametrisation::Parametrisation;
use crate::hierarchical::group_problem::GroupProblem;
use nalgebra::{DMatrix, DVector};

/// How members of a group follow its population.
pub(super) struct Following<'a> {
    group: &'a GroupProblem<'a>,
    layout: &'a Layout,
    approximation: Approximation<'a>,
}

/// What all members share.
struct Approximation<'a> {
    sds: &'a [f64],
    /// `Σ⁻¹`.
    precision: DMatrix<f64>,
    /// From deviations to what is moved, but for the means of centred coordinates.
    moved: &'a DMatrix<f64>,
    parametrisations: &'a [Parametrisation],
}

impl<'a> Following<'a> {
    pub(super) fn new(
        group: &'a GroupProblem<'a>,
        layout: &'a Layout,
        (sds, factor): (&'a [f64], &DMatrix<f64>),
        (moved, parametrisations): (&'a DMatrix<f64>, &'a [Parametrisation]),
    ) -> Self {
        let root = DMatrix::from_diagonal(&DVector::from_row_slice(sds)) * factor;
        let covariance = &root * root.transpose();
        let size = sds.len();
        // A matrix of zeros: nothing is known to follow.
        let precision = covariance.try_inverse().unwrap_or_else(|| DMatrix::zeros(size, size));
        let approximation = Approximation { sds, precision, moved, parametrisations };
        Following { group, layout, approximation }
    }

    /// `J` of a member: `[coordinate, weights then log standard deviations]`.
    pub(super) fn of(
        &self,
        subject: usize,
        covariance: &DMatrix<f64>,
        deviation: &DVector<f64>,
    ) -> DMatrix<f64> {
        let (weights, size) = (self.layout.weights, self.layout.coordinates);
        let mut follows = DMatrix::zeros(size, weights + size);
        let along_means = self.approximation.along_means(covariance);
        for weight in 0..weights {
            let mut unit = vec![0.0; weights];
            unit[weight] = 1.0;
            let means = DVector::from_vec(self.group.means(subject, &unit));
            follows.set_column(weight, &(&along_means * means));
        }
        if self.layout.correlations == 0 {
            for c in 0..size {
                follows.set_column(weights + c, &self.approximation.along_log_sd(covariance, deviation, c));
            }
        }
        follows
    }
}

impl Approximation<'_> {
    fn is_centred(&self, row: usize) -> bool {
        self.parametrisations[row] == Parametrisation::Centred
    }

    /// Of what is moved, along the means.
    fn along_means(&self, covariance: &DMatrix<f64>) -> DMatrix<f64> {
        let size = self.sds.len();
        let of_deviations = covariance * &self.precision - DMatrix::identity(size, size);
        let mut along = self.moved * of_deviations;
        for row in (0..size).filter(|&row| self.is_centred(row)) {
            along[(row, row)] += 1.0;
        }
        along
    }

    /// Of what is moved, along the logarithm of one standard deviation.
    fn along_log_sd(
        &self,
        covariance: &DMatrix<f64>,
        deviation: &DVector<f64>,
        coordinate: usize,
    ) -> DVector<f64> {
        let sd = self.sds[coordinate];
        let of_theta = covariance.column(coordinate) * (2.0 * deviation[coordinate] / (sd * sd));
        let mut along = self.moved * of_theta;
        if !self.is_centred(coordinate) {
            along[coordinate] -= deviation[coordinate] / sd;
        }
        along
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are exact by construction")]
mod tests {
    use super::*;

    /// One coordinate with σ = 2 and `C = 1`: a share `C/σ² = 1/4` of the mean's move is followed, `d = 4` lies two standard
    /// deviations off, and θ grows by `2 · 1 · 4 / 4 = 2` per unit of `ln σ`.
    #[test]
    fn a_member_follows_by_what_the_population_says_of_it() {
        let along = |parametrisation: Parametrisation| {
            let one = |number: f64| DMatrix::from_element(1, 1, number);
            let moved = one(if parametrisation == Parametrisation::Centred { 1.0 } else { 0.5 });
            let approximation = Approximation {
                sds: &[2.0],
                precision: one(0.25),
                moved: &moved,
                parametrisations: &[parametrisation],
            };
            let deviation = DVector::from_element(1, 4.0);
            let means = approximation.along_means(&one(1.0))[(0, 0)];
            [means, approximation.along_log_sd(&one(1.0), &deviation, 0)[0]]
        };
        assert_eq!(along(Parametrisation::Centred), [0.25, 2.0]);
        assert_eq!(along(Parametrisation::NonCentred), [-0.375, 1.0 - 2.0]);
    }
}
