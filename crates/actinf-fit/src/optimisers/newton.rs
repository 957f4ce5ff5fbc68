//! Newton's method for the last digits: a few steps with the full curvature, near a maximum.

use super::{Maximum, Objective, largest_absolute};
use crate::hessian::{Curvature, hessian};
use nalgebra::{DMatrix, DVector};

/// Newton steps at most.
const MAX_STEPS: usize = 5;

/// Improves a maximum until no component of its gradient exceeds `tolerance`, by steps `A⁻¹ ∇f` with A the negative
/// Hessian. A step is kept only if it lowers the gradient and loses no more than rounding (1e-10 of the
/// objective's size); the first one that fails, or a curvature that is not positive definite, ends the polish.
pub fn polish(objective: &mut dyn Objective, maximum: Maximum, tolerance: f64) -> Maximum {
    polish_with_hessian(objective, maximum, tolerance).0
}

/// As [`polish`], with the Hessian at the end where it is known: where the last step was not kept.
pub(crate) fn polish_with_hessian(
    objective: &mut dyn Objective,
    mut maximum: Maximum,
    tolerance: f64,
) -> (Maximum, Option<DMatrix<f64>>) {
    for _ in 0..MAX_STEPS {
        if maximum.gradient_norm() <= tolerance {
            break;
        }
        maximum.evaluations += 2 * maximum.point.len();
        let Ok(hessian) = hessian(objective, &maximum.point) else { break };
        if !step(objective, &mut maximum, &hessian) {
            return (maximum, Some(hessian));
        }
        maximum.reason = "the gradient vanished after Newton steps".to_owned();
    }
    (maximum, None)
}

/// One step with the Hessian at the maximum; whether it was kept.
fn step(objective: &mut dyn Objective, maximum: &mut Maximum, hessian: &DMatrix<f64>) -> bool {
    let dimension = maximum.point.len();
    let Some(curvature) = Curvature::of_hessian(hessian) else {
        return false;
    };
    let direction = curvature.covariance * DVector::from_column_slice(&maximum.gradient);
    let point: Vec<f64> = maximum.point.iter().zip(direction.iter()).map(|(x, step)| x + step).collect();
    let mut gradient = vec![0.0; dimension];
    maximum.evaluations += 1;
    let Ok(value) = objective.evaluate(&point, &mut gradient) else {
        return false;
    };
    let rounding = 1e-10 * maximum.value.abs().max(1.0);
    let kept = largest_absolute(&gradient) < maximum.gradient_norm() && value >= maximum.value - rounding;
    if kept {
        *maximum = Maximum { point, value, gradient, ..maximum.clone() };
    }
    kept
}
