//! The `actinf` program: the only room that talks to the user.

mod arguments;
mod card;
mod commands;
mod exit_code;
mod fit_file;
mod group_progress;
mod interrupt;
mod known_format;
mod nearest_file;
mod output;
mod progress;
mod study;

use arguments::{Arguments, Command};
use clap::Parser;
use exit_code::Exit;
use output::{Output, complain};

fn main() -> std::process::ExitCode {
    run(&Arguments::parse())
        .unwrap_or_else(|error| {
            complain(&format!("error: {error:#}"));
            Exit::NothingDone
        })
        .into()
}

fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let output = Output::asked_for(arguments.printing.quiet, arguments.printing.json)?;
    match &arguments.command {
        Command::Check(arguments) => commands::check::run(arguments, output),
        Command::Fit(arguments) => commands::fit::run(arguments, output),
        Command::Compare(arguments) => commands::compare::run(arguments, output),
        Command::Effects(arguments) => commands::effects::run(arguments, output),
        Command::Score(arguments) => commands::score::run(arguments, output),
        Command::Simulate(arguments) => commands::simulate::run(arguments, output),
        Command::Report(arguments) => commands::report::run(arguments, output),
        Command::Import(arguments) => commands::import::run(arguments, output),
        Command::Tasks(arguments) => commands::tasks::run(arguments, output),
        Command::New(arguments) => commands::new::run(arguments, output),
        Command::Schema(arguments) => commands::schema::run(arguments, output),
        Command::Completions(arguments) => commands::completions::run(arguments, output),
        Command::Manual(arguments) => commands::manual::run(arguments, output),
    }
}
