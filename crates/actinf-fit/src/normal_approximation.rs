//! The normal approximation of a subject's posterior (or likelihood) on the unconstrained scale, as it is recorded.

use crate::hessian::Curvature;
use crate::problem::{FreeParameter, Problem};
use actinf_agents::Support;
use serde::{Deserialize, Serialize};

/// Pairs of coordinates whose correlation exceeds this in size are listed.
pub const STRONG_CORRELATION: f64 = 0.9;

/// `Normal(mean, covariance)` over the unconstrained coordinates, from the curvature at the estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NormalApproximation {
    /// The coordinates, by the transform of their parameter: `learning_rate`'s is `logit(learning_rate)`.
    pub coordinates: Vec<String>,
    /// The estimate.
    pub mean: Vec<f64>,
    /// The covariance, by rows.
    pub covariance: Vec<Vec<f64>>,
    /// The pairs whose correlation exceeds 0.9 in size: data like these hardly tell the two apart.
    pub strongly_correlated: Vec<CorrelatedPair>,
}

/// Two coordinates and the correlation of their errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrelatedPair {
    /// The first.
    pub first: String,
    /// The second.
    pub second: String,
    /// Their correlation.
    pub correlation: f64,
}

impl NormalApproximation {
    /// At an estimate with this curvature.
    pub fn new(problem: &Problem<'_>, mean: &[f64], curvature: &Curvature) -> Self {
        let covariance = curvature.covariance.row_iter().map(|row| row.iter().copied().collect()).collect();
        let coordinates = problem.free().iter().flat_map(coordinate_names).collect();
        let mean = mean.to_vec();
        let mut approximation =
            NormalApproximation { coordinates, mean, covariance, strongly_correlated: Vec::new() };
        approximation.strongly_correlated = approximation.strong_pairs();
        approximation
    }

    /// The correlation of two coordinates, by position: `cov_ij / √(cov_ii cov_jj)`.
    ///
    /// # Example
    ///
    /// ```
    /// let approximation = actinf_fit::NormalApproximation {
    ///     coordinates: vec!["a".into(), "b".into()],
    ///     mean: vec![0.0, 0.0],
    ///     covariance: vec![vec![4.0, 1.0], vec![1.0, 1.0]],
    ///     strongly_correlated: vec![],
    /// };
    /// assert_eq!(approximation.correlation(0, 1), 0.5);
    /// ```
    pub fn correlation(&self, first: usize, second: usize) -> f64 {
        if first == second {
            return 1.0;
        }
        let variance = |k: usize| self.covariance[k][k];
        self.covariance[first][second] / (variance(first) * variance(second)).sqrt()
    }

    fn strong_pairs(&self) -> Vec<CorrelatedPair> {
        let names = &self.coordinates;
        let pairs = (0..names.len()).flat_map(|i| (0..i).map(move |j| (j, i)));
        let pair = |(i, j): (usize, usize)| {
            let correlation = self.correlation(i, j);
            (correlation.abs() > STRONG_CORRELATION).then(|| CorrelatedPair {
                first: names[i].clone(),
                second: names[j].clone(),
                correlation,
            })
        };
        pairs.filter_map(pair).collect()
    }
}

/// The names of a parameter's coordinates.
pub(crate) fn coordinate_names(p: &FreeParameter) -> Vec<String> {
    let name = &p.parameter.name;
    match p.parameter.support {
        Support::Real => vec![name.clone()],
        Support::Positive => vec![format!("ln({name})")],
        Support::Unit | Support::Interval { .. } => vec![format!("logit({name})")],
        Support::Simplex { size } => (1..size).map(|k| format!("ln({name}[{k}]/{name}[{size}])")).collect(),
    }
}
