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
use fitting::{CHECK_HELP, FIT_HELP, REPORT_HELP, SCORE_HELP, SIMULATE_HELP};
pub(crate) use fitting::{
    CheckArguments, FitArguments, FitFileArguments, ReportArguments, ScoreArguments, SimulateArguments,
};
use models::{IMPORT_HELP, NEW_HELP, TASKS_HELP};
pub(crate) use models::{ImportArguments, NewArguments, TasksArguments, TasksCommand};
use program::{COMPLETIONS_HELP, MANUAL_HELP, SCHEMA_HELP};
pub(crate) use program::{CompletionsArguments, ManualArguments, SchemaArguments, SchemaOf};

/// How to begin.
const PROGRAM_HELP: &str = "\
A first fit, from nothing to a report:
  actinf new two_armed_bandit bandit
  actinf check bandit/fit.toml
  actinf fit bandit/fit.toml

The last command says where the report is: bandit/results/report.html. `actinf COMMAND --help` shows
examples of every command.

Exit codes: 0 all was done, 1 some subjects failed and the others were done, 2 nothing could be done.";

/// Fits active inference agents to recorded behaviour.
///
/// A fit file (TOML) names the task model, the table of behaviour, its columns, the priors and the method. Start with `actinf
/// tasks` to see the built-in task models, and `actinf check FIT.toml` to see what a fit file would do.
#[derive(Debug, Parser)]
#[command(name = "actinf", version, max_term_width = 110, after_help = PROGRAM_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) printing: PrintingArguments,
}

/// What is printed, for every command.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PrintingArguments {
    /// Print nothing but errors; the exit code says the rest.
    #[arg(long, short, global = true, help_heading = "Printing")]
    pub(crate) quiet: bool,
    /// Print one JSON document for programs; progress and errors go to standard error.
    #[arg(long, global = true, help_heading = "Printing")]
    pub(crate) json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read model and data, say what would be fitted, and fit nothing.
    #[command(after_help = CHECK_HELP)]
    Check(CheckArguments),
    /// Estimate the parameters of every subject; write the results folder and its report.
    #[command(after_help = FIT_HELP)]
    Fit(FitArguments),
    /// Compare models fitted to the same data: which explains the people best.
    #[command(after_help = COMPARE_HELP)]
    Compare(CompareArguments),
    /// Say what groups and covariates have to do with the parameters of the people of a fit.
    #[command(after_help = EFFECTS_HELP)]
    Effects(EffectsArguments),
    /// Give recorded behaviour a log-likelihood at parameter values of your choice.
    #[command(after_help = SCORE_HELP)]
    Score(ScoreArguments),
    /// Simulate subjects; write their behaviour and the true parameter values.
    #[command(after_help = SIMULATE_HELP)]
    Simulate(SimulateArguments),
    /// Write the report of a results folder again.
    #[command(after_help = REPORT_HELP)]
    Report(ReportArguments),
    /// Turn an MDP structure of SPM, or arrays of pymdp, into a model file.
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArguments),
    /// List the built-in task models, or show the card or the model file of one.
    #[command(after_help = TASKS_HELP)]
    Tasks(TasksArguments),
    /// Write a project folder for a task, with example data, that can be fitted at once.
    #[command(after_help = NEW_HELP)]
    New(NewArguments),
    /// Print what model files or fit files may say, as a JSON Schema for editors.
    #[command(after_help = SCHEMA_HELP)]
    Schema(SchemaArguments),
    /// Print what a shell needs to complete commands and options (bash and zsh: the names of tasks too).
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArguments),
    /// Write the manual: a page for `man` per command.
    #[command(after_help = MANUAL_HELP)]
    Manual(ManualArguments),
}
