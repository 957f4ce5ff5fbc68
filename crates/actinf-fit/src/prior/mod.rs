//! Priors on the natural scale of a parameter.
//!
//! A prior is stated on the scale a reader thinks in: a learning rate between 0 and 1, a precision above 0.
//! Which supports a distribution may be used for:
//!
//! | support              | distributions                                     | default                          |
//! |----------------------|---------------------------------------------------|----------------------------------|
//! | real                 | normal                                            | Normal(mean = the default, σ 2)  |
//! | positive             | log-normal, gamma, exponential, half-normal       | LogNormal(median = the default, σ 1) |
//! | unit, interval       | logit-normal, beta, uniform (stretched to bounds) | LogitNormal(mean 0, σ 1.5)       |
//! | simplex of size K    | Dirichlet                                         | Dirichlet(2, ..., 2)             |
//!
//! The defaults are weakly informative. Normal(·, 2) puts 95 % of its mass within ±3.9 of the default; LogNormal(·, 1)
//! within a factor of 7.1; LogitNormal(0, 1.5) between 5 % and 95 % of the interval and nearly flat in between,
//! whatever the default value is; Dirichlet(2, ..., 2) has its mode at equal shares and vanishes at the edges.

mod beta;
mod default;
mod density;
mod dirichlet;
mod error;
mod exponential;
mod gamma;
mod half_normal;
mod log_normal;
mod logit_normal;
mod normal;
mod scalar;
#[cfg(test)]
mod tests;
mod trigamma;
mod unconstrained_normal;
mod uniform;

pub use error::{PriorError, PriorErrorKind};

use serde::{Deserialize, Serialize};

/// A prior distribution on the natural scale.
///
/// In fit files and results it is a table with the key `distribution` and the names below:
/// `{ distribution = "log_normal", median = 1.0, sd = 1.0 }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "distribution", rename_all = "snake_case", deny_unknown_fields)]
pub enum Prior {
    /// Normal, on the real line.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        sd: f64,
    },
    /// Log-normal, above zero: `ln x ~ Normal(ln median, sd²)`.
    LogNormal {
        /// The median of x.
        median: f64,
        /// The standard deviation of ln x.
        sd: f64,
    },
    /// Gamma, above zero, with mean `shape / rate`.
    Gamma {
        /// The shape.
        shape: f64,
        /// The rate: the inverse of the scale.
        rate: f64,
    },
    /// Exponential, above zero, with mean `1 / rate`.
    Exponential {
        /// The rate.
        rate: f64,
    },
    /// Half-normal, above zero: the absolute value of a `Normal(0, sd²)`.
    HalfNormal {
        /// The standard deviation of the normal that is folded.
        sd: f64,
    },
    /// Beta, between 0 and 1, or stretched to the bounds of an interval; its mean is `a / (a + b)` of the width.
    Beta {
        /// The first shape; larger pulls towards the upper bound.
        a: f64,
        /// The second shape; larger pulls towards the lower bound.
        b: f64,
    },
    /// Logit-normal: `ln(u / (1 - u)) ~ Normal(mean, sd²)`, with u the fraction of the way between the bounds.
    LogitNormal {
        /// The mean of the logit; 0 puts the median half-way between the bounds.
        mean: f64,
        /// The standard deviation of the logit.
        sd: f64,
    },
    /// Uniform between the bounds.
    Uniform,
    /// Dirichlet, on a simplex.
    Dirichlet {
        /// One concentration per component, in counts.
        concentration: Vec<f64>,
    },
}

impl Prior {
    /// The distribution's name as in fit files.
    pub fn name(&self) -> &'static str {
        match self {
            Prior::Normal { .. } => "normal",
            Prior::LogNormal { .. } => "log_normal",
            Prior::Gamma { .. } => "gamma",
            Prior::Exponential { .. } => "exponential",
            Prior::HalfNormal { .. } => "half_normal",
            Prior::Beta { .. } => "beta",
            Prior::LogitNormal { .. } => "logit_normal",
            Prior::Uniform => "uniform",
            Prior::Dirichlet { .. } => "dirichlet",
        }
    }
}

impl std::fmt::Display for Prior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Prior::Normal { mean, sd } => write!(f, "Normal(mean {mean}, σ {sd})"),
            Prior::LogNormal { median, sd } => write!(f, "LogNormal(median {median}, σ {sd})"),
            Prior::Gamma { shape, rate } => write!(f, "Gamma(shape {shape}, rate {rate})"),
            Prior::Exponential { rate } => write!(f, "Exponential(rate {rate})"),
            Prior::HalfNormal { sd } => write!(f, "HalfNormal(σ {sd})"),
            Prior::Beta { a, b } => write!(f, "Beta({a}, {b})"),
            Prior::LogitNormal { mean, sd } => write!(f, "LogitNormal(mean {mean}, σ {sd})"),
            Prior::Uniform => write!(f, "Uniform"),
            Prior::Dirichlet { concentration } => {
                let counts: Vec<String> = concentration.iter().map(f64::to_string).collect();
                write!(f, "Dirichlet({})", counts.join(", "))
            }
        }
    }
}
