//! Priors that are normal distributions on the unconstrained scale, which is where normal approximations live.

use super::Prior;

impl Prior {
    /// Mean and standard deviation on the unconstrained scale (the logarithm, or the logit) if the prior is normal there;
    /// `None` otherwise.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_fit::Prior;
    /// let prior = Prior::LogNormal { median: 1.0, sd: 0.5 };
    /// assert_eq!(prior.unconstrained_normal(), Some((0.0, 0.5)));
    /// assert_eq!(Prior::Uniform.unconstrained_normal(), None);
    /// ```
    pub fn unconstrained_normal(&self) -> Option<(f64, f64)> {
        match *self {
            Prior::Normal { mean, sd } | Prior::LogitNormal { mean, sd } => Some((mean, sd)),
            Prior::LogNormal { median, sd } => Some((median.ln(), sd)),
            _ => None,
        }
    }
}
