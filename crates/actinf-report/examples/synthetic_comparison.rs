//! Writes the report of a made-up comparison into a folder, to be looked at in a browser:
//!
//! ```text
//! cargo run -p actinf-report --example synthetic_comparison -- FOLDER [models] [subjects]
//! ```

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use synthetic::Study;
use synthetic::comparisons::comparison;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "target/synthetic".into()));
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse::<usize>());
    let (models, subjects) = (number(4)?, number(80)?);
    let report = actinf_report::render_comparison(&comparison(Study { subjects, ..Study::USUAL }, models))?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("report.html"), &report.html)?;
    println!("{} kB, {} plots", report.html.len() / 1000, report.plots.len());
    Ok(())
}
