//! Limited-memory BFGS with the line search of Moré and Thuente, run by argmin.
//!
//! What argmin must not see (a maximum, a cost that is not finite, a second evaluation of the same point) is kept from
//! it at its door, `argmin_door.rs`.
//!
//! # References
//!
//! Liu & Nocedal (1989). On the limited memory BFGS method for large scale optimization. *Mathematical Programming*
//! 45, 503-528. Moré & Thuente (1994). Line search algorithms with guaranteed sufficient decrease. *ACM Transactions
//! on Mathematical Software* 20, 286-307.

use super::argmin_door::{Door, Seen};
use super::{Maximum, Objective};
use actinf_agents::LikelihoodError;
use argmin::core::{Executor, IterState};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

/// L-BFGS and when it stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LBfgs {
    /// How many past steps the curvature is learned from.
    pub memory: usize,
    /// Iterations at most, per round.
    pub max_iterations: u64,
    /// Evaluations at most, over all rounds.
    pub max_evaluations: usize,
    /// It stops where no component of the gradient is larger than this, in nats per unit.
    pub gradient_tolerance: f64,
    /// It stops where an iteration gains less than this, in nats.
    pub value_tolerance: f64,
    /// How often it is begun anew at the best point seen, with its memory cleared, while that gains anything.
    pub max_rounds: usize,
}

impl Default for LBfgs {
    fn default() -> Self {
        LBfgs {
            memory: 10,
            max_iterations: 200,
            max_evaluations: 1000,
            gradient_tolerance: 1e-6,
            value_tolerance: 1e-10,
            max_rounds: 4,
        }
    }
}

impl LBfgs {
    /// Climbs from `start` and returns the best point seen.
    ///
    /// # Errors
    ///
    /// If the objective has no finite value at the start, or anywhere an error that is not recoverable.
    pub fn maximise(&self, objective: &mut dyn Objective, start: &[f64]) -> Result<Maximum, LikelihoodError> {
        let mut gradient = vec![0.0; start.len()];
        let value = objective.evaluate(start, &mut gradient)?;
        let best = Seen { point: start.to_vec(), value, gradient };
        let (limit, tolerance) = (self.max_evaluations, self.gradient_tolerance);
        let mut door = Door::new(objective, best, limit);
        let mut reason = String::new();
        for _ in 0..self.max_rounds {
            let before = door.best_value();
            reason = self.round(&mut door);
            if let Some(error) = door.take_fatal() {
                return Err(error);
            }
            let gained = door.best_value() - before;
            if door.best_gradient_norm() <= tolerance || gained <= self.value_tolerance || door.is_exhausted()
            {
                break;
            }
        }
        Ok(door.into_maximum(reason, tolerance))
    }

    /// One run of argmin from the best point seen; returns why it stopped.
    fn round(&self, door: &mut Door<'_>) -> String {
        let scale = door.rescale();
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), self.memory)
            .with_tolerance_grad(self.gradient_tolerance * scale)
            .and_then(|solver| solver.with_tolerance_cost(self.value_tolerance * scale));
        let solver = match solver {
            Ok(solver) => solver,
            Err(error) => return error.to_string(),
        };
        let start = door.best_point();
        let outcome = Executor::new(&*door, solver)
            .configure(|state: IterState<Vec<f64>, Vec<f64>, (), (), (), f64>| {
                state.param(start).max_iters(self.max_iterations)
            })
            .ctrlc(false)
            .timer(false)
            .run();
        match outcome {
            Ok(result) => result.state.termination_status.to_string(),
            Err(error) => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actinf_agents::LikelihoodErrorKind;

    /// `f(x, y) = -(1 - x)² - 100 (y - x²)²`, undefined where `x > edge`.
    struct Valley {
        edge: f64,
        calls: usize,
        refused: usize,
    }

    impl Objective for Valley {
        fn evaluate(&mut self, p: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
            self.calls += 1;
            let (x, y) = (p[0], p[1]);
            if x > self.edge {
                self.refused += 1;
                return Err(LikelihoodError::of_model("beyond the edge"));
            }
            gradient[0] = 2.0 * (1.0 - x) + 400.0 * x * (y - x * x);
            gradient[1] = -200.0 * (y - x * x);
            Ok(-(1.0 - x).powi(2) - 100.0 * (y - x * x).powi(2))
        }
    }

    #[test]
    fn the_end_of_a_curved_valley_is_found() {
        let mut valley = Valley { edge: f64::INFINITY, calls: 0, refused: 0 };
        let maximum = LBfgs::default().maximise(&mut valley, &[-1.2, 1.0]).unwrap();
        assert!(maximum.gradient_norm() < 1e-4, "{maximum:?}");
        assert!((maximum.point[0] - 1.0).abs() < 1e-4 && (maximum.point[1] - 1.0).abs() < 1e-4);
        assert_eq!(maximum.evaluations, valley.calls);
    }

    #[test]
    fn the_end_is_found_right_beside_the_undefined() {
        let mut valley = Valley { edge: 1.01, calls: 0, refused: 0 };
        let maximum = LBfgs::default().maximise(&mut valley, &[-1.2, 1.0]).unwrap();
        assert!(maximum.gradient_norm() < 1e-4, "{maximum:?}");
        assert!((maximum.point[0] - 1.0).abs() < 1e-4);
    }

    /// A stand-in cost of 1e6 or 1e300 instead of the cone fails this: the line search gives up or never ends.
    #[test]
    fn one_round_turns_back_dozens_of_times_and_still_arrives() {
        let mut valley = Valley { edge: 1.1, calls: 0, refused: 0 };
        let optimiser = LBfgs { max_rounds: 1, ..LBfgs::default() };
        let maximum = optimiser.maximise(&mut valley, &[0.5, 2.0]).unwrap();
        assert!(valley.refused > 10, "refused only {}", valley.refused);
        assert!(maximum.gradient_norm() < 1e-4, "{maximum:?}");
    }

    #[test]
    fn a_search_misled_by_the_undefined_begins_again() {
        for edge in [1.001, 1.01, 1.5] {
            let mut valley = Valley { edge, calls: 0, refused: 0 };
            let maximum = LBfgs::default().maximise(&mut valley, &[0.5, 2.0]).unwrap();
            assert!(maximum.gradient_norm() < 1e-4, "edge {edge}: {maximum:?}");
        }
    }

    #[test]
    fn a_rim_is_approached_and_never_crossed() {
        let mut valley = Valley { edge: 0.5, calls: 0, refused: 0 };
        let maximum = LBfgs::default().maximise(&mut valley, &[-1.2, 1.0]).unwrap();
        assert!(maximum.point[0] <= 0.5 && maximum.point[0] > 0.4, "{maximum:?}");
        assert!(valley.calls <= LBfgs::default().max_evaluations);
    }

    #[test]
    fn the_limit_of_evaluations_is_kept_and_named() {
        let mut valley = Valley { edge: f64::INFINITY, calls: 0, refused: 0 };
        let optimiser = LBfgs { max_evaluations: 7, ..LBfgs::default() };
        let maximum = optimiser.maximise(&mut valley, &[-1.2, 1.0]).unwrap();
        assert_eq!(valley.calls, 7);
        assert_eq!(maximum.reason, "the limit of 7 evaluations was reached");
    }

    /// Fits no schema from its third evaluation on.
    struct Broken(usize);

    impl Objective for Broken {
        fn evaluate(&mut self, p: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
            self.0 += 1;
            gradient[0] = -p[0].powi(3);
            if self.0 < 3 {
                return Ok(-p[0].powi(4) / 4.0);
            }
            let kind = LikelihoodErrorKind::InvalidBehaviour("no such action".into());
            Err(LikelihoodError { kind, place: None, row: None })
        }
    }

    #[test]
    fn an_error_that_no_point_can_mend_ends_the_search() {
        let error = LBfgs::default().maximise(&mut Broken(0), &[3.0]).unwrap_err();
        assert!(!error.is_recoverable());
        let mut beyond = Valley { edge: 0.5, calls: 0, refused: 0 };
        assert!(LBfgs::default().maximise(&mut beyond, &[0.7, 0.0]).is_err());
    }
}
