//! What a fit gives: the record that is written to `fit.json`, and the trajectories beside it.

use crate::dataset::DataSummary;
use crate::importance_sampling::ImportanceSampling;
use crate::normal_approximation::NormalApproximation;
use crate::population_record::PopulationRecord;
use crate::predictive_checks::PredictiveChecks;
use crate::prior::Prior;
use crate::profile::Profile;
use crate::sampling::Sample;
use crate::verdict::Verdict;
use actinf_agents::{LogLikelihood, ModelTable, Parameter, Quantity, Schema, StepRecord};
use serde::{Deserialize, Serialize};

/// What a fit did with a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It was estimated under this prior.
    Free {
        /// The prior on the natural scale.
        prior: Prior,
        /// Whether the prior is the default of its support, not one from the fit file.
        default_prior: bool,
    },
    /// It was held at these values.
    Fixed {
        /// As many values as the parameter has components.
        values: Vec<f64>,
    },
}

/// A parameter and its role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterRecord {
    /// The parameter.
    pub parameter: Parameter,
    /// What the fit did with it.
    pub role: Role,
}

/// The model that was fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Its name.
    pub name: String,
    /// The model file, or "built in".
    pub source: String,
    /// One paragraph on what it is.
    pub description: String,
    /// Where the task or model was published; empty where it was not.
    pub citation: String,
    /// SHA-256 of the model file's text, in hexadecimal.
    pub sha256: String,
    /// All parameters with their roles.
    pub parameters: Vec<ParameterRecord>,
    /// The variables of the data.
    pub schema: Schema,
    /// What its trajectories hold at each step.
    pub quantities: Vec<Quantity>,
}

/// The method and its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodRecord {
    /// The method's name as in fit files.
    pub name: String,
    /// Each setting by name, as text.
    pub settings: Vec<(String, String)>,
}

/// Where a result came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The version of actinf.
    pub actinf_version: String,
    /// The fit file, as the user named it.
    pub fit_file: String,
    /// The seed of all random streams.
    pub seed: u64,
    /// Threads used; results do not depend on it.
    pub threads: usize,
    /// When the fit started, in UTC, `YYYY-MM-DD hh:mm:ss`.
    pub started: String,
    /// Wall time of the estimation in seconds.
    pub wall_seconds: f64,
}

/// One scalar estimate of one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The parameter's (component's) name.
    pub parameter: String,
    /// The estimate on the natural scale.
    pub estimate: f64,
    /// The standard error on the natural scale (delta method); `None` where the curvature gives none.
    pub standard_error: Option<f64>,
    /// The lower end of the 95 % interval on the natural scale.
    pub lower: Option<f64>,
    /// The upper end of the 95 % interval on the natural scale.
    pub upper: Option<f64>,
    /// `1 - posterior variance / prior variance` on the unconstrained scale, both as Laplace's method sees them (see
    /// [`Prior::laplace_variances`]): 0 means the data said nothing, 1 that they said everything.
    pub contraction: Option<f64>,
    /// Whether the estimate lies so close to a bound of its support that it should be read as "at the bound": within
    /// a thousandth of the width of the support from either end, or, above zero, below a thousandth of the prior median.
    pub at_bound: bool,
}

/// How the search for a subject's estimate ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Whether the best start reached an optimum: a small gradient and a positive definite curvature.
    pub converged: bool,
    /// Why the best start stopped, in words.
    pub reason: String,
    /// Starts made.
    pub starts: usize,
    /// Starts that reached the best optimum within 1e-3 nats.
    pub starts_agreeing: usize,
    /// The distance in nats from the best optimum to the next one found, `None` if all starts agree.
    pub gap_to_second: Option<f64>,
    /// The largest absolute component of the gradient at the estimate, on the unconstrained scale, in nats.
    pub gradient_norm: f64,
    /// The condition number of the curvature at the estimate; `None` if it is not positive definite.
    pub hessian_condition: Option<f64>,
    /// Gradient evaluations over all starts.
    pub evaluations: usize,
}

/// A fitted subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubjectFit {
    /// One estimate per free scalar component, in the order of the parameters.
    pub estimates: Vec<Estimate>,
    /// The log-likelihood and its parts at the estimate, in nats.
    pub log_likelihood: LogLikelihood,
    /// The log prior density at the estimate, on the unconstrained scale, in nats; 0 under maximum likelihood, which
    /// has no prior.
    pub log_prior: f64,
    /// The sum of log-likelihood and log prior.
    pub log_posterior: f64,
    /// The Laplace approximation of the log evidence, in nats; `None` if the curvature is not positive definite or
    /// there is no prior.
    pub log_evidence: Option<f64>,
    /// `2 d - 2 ln L`, with d free coordinates.
    pub aic: f64,
    /// `d ln n - 2 ln L`, with n the number of recorded actions and responses.
    pub bic: f64,
    /// The log-likelihood of the actions under a uniformly random responder, in nats.
    pub chance_log_likelihood: f64,
    /// `1 - ln L(actions) / ln L(actions, chance)`; 0 where chance is certain (no recorded action, or only one to take).
    pub pseudo_r2: f64,
    /// `exp(ln L(actions) / recorded actions)`: the typical probability of the action taken; 1, the empty product,
    /// where no action was recorded.
    pub likelihood_per_action: f64,
    /// Recorded actions.
    pub actions: usize,
    /// How the search ended.
    pub convergence: Convergence,
    /// What the estimate is worth.
    pub verdict: Verdict,
    /// Why, in a sentence that names parameters and numbers.
    pub verdict_reason: String,
    /// Covariance and correlations on the unconstrained scale; `None` where the curvature gives none.
    #[serde(default)]
    pub approximation: Option<NormalApproximation>,
    /// The log evidence by importance sampling, where the method makes it.
    #[serde(default)]
    pub importance_sampling: Option<ImportanceSampling>,
    /// Profile intervals, where the method makes them: one entry per free scalar component.
    #[serde(default)]
    pub profiles: Vec<Profile>,
}

/// A subject's result.
#[allow(clippy::large_enum_variant, reason = "nearly every subject is fitted, so a box would save nothing")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The subject was fitted.
    Fitted(SubjectFit),
    /// The subject could not be fitted.
    Failed {
        /// Why, in words, with session, trial, step and row where known.
        reason: String,
    },
}

/// A subject and its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubjectRecord {
    /// The identity in the data.
    pub id: String,
    /// The group, if any.
    pub group: Option<String>,
    /// The covariates by name; `None` where missing.
    pub covariates: Vec<(String, Option<f64>)>,
    /// The result.
    pub outcome: Outcome,
}

/// Everything a fit found, but for the trajectories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitRecord {
    /// `actinf-fit/1`.
    pub format: String,
    /// Where it came from.
    pub provenance: Provenance,
    /// The data.
    pub data: DataSummary,
    /// The column that names the groups, if there is one.
    pub group_column: Option<String>,
    /// The model.
    pub model: ModelRecord,
    /// The method.
    pub method: MethodRecord,
    /// One record per subject, in the order of the data.
    pub subjects: Vec<SubjectRecord>,
    /// The model's tables at [`typical_values`](crate::typical_values), before learning; empty for baselines and where nobody
    /// was fitted.
    #[serde(default)]
    pub tables: Vec<ModelTable>,
    /// The population, where the method estimates a group together.
    #[serde(default)]
    pub population: Option<PopulationRecord>,
    /// Whether the model behaves like the people, where that was checked.
    #[serde(default)]
    pub predictive_checks: Option<PredictiveChecks>,
}

/// A fitted subject's steps at the estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectSteps {
    /// The subject.
    pub subject: String,
    /// The labels of its sessions, by the session position of the steps' places.
    pub sessions: Vec<String>,
    /// The labels of the trials of each session, by the trial position of the steps' places.
    pub trials: Vec<Vec<String>>,
    /// The steps, in order.
    pub steps: Vec<StepRecord>,
}

/// A finished fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// What is written to `fit.json`.
    pub record: FitRecord,
    /// The steps of every fitted subject, in the order of the data.
    pub steps: Vec<SubjectSteps>,
    /// The draws, where the method makes them.
    pub draws: Option<Sample>,
}
