//! One person's behaviour drawn again and again, given the person's own history.

use super::plan::{Counted, Plan};
use super::posterior_draws::posterior_draws;
use super::prior::Prior;
use super::{ACTION_DRAWS, PARAMETER_DRAWS, REPLICATES};
use crate::problem::{Problem, check_values};
use crate::random_stream::{Purpose, random_stream};
use crate::results::SubjectFit;
use actinf_agents::{StepRecord, Subject, Trajectory};
use rand::{Rng, RngExt};

/// A person's counts.
pub(super) struct Tallies {
    /// Whether all replicates are made at the estimate.
    pub(super) at_estimate: bool,
    /// Moments by rate.
    pub(super) moments: Vec<u32>,
    /// Recorded events by rate.
    pub(super) observed: Vec<u32>,
    /// Events, replicates × rates.
    pub(super) replicated: Vec<u32>,
}

/// Draws a person's replicates from the streams of `(seed, position)`. Draws of parameters at which the model says nothing are
/// replaced by the others.
///
/// # Errors
///
/// In words, if the model says nothing about the person's behaviour at any of them.
pub(super) fn replicate(
    problem: &Problem<'_>,
    plan: &Plan<'_>,
    subject: &Subject,
    (fit, prior): (&SubjectFit, &Prior),
    (seed, position): (u64, usize),
) -> Result<Tallies, String> {
    let stream = |repetition| random_stream(seed, Purpose::PredictiveChecks, position, repetition);
    let values = posterior_draws(problem, subject, fit, prior, &mut stream(0));
    let at_estimate = values.len() == 1;
    let trajectories = trajectories(problem, subject, &values)?;
    let counted = plan.counted(subject);
    let rates = plan.rates().len();
    let mut tallies = Tallies {
        at_estimate,
        moments: vec![0; rates],
        observed: vec![0; rates],
        replicated: vec![0; REPLICATES * rates],
    };
    observe(plan, &counted, &trajectories[0], &mut tallies);
    let each = ACTION_DRAWS * rates;
    for draw in 0..PARAMETER_DRAWS {
        let trajectory = &trajectories[draw % trajectories.len()];
        let rows = &mut tallies.replicated[draw * each..(draw + 1) * each];
        act(plan, &counted, trajectory, rows, &mut stream(draw + 1));
    }
    Ok(tallies)
}

/// The trajectories at all values that have one, at least one.
fn trajectories(
    problem: &Problem<'_>,
    subject: &Subject,
    values: &[Vec<f64>],
) -> Result<Vec<Trajectory>, String> {
    let model = problem.model();
    let mut reason = String::new();
    let mut found: Vec<Trajectory> = Vec::with_capacity(values.len());
    for (index, own) in values.iter().enumerate() {
        // What was drawn again has the trajectory that it had.
        if index > 0 && values[index - 1] == *own {
            found.extend(found.last().cloned());
            continue;
        }
        let checked = check_values(model.parameters(), own).map_err(|error| error.to_string());
        match checked.and_then(|()| model.trajectory(subject, own).map_err(|error| error.to_string())) {
            Ok(trajectory) => found.push(trajectory),
            Err(error) => reason = error,
        }
    }
    if found.is_empty() { Err(format!("no replicate could be drawn: {reason}")) } else { Ok(found) }
}

/// Whether a step has an action and a distribution to draw others from; the same for all parameters.
fn is_counted(plan: &Plan<'_>, step: &StepRecord) -> bool {
    step.action.is_some_and(|action| action < plan.joint_actions())
        && step.action_probabilities.len() == plan.joint_actions()
}

/// What was recorded.
fn observe(plan: &Plan<'_>, counted: &Counted, trajectory: &Trajectory, tallies: &mut Tallies) {
    for (position, step) in trajectory.steps.iter().enumerate().filter(|(_, step)| is_counted(plan, step)) {
        let Some(action) = step.action else { continue };
        let counts = counted.of_step(position);
        plan.add_moment(counts, &mut tallies.moments);
        plan.add_action(counts, action, &mut tallies.observed);
    }
}

/// Draws an action per moment for every replicate.
fn act(plan: &Plan<'_>, counted: &Counted, trajectory: &Trajectory, rows: &mut [u32], rng: &mut dyn Rng) {
    let rates = plan.rates().len();
    if rates == 0 {
        return;
    }
    for (position, step) in trajectory.steps.iter().enumerate().filter(|(_, step)| is_counted(plan, step)) {
        let counts = counted.of_step(position);
        for events in rows.chunks_mut(rates) {
            plan.add_action(counts, drawn(&step.action_probabilities, rng.random()), events);
        }
    }
}

/// The action whose part of the unit interval holds `unit`; the last possible one where rounding leaves none.
fn drawn(probabilities: &[f64], unit: f64) -> usize {
    let mut sum = 0.0;
    for (action, probability) in probabilities.iter().enumerate() {
        sum += probability;
        if unit < sum {
            return action;
        }
    }
    probabilities.iter().rposition(|probability| *probability > 0.0).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_drawn_where_its_part_of_the_unit_interval_lies() {
        let probabilities = [0.25, 0.0, 0.75];
        assert_eq!([0.0, 0.2, 0.25, 0.999].map(|unit| drawn(&probabilities, unit)), [0, 0, 2, 2]);
        assert_eq!(drawn(&[0.5, 0.499_999, 0.0], 0.999_999_9), 1);
    }
}
