//! Why formulas, subjects and a problem make no group problem.

use super::design::DesignError;

/// Why there is no group problem.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GroupProblemError {
    /// A formula for something that is not a free parameter.
    #[error("there is a formula for `{parameter}`, but the free parameters are {available}{suggestion}")]
    UnknownParameter {
        /// The name found.
        parameter: String,
        /// The names that would do.
        available: String,
        /// "; did you mean ...?", or nothing.
        suggestion: String,
    },
    /// Too few subjects to estimate a population.
    #[error(
        "too few subjects to be fitted together: {left}; a population whose means have up to {weights} weights needs at \
         least {needed}: simplify the formulas, or name a method that fits each subject alone{first_reason}"
    )]
    TooFewSubjects {
        /// Subjects that can be fitted.
        left: usize,
        /// Columns of the largest design.
        weights: usize,
        /// How many subjects are needed.
        needed: usize,
        /// ", for example ...", if subjects were left out.
        first_reason: String,
    },
    /// Models for other subjects.
    #[error(
        "model {model} is for other subjects than the first; map the same column of subjects of the same table"
    )]
    DifferentSubjects {
        /// The model's place, from 1.
        model: usize,
    },
    /// A formula that gives no design matrix.
    #[error("parameter `{parameter}`: {error}")]
    Design {
        /// The parameter.
        parameter: String,
        /// What is wrong.
        error: DesignError,
    },
}
