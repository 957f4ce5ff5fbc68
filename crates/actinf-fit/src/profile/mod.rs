//! Profile intervals: how far a parameter can be moved until the best the others can do is too bad.
//!
//! ```text
//! g(c) = max f(u) over all u with the parameter at c
//! interval at level q: all c with 2 (f(û) - g(c)) ≤ χ²₁(q)
//! ```
//!
//! with f the log-likelihood, or the log posterior. Unlike intervals from the curvature these follow a likelihood that is
//! skewed, or that never falls off on one side: there the interval is open. They do not depend on the scale the
//! parameter is measured on. A component of a simplex is moved on its logit scale, the others keeping what is left.
//!
//! # References
//!
//! Venzon & Moolgavkar (1988). A method for computing profile-likelihood-based confidence intervals. *Applied
//! Statistics* 37, 87-94. Raue et al. (2009). Structural and practical identifiability analysis of partially observed
//! dynamical models by exploiting the profile likelihood. *Bioinformatics* 25, 1923-1929.

mod constraint;
mod slice;
mod trace;

use crate::hessian::Curvature;
use crate::optimisers::{Maximum, Objective};
use crate::problem::{FreeParameter, Problem};
use crate::transform::logistic;
use actinf_agents::Support;
use constraint::Constraint;
use serde::{Deserialize, Serialize};
use slice::Slice;
use trace::{End, Tracer};

/// The levels q of the intervals and `√χ²₁(q)`, which is the `(1 + q)/2` quantile of the standard
/// normal distribution.
const LEVELS: [(f64, f64); 3] =
    [(0.5, 0.674_489_750_196_081_7), (0.8, 1.281_551_565_544_600_4), (0.95, 1.959_963_984_540_054)];

/// The profile of one scalar component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The parameter's (component's) name.
    pub parameter: String,
    /// The intervals of 50, 80 and 95 %, on the natural scale.
    pub intervals: Vec<ProfileInterval>,
}

/// A profile interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileInterval {
    /// 0.5, 0.8 or 0.95.
    pub level: f64,
    /// Where it begins.
    pub lower: ProfileEnd,
    /// Where it ends.
    pub upper: ProfileEnd,
}

/// An end of a profile interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileEnd {
    /// At this value.
    At(f64),
    /// Nowhere before the end of the support (or, on the real line, within 20 prior standard deviations).
    Open,
    /// It could not be found, for the reason given.
    Unknown(String),
}

impl ProfileEnd {
    /// The value, where there is one.
    pub fn value(&self) -> Option<f64> {
        if let ProfileEnd::At(value) = self { Some(*value) } else { None }
    }
}

/// The profiles of all free scalar components around a maximum of `objective`, which is a function of the problem's
/// coordinates: its log posterior or its log-likelihood.
pub fn profiles(
    problem: &Problem<'_>,
    objective: &mut dyn Objective,
    best: &Maximum,
    curvature: Option<&Curvature>,
) -> Vec<Profile> {
    let mut all = Vec::new();
    for p in problem.free() {
        for (component, parameter) in p.parameter.component_names().into_iter().enumerate() {
            let intervals = intervals(p, component, objective, best, curvature);
            all.push(Profile { parameter, intervals });
        }
    }
    all
}

fn intervals(
    p: &FreeParameter,
    component: usize,
    objective: &mut dyn Objective,
    best: &Maximum,
    curvature: Option<&Curvature>,
) -> Vec<ProfileInterval> {
    let constraint = Constraint::of(p, component);
    let scale = prior_scale(p, component);
    let slice = Slice::new(objective, constraint, best, curvature, scale);
    let mut tracer = Tracer::new(slice, best.value, scale);
    let thresholds = LEVELS.map(|(_, threshold)| threshold);
    let mut lower = tracer.ends(-1.0, &thresholds).into_iter();
    let mut upper = tracer.ends(1.0, &thresholds).into_iter();
    let natural = |end: Option<End>| natural(p, end.unwrap_or(End::Open));
    let interval = |(level, _): (f64, f64)| ProfileInterval {
        level,
        lower: natural(lower.next()),
        upper: natural(upper.next()),
    };
    LEVELS.into_iter().map(interval).collect()
}

/// The prior standard deviation of a component on its unconstrained scale.
fn prior_scale(p: &FreeParameter, component: usize) -> f64 {
    let variances = match p.parameter.support {
        Support::Simplex { .. } => p.prior.laplace_variances(),
        _ => p.prior.coordinate_variances(),
    };
    variances.get(component).copied().unwrap_or(1.0).sqrt()
}

fn natural(p: &FreeParameter, end: End) -> ProfileEnd {
    match end {
        End::Open => ProfileEnd::Open,
        End::Unknown(reason) => ProfileEnd::Unknown(reason),
        End::At(c) => match p.parameter.support {
            Support::Simplex { .. } => ProfileEnd::At(logistic(c)),
            _ => {
                let mut value = [0.0];
                p.transform.to_natural(&[c], &mut value);
                ProfileEnd::At(value[0])
            }
        },
    }
}
