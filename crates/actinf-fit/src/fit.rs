//! Fits all subjects of a dataset.

use crate::dataset::Dataset;
use crate::methods::{FittedSubject, FittingMethod, SubjectTask};
use crate::problem::Problem;
use crate::progress::{Meter, ProgressCallback};
use crate::results::{Outcome, SubjectRecord, SubjectSteps};
use crate::subjects::Workers;
use actinf_agents::{StepRecord, Subject};

/// All subjects' results.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// One record per subject, in the order of the data.
    pub subjects: Vec<SubjectRecord>,
    /// The trajectories of the fitted subjects at their estimates, in the order of the data.
    pub steps: Vec<SubjectSteps>,
}

/// Fits every subject. Searches of all subjects share the workers, so that one slow subject does not hold up the
/// others; a subject that cannot be fitted is recorded with the reason and loses no other. The result depends on the
/// seed, not on the number of threads.
pub fn fit(
    problem: &Problem<'_>,
    dataset: &Dataset,
    method: &dyn FittingMethod,
    seed: u64,
    workers: &Workers,
    progress: ProgressCallback<'_>,
) -> Fitted {
    let subjects = &dataset.subjects;
    let starts = method.starts().max(1);
    let meter = Meter::new(subjects.len(), starts, progress);
    let task = |position| SubjectTask { problem, subject: &subjects[position], position, seed };
    let searches = workers.map(subjects.len() * starts, |piece| {
        let (position, start) = (piece / starts, piece % starts);
        meter.finished(position, method.checked_search(task(position).search(start)))
    });
    let results = workers.map(subjects.len(), |position| {
        let own = &searches[position * starts..(position + 1) * starts];
        method.conclude(task(position), own)
    });
    assemble(dataset, results)
}

fn assemble(dataset: &Dataset, results: Vec<Result<FittedSubject, String>>) -> Fitted {
    let mut fitted = Fitted { subjects: Vec::new(), steps: Vec::new() };
    for (position, (subject, result)) in dataset.subjects.iter().zip(results).enumerate() {
        let outcome = match result {
            Ok(FittedSubject { fit, trajectory }) => {
                fitted.steps.push(subject_steps(subject, trajectory.steps));
                Outcome::Fitted(fit)
            }
            Err(reason) => Outcome::Failed { reason },
        };
        let covariate = |c: &crate::Covariate| (c.name.clone(), c.values.get(position).copied().flatten());
        fitted.subjects.push(SubjectRecord {
            id: subject.id.clone(),
            group: dataset.groups.get(position).cloned().flatten(),
            covariates: dataset.covariates.iter().map(covariate).collect(),
            outcome,
        });
    }
    fitted
}

/// A subject's steps with the labels of its sessions and trials.
pub fn subject_steps(subject: &Subject, steps: Vec<StepRecord>) -> SubjectSteps {
    let trials = |session: &actinf_agents::Session| session.trials.iter().map(|t| t.label.clone()).collect();
    SubjectSteps {
        subject: subject.id.clone(),
        sessions: subject.sessions.iter().map(|session| session.label.clone()).collect(),
        trials: subject.sessions.iter().map(trials).collect(),
        steps,
    }
}
