//! Commands on the program itself.

use clap::{Args, ValueEnum, ValueHint};
use clap_complete::Shell;
use std::path::PathBuf;

/// Where shells look for completions.
pub(super) const COMPLETIONS_HELP: &str = "\
Where to put what is printed:
  bash        actinf completions bash > ~/.local/share/bash-completion/completions/actinf
  zsh         actinf completions zsh > ~/.zfunc/_actinf     (a folder of fpath, before compinit)
  fish        actinf completions fish > ~/.config/fish/completions/actinf.fish
  powershell  actinf completions powershell >> $PROFILE
  elvish      actinf completions elvish >> ~/.config/elvish/rc.elv

Example:
  actinf completions bash";

/// Arguments of `actinf completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: Shell,
}

/// How the pages are read.
pub(super) const MANUAL_HELP: &str = "\
One page per command: actinf.1, actinf-fit.1, ... `man DIR/actinf-fit.1` shows one of them; in a folder
man1 of your MANPATH, such as ~/.local/share/man/man1, `man actinf-fit` does.

Example:
  actinf manual man1";

/// Arguments of `actinf manual`.
#[derive(Debug, Args)]
pub(crate) struct ManualArguments {
    /// The folder to write the pages to; it is made if it is not there.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
}

/// How editors use a schema.
pub(super) const SCHEMA_HELP: &str = "\
Editors that know JSON Schema for TOML (Taplo; Even Better TOML in Visual Studio Code) then complete keys,
show what they mean and mark what is wrong. Save what is printed beside your files, and begin them with

  #:schema ./model.schema.json

Examples:
  actinf schema model
  actinf schema fit";

/// Arguments of `actinf schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// Which files.
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

/// Files that have a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Model files: tasks with an agent or a baseline.
    Model,
    /// Fit files: which model is fitted to which data, and how.
    Fit,
}
