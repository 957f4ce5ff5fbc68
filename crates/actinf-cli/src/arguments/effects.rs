//! `actinf effects` as typed.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What the numbers of an analysis of effects mean.
pub(super) const EFFECTS_HELP: &str = "\
Parametric empirical Bayes on the results of a fit with log evidences (Friston et al. 2016): nobody is
fitted again. Parameters are on their unconstrained scale (the logarithm, or the logit). In the table:

  effect       of a column of the design on the parameter, all effects being there. The column 1 is the
               group's mean; group[x] is the mean of group x minus that of the first group; a covariate's
               effect is per standard deviation
  probability  that the effect is not 0, from a search over models with and without effects
  average      the effect averaged over these models

Examples:
  actinf effects fits/a/results --design \"1 + group + age\"
  actinf effects results --design \"1 + group\" --leave-one-out group";

/// Arguments of `actinf effects`.
#[derive(Debug, Args)]
pub(crate) struct EffectsArguments {
    /// A results folder that `actinf fit` wrote, by a method that gives log evidences.
    pub(crate) results: PathBuf,
    /// The design: 1 for the mean, `group` (or the group column's name), and the fit file's covariates, joined by +;
    /// interactions are written a:b.
    #[arg(long, value_name = "FORMULA", default_value = "1")]
    pub(crate) design: String,
    /// Predict this column of the design (or `group`) for every person from all others.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) leave_one_out: Option<String>,
    /// How the variability between people is estimated: for each parameter, by a single factor for all of them, or taken as
    /// expected (SPM's Q: all, single, none).
    #[arg(long, value_enum, default_value = "each", value_name = "KIND")]
    pub(crate) variability: ComponentsChoice,
    /// Whose formulas: the right ones, or SPM's where they differ.
    #[arg(long, value_enum, default_value = "exact", value_name = "WHOSE")]
    pub(crate) formulas: FormulasChoice,
    /// The folder to write effects.json, tables, report.html and plots to.
    #[arg(long, value_name = "DIR", default_value = "effects")]
    pub(crate) out: PathBuf,
    /// Threads to use; all cores by default. Results do not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

/// How the variability between people is estimated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ComponentsChoice {
    Each,
    Single,
    Expected,
}

/// Whose formulas are used.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormulasChoice {
    Exact,
    Spm,
}
