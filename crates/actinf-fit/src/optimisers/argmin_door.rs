//! The door between our objectives and argmin.
//!
//! argmin minimises, asks for cost and gradient in separate calls, and cannot digest a cost that is not finite. Here the
//! sign is changed once ([`cost`]), each point is evaluated once, the best point seen is remembered, and points without
//! a finite objective are answered for.
//!
//! **Points without an objective.** Where the likelihood is zero or undefined but other points may do, the line
//! search is told the cost of a cone around the best point b seen so far:
//!
//! ```text
//! cost(x) = cost(b) + ‖∇f(b)‖ ‖x - b‖
//! ```
//!
//! It is finite, lies above the best cost seen, and rises away from b as fast as the cost falls there. Along the
//! gradient the cubic of the line search then has its minimum at about a seventh of the way to x (values 0 and s,
//! slopes -s and s per unit: at 0.14), whatever the scale of the problem, so the search turns back step by step. A
//! constant, however large, would not do: interpolating towards it shrinks the step to nothing (the tests of
//! `l_bfgs.rs` hold a case). The cone is never returned as a result; a search that it misled begins again at b.

use super::{Maximum, Objective, largest_absolute};
use actinf_agents::LikelihoodError;
use argmin::core::{CostFunction, Error, Gradient};
use std::cell::RefCell;

/// What argmin minimises: the only negation there is, times a positive scale.
fn cost(value: f64, gradient: &[f64], scale: f64) -> (f64, Vec<f64>) {
    (-value * scale, gradient.iter().map(|slope| -slope * scale).collect())
}

/// A point with a finite objective.
pub(super) struct Seen {
    pub(super) point: Vec<f64>,
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
}

/// The objective as argmin sees it, through shared references.
pub(super) struct Door<'o> {
    inner: RefCell<Inner<'o>>,
}

struct Inner<'o> {
    objective: &'o mut dyn Objective,
    best: Seen,
    last: Option<(Vec<f64>, f64, Vec<f64>)>,
    scale: f64,
    evaluations: usize,
    limit: usize,
    fatal: Option<LikelihoodError>,
}

impl<'o> Door<'o> {
    pub(super) fn new(objective: &'o mut dyn Objective, best: Seen, limit: usize) -> Self {
        let inner = Inner { objective, best, last: None, scale: 1.0, evaluations: 1, limit, fatal: None };
        Door { inner: RefCell::new(inner) }
    }

    /// Scales the cost so that the first step, which follows the raw gradient, is no longer than 1; the best point
    /// seen, where the next round begins, is remembered under the new scale.
    pub(super) fn rescale(&mut self) -> f64 {
        let inner = self.inner.get_mut();
        inner.scale = 1.0 / euclidean_norm(&inner.best.gradient).max(1.0);
        let (cost, gradient) = cost(inner.best.value, &inner.best.gradient, inner.scale);
        inner.last = Some((inner.best.point.clone(), cost, gradient));
        inner.scale
    }

    pub(super) fn best_value(&mut self) -> f64 {
        self.inner.get_mut().best.value
    }

    pub(super) fn best_point(&mut self) -> Vec<f64> {
        self.inner.get_mut().best.point.clone()
    }

    pub(super) fn best_gradient_norm(&mut self) -> f64 {
        largest_absolute(&self.inner.get_mut().best.gradient)
    }

    pub(super) fn is_exhausted(&mut self) -> bool {
        let inner = self.inner.get_mut();
        inner.evaluations >= inner.limit
    }

    pub(super) fn take_fatal(&mut self) -> Option<LikelihoodError> {
        self.inner.get_mut().fatal.take()
    }

    pub(super) fn into_maximum(self, stopped: String, tolerance: f64) -> Maximum {
        let inner = self.inner.into_inner();
        let Seen { point, value, gradient } = inner.best;
        let reason = if largest_absolute(&gradient) <= tolerance {
            "the gradient vanished".to_owned()
        } else if inner.evaluations >= inner.limit {
            format!("the limit of {} evaluations was reached", inner.limit)
        } else {
            format!("no further gain ({stopped})")
        };
        Maximum { point, value, gradient, evaluations: inner.evaluations, reason }
    }
}

impl Inner<'_> {
    /// Cost and gradient at `point`, evaluated once for both of argmin's calls.
    fn at(&mut self, point: &[f64]) -> Result<&(Vec<f64>, f64, Vec<f64>), Error> {
        let remembered = self.last.take().filter(|(last, ..)| last == point);
        let entry = match remembered {
            Some(entry) => entry,
            None => {
                let (cost, gradient) = self.fresh(point)?;
                (point.to_vec(), cost, gradient)
            }
        };
        Ok(self.last.insert(entry))
    }

    fn fresh(&mut self, point: &[f64]) -> Result<(f64, Vec<f64>), Error> {
        if self.evaluations >= self.limit {
            return Err(Error::msg("the limit of evaluations was reached"));
        }
        if point.iter().any(|coordinate| !coordinate.is_finite()) {
            return Err(Error::msg("the search direction is not finite"));
        }
        self.evaluations += 1;
        let mut gradient = vec![0.0; point.len()];
        match self.objective.evaluate(point, &mut gradient) {
            Ok(value) => {
                let answer = cost(value, &gradient, self.scale);
                if value > self.best.value {
                    self.best = Seen { point: point.to_vec(), value, gradient };
                }
                Ok(answer)
            }
            Err(error) if error.is_recoverable() => Ok(self.cone(point)),
            Err(error) => {
                self.fatal = Some(error);
                Err(Error::msg("the likelihood cannot be evaluated"))
            }
        }
    }

    /// The stand-in for a point without an objective (see the top of this file).
    fn cone(&self, point: &[f64]) -> (f64, Vec<f64>) {
        let offset: Vec<f64> = point.iter().zip(&self.best.point).map(|(x, b)| x - b).collect();
        let distance = euclidean_norm(&offset);
        let slope = euclidean_norm(&self.best.gradient);
        let descent: Vec<f64> = offset.iter().map(|component| -slope * component / distance).collect();
        cost(self.best.value - slope * distance, &descent, self.scale)
    }
}

fn euclidean_norm(vector: &[f64]) -> f64 {
    vector.iter().map(|component| component * component).sum::<f64>().sqrt()
}

impl CostFunction for &Door<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, point: &Vec<f64>) -> Result<f64, Error> {
        self.inner.borrow_mut().at(point).map(|entry| entry.1)
    }
}

impl Gradient for &Door<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, point: &Vec<f64>) -> Result<Vec<f64>, Error> {
        self.inner.borrow_mut().at(point).map(|entry| entry.2.clone())
    }
}
