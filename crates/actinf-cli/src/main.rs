//! The `actinf` program: the only room that talks to the user.

mod arguments;
mod card;
mod commands;
mod exit_code;
mod fit_file;
mod group_progress;
mod interrupt;
mod known_format;
mod progress;
mod study;

use arguments::{Arguments, Command};
use clap::Parser;
use exit_code::Exit;

fn main() -> std::process::ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Fit(arguments) => commands::fit::run(&arguments),
        Command::Compare(arguments) => commands::compare::run(&arguments),
        Command::Effects(arguments) => commands::effects::run(&arguments),
        Command::Score(arguments) => commands::score::run(&arguments),
        Command::Simulate(arguments) => commands::simulate::run(&arguments),
        Command::Report(arguments) => commands::report::run(&arguments),
        Command::Import(arguments) => commands::import::run(&arguments),
        Command::Tasks(arguments) => commands::tasks::run(&arguments),
        Command::New(arguments) => commands::new::run(&arguments),
    };
    result
        .unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Exit::NothingDone
        })
        .into()
}
