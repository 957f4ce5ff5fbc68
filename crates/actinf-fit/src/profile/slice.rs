//! The objective with one component held: a function of the coordinates left, measured in units in which its
//! curvature at the maximum is 1 in every direction, so that a few steps of the search suffice.

use super::constraint::Constraint;
use crate::hessian::Curvature;
use crate::optimisers::{LBfgs, Maximum, Objective};
use actinf_agents::LikelihoodError;
use nalgebra::{Cholesky, DMatrix, DVector};

/// The best the others can do, with the component held.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) held: f64,
    pub(super) left: Vec<f64>,
    pub(super) value: f64,
}

/// The objective around its maximum, ready to be held at many values.
pub(super) struct Slice<'o> {
    objective: &'o mut dyn Objective,
    constraint: Constraint,
    /// Where the maximum is.
    pub(super) centre: Held,
    /// The standard deviation of the held value that the curvature gives, or the prior's.
    pub(super) deviation: f64,
    units: DMatrix<f64>,
    drift: DVector<f64>,
}

/// The engine with which the others follow.
const ENGINE: LBfgs = LBfgs {
    memory: 10,
    max_iterations: 100,
    max_evaluations: 500,
    gradient_tolerance: 1e-5,
    value_tolerance: 1e-11,
    max_rounds: 3,
};

impl<'o> Slice<'o> {
    /// Around `best`; `scale` serves where there is no curvature.
    pub(super) fn new(
        objective: &'o mut dyn Objective,
        constraint: Constraint,
        best: &Maximum,
        curvature: Option<&Curvature>,
        scale: f64,
    ) -> Self {
        let (held, left) = (constraint.held(&best.point), constraint.left(&best.point));
        let size = left.len();
        let centre = Held { held, left, value: best.value };
        let precision = curvature.and_then(|c| c.covariance.clone().try_inverse());
        let local = precision.and_then(|precision| Local::of(&precision, &constraint, &best.point));
        let Local { units, drift, deviation } = local.unwrap_or_else(|| Local {
            units: DMatrix::identity(size, size),
            drift: DVector::zeros(size),
            deviation: scale,
        });
        Slice { objective, constraint, centre, deviation, units, drift }
    }

    /// The best the others can do at `held`, beginning from what they did at `near`.
    pub(super) fn best_at(&mut self, held: f64, near: &Held) -> Result<Held, LikelihoodError> {
        let shift = held - near.held;
        let left: Vec<f64> =
            near.left.iter().zip(self.drift.iter()).map(|(left, drift)| left + shift * drift).collect();
        if left.is_empty() {
            let point = self.constraint.point(held, &left);
            let value = self.objective.evaluate(&point, &mut vec![0.0; point.len()])?;
            return Ok(Held { held, left, value });
        }
        let mut others = Others {
            objective: &mut *self.objective,
            constraint: &self.constraint,
            units: &self.units,
            held,
            origin: DVector::from_vec(left),
        };
        let found = ENGINE.maximise(&mut others, &vec![0.0; self.units.ncols()])?;
        let left = others.left(&found.point).as_slice().to_vec();
        Ok(Held { held, left, value: found.value })
    }
}

/// What the curvature at the maximum says about the others.
struct Local {
    units: DMatrix<f64>,
    drift: DVector<f64>,
    deviation: f64,
}

impl Local {
    /// With J the derivative of the point by what is left, t by what is held and P the precision: the others have
    /// the precision `JᵀPJ`, follow the held value by `-(JᵀPJ)⁻¹JᵀPt`, and the held value has what is left of `tᵀPt`.
    fn of(precision: &DMatrix<f64>, constraint: &Constraint, point: &[f64]) -> Option<Self> {
        let dimension = point.len();
        let rows: Vec<DVector<f64>> = (0..dimension)
            .map(|k| {
                let mut unit = vec![0.0; dimension];
                unit[k] = 1.0;
                DVector::from_vec(constraint.slopes(point, &unit))
            })
            .collect();
        let jacobian = DMatrix::from_fn(dimension, dimension - 1, |row, column| rows[row][column]);
        let tangent = DVector::from_vec(constraint.tangent(dimension));
        let own = jacobian.transpose() * precision * &jacobian;
        let cross = jacobian.transpose() * precision * &tangent;
        let factor = Cholesky::new(own)?;
        let drift = -factor.solve(&cross);
        let rest = (tangent.transpose() * precision * &tangent)[(0, 0)] + cross.dot(&drift);
        let units = factor.l().transpose().try_inverse()?;
        (rest > 0.0).then(|| Local { units, drift, deviation: 1.0 / rest.sqrt() })
    }
}

/// The objective as a function of the others, in their units.
struct Others<'a> {
    objective: &'a mut dyn Objective,
    constraint: &'a Constraint,
    units: &'a DMatrix<f64>,
    held: f64,
    origin: DVector<f64>,
}

impl Others<'_> {
    fn left(&self, offset: &[f64]) -> DVector<f64> {
        &self.origin + self.units * DVector::from_column_slice(offset)
    }
}

impl Objective for Others<'_> {
    fn evaluate(&mut self, offset: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        let point = self.constraint.point(self.held, self.left(offset).as_slice());
        let mut slopes = vec![0.0; point.len()];
        let value = self.objective.evaluate(&point, &mut slopes)?;
        let own = DVector::from_vec(self.constraint.slopes(&point, &slopes));
        gradient.copy_from_slice((self.units.transpose() * own).as_slice());
        Ok(value)
    }
}
