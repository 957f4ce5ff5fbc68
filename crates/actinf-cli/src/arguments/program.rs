//! Commands on the program itself.

use clap::{Args, ValueHint};
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
