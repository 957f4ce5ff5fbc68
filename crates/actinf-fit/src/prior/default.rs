//! The prior of a parameter for which none was stated.

use super::Prior;
use actinf_agents::{Parameter, Support};

impl Prior {
    /// The weakly informative prior of the parameter's support; the table is at the top of [`crate::prior`].
    ///
    /// A positive parameter whose default is not above zero, or a real one without a default, is refused when the
    /// problem is made; here it gets the prior its numbers give.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::{Parameter, Support};
    /// use actinf_fit::Prior;
    /// let precision = Parameter {
    ///     name: "policy_precision".into(),
    ///     symbol: "γ".into(),
    ///     meaning: String::new(),
    ///     support: Support::Positive,
    ///     default: vec![4.0],
    /// };
    /// assert_eq!(Prior::default_for(&precision).to_string(), "LogNormal(median 4, σ 1)");
    /// ```
    pub fn default_for(parameter: &Parameter) -> Prior {
        let default = parameter.default.first().copied().unwrap_or(f64::NAN);
        match parameter.support {
            Support::Real => Prior::Normal { mean: default, sd: 2.0 },
            Support::Positive => Prior::LogNormal { median: default, sd: 1.0 },
            Support::Unit | Support::Interval { .. } => Prior::LogitNormal { mean: 0.0, sd: 1.5 },
            Support::Simplex { size } => Prior::Dirichlet { concentration: vec![2.0; size] },
        }
    }
}
