//! Golden cases: numbers recorded from other implementations, replayed.
//!
//! `ACTINF_GOLDEN=DIR cargo test --release -p actinf-tests --test golden` runs every case found below DIR (without the
//! variable: `tests/golden`), prints one line per case and fails when it finds none. DIR may be relative to the root of
//! the repository. A case is a JSON file whose `format` one of the replayers knows; other files are passed over.

mod golden_runner;

use golden_runner::cases;
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Cargo runs tests in the folder of their package; a user's DIR is relative to the root.
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = match std::env::var_os("ACTINF_GOLDEN") {
        Some(named) => package.join("..").join(named),
        None => package.join("golden"),
    };
    let found = match cases(&folder) {
        Ok(found) if !found.is_empty() => found,
        Ok(_) => {
            eprintln!("no golden case found below {}", folder.display());
            return ExitCode::FAILURE;
        }
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let trials = found
        .into_iter()
        .map(|case| Trial::test(case.name, move || (case.replay)().map_err(Failed::from)))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
