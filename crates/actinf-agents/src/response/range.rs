//! Which values a response can have at all.

use crate::behaviour::{Place, Step, Subject};
use crate::error::{LikelihoodError, LikelihoodErrorKind};
use crate::schema::Moment;
use crate::task_model::{Response, ResponseDistribution};

impl ResponseDistribution {
    /// Why it has no density at `value`, whatever its parameters, and what to do about it.
    fn refusal(&self, value: f64) -> Option<&'static str> {
        let is_inside = match self {
            ResponseDistribution::Normal { .. } => value.is_finite(),
            ResponseDistribution::Beta { squeeze: None, .. } => value > 0.0 && value < 1.0,
            ResponseDistribution::Beta { squeeze: Some(_), .. } => (0.0..=1.0).contains(&value),
            ResponseDistribution::LogNormal { .. } => value > 0.0 && value.is_finite(),
        };
        let rule = match self {
            ResponseDistribution::Normal { .. } => "must be finite",
            ResponseDistribution::Beta { squeeze: None, .. } => {
                "must lie between 0 and 1, both excluded: bring the column into this range (`scale` and `offset` in the fit \
                 file), and if there are values at the ends of the scale, write `squeeze = 100` (or the number of ratings) in \
                 the response of the model file"
            }
            ResponseDistribution::Beta { squeeze: Some(_), .. } => {
                "must lie between 0 and 1: bring the column into this range (`scale` and `offset` in the fit file)"
            }
            ResponseDistribution::LogNormal { .. } => {
                "must be above 0: leave the cell empty where there was no response"
            }
        };
        (!is_inside).then_some(rule)
    }
}

/// Refuses values that no parameters give a density, with their row. Values that are read from nowhere are passed over.
pub(crate) fn check(responses: &[Response], subject: &Subject) -> Result<(), LikelihoodError> {
    if responses.is_empty() {
        return Ok(());
    }
    for (s, session) in subject.sessions.iter().enumerate() {
        let last_trial = session.trials.iter().rposition(|trial| !trial.aborted && !trial.steps.is_empty());
        for (t, trial) in session.trials.iter().enumerate().filter(|(_, trial)| !trial.aborted) {
            for (k, step) in trial.steps.iter().enumerate() {
                let is_trial_end = k + 1 == trial.steps.len();
                let is_session_end = is_trial_end && last_trial == Some(t);
                let place = Place { session: s, trial: t, step: k };
                check_step(responses, step, place, (is_trial_end, is_session_end))?;
            }
        }
    }
    Ok(())
}

fn check_step(
    responses: &[Response],
    step: &Step,
    place: Place,
    (is_trial_end, is_session_end): (bool, bool),
) -> Result<(), LikelihoodError> {
    for (response, value) in responses.iter().zip(&step.responses) {
        let is_read = match response.variable.moment {
            Moment::Step => true,
            Moment::TrialEnd => is_trial_end,
            Moment::SessionEnd => is_session_end,
        };
        if let (true, Some(value)) = (is_read, value)
            && let Some(rule) = response.distribution.refusal(*value)
        {
            let message = format!("the response `{}` is {value}; it {rule}", response.variable.name);
            return Err(LikelihoodError {
                kind: LikelihoodErrorKind::InvalidBehaviour(message),
                place: Some(place),
                row: Some(step.row),
            });
        }
    }
    Ok(())
}
