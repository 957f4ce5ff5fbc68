//! One file per command.

mod aligned;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod effects;
pub(crate) mod fit;
pub(crate) mod import;
pub(crate) mod manual;
pub(crate) mod new;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod simulate;
pub(crate) mod tasks;

use actinf_fit::Workers;
use anyhow::{Context, Result};
use std::num::NonZeroUsize;
use std::path::Path;

/// Where a folder of results has its report and tables.
fn places(folder: &Path) -> String {
    format!("Report  {}\nTables  {}\n", folder.join("report.html").display(), folder.display())
}

/// The workers a command asked for: all cores, or a number of threads.
fn workers(threads: Option<usize>) -> Result<Workers> {
    let threads = threads
        .map(|threads| NonZeroUsize::new(threads).context("--threads must be at least 1"))
        .transpose()?;
    Ok(Workers::new(threads)?)
}
