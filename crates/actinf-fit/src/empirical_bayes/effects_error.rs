//! Why a fit gives no effects.

use super::error::EmpiricalBayesError;
use super::record::LeftOut;
use crate::hierarchical::DesignError;

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EffectsError {
    /// A prior that is not normal where effects are.
    #[error(
        "the prior of `{parameter}`, {prior}, is not normal on the unconstrained scale, on which effects are; fit again \
         with a normal, log_normal or logit_normal one"
    )]
    NotNormal {
        /// The parameter.
        parameter: String,
        /// Its prior.
        prior: String,
    },
    /// Everything was fixed.
    #[error("the fit has no free parameter that could differ between people")]
    NothingFree,
    /// The subjects were estimated together: their estimates are drawn towards each other by a population already.
    #[error(
        "the people of this fit were estimated together, by {method}: the population is in everybody's estimate already, \
         and effects on these estimates would count it twice. What groups and covariates have to do with parameters is \
         in these results: population.csv, and \"Group effects\" in report.html, for the formulas of the fit file. For \
         other effects name them under [formulas] and fit again; or fit everybody alone, by maximum_a_posteriori or \
         laplace_approximation, and give the results of that fit"
    )]
    Together {
        /// How they were fitted.
        method: String,
    },
    /// No subject can be used.
    #[error(
        "no subject of this fit by {method} has a normal approximation with a log evidence{}; fit again with \
         laplace_approximation or maximum_a_posteriori",
        first_reason(left_out)
    )]
    Nobody {
        /// How it was fitted.
        method: String,
        /// Everybody.
        left_out: Vec<LeftOut>,
    },
    /// A formula that gives no design matrix.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// A column to be predicted that the design does not have.
    #[error("the design has no column `{column}` to predict; it has {available}{suggestion}")]
    UnknownColumn {
        /// What was asked for.
        column: String,
        /// What there is.
        available: String,
        /// "; did you mean ...?", or nothing.
        suggestion: String,
    },
    /// The group cannot be fitted.
    #[error(transparent)]
    Group(#[from] EmpiricalBayesError),
}

fn first_reason(left_out: &[LeftOut]) -> String {
    left_out.first().map_or_else(String::new, |out| format!(" ({}: {})", out.subject, out.reason))
}
