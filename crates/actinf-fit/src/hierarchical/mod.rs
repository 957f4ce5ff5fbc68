//! A group estimated together: each person's estimate is informed by the population, and what the population's means depend
//! on (groups, covariates) is part of the model.
//!
//! | method | what it gives | file |
//! |---|---|---|
//! | [`ExpectationMaximisation`] | the most probable population, tests of its weights, shrunken estimates | `expectation_maximisation.rs` |
//!
//! All see the same contract: a [`GroupProblem`], that is a [`crate::Problem`] with the subjects that can be fitted and a
//! [`Formula`] per parameter. The population is normal on the unconstrained scale.

mod design;
mod estimates;
mod expectation_maximisation;
mod first_level;
mod formula;
mod gaussian;
mod group_problem;
mod integrated_likelihood;
mod population;
mod subject_likelihood;
mod weight_test;

pub use design::{Coding, DesignColumn, DesignError, DesignMatrix};
pub use estimates::{GroupEstimates, GroupMember};
pub use expectation_maximisation::{
    ExpectationMaximisation, GroupConvergence, GroupFitError, PopulationStart,
};
pub use first_level::SubjectPosterior;
pub use formula::{Formula, FormulaError, Term};
pub use group_problem::{Coordinate, Excluded, GroupProblem, GroupProblemError, Weight};
pub use integrated_likelihood::{IntegratedLikelihood, integrated_bic};
pub use population::{CovarianceForm, Population};
pub use subject_likelihood::SubjectLikelihood;
pub use weight_test::{TTest, WeightEstimate};
