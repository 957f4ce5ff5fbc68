//! What the mazes among the built-in tasks are about: who is curious goes to the cues first, in their order, and who knows
//! where the goal is gets there.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{ActiveInference, BehaviourModel, Design, Observation, Trial, default_values, tasks};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const TRIALS: usize = 40;

/// Behaviour of an agent with some parameters changed: per trial and step, per modality the label that was seen.
fn simulated(task: &str, changed: &[(&str, f64)], steps: usize) -> Vec<Vec<Vec<String>>> {
    let model = ActiveInference::new(tasks::read(task).unwrap());
    let mut values = default_values(model.parameters());
    for (name, value) in changed {
        let slot = model.parameters().iter().position(|parameter| parameter.name == *name).unwrap();
        values[slot] = *value;
    }
    let design = Design { sessions: 1, trials: TRIALS, steps };
    let sessions = model.simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(7)).unwrap();
    let label = |(m, observation): (usize, &Observation)| match observation {
        Observation::Outcome(outcome) => model.schema().modalities[m].labels[*outcome].clone(),
        other => panic!("{other:?}"),
    };
    let seen = |trial: &Trial| {
        trial.steps.iter().map(|step| step.observations.iter().enumerate().map(label).collect()).collect()
    };
    sessions[0].trials.iter().map(seen).collect()
}

/// The first step at which `modality` shows one of `labels`.
fn first(trial: &[Vec<String>], modality: usize, labels: &[&str]) -> Option<usize> {
    trial.iter().position(|step| labels.contains(&step[modality].as_str()))
}

fn is_before(a: Option<usize>, b: Option<usize>) -> bool {
    a.is_some_and(|a| b.is_none_or(|b| a < b))
}

/// In how many trials the first cue is the first place visited of those that may tell something.
fn first_cue_is_first(trials: &[Vec<Vec<String>>]) -> usize {
    let is_first = |trial: &&Vec<Vec<String>>| {
        is_before(
            first(trial, 0, &["first_cue"]),
            first(trial, 0, &["a", "b", "c", "upper_arm", "lower_arm"]),
        )
    };
    trials.iter().filter(is_first).count()
}

#[test]
fn the_curious_read_the_first_cue_then_the_second_and_then_take_the_reward() {
    let trials = simulated("cue_chaining", &[("policy_precision", 64.0)], 12);
    assert_eq!(first_cue_is_first(&trials), TRIALS);
    for trial in &trials {
        let second = first(trial, 2, &["upper", "lower"]);
        assert!(is_before(first(trial, 1, &["a", "b", "c"]), second), "{trial:?}");
        assert!(is_before(second, first(trial, 0, &["upper_arm", "lower_arm"])), "{trial:?}");
        assert!(first(trial, 3, &["reward"]).is_some(), "{trial:?}");
        assert_eq!(first(trial, 3, &["punishment"]), None, "{trial:?}");
    }
}

/// Of the two ways out of the corner, one leads to the first cue: without curiosity it is taken in about half of the trials.
/// A binomial count with probability 0.5 leaves 8 to 32 of 40 with probability below 0.0001.
#[test]
fn the_incurious_read_the_first_cue_by_chance_only() {
    let trials = simulated("cue_chaining", &[("policy_precision", 16.0), ("curiosity", 1e-9)], 12);
    let count = first_cue_is_first(&trials);
    assert!((8..=32).contains(&count), "{count}");
}

#[test]
fn in_a_maze_of_two_ts_each_cue_is_read_before_an_arm_of_its_t_is_entered() {
    let trials = simulated("generalised_t_maze", &[("policy_precision", 16.0)], 16);
    for trial in &trials {
        let rewarded = first(trial, 1, &["reward"]);
        assert!(rewarded.is_some(), "{trial:?}");
        for (cue, arms) in
            [("cue_west", ["upper_west", "lower_west"]), ("cue_east", ["upper_east", "lower_east"])]
        {
            let arm = first(trial, 0, &arms);
            assert!(arm.is_none() || is_before(first(trial, 0, &[cue]), arm), "{trial:?}");
        }
    }
    // A false cue is seen in one of twenty trials per T; more than 10 of 40 have probability below 0.001.
    let punished = trials.iter().filter(|trial| first(trial, 1, &["punishment"]).is_some()).count();
    assert!(punished <= 10, "{punished}");
}

/// Five of fourteen steps must succeed, each with probability 0.9.
#[test]
fn the_agent_of_the_grid_world_reaches_its_goal_and_stays_there() {
    let trials = simulated("grid_world", &[("policy_precision", 16.0)], 15);
    for trial in &trials {
        let arrival = first(trial, 0, &["goal"]).unwrap();
        assert!(arrival >= 5, "{trial:?}");
        assert!(trial[arrival..].iter().all(|step| step[0] == "goal"), "{trial:?}");
        assert_eq!(first(trial, 0, &["pit"]), None, "{trial:?}");
    }
}
