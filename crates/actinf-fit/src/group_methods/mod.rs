//! Methods that estimate a group together, one file each: a population, its uncertainty, and everybody under it.
//!
//! | method | file |
//! |---|---|
//! | hierarchical expectation maximisation | `expectation_maximisation.rs` |
//! | hierarchical Bayesian inference | `bayesian_inference.rs` |
//! | the no-U-turn sampler | `no_u_turn_sampler.rs` |
//!
//! A method says what it found of the population and of every member ([`GroupFound`]); [`fit_group`] makes of it the
//! records that all methods share: a fit per subject, their trajectories, the population, the draws.

mod alone;
mod bayesian_inference;
mod coding;
mod conclude;
mod effects;
mod estimates_under;
mod expectation_maximisation;
mod laplace_member;
mod member_verdict;
mod no_u_turn_sampler;

pub use bayesian_inference::{ModelsTogether, NamedModel, fit_models_together};
pub use coding::coding_in_words;
pub use effects::{Marginal, WeightsFound};
pub use no_u_turn_sampler::NoUTurnSampling;

use crate::dataset::Dataset;
use crate::hierarchical::{
    BayesianInferenceError, ChainStore, Excluded, Formula, GroupFitError, GroupProblem, GroupProblemError,
    GroupSamplingError, RoundSeen,
};
use crate::normal_approximation::CorrelatedPair;
use crate::population_record::{
    ModelShareRecord, PopulationConvergence, PopulationRecord, SamplingRecord, SpreadRecord,
};
use crate::problem::Problem;
use crate::progress::Progress;
use crate::results::{Convergence, Estimate, SubjectRecord, SubjectSteps};
use crate::sampling::{DrawSeen, Sample};
use crate::subjects::Workers;
use nalgebra::DMatrix;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What is asked of a group, whatever the method.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GroupQuestion {
    /// What the mean of each parameter depends on; a parameter without a formula has the same mean for everybody.
    pub formulas: BTreeMap<String, Formula>,
    /// Per parameter the half-width of the region around zero in which a difference or slope is practically none, on the
    /// unconstrained scale, which is that of the weights: log odds for a probability, logarithms for a positive parameter.
    pub practical_equivalence: BTreeMap<String, f64>,
    /// Whether everybody is estimated alone too, under the parameters' own priors, so that shrinkage can be shown.
    pub individual: bool,
}

/// How far a group method has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GroupProgress {
    /// Searches of everybody alone.
    Alone(Progress),
    /// A round of estimation.
    Round(RoundSeen),
    /// A draw.
    Draw(DrawSeen),
}

/// Hears how far it is; where it breaks, the method ends with what it has. Called from several threads.
pub type GroupWatch<'a> = &'a (dyn Fn(GroupProgress) -> ControlFlow<()> + Sync);

/// What a run gets from outside.
#[derive(Clone, Copy)]
pub struct GroupRun<'a> {
    /// The seed of all random streams.
    pub seed: u64,
    /// Who does the work.
    pub workers: &'a Workers,
    /// Hears how far it is.
    pub watch: GroupWatch<'a>,
    /// Where finished chains are kept, for methods that have them.
    pub store: &'a dyn ChainStore,
}

/// A method that estimates a group together.
pub trait GroupMethod: Send + Sync {
    /// The name as in fit files.
    fn name(&self) -> &'static str;

    /// Each setting by name, as text, for the record.
    fn settings(&self) -> Vec<(String, String)>;

    /// Estimates the group. The result depends on the seed, not on the number of workers.
    ///
    /// # Errors
    ///
    /// If nothing could be estimated. Subjects that fail alone are listed in what was found.
    fn estimate(&self, group: &GroupProblem<'_>, run: GroupRun<'_>) -> Result<GroupFound, GroupMethodError>;
}

/// Why a group could not be estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GroupMethodError {
    /// Formulas, subjects and model do not fit one another.
    #[error(transparent)]
    Problem(#[from] GroupProblemError),
    /// Expectation maximisation could not begin.
    #[error(transparent)]
    Estimation(#[from] GroupFitError),
    /// Hierarchical Bayesian inference failed.
    #[error(transparent)]
    BayesianInference(#[from] BayesianInferenceError),
    /// The sampler failed.
    #[error(transparent)]
    Sampling(#[from] GroupSamplingError),
}

/// One subject under the population that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMember {
    /// Its place among the subjects of the group problem.
    pub subject: usize,
    /// Its estimate: unconstrained coordinates.
    pub point: Vec<f64>,
    /// The covariance around it.
    pub covariance: DMatrix<f64>,
    /// The mean that the population predicts for it.
    pub predicted: Vec<f64>,
    /// Its estimates on the natural scale, with contraction against the population.
    pub estimates: Vec<Estimate>,
    /// The log density of the point under the population, in nats.
    pub log_prior: f64,
    /// The log evidence under the population, in nats, where the method gives one.
    pub log_evidence: Option<f64>,
    /// The same by importance sampling.
    pub importance_sampling: Option<crate::ImportanceSampling>,
    /// How its estimate was found.
    pub convergence: Convergence,
    /// The probability that it uses each compared model; empty where there was one.
    pub responsibilities: Vec<f64>,
}

/// What a group method found.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFound {
    /// The subjects that were estimated, in the order of the data.
    pub members: Vec<FoundMember>,
    /// The subjects that were not, with reasons.
    pub lost: Vec<Excluded>,
    /// The weights of the population.
    pub weights: WeightsFound,
    /// The standard deviations of the population.
    pub spreads: Vec<SpreadRecord>,
    /// Correlations in the population; empty where it has none.
    pub correlations: Vec<CorrelatedPair>,
    /// How the estimation ended.
    pub convergence: PopulationConvergence,
    /// `Σ_i ln p(y_i | population)` by importance sampling, in nats.
    pub integrated_log_likelihood: Option<f64>,
    /// The integrated BIC.
    pub integrated_bic: Option<f64>,
    /// The models that were compared.
    pub models: Vec<ModelShareRecord>,
    /// The verdict on the draws.
    pub sampling: Option<SamplingRecord>,
    /// The draws.
    pub draws: Option<Sample>,
    /// What a reader must know, in words.
    pub warnings: Vec<String>,
    /// Whether it was finished, not broken off.
    pub is_complete: bool,
}

/// A group, fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedGroup {
    /// One record per subject, in the order of the data.
    pub subjects: Vec<SubjectRecord>,
    /// The trajectories of the fitted subjects at their estimates.
    pub steps: Vec<SubjectSteps>,
    /// The population.
    pub population: PopulationRecord,
    /// The draws, where the method makes them.
    pub draws: Option<Sample>,
    /// Whether it was finished, not broken off.
    pub is_complete: bool,
}

/// Fits a group by a method. A subject that cannot be fitted is recorded with the reason and loses no other; the result
/// depends on the seed, not on the number of workers.
///
/// # Errors
///
/// If formulas and data do not fit, or the method finds nothing.
pub fn fit_group(
    problem: &Problem<'_>,
    dataset: &Dataset,
    question: &GroupQuestion,
    method: &dyn GroupMethod,
    run: GroupRun<'_>,
) -> Result<FittedGroup, GroupMethodError> {
    let group = GroupProblem::new(problem, dataset, &question.formulas)?;
    let alone = alone::alone(&group, dataset, question.individual, run);
    let found = method.estimate(&group, run)?;
    Ok(conclude::conclude(&group, dataset, question, found, &alone, run))
}
