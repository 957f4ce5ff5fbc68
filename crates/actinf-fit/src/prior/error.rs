//! Why a prior cannot be used.

use actinf_agents::Support;

/// A prior that cannot be used for a parameter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the prior of parameter `{parameter}`: {kind}")]
pub struct PriorError {
    /// The parameter.
    pub parameter: String,
    /// What is wrong.
    pub kind: PriorErrorKind,
}

/// What is wrong with a prior.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PriorErrorKind {
    /// A number that must be finite is not.
    #[error("`{field}` is {value}; it must be a finite number")]
    NotFinite {
        /// The field of the prior.
        field: &'static str,
        /// What it holds.
        value: f64,
    },
    /// A number that must be finite and above zero is not.
    #[error("`{field}` is {value}; it must be a finite number above 0")]
    NotPositive {
        /// The field of the prior.
        field: &'static str,
        /// What it holds.
        value: f64,
    },
    /// The distribution belongs to another support.
    #[error("{distribution} does not fit a parameter that is {support}; use one of: {accepted}")]
    WrongSupport {
        /// The distribution's name.
        distribution: &'static str,
        /// The parameter's support.
        support: Support,
        /// The distributions that fit this support.
        accepted: &'static str,
    },
    /// A Dirichlet prior of another size than the parameter.
    #[error("`concentration` has {found} numbers, but the parameter has {expected} components")]
    WrongSize {
        /// The number of components of the parameter.
        expected: usize,
        /// The number of concentrations.
        found: usize,
    },
    /// Every draw was rounded to the edge of the support.
    #[error(
        "{attempts} draws of {prior} were all rounded to the edge of the support; choose a less extreme prior"
    )]
    DrawsAtEdge {
        /// The prior as text.
        prior: String,
        /// How many draws were made.
        attempts: usize,
    },
}

/// Accepts a finite number.
pub(crate) fn finite(field: &'static str, value: f64) -> Result<(), PriorErrorKind> {
    if value.is_finite() { Ok(()) } else { Err(PriorErrorKind::NotFinite { field, value }) }
}

/// Accepts a finite number above zero.
pub(crate) fn positive(field: &'static str, value: f64) -> Result<(), PriorErrorKind> {
    let accepted = value.is_finite() && value > 0.0;
    if accepted { Ok(()) } else { Err(PriorErrorKind::NotPositive { field, value }) }
}
