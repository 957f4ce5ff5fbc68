//! Commands on models: the built-in ones, and those of other programs.

use actinf_agents::Model;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, Subcommand};
use std::ffi::OsStr;
use std::path::PathBuf;

/// Any name; completions offer those of built-in models. Whether there is such a model is the command's to say, which suggests
/// the nearest one.
#[derive(Clone)]
struct BuiltInName;

impl TypedValueParser for BuiltInName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Model::built_in_names().map(PossibleValue::new)))
    }
}

/// What there is to see.
pub(super) const TASKS_HELP: &str = "\
Examples:
  actinf tasks
  actinf tasks show two_armed_bandit
  actinf tasks show two_armed_bandit --model";

/// Arguments of `actinf tasks`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct TasksArguments {
    /// The task whose model file is printed, as by `actinf tasks show NAME --model`.
    #[arg(value_parser = BuiltInName, hide_possible_values = true)]
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
        #[arg(value_parser = BuiltInName, hide_possible_values = true)]
        name: String,
        /// Print its model file instead, a starting point for your own.
        #[arg(long)]
        model: bool,
    },
}

/// What is in the folder.
pub(super) const NEW_HELP: &str = "\
The folder then holds model.toml, fit.toml, README.md and, in data/, the behaviour of 20 simulated people
with the parameter values they had. Put your own table in the place of data/behaviour.csv, and name its
columns in fit.toml.

Examples:
  actinf new two_armed_bandit bandit
  actinf fit bandit/fit.toml";

/// Arguments of `actinf new`.
#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// The task, or a baseline; `actinf tasks` lists them.
    #[arg(value_parser = BuiltInName, hide_possible_values = true)]
    pub(crate) name: String,
    /// The folder to make. It must not exist yet, or be empty.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
/// How to make what can be imported.
pub(super) const IMPORT_HELP: &str = "\
SPM, in MATLAB:  save('mdp.mat', 'MDP', '-v7')
pymdp:           lists = dict(A=A, B=B, C=C, D=D)
                 np.savez('model.npz', **{f'{n}{k}': a for n, l in lists.items() for k, a in enumerate(l)})

All numbers become cells of the model file; replace those that should be estimated by parameters. A file
that is there already is not overwritten.

Examples:
  actinf import mdp.mat --out imported.toml
  actinf import model.npz";

/// Arguments of `actinf import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// A MAT-file of version 5 (`save -v7` or `-v6`) with an MDP structure, or an .npz file with arrays A0, A1, ..., B0, ...
    pub(crate) file: PathBuf,
    /// The model file to write; otherwise it is printed.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
