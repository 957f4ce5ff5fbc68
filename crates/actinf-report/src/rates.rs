//! Observed and predicted choice rates along a session or trial.

use crate::statistics::{self, wilson_interval};
use crate::study::{Fitted, Study};
use actinf_agents::{Place, StepRecord};

/// More positions than this are gathered into bins of equal width.
const MOST_BINS: usize = 100;
/// The same where several actions are drawn over one another.
const MOST_BINS_OF_SEVERAL: usize = 20;
/// Sessions longer than this, of trials with several steps, are looked at along the trial.
const LONG_SESSION: usize = 200;

/// Along what rates are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Along {
    /// Trials of one step each within a session, by the trial's position.
    Trials,
    /// Steps within a session, over all its trials.
    SessionSteps,
    /// Steps within a trial.
    TrialSteps,
}

/// The positions that rates are given at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Positions {
    pub(crate) along: Along,
    /// Positions in one bin.
    pub(crate) width: usize,
    /// The number of bins.
    pub(crate) bins: usize,
}

/// The rates of one action at one position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    /// The position, counted from 1: the middle of its bin.
    pub(crate) position: f64,
    /// The mean over subjects of how often they took the action here.
    pub(crate) observed: f64,
    /// Its 95 % interval across subjects; across steps where there is only one subject.
    pub(crate) interval: Option<(f64, f64)>,
    /// The mean over subjects of the probability the model gave the action here.
    pub(crate) predicted: f64,
}

/// Chooses the positions that suit the study; `None` if no action was recorded.
pub(crate) fn positions(study: &Study) -> Option<Positions> {
    let steps = || study.fitted.iter().filter_map(|subject| subject.steps);
    let longest_trial = steps().flat_map(|s| &s.steps).map(|step| step.place.step + 1).max()?;
    let last = |along: Along| {
        steps().flat_map(|s| placed(&s.steps, along).map(|(position, _)| position + 1)).max().unwrap_or(0)
    };
    let along = if longest_trial == 1 {
        Along::Trials
    } else if last(Along::SessionSteps) > LONG_SESSION {
        Along::TrialSteps
    } else {
        Along::SessionSteps
    };
    let count = last(along);
    let is_one_line = study.results.record.model.schema.joint_actions() <= 2;
    let most = if is_one_line { MOST_BINS } else { MOST_BINS_OF_SEVERAL };
    let width = count.div_ceil(most).max(1);
    Some(Positions { along, width, bins: count.div_ceil(width) })
}

/// Steps with their positions, counted from 0.
fn placed(steps: &[StepRecord], along: Along) -> impl Iterator<Item = (usize, &StepRecord)> {
    let mut session = None;
    let mut within = 0;
    steps.iter().map(move |step| {
        let Place { session: current, trial, step: in_trial } = step.place;
        within = if session == Some(current) { within + 1 } else { 0 };
        session = Some(current);
        let position = match along {
            Along::Trials => trial,
            Along::SessionSteps => within,
            Along::TrialSteps => in_trial,
        };
        (position, step)
    })
}

/// Recorded actions of one subject in one bin.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    steps: f64,
    taken: f64,
    predicted: f64,
}

fn tallies(subject: &Fitted, positions: Positions, action: usize) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); positions.bins];
    let Some(steps) = subject.steps else { return tallies };
    for (position, step) in placed(&steps.steps, positions.along) {
        let (Some(taken), Some(&probability)) = (step.action, step.action_probabilities.get(action)) else {
            continue;
        };
        if let Some(tally) = tallies.get_mut(position / positions.width).filter(|_| probability.is_finite()) {
            tally.steps += 1.0;
            tally.taken += f64::from(u8::from(taken == action));
            tally.predicted += probability;
        }
    }
    tallies
}

/// The rates of one joint action over some of the fitted subjects; positions without a recorded action are left out.
pub(crate) fn rates(study: &Study, members: &[usize], positions: Positions, action: usize) -> Vec<Rate> {
    let subjects: Vec<Vec<Tally>> =
        members.iter().map(|&member| tallies(&study.fitted[member], positions, action)).collect();
    (0..positions.bins)
        .filter_map(|bin| {
            let here: Vec<Tally> = subjects.iter().map(|t| t[bin]).filter(|t| t.steps > 0.0).collect();
            let observed = statistics::summary(&here.iter().map(|t| t.taken / t.steps).collect::<Vec<_>>());
            let predicted: f64 = here.iter().map(|t| t.predicted / t.steps).sum();
            let interval = match here.as_slice() {
                [only] => wilson_interval(only.taken, only.steps),
                _ => observed.interval,
            };
            let middle = bin as f64 * positions.width as f64 + (positions.width as f64 + 1.0) / 2.0;
            (!here.is_empty()).then(|| Rate {
                position: middle,
                observed: observed.mean,
                interval,
                predicted: predicted / here.len() as f64,
            })
        })
        .collect()
}

/// How often each joint action was taken, over all fitted subjects, most frequent first.
pub(crate) fn actions_by_frequency(study: &Study) -> Vec<(usize, usize)> {
    let mut counts = vec![0_usize; study.results.record.model.schema.joint_actions()];
    let steps = study.fitted.iter().filter_map(|subject| subject.steps).flat_map(|s| &s.steps);
    for action in steps.filter_map(|step| step.action) {
        if let Some(count) = counts.get_mut(action) {
            *count += 1;
        }
    }
    let mut order: Vec<(usize, usize)> = counts.into_iter().enumerate().collect();
    order.sort_by_key(|&(action, count)| (std::cmp::Reverse(count), action));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{self, Study as Made};
    use actinf_fit::Results;

    fn made(sessions: usize, trials: usize, steps: usize) -> Results {
        let study = Made { subjects: 2, groups: 0, failed: 0, sessions, trials, steps, ..Made::SMALL };
        synthetic::results(study)
    }

    fn positions_of(results: &Results) -> Positions {
        positions(&Study::new(results)).unwrap()
    }

    #[test]
    fn rates_are_means_over_the_subjects_with_a_recorded_action() {
        let mut results = made(1, 2, 1);
        let taken = [[Some(0), Some(1)], [Some(0), None]];
        for (subject, actions) in results.steps.iter_mut().zip(taken) {
            for (step, action) in subject.steps.iter_mut().zip(actions) {
                step.action = action;
            }
            subject.steps[0].action_probabilities = vec![0.75, 0.25];
            subject.steps[1].action_probabilities = vec![0.5, 0.5];
        }
        results.steps[1].steps[0].action_probabilities = vec![0.25, 0.75];
        let study = Study::new(&results);
        let rates = rates(&study, &[0, 1], positions_of(&results), 0);
        assert_eq!(rates.len(), 2);
        assert_eq!((rates[0].position, rates[0].observed, rates[0].predicted), (1.0, 1.0, 0.5));
        // At the second trial only the first subject acted, and it took the other action.
        assert_eq!((rates[1].position, rates[1].observed, rates[1].predicted), (2.0, 0.0, 0.5));
        assert_eq!(rates[1].interval, wilson_interval(0.0, 1.0));
    }

    #[test]
    fn positions_follow_trials_then_steps_of_short_sessions_then_steps_of_trials() {
        let of = |along, width, bins| Positions { along, width, bins };
        assert_eq!(positions_of(&made(2, 24, 1)), of(Along::Trials, 1, 24));
        assert_eq!(positions_of(&made(2, 250, 1)), of(Along::Trials, 3, 84));
        assert_eq!(positions_of(&made(2, 10, 4)), of(Along::SessionSteps, 1, 40));
        assert_eq!(positions_of(&made(2, 60, 4)), of(Along::TrialSteps, 1, 4));
    }

    #[test]
    fn actions_are_ordered_by_how_often_they_were_taken() {
        let mut results = made(1, 3, 1);
        for subject in &mut results.steps {
            for (step, action) in subject.steps.iter_mut().zip([Some(1), Some(1), None]) {
                step.action = action;
            }
        }
        assert_eq!(actions_by_frequency(&Study::new(&results)), [(1, 4), (0, 0)]);
    }
}
