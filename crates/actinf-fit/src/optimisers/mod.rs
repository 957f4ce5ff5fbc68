//! Engines that climb: each finds a maximum of an [`Objective`] from a starting point.

mod argmin_door;
mod l_bfgs;
mod newton;
mod variational_laplace;

pub use l_bfgs::LBfgs;
pub use newton::polish;
pub(crate) use newton::polish_with_hessian;
pub use variational_laplace::{Derivatives, Expansion, Iteration, VariationalLaplace, VariationalPosterior};

use actinf_agents::LikelihoodError;

/// A function to be maximised, with its exact gradient.
pub trait Objective {
    /// The value at `point`, in nats; `gradient` receives the derivatives.
    ///
    /// # Errors
    ///
    /// If there is no finite value here. An error that is recoverable makes a search turn back; any other ends it.
    fn evaluate(&mut self, point: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError>;
}

/// Where a search ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Maximum {
    /// The best point seen.
    pub point: Vec<f64>,
    /// The objective there, in nats.
    pub value: f64,
    /// Its gradient there, in nats per unit of the coordinates.
    pub gradient: Vec<f64>,
    /// How often the objective was evaluated.
    pub evaluations: usize,
    /// Why the search stopped, in words.
    pub reason: String,
}

impl Maximum {
    /// The largest absolute component of the gradient.
    pub fn gradient_norm(&self) -> f64 {
        largest_absolute(&self.gradient)
    }
}

/// The largest absolute component of a vector.
pub(crate) fn largest_absolute(vector: &[f64]) -> f64 {
    vector.iter().fold(0.0, |largest, component| component.abs().max(largest))
}
