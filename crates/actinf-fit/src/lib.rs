//! From recorded behaviour to estimates: priors, transforms, methods, and the parallel loop over subjects.
//!
//! This room knows a model as the log-likelihood of a subject's behaviour as a function of parameter values, with its
//! gradient ([`actinf_agents::BehaviourModel`]); it knows the supports of the parameters; it has the only threads.
//! It must not know which equations produced a likelihood, what beliefs or policies are, file formats or terminals.
//!
//! | where                   | what                                                                    |
//! |-------------------------|-------------------------------------------------------------------------|
//! | [`dataset`], [`results`], [`population_record`] | what comes in and what goes out                  |
//! | [`prior`]               | priors on the natural scale, one file per distribution                  |
//! | [`transform`]           | natural values and unconstrained coordinates                            |
//! | [`problem`]             | a model with the role of each parameter, checked                        |
//! | [`log_posterior`]       | log-likelihood + log prior + log Jacobian: what every method sees       |
//! | [`optimisers`]          | engines that climb: L-BFGS, Newton, SPM's                                 |
//! | [`hessian`]             | curvature at a maximum                                                  |
//! | [`estimates`]           | Laplace's method: standard errors, intervals, contraction, log evidence |
//! | [`normal_approximation`]| covariance and correlations                                             |
//! | [`importance_sampling`], [`generalised_pareto`] | log evidence by weighted draws, and its own check |
//! | [`profile`]             | intervals from the shape of the likelihood itself                       |
//! | [`identifiability`]     | parameters that data of a given size cannot tell apart                  |
//! | [`information_criteria`]| AIC, BIC, pseudo-R²                                                     |
//! | [`verdict`]             | what an estimate is worth                                               |
//! | [`methods`]             | fitting methods, one file each                                          |
//! | [`group_methods`]       | methods that estimate a group together, one file each                   |
//! | [`hierarchical`]        | a group estimated together: populations with formulas, models compared  |
//! | [`sampling`]            | draws by the no-U-turn sampler, and whether they can be trusted         |
//! | [`empirical_bayes`]     | groups of fitted subjects: reduction, empirical Bayes, search, prediction |
//! | [`subjects`]            | the parallel loop                                                       |
//! | [`mod@predictive_checks`] | whether the fitted model behaves like the people                        |
//! | [`reproduce`]           | whether a finished fit is what fitting again would give                 |
//! | [`comparison`]          | which model explains the people best                                     |
//! | [`fit()`], [`score()`], [`simulate()`] | the three things done to all subjects                    |
//!
//! Log densities are in nats and larger is better, everywhere but behind the door of an optimiser. Results never
//! depend on the number of threads.

pub mod comparison;
pub mod dataset;
pub mod empirical_bayes;
pub mod estimates;
pub mod fit;
pub mod generalised_pareto;
pub mod group_methods;
pub mod hessian;
pub mod hierarchical;
pub mod identifiability;
pub mod importance_sampling;
pub mod information_criteria;
mod likelihood_information;
pub mod log_posterior;
pub mod log_prior;
pub mod methods;
mod multi_start;
pub mod normal_approximation;
pub mod optimisers;
mod optimum;
pub mod population_record;
pub mod predictive_checks;
pub mod prior;
mod probability_text;
pub mod problem;
pub mod profile;
pub mod progress;
mod random_stream;
mod recorded;
pub mod reproduce;
pub mod results;
mod rising_likelihood;
pub mod sampling;
pub mod score;
pub mod simulate;
pub mod subjects;
pub mod transform;
mod typical_values;
pub mod verdict;

pub use dataset::{Covariate, DataSummary, Dataset, MissingCount};
pub use fit::{Fitted, fit, subject_steps};
pub use group_methods::{FittedGroup, GroupMethod, GroupMethodError, GroupQuestion, GroupRun, fit_group};
pub use importance_sampling::{ImportanceDraws, ImportanceSampling};
pub use log_posterior::{LogPosterior, Target};
pub use methods::{
    FittedSubject, FittingMethod, LaplaceApproximation, MaximumAPosteriori, MaximumLikelihood, SearchTask,
    SpmVariationalLaplace, SubjectTask,
};
pub use normal_approximation::{CorrelatedPair, NormalApproximation};
pub use optimisers::{LBfgs, Maximum, Objective};
pub use population_record::{
    DrawnQuantity, FormulaRecord, MemberCoordinate, MemberRecord, ModelShareRecord, NaturalEffect,
    PopulationConvergence, PopulationRecord, SamplingRecord, SpreadRecord, WeightKind, WeightRecord,
};
pub use predictive_checks::{FinishedFit, PredictiveChecks, predictive_checks};
pub use prior::{Prior, PriorError, PriorErrorKind};
pub use probability_text::probability_text;
pub use problem::{Problem, ProblemError, check_values};
pub use profile::{Profile, ProfileEnd, ProfileInterval};
pub use progress::{Progress, ProgressCallback};
pub use results::{
    Convergence, Estimate, FitRecord, MethodRecord, ModelRecord, Outcome, ParameterRecord, Provenance,
    Results, Role, SubjectFit, SubjectRecord, SubjectSteps,
};
pub use score::{ScoreError, Scored, ScoredValues, score};
pub use simulate::{Simulated, draw_values, simulate};
pub use subjects::{Workers, WorkersError};
pub use transform::Transform;
pub use typical_values::typical_values;
pub use verdict::Verdict;
