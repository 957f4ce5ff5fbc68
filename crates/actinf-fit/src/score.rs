//! Scores subjects at given parameter values: their trajectories, without any search.

use crate::problem::{ProblemError, check_values};
use crate::progress::{Meter, ProgressCallback};
use crate::subjects::Workers;
use actinf_agents::{BehaviourModel, LikelihoodError, Subject, Trajectory};

/// The parameter values to score at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScoredValues<'a> {
    /// The same for every subject.
    Same(&'a [f64]),
    /// One set per subject, in the order of the subjects.
    PerSubject(&'a [Vec<f64>]),
}

/// A subject's trajectory, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The subject.
    pub subject: String,
    /// The trajectory at the values.
    pub trajectory: Result<Trajectory, ScoreError>,
}

/// Why a subject could not be scored.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// The values lie outside their supports or are not as many as the model's.
    #[error(transparent)]
    Values(#[from] ProblemError),
    /// No values were given for this subject.
    #[error("no parameter values were given for this subject; give one set per subject")]
    NoValues,
    /// The model gave no trajectory.
    #[error(transparent)]
    Likelihood(#[from] LikelihoodError),
}

/// The trajectory of every subject, in the order of the subjects. A subject that cannot be scored loses no other.
pub fn score(
    model: &dyn BehaviourModel,
    subjects: &[Subject],
    values: ScoredValues<'_>,
    workers: &Workers,
    progress: ProgressCallback<'_>,
) -> Vec<Scored> {
    let meter = Meter::new(subjects.len(), 1, progress);
    workers.map(subjects.len(), |position| {
        let subject = &subjects[position];
        let own = match values {
            ScoredValues::Same(values) => Some(values),
            ScoredValues::PerSubject(sets) => sets.get(position).map(Vec::as_slice),
        };
        let trajectory = meter.finished(position, trajectory(model, subject, own));
        Scored { subject: subject.id.clone(), trajectory }
    })
}

fn trajectory(
    model: &dyn BehaviourModel,
    subject: &Subject,
    values: Option<&[f64]>,
) -> Result<Trajectory, ScoreError> {
    let values = values.ok_or(ScoreError::NoValues)?;
    check_values(model.parameters(), values)?;
    Ok(model.trajectory(subject, values)?)
}
