//! Commands on a fit file.

use clap::Args;
use std::path::PathBuf;

/// Arguments that all commands on a fit file share.
#[derive(Debug, Args)]
pub(crate) struct FitFileArguments {
    /// The fit file (TOML). Paths in it are relative to its own folder.
    pub(crate) fit: PathBuf,
    /// The table of behaviour (CSV, TSV or Parquet) to use instead of the one the fit file names.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
}

/// What is looked at.
pub(super) const CHECK_HELP: &str = "\
The fit file, its model and the whole table are read, and nothing is written. What would be fitted is
said in words: parameters with their priors, rows, missing values, groups, method. What is missing or
misspelt is named with its file, line or row and column, and with what to do.

Examples:
  actinf check fit.toml
  actinf check fit.toml --data pilot.csv";

/// Arguments of `actinf check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) study: FitFileArguments,
}

/// What is written.
pub(super) const FIT_HELP: &str = "\
Results go to the folder that the fit file names (`results = ...`, relative to it) or to --out:
  report.html            all of it to look at, in a browser, offline
  estimates.csv          per subject and parameter: estimate, interval, contraction
  subjects.csv           per subject: log-likelihoods, convergence, verdict with its reason
  steps.csv              per step: probability of the action, beliefs, expected free energies
  population.csv, ...    of methods that estimate the group together; also draws.parquet
  fit.json               everything, for programs and for `actinf report`, `effects` and `compare`
A folder with other things in it is not replaced. A subject that cannot be fitted is named with the
reason and loses nobody else; the exit code is then 1. Ctrl-C leaves what there is of a group.

Examples:
  actinf fit fit.toml
  actinf fit fit.toml --data pilot.csv --out pilot --threads 2";

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

/// What the table holds.
pub(super) const SCORE_HELP: &str = "\
Nothing is estimated. The table of values has one column per parameter, named as the model names it:

  subject,learning_rate,policy_precision
  ada,0.3,2.5
  bob,0.1,4

The log-likelihoods are printed as CSV, or written to --out, in nats: of everything, of the actions and
of each response. A subject that does something impossible at its values is named with the step.

Examples:
  actinf score fit.toml --parameters values.csv
  actinf score fit.toml --parameters values.csv --out scores.csv --steps steps.csv";

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

/// What the fit file says of simulations.
pub(super) const SIMULATE_HELP: &str = "\
The fit file says how much:

  [simulate]
  subjects = 20
  trials = 50
  steps = 1

True values are drawn from the priors; `truth.NAME = 0.3` under [simulate] sets one of them. The tables
can be fitted at once: compare true_parameters.csv with the estimates to see what is recovered.

Examples:
  actinf simulate fit.toml --out simulated
  actinf fit fit.toml --data simulated/behaviour.csv --out recovered";

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

/// When that is needed.
pub(super) const REPORT_HELP: &str = "\
Nothing is fitted again: report.html and its plots are made anew from fit.json and the tables, as after
an update of actinf.

Example:
  actinf report results";

/// Arguments of `actinf report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// A results folder that `actinf fit` wrote.
    pub(crate) results: PathBuf,
}
