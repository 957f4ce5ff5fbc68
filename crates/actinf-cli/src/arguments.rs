//! The command line as typed.

use clap::{Args, Parser, Subcommand};
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
    /// Give recorded behaviour a log-likelihood at parameter values of your choice.
    Score(ScoreArguments),
    /// Simulate subjects; write their behaviour and the true parameter values.
    Simulate(SimulateArguments),
    /// Write the report of a results folder again.
    Report(ReportArguments),
    /// List the built-in task models, or print one as a model file to start from.
    Tasks(TasksArguments),
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

/// Arguments of `actinf tasks`.
#[derive(Debug, Args)]
pub(crate) struct TasksArguments {
    /// The task model to print.
    pub(crate) name: Option<String>,
}
