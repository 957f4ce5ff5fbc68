//! Writes the report of made-up results into a folder, to be looked at in a browser:
//!
//! ```text
//! cargo run -p actinf-report --example synthetic_report -- FOLDER [subjects] [groups] [actions] [steps] [failed] \
//!     [none|expectation|bayesian|draws]
//! ```

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use synthetic::Study;
use synthetic::population::{GroupMethod, with_population};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder =
        std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "target/synthetic-report".into()));
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse::<usize>());
    let usual = Study::USUAL;
    let study = Study {
        subjects: number(usual.subjects)?,
        groups: number(usual.groups)?,
        actions: number(usual.actions)?,
        steps: number(usual.steps)?,
        failed: number(usual.failed)?,
        ..usual
    };
    let results = synthetic::results(study);
    let results = match arguments.next().as_deref() {
        None | Some("none") => results,
        Some("expectation") => with_population(results, GroupMethod::ExpectationMaximisation),
        Some("bayesian") => with_population(results, GroupMethod::BayesianInference),
        Some("draws") => with_population(results, GroupMethod::NoUTurn),
        Some(other) => return Err(format!("there is no group method {other:?}").into()),
    };
    let report = actinf_report::render(&results)?;
    std::fs::create_dir_all(folder.join("plots"))?;
    std::fs::write(folder.join("report.html"), &report.html)?;
    for (name, svg) in &report.plots {
        std::fs::write(folder.join("plots").join(name), svg)?;
    }
    println!("{} kB, {} plots in {}", report.html.len() / 1000, report.plots.len(), folder.display());
    Ok(())
}
