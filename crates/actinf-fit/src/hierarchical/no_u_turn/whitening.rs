//! Where the sampler moves: along axes on which the posterior around the estimates of expectation maximisation is round.
//!
//! ```text
//! weights   w   = ŵ + K x        K Kᵀ = the covariance of the weights' errors
//! member i  z_i = ẑ_i + K_i x_i  K_i K_iᵀ = the covariance of z_i under the estimated population
//! ```
//!
//! The map is fixed and linear, so it changes no posterior; it only spares the sampler the long trajectories that correlated
//! parameters of one subject, or correlated columns of a design, would need under a diagonal metric.

use super::density::{GroupDensity, Layout};
use super::parametrisation::Parametrisation;
use super::start::{started_factor, started_sd};
use crate::hierarchical::estimates::{GroupEstimates, GroupMember};
use crate::hierarchical::group_problem::GroupProblem;
use crate::optimisers::Objective;
use actinf_agents::LikelihoodError;
use nalgebra::{Cholesky, DMatrix, DVector};
use std::ops::Range;

/// One block of a position with its own centre and axes.
#[derive(Clone, Debug)]
struct Block {
    place: Range<usize>,
    centre: Vec<f64>,
    /// Lower triangular.
    axes: DMatrix<f64>,
}

/// The map from where the sampler moves to positions.
#[derive(Clone, Debug)]
pub(super) struct Whitening {
    blocks: Vec<Block>,
}

impl Whitening {
    /// Blocks whose covariance is not positive definite are left as they are.
    pub(super) fn of(
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
        layout: &Layout,
        parametrisations: &[Parametrisation],
    ) -> Self {
        let weights = estimates
            .weight_covariance
            .as_ref()
            .map(|covariance| Block::of(0..layout.weights, estimates.population.weights.clone(), covariance));
        let sds: Vec<f64> =
            (0..layout.coordinates).map(|c| started_sd(group, &estimates.population, c)).collect();
        let moved = moved(&started_factor(&estimates.population, layout), &sds, parametrisations);
        let member = |(place, member): (usize, &GroupMember)| {
            let (mode, mean) = (&member.posterior.mode, &member.population_mean);
            let deviation = DVector::from_iterator(mode.len(), mode.iter().zip(mean).map(|(m, p)| m - p));
            let mut centre = (&moved * deviation).as_slice().to_vec();
            for c in (0..centre.len()).filter(|&c| parametrisations[c] == Parametrisation::Centred) {
                centre[c] += mean[c];
            }
            let covariance = &moved * &member.posterior.covariance * moved.transpose();
            Block::of(layout.member(place), centre, &covariance)
        };
        let members = estimates.members.iter().enumerate().map(member);
        Whitening { blocks: weights.into_iter().chain(members).flatten().collect() }
    }

    /// The position at `x`.
    pub(super) fn position(&self, x: &[f64], position: &mut [f64]) {
        position.copy_from_slice(x);
        for block in &self.blocks {
            for (row, index) in block.place.clone().enumerate() {
                let along = |column: usize| block.axes[(row, column)] * x[block.place.start + column];
                position[index] = block.centre[row] + (0..=row).map(along).sum::<f64>();
            }
        }
    }

    /// Where the sampler stands at `position`.
    pub(super) fn inverse(&self, position: &[f64]) -> Vec<f64> {
        let mut x = position.to_vec();
        for block in &self.blocks {
            for (row, index) in block.place.clone().enumerate() {
                let along = |column: usize| block.axes[(row, column)] * x[block.place.start + column];
                let known: f64 = (0..row).map(along).sum();
                x[index] = (position[index] - block.centre[row] - known) / block.axes[(row, row)];
            }
        }
        x
    }

    /// The derivative with respect to x of what has the derivative `slopes` with respect to the position.
    fn pull_back(&self, slopes: &[f64], gradient: &mut [f64]) {
        gradient.copy_from_slice(slopes);
        for block in &self.blocks {
            let first = block.place.start;
            for (column, index) in block.place.clone().enumerate() {
                let along = |row: usize| block.axes[(row, column)] * slopes[first + row];
                gradient[index] = (column..block.place.len()).map(along).sum();
            }
        }
    }
}

/// From deviations of coordinates to what is moved: the deviation itself where a coordinate is centred, its error
/// `e = L⁻¹ diag(σ)⁻¹ (θ - μ)` where it is not.
fn moved(factor: &DMatrix<f64>, sds: &[f64], parametrisations: &[Parametrisation]) -> DMatrix<f64> {
    let size = sds.len();
    let identity = DMatrix::identity(size, size);
    let mut moved = factor.solve_lower_triangular(&identity).unwrap_or_else(|| identity.clone());
    for (column, sd) in sds.iter().enumerate() {
        moved.column_mut(column).scale_mut(1.0 / sd);
    }
    for row in (0..size).filter(|&row| parametrisations[row] == Parametrisation::Centred) {
        moved.set_row(row, &identity.row(row));
    }
    moved
}

impl Block {
    fn of(place: Range<usize>, centre: Vec<f64>, covariance: &DMatrix<f64>) -> Option<Self> {
        let is_finite = covariance.iter().chain(&centre).all(|number| number.is_finite());
        let axes = Cholesky::new(covariance.clone()).filter(|_| is_finite)?.l();
        Some(Block { place, centre, axes })
    }
}

/// The density of a group as the sampler sees it.
pub(super) struct WhitenedDensity<'a, 'b> {
    density: &'b mut GroupDensity<'a>,
    whitening: &'b Whitening,
    position: Vec<f64>,
    slopes: Vec<f64>,
}

impl<'a, 'b> WhitenedDensity<'a, 'b> {
    pub(super) fn new(density: &'b mut GroupDensity<'a>, whitening: &'b Whitening) -> Self {
        let zeros = vec![0.0; density.dimension()];
        WhitenedDensity { density, whitening, position: zeros.clone(), slopes: zeros }
    }
}

impl Objective for WhitenedDensity<'_, '_> {
    fn evaluate(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        self.whitening.position(x, &mut self.position);
        let value = self.density.evaluate(&self.position, &mut self.slopes)?;
        self.whitening.pull_back(&self.slopes, gradient);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whitening() -> Whitening {
        let covariance = DMatrix::from_row_slice(2, 2, &[4.0, 2.0, 2.0, 5.0]);
        Whitening { blocks: vec![Block::of(1..3, vec![10.0, 20.0], &covariance).unwrap()] }
    }

    /// K = [[2, 0], [1, 2]].
    #[test]
    fn a_position_is_the_centre_and_the_axes() {
        let (whitening, mut position) = (whitening(), [0.0; 4]);
        whitening.position(&[7.0, 1.0, 3.0, 9.0], &mut position);
        assert_eq!(position.to_vec(), vec![7.0, 12.0, 27.0, 9.0]);
        assert_eq!(whitening.inverse(&position), [7.0, 1.0, 3.0, 9.0]);
        let mut gradient = [0.0; 4];
        whitening.pull_back(&[1.0, 10.0, 100.0, 2.0], &mut gradient);
        assert_eq!(gradient.to_vec(), vec![1.0, 120.0, 200.0, 2.0]);
    }
}
