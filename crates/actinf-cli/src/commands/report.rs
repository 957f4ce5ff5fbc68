//! `actinf report`: the report of a results folder, written again.

use crate::arguments::ReportArguments;
use crate::exit_code::Exit;
use anyhow::Result;

pub(crate) fn run(arguments: &ReportArguments) -> Result<Exit> {
    let results = actinf_data::read_results(&arguments.results)?;
    actinf_data::write_results(&arguments.results, &results, &super::fit::report_files(&results)?)?;
    println!("Report  {}", arguments.results.join("report.html").display());
    Ok(Exit::Done)
}
