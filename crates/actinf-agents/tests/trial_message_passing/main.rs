//! The agent that infers whole trials: gradients, laws, and a plain implementation of its equations to compare with.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod choosing_again;
mod gradients;
mod model_files;
mod oracle;
mod whole_trials;

use actinf_agents::{
    ActiveInference, BehaviourModel, Design, Observation, Session, Step, Subject, Trial, default_values,
    model_file,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A task with everything that can be learned, in terms of parameters. The first two lines of `[inference]` are put in.
pub(crate) const LEARNS_ALL: &str = r#"
name = "learns_all"
order = "observe_then_act"
[parameters]
alpha = { support = "positive", default = 2.0 }
beta  = { support = "positive", default = 1.3 }
eta   = { support = "unit", default = 0.6 }
omega = { support = "unit", default = 0.2 }
wish  = { support = "real", default = 1.5 }
count = { support = "positive", default = 0.8 }
habit = { support = "positive", default = 1.4 }
trust = { support = [0.5, 1.0], default = 0.8 }
[[controls]]
name = "go"
actions = ["a", "b"]
[[factors]]
name = "place"
states = ["p", "q", "r"]
prior_learning = { counts = { p = "2 * count", q = 1, r = 0.5 }, rate = "eta", forgetting = "omega" }
transition_learning = { counts = "weights", rate = "eta", forgetting = "omega" }
transitions = [
  { when = { go = "a", place = "p" }, p = { normalise = { p = "count", q = 2, r = 0.5 } } },
  { when = { go = "a", place = "q" }, p = { normalise = [0.3, 1, 0.4] } },
  { when = { go = "a", place = "r" }, p = { normalise = [0.3, 0.2, 1.4] } },
  { when = { go = "b", place = "p" }, p = { normalise = [1.1, 0.2, 0.7] } },
  { when = { go = "b", place = "q" }, p = { normalise = [0.6, 0.9, 0.1] } },
  { when = { go = "b", place = "r" }, p = { normalise = [1.2, 0.3, 0.3] } },
]
[[factors]]
name = "mood"
states = ["good", "bad"]
prior = { good = "trust", bad = "1 - trust" }
prior_learning = { prior_count = "count", rate = "eta" }
transitions = [
  { when = { mood = "good" }, p = { good = 0.7, bad = 0.3 } },
  { when = { mood = "bad" }, p = { good = 0.2, bad = 0.8 } },
]
[[modalities]]
name = "sight"
outcomes = ["x", "y"]
preferences = [{ x = "wish" }, { x = "wish / 2" }, { y = 1 }]
learning = { prior_count = "3 * count", rate = "eta", forgetting = "omega" }
likelihood = [
  { when = { place = "p", mood = "good" }, p = { x = "trust", y = "1 - trust" } },
  { when = { place = "p" }, p = { x = 0.4, y = 0.6 } },
  { when = { place = "q" }, p = { x = 0.3, y = 0.7 } },
  { when = { mood = "good" }, p = { x = 0.45, y = 0.55 } },
  { otherwise = true, p = { x = 0.1, y = 0.9 } },
]
[[modalities]]
name = "taste"
outcomes = ["sweet", "sour", "none"]
preferences = { sweet = "exp(wish / 5)", sour = 0.5, none = 1 }
preference_learning = { rate = "eta", forgetting = "omega" }
likelihood = [
  { when = { mood = "good" }, p = { sweet = 0.6, sour = 0.1, none = 0.3 } },
  { when = { mood = "bad" }, p = { sweet = 0.2, sour = 0.4, none = 0.4 } },
]
[inference]
scheme = "trial_message_passing"
POLICIES
NUMERICS
time_constant = 3
reset = 2
[planning]
HORIZON
likelihood_information_gain = 0.7
transition_information_gain = 0.9
[choice]
policy_precision = "1 / beta"
action_precision = "alpha"
habit_learning = { counts = HABITS, rate = "eta", forgetting = "omega" }
selection = "joint_action"
missing_action = "average"
[learning]
carry = true
"#;

/// The task with SPM's whole-trial or next-step policies.
pub(crate) fn text(whole_trial: bool, numerics: &str) -> String {
    let (policies, horizon, habits) = if whole_trial {
        ("whole_trial", "horizon = 2", "[\"habit\", 1, 0.7, 1.2]")
    } else {
        ("next_step", "horizon = 1", "[\"habit\", 1]")
    };
    LEARNS_ALL
        .replace("POLICIES", &format!("policies = \"{policies}\""))
        .replace("NUMERICS", &format!("numerics = \"{numerics}\""))
        .replace("HORIZON", horizon)
        .replace("HABITS", habits)
}

pub(crate) fn agent(text: &str) -> ActiveInference {
    ActiveInference::new(model_file::read(text, "m.toml").unwrap_or_else(|error| panic!("{error}")))
}

/// Trials of three rows, simulated at the default values.
pub(crate) fn simulated(model: &ActiveInference, seed: u64) -> Subject {
    let values = default_values(model.parameters());
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let design = Design { sessions: 2, trials: 3, steps: 3 };
    Subject { id: "simulated".into(), sessions: model.simulate(&values, design, &mut rng).unwrap() }
}

/// What was observed at a step: an outcome per modality, where it was.
pub(crate) type Seen<'a> = &'a [Option<usize>];

/// A step: what was observed, and the action after it.
pub(crate) type Row<'a> = (Seen<'a>, Option<usize>);

/// A subject of one session with these trials.
pub(crate) fn subject(trials: &[&[Row<'_>]]) -> Subject {
    let step = |(outcomes, action): &Row<'_>| Step {
        row: 1,
        actions: vec![*action],
        observations: outcomes
            .iter()
            .map(|outcome| outcome.map_or(Observation::Missing, Observation::Outcome))
            .collect(),
        responses: vec![],
    };
    let trial = |steps: &&[Row<'_>]| Trial {
        label: "1".into(),
        aborted: false,
        steps: steps.iter().map(step).collect(),
    };
    let session = Session { label: "1".into(), trials: trials.iter().map(trial).collect() };
    Subject { id: "listed".into(), sessions: vec![session] }
}
