//! The optima that a subject's searches found, as places to draw around.

use crate::estimates::log_evidence;
use crate::hessian::{Curvature, hessian};
use crate::optimisers::{Maximum, Objective};
use nalgebra::{DMatrix, DVector};

/// Optima lower than the best by more than this many nats are no places to draw around: they hold next to no mass.
const LOWEST: f64 = 10.0;
/// Optima closer than this to a known one, in its standard deviations, are the same.
const SAME: f64 = 0.5;
/// At most so many optima are drawn around.
const MOST: usize = 8;

/// An optimum with the curvature there.
#[derive(Clone, Debug)]
pub(crate) struct Mode {
    pub(super) point: DVector<f64>,
    pub(super) covariance: DMatrix<f64>,
    /// Laplace's approximation of the evidence around it alone, in nats.
    pub(super) log_evidence: f64,
}

impl Mode {
    pub(crate) fn new(point: &[f64], value: f64, curvature: &Curvature) -> Self {
        Mode {
            point: DVector::from_column_slice(point),
            covariance: curvature.covariance.clone(),
            log_evidence: log_evidence(value, point.len(), curvature),
        }
    }

    fn is_at(&self, point: &DVector<f64>) -> bool {
        let offset = point - &self.point;
        let Some(factor) = nalgebra::Cholesky::new(self.covariance.clone()) else { return false };
        offset.dot(&factor.solve(&offset)) < SAME * SAME
    }
}

/// The best optimum and all others that the searches found, highest first; places that are no maximum are left out.
pub(crate) fn modes(
    objective: &mut dyn Objective,
    best: Mode,
    best_value: f64,
    searches: &[Result<Maximum, String>],
) -> Vec<Mode> {
    let mut others: Vec<&Maximum> =
        searches.iter().flatten().filter(|s| s.value > best_value - LOWEST).collect();
    others.sort_by(|a, b| b.value.total_cmp(&a.value));
    let mut modes = vec![best];
    for search in others {
        let point = DVector::from_column_slice(&search.point);
        if modes.len() == MOST || modes.iter().any(|mode| mode.is_at(&point)) {
            continue;
        }
        let curvature = hessian(objective, &search.point).ok().and_then(|h| Curvature::of_hessian(&h));
        modes.extend(curvature.map(|curvature| Mode::new(&search.point, search.value, &curvature)));
    }
    modes
}
