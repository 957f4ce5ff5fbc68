//! The moments at which a person acted, each with what the person had seen and done until then.

use super::layout::{Layout, Since};
use actinf_agents::{Observation, Place, RowOrder, Schema, Session, Step, Subject};

/// A moment before an action.
pub(super) struct Moment<'a> {
    pub(super) place: Place,
    pub(super) session: &'a Session,
    /// What was last seen of each modality in the same trial.
    pub(super) seen: &'a [Option<usize>],
    /// The action that this one repeats or leaves.
    pub(super) last: Option<Last<'a>>,
}

/// An earlier action.
pub(super) struct Last<'a> {
    /// By control.
    pub(super) actions: &'a [Option<usize>],
    /// What was seen of each modality since, until the end of its trial or the next action.
    pub(super) outcomes: Vec<Option<usize>>,
}

/// Visits the moments of all trials that were not aborted, in order.
pub(super) fn each_moment(
    subject: &Subject,
    schema: &Schema,
    layout: &Layout,
    mut visit: impl FnMut(&Moment<'_>, &Step),
) {
    let mut walk = Walk { schema, since: layout.since, seen: vec![None; schema.modalities.len()] };
    for (session_position, session) in subject.sessions.iter().enumerate() {
        let mut last_trial: Option<&[Step]> = None;
        for (trial_position, trial) in session.trials.iter().enumerate().filter(|(_, trial)| !trial.aborted) {
            walk.seen.fill(None);
            for (position, step) in trial.steps.iter().enumerate() {
                if schema.row_order == RowOrder::ObserveThenAct {
                    walk.see(step);
                }
                let place = Place { session: session_position, trial: trial_position, step: position };
                let last = walk.last(last_trial, &trial.steps[..=position]);
                visit(&Moment { place, session, seen: &walk.seen, last }, step);
                if schema.row_order == RowOrder::ActThenObserve {
                    walk.see(step);
                }
            }
            last_trial = Some(&trial.steps);
        }
    }
}

struct Walk<'a> {
    schema: &'a Schema,
    since: Since,
    seen: Vec<Option<usize>>,
}

impl Walk<'_> {
    fn see(&mut self, step: &Step) {
        for (seen, observation) in self.seen.iter_mut().zip(&step.observations) {
            *seen = outcome(observation).or(*seen);
        }
    }

    /// The last action, given the trial before and this trial's steps up to now.
    fn last<'b>(&self, last_trial: Option<&'b [Step]>, until_now: &'b [Step]) -> Option<Last<'b>> {
        let now = until_now.len() - 1;
        // The step of the last action, then the rows whose observations came after it.
        let (step, after) = match (self.since, self.schema.row_order) {
            (Since::Trial, RowOrder::ActThenObserve) => {
                let trial = last_trial?;
                (trial.get(now)?, &trial[now..])
            }
            (Since::Trial, RowOrder::ObserveThenAct) => {
                let trial = last_trial?;
                (trial.get(now)?, &trial[now + 1..])
            }
            (Since::Step, RowOrder::ActThenObserve) => {
                let last = now.checked_sub(1)?;
                (&until_now[last], &until_now[last..now])
            }
            (Since::Step, RowOrder::ObserveThenAct) => (&until_now[now.checked_sub(1)?], &until_now[now..]),
        };
        let last_seen =
            |modality: usize| after.iter().rev().find_map(|row| outcome(row.observations.get(modality)?));
        let outcomes = (0..self.schema.modalities.len()).map(last_seen).collect();
        Some(Last { actions: &step.actions, outcomes })
    }
}

/// The outcome that was seen, if it was one.
fn outcome(observation: &Observation) -> Option<usize> {
    match observation {
        Observation::Outcome(outcome) | Observation::Masked { outcome, .. } => Some(*outcome),
        Observation::Missing | Observation::Distribution(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use actinf_agents::{Trial, Variable};

    fn schema(row_order: RowOrder) -> Schema {
        let variable =
            |name: &str| Variable { name: name.into(), labels: vec!["a".into(), "b".into(), "c".into()] };
        Schema {
            controls: vec![variable("key")],
            modalities: vec![variable("light")],
            responses: vec![],
            row_order,
        }
    }

    /// Trials of rows (action, outcome).
    fn subject(trials: &[&[(usize, usize)]]) -> Subject {
        let step = |&(action, outcome): &(usize, usize)| Step {
            row: 0,
            actions: vec![Some(action)],
            observations: vec![Observation::Outcome(outcome)],
            responses: vec![],
        };
        let trial = |steps: &&[(usize, usize)]| Trial {
            label: String::new(),
            aborted: false,
            steps: steps.iter().map(step).collect(),
        };
        let session = Session { label: String::new(), trials: trials.iter().map(trial).collect() };
        Subject { id: String::new(), sessions: vec![session] }
    }

    /// Per moment: what was seen in the trial, the last action, and what came of it.
    type Seen = (Option<usize>, Option<usize>, Option<usize>);

    fn walked(order: RowOrder, trials: &[&[(usize, usize)]]) -> Vec<Seen> {
        let (schema, subject) = (schema(order), subject(trials));
        let dataset = Dataset { subjects: vec![subject.clone()], ..Dataset::default() };
        let mut found = Vec::new();
        each_moment(&subject, &schema, &Layout::of(&dataset), |moment, _| {
            let last = moment.last.as_ref();
            found.push((moment.seen[0], last.and_then(|l| l.actions[0]), last.and_then(|l| l.outcomes[0])));
        });
        found
    }

    #[test]
    fn single_steps_look_back_to_the_trial_before() {
        let trials: [&[(usize, usize)]; 3] = [&[(0, 1)], &[(1, 2)], &[(2, 0)]];
        let act_first = walked(RowOrder::ActThenObserve, &trials);
        assert_eq!(act_first, [(None, None, None), (None, Some(0), Some(1)), (None, Some(1), Some(2))]);
        // An observation before the action is a cue, and nothing is seen after it.
        let see_first = walked(RowOrder::ObserveThenAct, &trials);
        assert_eq!(see_first, [(Some(1), None, None), (Some(2), Some(0), None), (Some(0), Some(1), None)]);
    }

    #[test]
    fn a_long_trial_looks_back_to_the_step_before() {
        let trials: [&[(usize, usize)]; 1] = [&[(0, 1), (1, 2), (2, 0)]];
        let act_first = walked(RowOrder::ActThenObserve, &trials);
        assert_eq!(act_first, [(None, None, None), (Some(1), Some(0), Some(1)), (Some(2), Some(1), Some(2))]);
        let see_first = walked(RowOrder::ObserveThenAct, &trials);
        assert_eq!(
            see_first,
            [(Some(1), None, None), (Some(2), Some(0), Some(2)), (Some(0), Some(1), Some(0))]
        );
    }

    #[test]
    fn routines_look_back_to_the_same_step_and_what_the_trial_ended_with() {
        let trials: [&[(usize, usize)]; 2] = [&[(0, 1), (1, 2)], &[(2, 0), (0, 1)]];
        let act_first = walked(RowOrder::ActThenObserve, &trials);
        let expected = [
            (None, None, None),
            (Some(1), None, None),
            (None, Some(0), Some(2)),
            (Some(0), Some(1), Some(2)),
        ];
        assert_eq!(act_first, expected);
        let see_first = walked(RowOrder::ObserveThenAct, &trials);
        let expected = [
            (Some(1), None, None),
            (Some(2), None, None),
            (Some(0), Some(0), Some(2)),
            (Some(1), Some(1), None),
        ];
        assert_eq!(see_first, expected);
    }
}
