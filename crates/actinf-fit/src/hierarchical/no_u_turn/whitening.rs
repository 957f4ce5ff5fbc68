//! Where the sampler moves: along axes on which the posterior around the estimates of expectation maximisation is round.
//!
//! ```text
//! weights   w   = ŵ + K x               K Kᵀ = the covariance of the weights' errors
//! member i  z_i = ẑ_i + J_i δ + K_i x_i  K_i K_iᵀ = the covariance of z_i under the estimated population
//!                                        δ = (w - ŵ, ln σ - ln σ̂): where the population stands beside its estimate
//! ```
//!
//! `J_i` says how z_i follows the population ([`super::following`]): without it, a population and its subjects could only move
//! together in many small steps. The map is fixed and linear, so it changes no posterior; it only spares the sampler the long
//! trajectories that correlated numbers would need under a diagonal metric.

use super::density::{GroupDensity, Layout};
use super::following::Following;
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
    /// `J`; empty for the population itself.
    follows: DMatrix<f64>,
}

/// The map from where the sampler moves to positions.
#[derive(Clone, Debug)]
pub(super) struct Whitening {
    /// Where the population is estimated to be: the weights and the log standard deviations.
    population: Vec<f64>,
    /// The weights, then members.
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
        let weights = estimates.weight_covariance.as_ref().map(|covariance| {
            let nothing = DMatrix::zeros(layout.weights, 0);
            Block::of(0..layout.weights, estimates.population.weights.clone(), covariance, nothing)
        });
        let sds: Vec<f64> =
            (0..layout.coordinates).map(|c| started_sd(group, &estimates.population, c)).collect();
        let factor = started_factor(&estimates.population, layout);
        let moved = moved(&factor, &sds, parametrisations);
        let following = Following::new(group, layout, (&sds, &factor), (&moved, parametrisations));
        let member = |(place, member): (usize, &GroupMember)| {
            let (mode, mean) = (&member.posterior.mode, &member.population_mean);
            let deviation = DVector::from_iterator(mode.len(), mode.iter().zip(mean).map(|(m, p)| m - p));
            let mut centre = (&moved * &deviation).as_slice().to_vec();
            for c in (0..centre.len()).filter(|&c| parametrisations[c] == Parametrisation::Centred) {
                centre[c] += mean[c];
            }
            let covariance = &moved * &member.posterior.covariance * moved.transpose();
            let follows = following.of(member.subject, &member.posterior.covariance, &deviation);
            Block::of(layout.member(place), centre, &covariance, follows)
        };
        let members = estimates.members.iter().enumerate().map(member);
        let log_sds = sds.iter().map(|sd| sd.ln());
        Whitening {
            population: estimates.population.weights.iter().copied().chain(log_sds).collect(),
            blocks: weights.into_iter().chain(members).flatten().collect(),
        }
    }

    /// Where the population stands beside its estimate.
    fn beside(&self, position: &[f64]) -> DVector<f64> {
        let beside = position.iter().zip(&self.population).map(|(at, estimate)| at - estimate);
        DVector::from_iterator(self.population.len(), beside)
    }

    /// The position at `x`.
    pub(super) fn position(&self, x: &[f64], position: &mut [f64]) {
        position.copy_from_slice(x);
        let mut beside = self.beside(position);
        for block in &self.blocks {
            for (row, index) in block.place.clone().enumerate() {
                let along = |column: usize| block.axes[(row, column)] * x[block.place.start + column];
                position[index] =
                    block.centre[row] + block.followed(row, &beside) + (0..=row).map(along).sum::<f64>();
            }
            if block.is_of_population() {
                beside = self.beside(position);
            }
        }
    }

    /// Where the sampler stands at `position`.
    pub(super) fn inverse(&self, position: &[f64]) -> Vec<f64> {
        let mut x = position.to_vec();
        let beside = self.beside(position);
        for block in &self.blocks {
            for (row, index) in block.place.clone().enumerate() {
                let along = |column: usize| block.axes[(row, column)] * x[block.place.start + column];
                let known: f64 = (0..row).map(along).sum();
                let left = position[index] - block.centre[row] - block.followed(row, &beside) - known;
                x[index] = left / block.axes[(row, row)];
            }
        }
        x
    }

    /// The derivative with respect to x of what has the derivative `slopes` with respect to the position.
    fn pull_back(&self, slopes: &[f64], gradient: &mut [f64]) {
        gradient.copy_from_slice(slopes);
        // Members first: what they say about the population stands there before its own axes are turned to.
        for block in self.blocks.iter().filter(|block| !block.is_of_population()) {
            let along = DVector::from_row_slice(&slopes[block.place.clone()]);
            let of_population = block.follows.tr_mul(&along);
            gradient.iter_mut().zip(&of_population).for_each(|(to, slope)| *to += slope);
        }
        for block in &self.blocks {
            let along = gradient[block.place.clone()].to_vec();
            for (column, index) in block.place.clone().enumerate() {
                let rows = column..block.place.len();
                gradient[index] = rows.map(|row| block.axes[(row, column)] * along[row]).sum();
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
    fn of(
        place: Range<usize>,
        centre: Vec<f64>,
        covariance: &DMatrix<f64>,
        follows: DMatrix<f64>,
    ) -> Option<Self> {
        let mut numbers = covariance.iter().chain(&centre).chain(&follows);
        let is_finite = numbers.all(|number| number.is_finite());
        let axes = Cholesky::new(covariance.clone()).filter(|_| is_finite)?.l();
        Some(Block { place, centre, axes, follows })
    }

    fn is_of_population(&self) -> bool {
        self.follows.ncols() == 0
    }

    /// A row of `J δ`.
    fn followed(&self, row: usize, beside: &DVector<f64>) -> f64 {
        (0..self.follows.ncols()).map(|column| self.follows[(row, column)] * beside[column]).sum()
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

    /// A weight and a log standard deviation, estimated at 3 and 4, and a member of two coordinates that follows them.
    fn whitening() -> Whitening {
        let of_member = DMatrix::from_row_slice(2, 2, &[4.0, 2.0, 2.0, 5.0]);
        let follows = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 2.0, -1.0]);
        let nothing = DMatrix::zeros(1, 0);
        let weights = Block::of(0..1, vec![3.0], &DMatrix::from_element(1, 1, 9.0), nothing).unwrap();
        let member = Block::of(2..4, vec![10.0, 20.0], &of_member, follows).unwrap();
        Whitening { population: vec![3.0, 4.0], blocks: vec![weights, member] }
    }

    /// K = 3 for the weight and [[2, 0], [1, 2]] for the member. At x = (1, 5, 1, 3) the weight is 3 + 3, the population (3, 1)
    /// beside its estimate, and the member at (10 + 3 + 2, 20 + 6 - 1 + 1 + 6).
    #[test]
    fn a_position_is_the_centre_the_axes_and_what_follows_the_population() {
        let (whitening, mut position) = (whitening(), [0.0; 4]);
        whitening.position(&[1.0, 5.0, 1.0, 3.0], &mut position);
        assert_eq!(position.to_vec(), vec![6.0, 5.0, 15.0, 32.0]);
        assert_eq!(whitening.inverse(&position), [1.0, 5.0, 1.0, 3.0]);
        let mut gradient = [0.0; 4];
        whitening.pull_back(&[1.0, 2.0, 10.0, 100.0], &mut gradient);
        assert_eq!(gradient.to_vec(), vec![3.0 * (1.0 + 10.0 + 200.0), 2.0 - 100.0, 120.0, 200.0]);
    }
}
