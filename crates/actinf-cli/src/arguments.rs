//! The command line as typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Fits active inference agents to recorded behaviour.
///
/// A fit file names the task model, the table of behaviour, the priors and the method. Start with
/// `actinf tasks` to see the built-in task models, and `actinf check FIT.toml` to see what a fit file would do.
#[derive(Debug, Parser)]
#[command(name = "actinf", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read model and data, say what would be fitted, and fit nothing.
    Check(CheckArguments),
    /// Estimate the parameters of every subject; write the results folder and its report.
    Fit(FitArguments),
    /// Compare models fitted to the same data: which explains the people best.
    #[command(after_help = COMPARE_HELP)]
    Compare(CompareArguments),
    /// Say what groups and covariates have to do with the parameters of the people of a fit.
    #[command(after_help = EFFECTS_HELP)]
    Effects(EffectsArguments),
    /// Give recorded behaviour a log-likelihood at parameter values of your choice.
    Score(ScoreArguments),
    /// Simulate subjects; write their behaviour and the true parameter values.
    Simulate(SimulateArguments),
    /// Write the report of a results folder again.
    Report(ReportArguments),
    /// Turn an MDP structure of SPM, or arrays of pymdp, into a model file.
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArguments),
    /// List the built-in task models, or show the card or the model file of one.
    Tasks(TasksArguments),
    /// Write a project folder for a task, with example data, that can be fitted at once.
    New(NewArguments),
}

/// Arguments that all commands on a fit file share.
#[derive(Debug, Args)]
pub(crate) struct FitFileArguments {
    /// The fit file (TOML). Paths in it are relative to its own folder.
    pub(crate) fit: PathBuf,
    /// The table of behaviour (CSV, TSV or Parquet) to use instead of the one the fit file names.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
}

/// Arguments of `actinf check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) study: FitFileArguments,
}

/// Arguments of `actinf fit`.
#[derive(Debug, Args)]
pub(crate) struct FitArguments {
    #[command(flatten)]
    pub(crate) study: FitFileArguments,
    /// The results folder to write instead of the one the fit file names.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Threads to use; all cores by default. Results do not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// The seed to use instead of the fit file's.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

/// What the numbers of a comparison mean.
const COMPARE_HELP: &str = "\
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
    /// Print comparison.json instead of the table.
    #[arg(long)]
    pub(crate) json: bool,
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

/// What the numbers of an analysis of effects mean.
const EFFECTS_HELP: &str = "\
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
    /// Print effects.json instead of the table.
    #[arg(long)]
    pub(crate) json: bool,
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

/// Arguments of `actinf score`.
#[derive(Debug, Args)]
pub(crate) struct ScoreArguments {
    #[command(flatten)]
    pub(crate) study: FitFileArguments,
    /// A table (CSV) with a column per parameter and either one row for all subjects, or a `subject` column and one
    /// row per subject. Parameters that the fit file fixes may be left out.
    #[arg(long, value_name = "FILE")]
    pub(crate) parameters: PathBuf,
    /// Write the table of subjects here; otherwise it is printed, as CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write one row per step (log-probabilities, beliefs, terms of the expected free energy) here.
    #[arg(long, value_name = "FILE")]
    pub(crate) steps: Option<PathBuf>,
    /// Threads to use; all cores by default.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

/// Arguments of `actinf simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// The fit file (TOML) with a `[simulate]` table.
    pub(crate) fit: PathBuf,
    /// The folder to write `behaviour.csv` and `true_parameters.csv` to.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The seed to use instead of the fit file's.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

/// Arguments of `actinf report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// A results folder that `actinf fit` wrote.
    pub(crate) results: PathBuf,
}

/// How to make what can be imported.
const IMPORT_HELP: &str = "\
SPM, in MATLAB:  save('mdp.mat', 'MDP', '-v7')
pymdp:           lists = dict(A=A, B=B, C=C, D=D)
                 np.savez('model.npz', **{f'{n}{k}': a for n, l in lists.items() for k, a in enumerate(l)})

All numbers become cells of the model file; replace those that should be estimated by parameters.";

/// Arguments of `actinf import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// A MAT-file of version 5 (`save -v7` or `-v6`) with an MDP structure, or an .npz file with arrays A0, A1, ..., B0, ...
    pub(crate) file: PathBuf,
    /// The model file to write; otherwise it is printed.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Arguments of `actinf tasks`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct TasksArguments {
    /// The task whose model file is printed, as by `actinf tasks show NAME --model`.
    pub(crate) name: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Option<TasksCommand>,
}

/// What to do with a task.
#[derive(Debug, Subcommand)]
pub(crate) enum TasksCommand {
    /// Print the card of a task: what it is, its columns and parameters, and how well they are recovered.
    Show {
        /// The task, or a baseline.
        name: String,
        /// Print its model file instead, a starting point for your own.
        #[arg(long)]
        model: bool,
    },
}

/// Arguments of `actinf new`.
#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// The task, or a baseline; `actinf tasks` lists them.
    pub(crate) name: String,
    /// The folder to make. It must not exist yet, or be empty.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
