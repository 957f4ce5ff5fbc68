//! What empirical Bayes cannot be done with.

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmpiricalBayesError {
    /// A covariance that must be positive definite is not.
    #[error(
        "{what} is not positive definite; leave out parameters without variance, and subjects whose fit has none"
    )]
    NotPositiveDefinite {
        /// Which covariance.
        what: String,
    },
    /// Two things that belong together have different sizes.
    #[error("{what} has size {found}, but {expected} is needed")]
    Size {
        /// What has the wrong size.
        what: String,
        /// Its size.
        found: usize,
        /// The size it must have.
        expected: usize,
    },
    /// A number is not finite.
    #[error("{what} has an entry that is not finite; leave out subjects whose fit failed")]
    NotFinite {
        /// Where it stands.
        what: String,
    },
    /// A covariate that is 0 for everybody, or nobody to fit.
    #[error("{what}")]
    Design {
        /// What is wrong with the design.
        what: String,
    },
}

impl EmpiricalBayesError {
    pub(super) fn not_positive_definite(what: impl Into<String>) -> Self {
        EmpiricalBayesError::NotPositiveDefinite { what: what.into() }
    }

    pub(super) fn size(what: impl Into<String>, found: usize, expected: usize) -> Result<(), Self> {
        if found == expected {
            return Ok(());
        }
        Err(EmpiricalBayesError::Size { what: what.into(), found, expected })
    }
}
