//! What a data file holds and what is missing from it.

use crate::table::Table;
use actinf_agents::{Moment, Observation, Schema, Session, Step, Subject};
use actinf_fit::{DataSummary, MissingCount};
use std::path::Path;

/// Counts subjects, sessions, trials, steps and missing values. Missing values are counted outside aborted trials:
/// of actions, observations and responses at every step, one is expected per step; of responses at the end of a
/// trial or session, one per trial or session that has steps.
pub(crate) fn summarise(path: &Path, table: &Table, schema: &Schema, subjects: &[Subject]) -> DataSummary {
    let sessions = || subjects.iter().flat_map(|subject| &subject.sessions);
    let trials = || sessions().flat_map(|session| &session.trials);
    DataSummary {
        file: path.display().to_string(),
        sha256: table.sha256.clone(),
        rows: table.rows,
        subjects: subjects.len(),
        sessions: sessions().count(),
        trials: trials().count(),
        aborted_trials: trials().filter(|trial| trial.aborted).count(),
        steps: steps(subjects).count(),
        actions: counts(schema.controls.iter().map(|control| &control.name), |index| {
            count(steps(subjects).map(|step| step.actions[index].is_none()))
        }),
        observations: counts(schema.modalities.iter().map(|modality| &modality.name), |index| {
            count(steps(subjects).map(|step| step.observations[index] == Observation::Missing))
        }),
        responses: counts(schema.responses.iter().map(|response| &response.name), |index| {
            count(
                response_steps(subjects, schema.responses[index].moment)
                    .map(|s| s.responses[index].is_none()),
            )
        }),
    }
}

fn steps(subjects: &[Subject]) -> impl Iterator<Item = &Step> {
    subjects.iter().flat_map(Subject::steps).map(|(_, step)| step)
}

/// The steps at which a response is expected.
fn response_steps(subjects: &[Subject], moment: Moment) -> Box<dyn Iterator<Item = &Step> + '_> {
    let sessions = subjects.iter().flat_map(|subject| &subject.sessions);
    match moment {
        Moment::Step => Box::new(steps(subjects)),
        Moment::TrialEnd => Box::new(sessions.flat_map(last_steps)),
        Moment::SessionEnd => Box::new(sessions.filter_map(|session| last_steps(session).last())),
    }
}

/// The last step of every trial that was not aborted.
fn last_steps(session: &Session) -> impl Iterator<Item = &Step> {
    session.trials.iter().filter(|trial| !trial.aborted).filter_map(|trial| trial.steps.last())
}

fn count(missing: impl Iterator<Item = bool>) -> (usize, usize) {
    missing.fold((0, 0), |(expected, count), missing| (expected + 1, count + usize::from(missing)))
}

fn counts<'a>(
    names: impl Iterator<Item = &'a String>,
    count: impl Fn(usize) -> (usize, usize),
) -> Vec<MissingCount> {
    let counted = |(index, name): (usize, &String)| {
        let (expected, missing) = count(index);
        MissingCount { variable: name.clone(), expected, missing }
    };
    names.enumerate().map(counted).collect()
}
