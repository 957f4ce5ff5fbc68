//! What every distribution of one number provides, each in its own file.
//!
//! A distribution lives on one of three standard lines; [`crate::prior::density`] stretches the unit line to the
//! bounds of an interval. "Unconstrained" means ln x for the positive line and the logit of u for the unit line.

use super::Prior;
use super::beta::Beta;
use super::error::PriorErrorKind;
use super::exponential::Exponential;
use super::gamma::Gamma;
use super::half_normal::HalfNormal;
use super::log_normal::LogNormal;
use super::logit_normal::LogitNormal;
use super::normal::Normal;
use super::uniform::Uniform;
use rand::Rng;

/// The standard line a distribution lives on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// All real numbers.
    Real,
    /// Above zero.
    Positive,
    /// Strictly between 0 and 1.
    Unit,
}

/// A distribution of one number on its standard line.
pub(crate) trait ScalarDistribution {
    /// Where it lives.
    fn line(&self) -> Line;

    /// Whether its numbers make it a distribution.
    fn check(&self) -> Result<(), PriorErrorKind>;

    /// `ln p(x)` inside the line, in nats.
    fn log_density(&self, x: f64) -> f64;

    /// `d ln p(x) / dx` inside the line.
    fn log_density_slope(&self, x: f64) -> f64;

    /// The variance on the unconstrained scale.
    fn unconstrained_variance(&self) -> f64;

    /// The inverse curvature of the unconstrained log density at its mode: its variance as Laplace's method sees it.
    fn laplace_variance(&self) -> f64;

    /// The number below which a fraction `probability` of the mass lies.
    fn quantile(&self, probability: f64) -> f64;

    /// A draw; `None` where the numbers make no distribution.
    fn sample(&self, rng: &mut dyn Rng) -> Option<f64>;
}

impl Prior {
    /// Hands the distribution of one number to `use_it`; `None` for a Dirichlet.
    pub(crate) fn scalar<R>(&self, use_it: impl FnOnce(&dyn ScalarDistribution) -> R) -> Option<R> {
        Some(match *self {
            Prior::Normal { mean, sd } => use_it(&Normal { mean, sd }),
            Prior::LogNormal { median, sd } => use_it(&LogNormal { median, sd }),
            Prior::Gamma { shape, rate } => use_it(&Gamma { shape, rate }),
            Prior::Exponential { rate } => use_it(&Exponential { rate }),
            Prior::HalfNormal { sd } => use_it(&HalfNormal { sd }),
            Prior::Beta { a, b } => use_it(&Beta { a, b }),
            Prior::LogitNormal { mean, sd } => use_it(&LogitNormal { mean, sd }),
            Prior::Uniform => use_it(&Uniform),
            Prior::Dirichlet { .. } => return None,
        })
    }
}
