//! `actinf compare` as typed.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What the numbers of a comparison mean.
pub(super) const COMPARE_HELP: &str = "\
Each subject is taken to use one of the models, and the question is how frequent each model is
(random-effects Bayesian model selection: Stephan et al. 2009, Rigoux et al. 2014). In the table:

  log evidence  summed over subjects, in nats; higher is better
  BIC, AIC      summed over subjects; lower is better
  best for      subjects whom this model explains best
  frequency     the expected share of people who use the model
  exceedance    the probability that it is more frequent than every other model
  protected     the same, allowing for all models being equally frequent, which they are with the
                probability called Bayes omnibus risk. Report this one

All models must explain the same actions and responses of the same subjects. A subject without an
evidence under every model is left out and named; the exit code is then 1.

Examples:
  actinf compare learning.toml fixed.toml
  actinf compare learning=fits/a/results fixed=fits/b/results --group diagnosis
  actinf compare a.toml b.toml c.toml --families learning=a,b --families fixed=c";

/// Arguments of `actinf compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// Fit files or results folders, two or more, each with an optional name: `fits/a.toml`, `learning=fits/a.toml`,
    /// `results`. A fit file is fitted, unless its results are there and still those of its model, data, method and
    /// seed.
    #[arg(value_name = "[NAME=]FIT", required = true)]
    pub(crate) fits: Vec<String>,
    /// What counts as a subject's log evidence: the method's own (Laplace's approximation), the importance-sampled one
    /// of `laplace_approximation` fits, or an approximation from a criterion (-BIC/2, -AIC/2).
    #[arg(long, value_enum, default_value = "log_evidence", value_name = "KIND")]
    pub(crate) evidence: EvidenceChoice,
    /// The prior over frequencies: one count per model (spm), or one in total (vba), which favours few models.
    #[arg(long, value_enum, default_value = "spm", value_name = "TOOL")]
    pub(crate) prior: PriorChoice,
    /// Compare families of models too. Give it once per family, `--families learning=fast,slow`, or a TOML file with
    /// a table such as `[families]`, `learning = ["fast", "slow"]`. Every model belongs to one family; families
    /// are equally frequent a priori, however many models they have.
    #[arg(long, value_name = "NAME=MODEL,MODEL|FILE")]
    pub(crate) families: Vec<String>,
    /// Test whether groups of subjects use the models with the same frequencies. COLUMN is the `group` of the fit
    /// files, or one of their covariates.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) group: Option<String>,
    /// The folder to write comparison.json, models.csv, subjects.csv, report.html and plots to.
    #[arg(long, value_name = "DIR", default_value = "comparison")]
    pub(crate) out: PathBuf,
    /// Threads to use for fitting; all cores by default. Results do not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

/// What counts as log evidence.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum EvidenceChoice {
    LogEvidence,
    ImportanceSampled,
    Bic,
    Aic,
}

/// The prior over model frequencies.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PriorChoice {
    Spm,
    Vba,
}
