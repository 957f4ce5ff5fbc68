//! A group estimated together: each person's estimate is informed by the population, and what the population's means depend
//! on (groups, covariates) is part of the model.
//!
//! | method | what it gives | file |
//! |---|---|---|
//! | [`ExpectationMaximisation`] | the most probable population, tests of its weights, shrunken estimates | `expectation_maximisation.rs` |
//! | [`HierarchicalBayesianInference`] | who uses which of several models, how frequent they are, each model's population | `bayesian_inference/` |
//! | [`HierarchicalSampler`] | draws from the joint posterior of population and subjects | `no_u_turn/` |
//!
//! All see the same contract: a [`GroupProblem`], that is a [`crate::Problem`] with the subjects that can be fitted and a
//! [`Formula`] per parameter. The population is normal on the unconstrained scale.

mod bayesian_inference;
mod design;
mod estimates;
mod expectation_maximisation;
mod first_level;
mod formula;
mod gaussian;
mod group_problem;
mod group_problem_error;
mod integrated_likelihood;
mod no_u_turn;
mod population;
mod round_watch;
mod weight_test;

pub use bayesian_inference::{
    BayesianInferenceError, BayesianInferenceFit, ComparedModel, CoordinatePosterior, FailedSearch,
    HierarchicalBayesianInference, Hyperprior, PopulationPosterior, RoundStarts,
};
pub(crate) use design::is_missing;
pub use design::{Coding, DesignColumn, DesignError, DesignMatrix};
pub use estimates::{GroupEstimates, GroupMember};
pub use expectation_maximisation::{
    ExpectationMaximisation, GroupConvergence, GroupFitError, PopulationStart,
};
pub(crate) use first_level::gradient_under;
pub use first_level::{ModeSearch, SubjectPosterior};
pub use formula::{Formula, FormulaError, Term};
pub use group_problem::{Coordinate, Excluded, GroupProblem, Weight};
pub use group_problem_error::GroupProblemError;
pub use integrated_likelihood::{IntegratedLikelihood, integrated_bic};
pub use no_u_turn::{
    ChainStore, Forgetful, GroupDensity, GroupHyperpriors, GroupPosterior, GroupSamplingError,
    HierarchicalSampler, NormalHyperprior, Parametrisation, ParametrisationChoice, Remedies, SamplingRun,
    ScaleHyperprior,
};
pub use population::{CovarianceForm, Population};
pub use round_watch::{RoundSeen, RoundWatch, unwatched_rounds};
pub use weight_test::{TTest, WeightEstimate};
