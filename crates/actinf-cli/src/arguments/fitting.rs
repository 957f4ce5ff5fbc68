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
