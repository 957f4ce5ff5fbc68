//! From recorded behaviour to estimates: priors, transforms, methods, and the parallel loop over subjects.
//!
//! This room knows a model as the log-likelihood of a subject's behaviour as a function of parameter values, with its
//! gradient ([`actinf_agents::BehaviourModel`]); it knows the supports of the parameters; it has the only threads.
//! It must not know which equations produced a likelihood, what beliefs or policies are, file formats or terminals.
//!
//! | where                   | what                                                                    |
//! |-------------------------|-------------------------------------------------------------------------|
//! | [`dataset`], [`results`]| what comes in and what goes out                                         |
//! | [`prior`]               | priors on the natural scale, one file per distribution                  |
//! | [`transform`]           | natural values and unconstrained coordinates                            |
//! | [`problem`]             | a model with the role of each parameter, checked                        |
//! | [`log_posterior`]       | log-likelihood + log prior + log Jacobian: what every method sees       |
//! | [`optimisers`]          | engines that climb: L-BFGS, Newton                                      |
//! | [`hessian`]             | curvature at a maximum                                                  |
//! | [`estimates`]           | Laplace's method: standard errors, intervals, contraction, log evidence |
//! | [`methods`]             | fitting methods, one file each                                          |
//! | [`empirical_bayes`]     | groups of fitted subjects: reduction, empirical Bayes, search, prediction |
//! | [`subjects`]            | the parallel loop                                                       |
//! | [`fit()`], [`score()`], [`simulate()`] | the three things done to all subjects                    |
//!
//! Log densities are in nats and larger is better, everywhere but behind the door of an optimiser. Results never
//! depend on the number of threads.

pub mod dataset;
pub mod empirical_bayes;
pub mod estimates;
pub mod fit;
pub mod hessian;
pub mod log_posterior;
pub mod methods;
pub mod optimisers;
pub mod prior;
pub mod problem;
pub mod progress;
mod random_stream;
mod recorded;
pub mod results;
pub mod score;
pub mod simulate;
pub mod subjects;
pub mod transform;

pub use dataset::{Covariate, DataSummary, Dataset, MissingCount};
pub use fit::{Fitted, fit, subject_steps};
pub use methods::{FittedSubject, FittingMethod, MaximumAPosteriori, SearchTask};
pub use optimisers::{LBfgs, Maximum, Objective};
pub use prior::{Prior, PriorError, PriorErrorKind};
pub use problem::{Problem, ProblemError, check_values};
pub use progress::{Progress, ProgressCallback};
pub use results::{
    Convergence, Estimate, FitRecord, MethodRecord, ModelRecord, Outcome, ParameterRecord, Provenance,
    Results, Role, SubjectFit, SubjectRecord, SubjectSteps,
};
pub use score::{ScoreError, Scored, ScoredValues, score};
pub use simulate::{Simulated, draw_values, simulate};
pub use subjects::{Workers, WorkersError};
pub use transform::Transform;
