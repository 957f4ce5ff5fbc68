//! What of a subject's behaviour was recorded: without an action or response there is nothing to fit.

use actinf_agents::{Moment, Schema, Subject, Trajectory};

/// Why a subject without data cannot be fitted.
pub(crate) const NOTHING_RECORDED: &str = "has no recorded action or response to fit";

/// Whether any step outside aborted trials has an action (of any control) or a response given at its moment.
pub(crate) fn is_anything_recorded(schema: &Schema, subject: &Subject) -> bool {
    let action = subject.steps().any(|(_, step)| step.actions.iter().any(Option::is_some));
    action || is_any_response_recorded(schema, subject)
}

fn is_any_response_recorded(schema: &Schema, subject: &Subject) -> bool {
    schema.responses.iter().enumerate().any(|(index, variable)| {
        subject.steps().any(|(place, step)| {
            let session = &subject.sessions[place.session];
            let ends_trial = place.step + 1 == session.trials[place.trial].steps.len();
            let ends_session =
                ends_trial && session.trials[place.trial + 1..].iter().all(|trial| trial.aborted);
            let is_moment = match variable.moment {
                Moment::Step => true,
                Moment::TrialEnd => ends_trial,
                Moment::SessionEnd => ends_session,
            };
            is_moment && step.responses.get(index).is_some_and(Option::is_some)
        })
    })
}

/// How much of a trajectory was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Joint actions.
    pub(crate) actions: usize,
    /// Values of responses beside the action.
    pub(crate) responses: usize,
}

impl Recorded {
    /// Counts what a trajectory gave a probability to.
    pub(crate) fn of(trajectory: &Trajectory) -> Self {
        let responses = trajectory.steps.iter().flat_map(|step| &step.response_log_densities);
        Recorded {
            actions: trajectory.steps.iter().filter(|step| step.action.is_some()).count(),
            responses: responses.filter(|density| density.is_some()).count(),
        }
    }

    /// Actions and responses together: the n of the Bayesian information criterion.
    pub(crate) fn total(self) -> usize {
        self.actions + self.responses
    }
}
