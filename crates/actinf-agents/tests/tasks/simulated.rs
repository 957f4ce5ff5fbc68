//! Simulated trials end where the task ends.

use actinf_agents::{ActiveInference, BehaviourModel, Design, Observation, default_values, tasks};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[test]
fn a_trial_ends_with_the_outcome_that_ends_it() {
    for (task, steps, modality, ending) in [
        ("urn", 30, 1, vec![1, 2]),
        ("visual_foraging", 30, 0, vec![4, 5]),
        ("limited_offer", 8, 0, vec![2, 3, 4]),
        ("two_step", 5, 1, vec![1, 2]),
        ("advice_taking", 5, 1, vec![1, 2]),
    ] {
        let model = ActiveInference::new(tasks::read(task).unwrap());
        let values = default_values(model.parameters());
        let design = Design { sessions: 1, trials: 50, steps };
        let sessions = model.simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
        let mut lengths = std::collections::BTreeSet::new();
        for trial in &sessions[0].trials {
            lengths.insert(trial.steps.len());
            let ends = |step: &actinf_agents::Step| match step.observations[modality] {
                Observation::Outcome(outcome) => ending.contains(&outcome),
                _ => false,
            };
            let (last, before) = trial.steps.split_last().unwrap();
            assert!(trial.steps.len() == steps || ends(last), "{task}: {trial:?}");
            assert!(!before.iter().any(ends), "{task}: {trial:?}");
            // Where the observation comes first, nothing is done any more.
            assert_eq!(last.actions[0].is_none(), task == "advice_taking", "{task}: {trial:?}");
        }
        assert!(
            lengths.iter().all(|&length| length < steps) || task == "limited_offer",
            "{task}: {lengths:?}"
        );
    }
}
