//! `actinf report`: the report of a results folder, written again.

use crate::arguments::ReportArguments;
use crate::exit_code::Exit;
use crate::nearest_file;
use crate::output::{Output, written};
use anyhow::{Result, anyhow};

pub(crate) fn run(arguments: &ReportArguments, output: Output) -> Result<Exit> {
    let results = actinf_data::read_results(&arguments.results)
        .map_err(|error| anyhow!("{error}{}", nearest_file::suggestion(&arguments.results)))?;
    actinf_data::write_results(&arguments.results, &results, &super::fit::report_files(&results)?)?;
    let report = arguments.results.join("report.html");
    output.found(|| Ok(format!("Report  {}\n", report.display())), || written(&[&report]))?;
    Ok(Exit::Done)
}
