//! What was seen and done: subject > session > trial > step.

use serde::{Deserialize, Serialize};

/// One outcome of one modality at one step.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// Nothing was recorded: no evidence, no learning from this modality at this step.
    Missing,
    /// The index of the outcome in the modality's list of outcomes.
    Outcome(usize),
    /// A probability for every outcome: evidence is the expected log-likelihood `Σ_o p(o) ln A(o | s)`, and counts are
    /// learned in these proportions.
    Distribution(Vec<f64>),
    /// An outcome that is trusted only in part: inference works with `k o + (1 - k) / n` and `k A + (1 - k) / n`, where k
    /// is the trust between 0 and 1 and n the number of outcomes. Learning is not affected.
    Masked {
        /// The index of the outcome.
        outcome: usize,
        /// The trust `k`.
        trust: f64,
    },
}

impl Observation {
    /// Whether it can be one of a modality with this many outcomes: indices exist, weights are probabilities that sum to
    /// 1 (within 1e-6), and trust lies between 0 and 1.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::Observation;
    /// assert!(Observation::Outcome(1).fits(2));
    /// assert!(!Observation::Outcome(2).fits(2));
    /// assert!(Observation::Distribution(vec![0.3, 0.7]).fits(2));
    /// ```
    pub fn fits(&self, outcomes: usize) -> bool {
        match self {
            Observation::Missing => true,
            Observation::Outcome(outcome) => *outcome < outcomes,
            Observation::Distribution(weights) => {
                weights.len() == outcomes
                    && weights.iter().all(|weight| *weight >= 0.0)
                    && (weights.iter().sum::<f64>() - 1.0).abs() < 1e-6
            }
            Observation::Masked { outcome, trust } => *outcome < outcomes && (0.0..=1.0).contains(trust),
        }
    }
}

/// One perceive-act cycle: one row of a table of behaviour.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The row of the file it came from (1 is the first row of data), for messages and results; 0 if simulated.
    pub row: usize,
    /// One action per control, as an index into the control's list of actions; `None` where missing.
    pub actions: Vec<Option<usize>>,
    /// One observation per modality.
    pub observations: Vec<Observation>,
    /// One value per response beside the action; `None` where not recorded. A response given at the end of a trial is
    /// recorded on its last step, one given at the end of a session on the last step of its last trial that was not
    /// aborted; they are read from nowhere else.
    pub responses: Vec<Option<f64>>,
}

/// A run of steps; beliefs about states restart at the initial prior with the next trial.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Its label in the data, or its number.
    pub label: String,
    /// Whether the trial was aborted: it is skipped whole.
    pub aborted: bool,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// A run of trials over which learned counts are carried; also called a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its label in the data, or its number.
    pub label: String,
    /// Its trials, in order.
    pub trials: Vec<Trial>,
}

/// One person's (or animal's) behaviour.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The identity in the data.
    pub id: String,
    /// Sessions in order of first appearance.
    pub sessions: Vec<Session>,
}

impl Subject {
    /// All steps of trials that were not aborted, in order, each with its place.
    pub fn steps(&self) -> impl Iterator<Item = (Place, &Step)> {
        self.sessions.iter().enumerate().flat_map(|(session, s)| {
            s.trials.iter().enumerate().filter(|(_, t)| !t.aborted).flat_map(move |(trial, t)| {
                t.steps.iter().enumerate().map(move |(step, s)| (Place { session, trial, step }, s))
            })
        })
    }
}

/// Where a step stands within its subject: zero-based positions, not labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Position of the session within the subject.
    pub session: usize,
    /// Position of the trial within the session.
    pub trial: usize,
    /// Position of the step within the trial.
    pub step: usize,
}
