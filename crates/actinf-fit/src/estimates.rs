//! From a maximum and its curvature to estimates with standard errors and intervals: Laplace's method.
//!
//! ```text
//! p(u | y) ≈ Normal(û, A⁻¹),   A = -∂²f(û)/∂u²
//! ln p(y)  ≈ f(û) + d/2 ln 2π - ½ ln det A
//! ```
//!
//! with f the log posterior density on the unconstrained scale and d coordinates. Intervals are made there and
//! transformed, so they never leave the support; for a component of a simplex, "there" is the logit of the component.
//!
//! # References
//!
//! MacKay (2003). *Information Theory, Inference, and Learning Algorithms*, chapter 27. Cambridge University Press.

use crate::hessian::Curvature;
use crate::problem::{FreeParameter, Problem};
use crate::results::Estimate;
use crate::transform::{logistic, logit};
use actinf_agents::Support;
use std::f64::consts::PI;

/// The 97.5 % quantile of the standard normal distribution.
const INTERVAL_QUANTILE: f64 = 1.959_963_984_540_054;

/// How close to a bound, as a fraction of the width of the support (or, above zero, of the prior median), an estimate
/// counts as "at the bound".
const BOUND_FRACTION: f64 = 1e-3;

/// The Laplace approximation of the log evidence, in nats.
pub fn log_evidence(log_posterior: f64, dimension: usize, curvature: &Curvature) -> f64 {
    log_posterior + 0.5 * dimension as f64 * (2.0 * PI).ln() - 0.5 * curvature.log_determinant
}

/// One estimate per free component at `coordinates`, with uncertainties where there is a curvature.
pub fn estimates(problem: &Problem<'_>, coordinates: &[f64], curvature: Option<&Curvature>) -> Vec<Estimate> {
    problem.free().iter().flat_map(|p| parameter_estimates(p, coordinates, curvature)).collect()
}

fn parameter_estimates(p: &FreeParameter, all: &[f64], curvature: Option<&Curvature>) -> Vec<Estimate> {
    let coordinates = &all[p.coordinates.clone()];
    let mut natural = vec![0.0; p.natural.len()];
    p.transform.to_natural(coordinates, &mut natural);
    let prior_variances = p.prior.laplace_variances();
    let names = p.parameter.component_names();
    let component = |(index, parameter)| {
        let gradient = p.transform.component_gradient(coordinates, &natural, index);
        let along = |c: &Curvature| c.variance_along(&widened(&gradient, p, all.len())).sqrt();
        let standard_error = curvature.map(along);
        let spread = curvature.map(|c| Spread::of(p, all, natural[index], along(c), c));
        Estimate {
            parameter,
            estimate: natural[index],
            standard_error,
            lower: spread.map(|s| s.bound(p, -INTERVAL_QUANTILE)),
            upper: spread.map(|s| s.bound(p, INTERVAL_QUANTILE)),
            contraction: spread.map(|s| 1.0 - s.sd * s.sd / prior_variances[index]),
            at_bound: is_at_bound(p, natural[index]),
        }
    };
    names.into_iter().enumerate().map(component).collect()
}

/// A parameter's own gradient, as one over all coordinates.
fn widened(own: &[f64], p: &FreeParameter, dimension: usize) -> Vec<f64> {
    let mut gradient = vec![0.0; dimension];
    gradient[p.coordinates.clone()].copy_from_slice(own);
    gradient
}

/// A component on its unconstrained scale: centre and standard deviation.
#[derive(Clone, Copy)]
struct Spread {
    centre: f64,
    sd: f64,
}

impl Spread {
    fn of(p: &FreeParameter, all: &[f64], value: f64, standard_error: f64, curvature: &Curvature) -> Self {
        if let Support::Simplex { .. } = p.parameter.support {
            return Spread { centre: logit(value), sd: standard_error / (value * (1.0 - value)) };
        }
        let own = p.coordinates.start;
        Spread { centre: all[own], sd: curvature.covariance[(own, own)].sqrt() }
    }

    fn bound(self, p: &FreeParameter, deviations: f64) -> f64 {
        let end = self.centre + deviations * self.sd;
        if let Support::Simplex { .. } = p.parameter.support {
            return logistic(end);
        }
        let mut natural = [0.0];
        p.transform.to_natural(&[end], &mut natural);
        natural[0]
    }
}

/// Whether an estimate should be read as "at the bound": within a thousandth of the width of its support from either
/// end, or, above zero, below a thousandth of the prior median.
fn is_at_bound(p: &FreeParameter, value: f64) -> bool {
    let is_edge = |fraction: f64| !(BOUND_FRACTION..=1.0 - BOUND_FRACTION).contains(&fraction);
    match p.parameter.support {
        Support::Real => false,
        Support::Positive => {
            let median = p.prior.quantile(Support::Positive, 0.5);
            median.is_some_and(|median| value < BOUND_FRACTION * median)
        }
        Support::Unit | Support::Simplex { .. } => is_edge(value),
        Support::Interval { lower, upper } => is_edge((value - lower) / (upper - lower)),
    }
}
