//! How trials and steps are laid out in the data, which decides what statistics look at.

use crate::dataset::Dataset;
use actinf_agents::{Session, Trial};
use std::ops::Range;

/// Sessions are cut into at most this many blocks.
const MOST_BLOCKS: usize = 8;
/// Sessions shorter than this are not cut.
const SHORTEST_SESSION: usize = 6;
/// Trials with more steps than this are looked at from step to step.
const LONGEST_ROUTINE: usize = 4;
/// No more levels of a condition, or actions under conditions, than this are told apart.
pub(super) const MOST_LEVELS: usize = 8;

/// Which action an action is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// That of the step before, in the same trial.
    Step,
    /// That of the same step of the trial before.
    Trial,
}

/// Along what sessions are cut into blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Along {
    /// Trials of the session.
    Trials,
    /// Steps of its only trial.
    Steps,
}

/// The layout of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) since: Since,
    pub(super) along: Along,
    /// Positions in a block.
    pub(super) width: usize,
    /// The longest session, in positions.
    pub(super) longest: usize,
    /// The steps of the longest trial.
    pub(super) steps: usize,
    /// The labels of sessions, if they are few and there are several.
    pub(super) sessions: Vec<String>,
}

impl Layout {
    /// Trials of few steps are compared step by step with the trial before; longer ones are runs of actions.
    pub(super) fn of(dataset: &Dataset) -> Layout {
        let sessions = || dataset.subjects.iter().flat_map(|subject| &subject.sessions);
        let steps = sessions().flat_map(|session| &session.trials).map(|t| t.steps.len()).max().unwrap_or(0);
        let trials = sessions().map(|session| session.trials.len()).max().unwrap_or(0);
        let (along, longest) = if trials > 1 { (Along::Trials, trials) } else { (Along::Steps, steps) };
        let since = if steps <= LONGEST_ROUTINE && trials > 1 { Since::Trial } else { Since::Step };
        let width = longest.div_ceil(MOST_BLOCKS).max(1);
        Layout { since, along, width, longest, steps, sessions: session_labels(sessions()) }
    }

    /// The positions of each block, counted from 0; none where sessions are too short to be cut.
    pub(super) fn blocks(&self) -> Vec<Range<usize>> {
        if self.longest < SHORTEST_SESSION {
            return Vec::new();
        }
        (0..self.longest)
            .step_by(self.width)
            .map(|from| from..(from + self.width).min(self.longest))
            .collect()
    }

    /// The variable that blocks are of, and its levels, counted from 1.
    pub(super) fn block_levels(&self) -> (&'static str, Vec<String>) {
        let variable = match self.along {
            Along::Trials => "trial",
            Along::Steps => "step",
        };
        let level = |block: Range<usize>| match block.len() {
            1 => block.end.to_string(),
            _ => format!("{}-{}", block.start + 1, block.end),
        };
        (variable, self.blocks().into_iter().map(level).collect())
    }

    /// Whether trials are routines of several steps, which are told apart.
    pub(super) fn has_several_steps(&self) -> bool {
        self.since == Since::Trial && self.steps > 1
    }
}

fn session_labels<'a>(sessions: impl Iterator<Item = &'a Session>) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for session in sessions.filter(|session| session.trials.iter().any(|trial: &Trial| !trial.aborted)) {
        if !labels.contains(&session.label) {
            labels.push(session.label.clone());
        }
        if labels.len() > MOST_LEVELS {
            return Vec::new();
        }
    }
    if labels.len() < 2 { Vec::new() } else { labels }
}
