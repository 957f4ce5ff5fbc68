//! A group fitted together: progress, breaking off, and finished chains kept beside the results.

use super::{Found, Task};
use crate::fit_file::TogetherSettings;
use crate::group_progress::GroupDisplay;
use crate::interrupt::Interrupt;
use actinf_data::ChainFolder;
use actinf_fit::{GroupRun, fit_group};
use anyhow::Result;
use std::ops::ControlFlow;

pub(super) fn fit(task: &Task<'_>, settings: &TogetherSettings) -> Result<Found> {
    let question = task.study.group_question()?;
    let store = chain_folder(task);
    if store.finished() > 0 {
        task.output.note(&format!("going on with {} finished chains of an earlier run", store.finished()));
    }
    let interrupt = Interrupt::watched(task.output)?;
    let display = GroupDisplay::new(task.output);
    let watch = |progress| {
        display.tell(progress);
        if interrupt.is_asked_for() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let run = GroupRun { seed: task.seed, workers: task.workers, watch: &watch, store: &store };
    let fitted = fit_group(task.problem, task.dataset, &question, settings.method(), run);
    display.finish();
    if let Some(failure) = store.failure() {
        let lost = "a finished chain could not be kept, so that a killed run would begin again";
        task.output.note(&format!("{lost}: {failure}"));
    }
    Ok(fitted.map_err(|error| task.study.group_error(error))?.into())
}

/// Removes what was kept of an unfinished run.
pub(super) fn forget(task: &Task<'_>) {
    chain_folder(task).remove();
}

/// The folder of finished chains; whatever decides the result decides its name.
fn chain_folder(task: &Task<'_>) -> ChainFolder {
    let study = task.study;
    let columns = study.fit_file.data.as_ref().map(|data| &data.columns);
    let decided_by = format!(
        "{}\n{:?}\n{:?}\n{}\n{columns:?}\n{}",
        env!("CARGO_PKG_VERSION"),
        study.model_record(task.problem),
        study.method_record(),
        task.seed,
        task.dataset.summary.sha256
    );
    ChainFolder::beside(task.folder, &decided_by)
}
