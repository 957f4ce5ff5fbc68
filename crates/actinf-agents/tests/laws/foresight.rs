//! Foresight and the plain tree of policies are two ways to the same numbers.

use crate::random_models::{Shape, cell, model, random_distribution, subject, values};
use crate::{gradient, log_likelihood};
use actinf_agents::task_model::{Distribution, Factor, Form, MissingAction};
use actinf_agents::{ActiveInference, BehaviourModel, Design, Expression, Subject, TaskModel};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn certain(size: usize, state: usize) -> Distribution {
    let cells = (0..size).map(|k| Expression::constant(if k == state { 1.0 } else { 0.0 })).collect();
    Distribution { form: Form::Probabilities, cells }
}

/// Makes a factor forget where it was, stay where it is, or move for certain.
fn restructure(f: usize, factor: &mut Factor, rng: &mut ChaCha8Rng) {
    let size = factor.states.len();
    let transitions = &mut factor.transitions;
    match rng.random_range(0..4) {
        0 => {
            let columns = transitions.columns.len() / size;
            transitions.parents.clear();
            let column = |rng: &mut ChaCha8Rng| match rng.random_bool(0.5) {
                true => certain(size, rng.random_range(0..size)),
                false => random_distribution(size, rng),
            };
            transitions.columns = (0..columns).map(|_| column(rng)).collect();
        }
        1 if transitions.controls.is_empty() => {
            assert_eq!(transitions.parents, [f]);
            transitions.columns = (0..size).map(|state| certain(size, state)).collect();
        }
        2 => {
            transitions
                .columns
                .iter_mut()
                .for_each(|column| *column = certain(size, rng.random_range(0..size)));
        }
        _ => {}
    }
}

/// A random model that foresight serves: structural zeros, forgetting and staying factors, preferences by step ahead, all
/// terms it knows.
fn served(rng: &mut ChaCha8Rng) -> TaskModel {
    let shape = Shape { crossed: false, horizon: rng.random_range(1..=3), ..Shape::small(rng) };
    let mut task = model(&shape, rng);
    task.choice.missing_action = MissingAction::Stay;
    task.choice.habit_learning = None;
    task.planning.weights.utility = cell("1 + lapse");
    task.planning.weights.state_information_gain = cell("reliability");
    task.planning.weights.likelihood_information_gain = cell("forgetting_rate");
    for (f, factor) in task.factors.iter_mut().enumerate() {
        restructure(f, factor, rng);
    }
    for modality in &mut task.modalities {
        modality.information_gain = rng.random_bool(0.7);
        if rng.random_bool(0.3) {
            modality.preferences.steps = vec![
                vec![Expression::constant(0.0); modality.outcomes.len()];
                modality.preferences.steps.len()
            ];
        } else if rng.random_bool(0.5) {
            let steps = modality.preferences.steps[0].clone();
            let later = steps.iter().map(|_| cell("habit * preference")).collect();
            modality.preferences.steps = vec![steps, later];
        }
        if rng.random_bool(0.3) {
            let size = modality.outcomes.len();
            let columns = modality.likelihood.iter_mut().enumerate();
            columns.for_each(|(k, column)| *column = certain(size, k % size));
            // Whatever is certain must be possible for random behaviour to be scored.
            let random = random_distribution(size, rng);
            modality.likelihood[0] = random;
        }
    }
    task.process.factors = task.factors.clone();
    task
}

fn agree(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

proptest! {
    #[test]
    fn foresight_gives_the_value_and_gradient_of_the_plain_tree(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = served(&mut rng);
        let subject = subject(&task, 4, 0.3, &mut rng);
        let (shared, plain) = (ActiveInference::new(task.clone()), ActiveInference::plain(task));
        let free: Vec<usize> = (0..values().len()).collect();
        let is_possible =
            plain.scorer(&subject, &values(), &free).unwrap().log_likelihood(&values()).is_ok();
        prop_assume!(is_possible);
        let (expected, expected_gradient) = gradient(&plain, &subject, &values());
        let (value, found_gradient) = gradient(&shared, &subject, &values());
        prop_assert!(agree(value, expected), "{value} instead of {expected}");
        prop_assert_eq!(value.to_bits(), log_likelihood(&shared, &subject, &values()).to_bits());
        for (k, (&found, &expected)) in found_gradient.iter().zip(&expected_gradient).enumerate() {
            prop_assert!(agree(found, expected), "parameter {k}: {found} instead of {expected}");
        }
    }

    /// Precisions, preferences, habits, lapse and ratings reach no belief, so that beliefs are walked through only once.
    #[test]
    fn what_is_remembered_gives_the_same_value_bit_for_bit_and_the_same_derivatives(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut task = served(&mut rng);
        task.planning.weights.state_information_gain = cell("rating_sd");
        task.planning.weights.likelihood_information_gain = cell("lapse");
        let subject = subject(&task, 4, 0.3, &mut rng);
        let model = ActiveInference::new(task);
        let all: Vec<usize> = (0..values().len()).collect();
        prop_assume!(model.scorer(&subject, &values(), &all).unwrap().log_likelihood(&values()).is_ok());
        let (value, full) = gradient(&model, &subject, &values());
        let free = [0, 1, 2, 6, 7, 8];
        let mut scorer = model.scorer(&subject, &values(), &free).unwrap();
        let at = free.map(|k| values()[k]);
        let mut found = [0.0; 6];
        prop_assert_eq!(scorer.log_likelihood(&at).unwrap().to_bits(), value.to_bits());
        prop_assert_eq!(scorer.log_likelihood_gradient(&at, &mut found).unwrap().to_bits(), value.to_bits());
        for (found, k) in found.iter().zip(free) {
            prop_assert!(agree(*found, full[k]), "parameter {k}: {found} instead of {}", full[k]);
        }
    }

    /// Simulation decides step by step from beliefs about all states; scoring several steps at a time, and where it can from
    /// beliefs about the states that are not known anyway, once per history.
    #[test]
    fn what_was_simulated_is_scored_with_the_same_sum_bit_for_bit(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut task = served(&mut rng);
        task.responses.clear();
        task.schema.responses.clear();
        if rng.random_bool(0.5) {
            for factor in &mut task.factors {
                (factor.transition_learning, factor.prior_learning) = (None, None);
            }
        }
        for factor in &mut task.factors {
            if rng.random_bool(0.5) {
                factor.prior = certain(factor.states.len(), rng.random_range(0..factor.states.len()));
            }
        }
        task.process.factors = task.factors.clone();
        let learns = rng.random_bool(0.5);
        for modality in task.modalities.iter_mut().filter(|_| !learns) {
            modality.learning = None;
        }
        let model = ActiveInference::new(task);
        let design = Design { sessions: 2, trials: rng.random_range(1..=4), steps: rng.random_range(1..=5) };
        let Ok((sessions, logs)) = model.simulate_with_log_probabilities(&values(), design, &mut rng) else {
            return Ok(());
        };
        let sum = logs.iter().fold(0.0, |sum, log| sum + log);
        let subject = Subject { id: "simulated".into(), sessions };
        prop_assert_eq!(log_likelihood(&model, &subject, &values()).to_bits(), sum.to_bits());
        let (beside, _) = gradient(&model, &subject, &values());
        prop_assert_eq!(beside.to_bits(), sum.to_bits());
    }

    #[test]
    fn foresight_gives_every_term_of_the_plain_tree(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = served(&mut rng);
        let subject = subject(&task, 3, 0.3, &mut rng);
        let (shared, plain) = (ActiveInference::new(task.clone()), ActiveInference::plain(task));
        let Ok(expected) = plain.inspect(&subject, &values()) else { return Ok(()) };
        for (found, expected) in shared.inspect(&subject, &values()).unwrap().iter().zip(&expected) {
            for (a, b) in found.terms.iter().zip(&expected.terms) {
                prop_assert!(agree(a.utility, b.utility));
                prop_assert!(agree(a.state_information_gain, b.state_information_gain));
                prop_assert!(agree(a.likelihood_information_gain, b.likelihood_information_gain));
            }
            let totals = found.expected_free_energies.iter().zip(&expected.expected_free_energies);
            let posteriors = found.log_policy_posterior.iter().zip(&expected.log_policy_posterior);
            let actions = found.log_action_probabilities.iter().zip(&expected.log_action_probabilities);
            for (a, b) in totals.chain(posteriors).chain(actions) {
                prop_assert!(agree(*a, *b) || a.to_bits() == b.to_bits(), "{a} instead of {b}");
            }
        }
    }
}
