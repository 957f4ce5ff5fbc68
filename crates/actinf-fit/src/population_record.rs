//! What a method that estimates a group together found, as it is written to `fit.json`.
//!
//! All methods fill the same record; what only one of them has is optional. Coordinates are on the unconstrained scale, on
//! which the population is normal; values marked natural are on the parameter's own scale.

use crate::normal_approximation::CorrelatedPair;
use serde::{Deserialize, Serialize};

/// A population, its uncertainty and everybody's place in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PopulationRecord {
    /// One formula per free parameter.
    pub formulas: Vec<FormulaRecord>,
    /// The weights of all coordinates, in the order of the coordinates.
    pub weights: Vec<WeightRecord>,
    /// The standard deviations of the population around its means, one per coordinate.
    pub spreads: Vec<SpreadRecord>,
    /// Correlations between coordinates in the population; empty where the covariance is diagonal.
    #[serde(default)]
    pub correlations: Vec<CorrelatedPair>,
    /// Everybody who was estimated, in the order of the data.
    pub members: Vec<MemberRecord>,
    /// How the estimation ended.
    pub convergence: PopulationConvergence,
    /// `Σ_i ln p(y_i | population)` by importance sampling, in nats, where the method makes it.
    #[serde(default)]
    pub integrated_log_likelihood: Option<f64>,
    /// The integrated BIC of Huys et al. (2011); smaller is better.
    #[serde(default)]
    pub integrated_bic: Option<f64>,
    /// The models that were compared while estimating; empty where there was one.
    #[serde(default)]
    pub models: Vec<ModelShareRecord>,
    /// The verdict on the draws, where the method makes draws.
    #[serde(default)]
    pub sampling: Option<SamplingRecord>,
    /// What a reader must know, in words; empty if all is well.
    pub warnings: Vec<String>,
}

/// What a parameter's population mean depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormulaRecord {
    /// The parameter.
    pub parameter: String,
    /// The formula, as written.
    pub formula: String,
    /// One sentence per column on how it was coded, with means and divisors of covariates.
    pub coding: Vec<String>,
}

/// What kind of column a weight belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightKind {
    /// The mean: of all groups, at the covariates' means.
    Mean,
    /// A difference between levels of the group.
    Difference,
    /// A change per standard deviation of a covariate.
    Slope,
    /// An interaction.
    Interaction,
}

/// One weight of the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightRecord {
    /// `learning_rate ~ group[b]`.
    pub name: String,
    /// The coordinate whose mean it shapes.
    pub coordinate: String,
    /// The column: `1`, `bdi`, `group[b]`.
    pub column: String,
    /// What kind of column that is.
    pub kind: WeightKind,
    /// The estimate (posterior mean where there are draws), on the unconstrained scale.
    pub estimate: f64,
    /// Its standard error (posterior standard deviation); `None` where the data do not determine it.
    pub standard_error: Option<f64>,
    /// The ends of the 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// The mean weight as a value of the parameter, or what a difference or slope changes there, from the population mean.
    pub natural: Option<NaturalEffect>,
    /// The two-sided p value of a test against zero, where the method makes one.
    #[serde(default)]
    pub p: Option<f64>,
    /// The statistic of that test.
    #[serde(default)]
    pub t: Option<f64>,
    /// The probability that the weight has the sign of its estimate.
    #[serde(default)]
    pub direction: Option<f64>,
    /// The probability that the weight lies within the region of practical equivalence, where one was given.
    #[serde(default)]
    pub practical_equivalence: Option<f64>,
}

/// A weight on the scale of the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NaturalEffect {
    /// The parameter's value at the population mean; for a difference or slope, the change of that value.
    pub estimate: f64,
    /// The ends of its 95 % interval.
    pub interval: Option<[f64; 2]>,
}

/// The standard deviation of one coordinate in the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpreadRecord {
    /// The coordinate.
    pub coordinate: String,
    /// The standard deviation.
    pub estimate: f64,
    /// The ends of its 95 % interval, where the method gives one.
    pub interval: Option<[f64; 2]>,
    /// Which fraction of the variance is uncertainty about individuals; near 1 the data hardly show that people differ.
    pub noise_fraction: Option<f64>,
}

/// One subject's place in the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// The identity in the data.
    pub subject: String,
    /// One entry per coordinate.
    pub coordinates: Vec<MemberCoordinate>,
    /// The probability that the subject uses each compared model; empty where there was one.
    #[serde(default)]
    pub responsibilities: Vec<f64>,
}

/// One coordinate of one subject: alone, and informed by everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberCoordinate {
    /// The estimate from the subject's own data and the parameter's own prior, where it was made.
    pub alone: Option<f64>,
    /// Its standard error.
    pub alone_standard_error: Option<f64>,
    /// The estimate under the population.
    pub estimate: f64,
    /// Its standard error, or the posterior standard deviation.
    pub standard_error: f64,
    /// The mean that the population predicts for the subject.
    pub predicted: f64,
}

/// How the estimation of a population ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PopulationConvergence {
    /// Whether it did.
    pub converged: bool,
    /// Why it stopped, in words.
    pub reason: String,
    /// Rounds made.
    pub iterations: usize,
    /// The watched objective after every round, in nats; empty where draws were made instead.
    pub objective: Vec<f64>,
    /// Gradient evaluations, where counted.
    pub evaluations: Option<u64>,
}

/// One of the models that were compared while estimating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelShareRecord {
    /// Its name.
    pub name: String,
    /// The share of subjects that use it.
    pub frequency: f64,
    /// How probable it is that no model is more frequent.
    pub exceedance: f64,
    /// The same, allowing for all being equally frequent.
    pub protected_exceedance: f64,
}

/// Whether draws can be trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SamplingRecord {
    /// Chains.
    pub chains: usize,
    /// Draws per chain after warm-up.
    pub draws: usize,
    /// Warm-up draws per chain.
    pub warm_up: usize,
    /// Diverging draws after warm-up.
    pub divergences: usize,
    /// Draws whose trajectory was cut at the maximal depth.
    pub cut: usize,
    /// The target acceptance.
    pub target_acceptance: f64,
    /// E-BFMI by chain.
    pub energy_bfmi: Vec<f64>,
    /// The coordinates by how they were moved: `centred` or `non_centred`.
    pub parametrisations: Vec<(String, String)>,
    /// The hyperpriors in words, one sentence each.
    pub hyperpriors: Vec<String>,
    /// One entry per drawn quantity: weights, spreads, every subject's coordinates.
    pub quantities: Vec<DrawnQuantity>,
    /// What to do, most important first; empty if the draws can be trusted.
    pub advice: Vec<String>,
}

/// A drawn quantity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnQuantity {
    /// Its name: a weight's, `sd(learning_rate)`, or `learning_rate[s01]`.
    pub name: String,
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub sd: f64,
    /// The 2.5 %, 50 % and 97.5 % quantiles.
    pub quantiles: [f64; 3],
    /// Rank-normalised split R-hat.
    pub r_hat: f64,
    /// Effective draws in the bulk.
    pub bulk_effective_size: f64,
    /// Effective draws in the tails.
    pub tail_effective_size: f64,
    /// What is wrong with it, in words; empty if it can be trusted.
    pub complaints: Vec<String>,
}
