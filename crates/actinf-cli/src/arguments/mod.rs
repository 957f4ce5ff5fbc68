//! The command line as typed.

mod compare;
mod effects;
mod fitting;
mod models;
mod program;

use clap::{Args, Parser, Subcommand};
use compare::COMPARE_HELP;
pub(crate) use compare::{CompareArguments, EvidenceChoice, PriorChoice};
use effects::EFFECTS_HELP;
pub(crate) use effects::{ComponentsChoice, EffectsArguments, FormulasChoice};
pub(crate) use fitting::{
    CheckArguments, FitArguments, FitFileArguments, ReportArguments, ScoreArguments, SimulateArguments,
};
use models::IMPORT_HELP;
pub(crate) use models::{ImportArguments, NewArguments, TasksArguments, TasksCommand};
use program::{COMPLETIONS_HELP, MANUAL_HELP};
pub(crate) use program::{CompletionsArguments, ManualArguments};

/// Fits active inference agents to recorded behaviour.
///
/// A fit file names the task model, the table of behaviour, the priors and the method. Start with
/// `actinf tasks` to see the built-in task models, and `actinf check FIT.toml` to see what a fit file would do.
#[derive(Debug, Parser)]
#[command(name = "actinf", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) printing: PrintingArguments,
}

/// What is printed, for every command.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PrintingArguments {
    /// Print nothing but errors; the exit code says the rest (0 done, 1 some subjects failed, 2 nothing was done).
    #[arg(long, short, global = true, help_heading = "Printing")]
    pub(crate) quiet: bool,
    /// Print what was found as one JSON document; progress and errors go to standard error.
    #[arg(long, global = true, help_heading = "Printing")]
    pub(crate) json: bool,
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
    /// Print what a shell needs to complete commands and options (bash and zsh: the names of tasks too).
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArguments),
    /// Write the manual: a page for `man` per command.
    #[command(after_help = MANUAL_HELP)]
    Manual(ManualArguments),
}
