//! Names do not matter: another order of states, outcomes or actions gives the same agent.

use super::log_likelihood;
use super::monte_carlo_tree_search::{search, searched};
use super::planning::{EXACT_TREE, planner, sophisticated};
use super::random_models::{Shape, model, subject, values};
use super::sequences::{assert_close, quantities, random_sequence_model, with_scheme};
use actinf_agents::task_model::{Counts, Distribution, InferenceScheme, Learning, Schedule};
use actinf_agents::{ActiveInference, Observation, Subject, TaskModel};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A random model with exact inference, either schedule of fixed-point iteration, or messages over a window.
pub(crate) fn random_model(scheme: usize, rng: &mut ChaCha8Rng) -> TaskModel {
    let fixed_point = |schedule| InferenceScheme::FixedPointIteration { sweeps: 4, schedule };
    let inference = match scheme {
        0 => InferenceScheme::Exact,
        1 => fixed_point(Schedule::Sequential),
        2 => fixed_point(Schedule::Parallel),
        _ => return random_sequence_model(rng),
    };
    with_scheme(&model(&Shape::small(rng), rng), inference)
}

/// All factors with their states in the opposite order. Configurations are row-major, so their order is reversed too.
fn mirrored(task: &TaskModel) -> TaskModel {
    let mut task = task.clone();
    let flip = |column: &mut Distribution| column.cells.reverse();
    let sizes: Vec<usize> = task.factors.iter().map(|factor| factor.states.len()).collect();
    for factor in &mut task.factors {
        flip(&mut factor.prior);
        if let Some(Learning { counts: Counts::Explicit(counts), .. }) = &mut factor.prior_learning {
            counts.iter_mut().for_each(|counts| counts.reverse());
        }
        let rows: usize = factor.transitions.parents.iter().map(|&parent| sizes[parent]).product();
        factor.transitions.columns.iter_mut().for_each(flip);
        factor.transitions.columns.chunks_mut(rows).for_each(<[_]>::reverse);
    }
    task.modalities.iter_mut().for_each(|modality| modality.likelihood.reverse());
    task
}

/// All controls with their actions in the opposite order; policies keep theirs.
fn with_actions_reversed(task: &TaskModel) -> TaskModel {
    let mut task = task.clone();
    let sizes: Vec<usize> = task.factors.iter().map(|factor| factor.states.len()).collect();
    for factor in &mut task.factors {
        let rows: usize = factor.transitions.parents.iter().map(|&parent| sizes[parent]).product();
        // Controls vary slowest.
        factor.transitions.columns = factor.transitions.columns.rchunks(rows).flatten().cloned().collect();
    }
    let last = task.schema.joint_actions() - 1;
    task.planning.policies.iter_mut().flatten().for_each(|action| *action = last - *action);
    task
}

fn relabelled(task: &TaskModel, subject: &Subject) -> Subject {
    let mut subject = subject.clone();
    for step in subject.sessions.iter_mut().flat_map(|s| &mut s.trials).flat_map(|t| &mut t.steps) {
        for (action, control) in step.actions.iter_mut().zip(&task.schema.controls) {
            *action = action.map(|action| control.labels.len() - 1 - action);
        }
    }
    subject
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn permuting_outcomes_changes_no_probability(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape::small(&mut rng), &mut rng);
        let recorded = subject(&task, 5, 0.1, &mut rng);
        let (mut mirrored, mut relabelled) = (task.clone(), recorded.clone());
        for modality in &mut mirrored.modalities {
            modality.preferences.steps.iter_mut().for_each(|step| step.reverse());
            modality.likelihood.iter_mut().for_each(|column| column.cells.reverse());
        }
        let steps = relabelled.sessions.iter_mut().flat_map(|s| &mut s.trials).flat_map(|t| &mut t.steps);
        for step in steps {
            for (observation, modality) in step.observations.iter_mut().zip(&task.modalities) {
                if let Observation::Outcome(outcome) = observation {
                    *outcome = modality.outcomes.len() - 1 - *outcome;
                }
            }
        }
        let a = log_likelihood(&ActiveInference::new(task), &recorded, &values());
        let b = log_likelihood(&ActiveInference::new(mirrored), &relabelled, &values());
        prop_assert!((a - b).abs() < 1e-10, "{a} {b}");
    }

    #[test]
    fn permuting_states_permutes_beliefs_and_changes_no_probability(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = random_model(scheme, &mut rng);
        let sizes: Vec<usize> = task.factors.iter().map(|factor| factor.states.len()).collect();
        let mut subject = subject(&task, 5, 0.2, &mut rng);
        let steps = subject.sessions.iter_mut().flat_map(|s| &mut s.trials).flat_map(|t| &mut t.steps);
        // The rating is about one state, which is another one in the mirror.
        steps.for_each(|step| step.responses = vec![None]);
        let mirror = quantities(mirrored(&task), &subject);
        let mut expected = quantities(task, &subject);
        for quantities in &mut expected {
            let mut beliefs = quantities.as_mut_slice();
            for &size in &sizes {
                let (marginal, rest) = beliefs.split_at_mut(size);
                marginal.reverse();
                beliefs = rest;
            }
        }
        assert_close(&mirror, &expected, 1e-9)?;
    }

    #[test]
    fn permuting_actions_changes_no_probability(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = random_model(scheme, &mut rng);
        let recorded = subject(&task, 4, 0.2, &mut rng);
        let reversed = ActiveInference::new(with_actions_reversed(&task));
        let b = log_likelihood(&reversed, &relabelled(&task, &recorded), &values());
        let a = log_likelihood(&ActiveInference::new(task), &recorded, &values());
        prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn permuting_actions_changes_no_probability_of_a_tree(seed: u64, is_searched: bool) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (task, recorded) = planner(&mut rng);
        // So few futures that it matters which actions are tried; none of these has an equal.
        let task = if is_searched { searched(&task, search(3, 8, seed)) } else { sophisticated(&task, EXACT_TREE) };
        let reversed = ActiveInference::new(with_actions_reversed(&task));
        let b = log_likelihood(&reversed, &relabelled(&task, &recorded), &values());
        let a = log_likelihood(&ActiveInference::new(task), &recorded, &values());
        prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
}
