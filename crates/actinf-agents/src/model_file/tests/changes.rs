//! `[[process.changes]]`: the task changes within a session.

use super::super::read;
use crate::{ActiveInference, BehaviourModel, Design, Observation};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What is seen is the season, which is summer but for trials 3 and 4.
const SEASONS: &str = r#"name = "seasons"
order = "observe_then_act"
[[controls]]
name = "wait"
actions = ["a", "b"]
[[factors]]
name = "season"
states = ["summer", "winter"]
prior = "uniform"
transitions = "stay"
[[modalities]]
name = "seen"
outcomes = ["warm", "cold"]
likelihood = [ { when = { season = "summer" }, p = { warm = 1 } }, { otherwise = true, p = { cold = 1 } } ]
[choice]
policy_precision = 1
[process]
[[process.factors]]
name = "season"
states = ["summer", "winter"]
prior = { summer = 1 }
transitions = "stay"
[[process.changes]]
from_trial = 5
factor = "season"
prior = { summer = 1 }
[[process.changes]]
from_trial = 3
factor = "season"
prior = { winter = 1 }
"#;

#[test]
fn trials_start_elsewhere_from_a_change_on_in_every_session() {
    let agent = ActiveInference::new(read(SEASONS, "seasons.toml").unwrap());
    let design = Design { sessions: 2, trials: 6, steps: 1 };
    let sessions = agent.simulate(&[], design, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    for session in sessions {
        let seen: Vec<Observation> =
            session.trials.iter().map(|trial| trial.steps[0].observations[0].clone()).collect();
        assert_eq!(seen, [0, 0, 1, 1, 0, 0].map(Observation::Outcome));
    }
}

#[test]
fn a_change_names_a_factor_and_a_trial_that_there_are() {
    let error = |from: &str, to: &str| {
        let text = SEASONS.replacen(from, to, 1);
        read(&text, "seasons.toml").unwrap_err().to_string()
    };
    let unknown = error("factor = \"season\"", "factor = \"saeson\"");
    assert!(unknown.contains("no factor `saeson`") && unknown.contains("season"), "{unknown}");
    assert!(error("from_trial = 5", "from_trial = 0").contains("at least 1"));
    let label = error("prior = { winter = 1 }", "prior = { autumn = 1 }");
    assert!(label.contains("autumn"), "{label}");
    let sum = error("prior = { winter = 1 }", "prior = { winter = 0.5 }");
    assert!(sum.contains("changed prior"), "{sum}");
}
