//! Laws of Monte Carlo tree search: what it converges to, how fast, and that nothing about it is random.

use super::planning::{EXACT_TREE, inspect, planner, prior, recursion, sophisticated, updated_beliefs};
use super::planning_gradients::with_all_terms;
use super::random_models::{Shape, model, subject, values};
use super::{gradient, largest_difference, log_likelihood};
use actinf_agents::task_model::{InferenceScheme, MonteCarloTreeSearch, Schedule, Sophistication};
use actinf_agents::{ActiveInference, BehaviourModel, Design, RowOrder, Subject, TaskModel};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// So much exploration that all actions are tried about equally often.
const EVENLY: f64 = 1e3;

const MEAN_FIELD: InferenceScheme =
    InferenceScheme::FixedPointIteration { sweeps: 3, schedule: Schedule::Sequential };

pub(crate) fn searched(task: &TaskModel, search: MonteCarloTreeSearch) -> TaskModel {
    let mut task = sophisticated(task, EXACT_TREE);
    task.planning.sophistication = None;
    task.planning.monte_carlo_tree_search = Some(search);
    task
}

pub(crate) fn search(horizon: usize, simulations: usize, seed: u64) -> MonteCarloTreeSearch {
    MonteCarloTreeSearch { horizon, simulations, exploration: EVENLY, seed }
}

/// A model of two actions and two outcomes that starts from its prior and does not learn.
fn tiny(rng: &mut ChaCha8Rng) -> (TaskModel, Subject) {
    let shape = Shape {
        factors: vec![2, 2],
        modalities: vec![(2, vec![0, 1])],
        controls: vec![2],
        learns: false,
        order: RowOrder::ActThenObserve,
        ..Shape::small(rng)
    };
    let task = model(&shape, rng);
    let subject = subject(&task, 2, 0.0, rng);
    (task, subject)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Outcomes of a random model have probabilities of at least 0.05, and each action is tried 500 times: one of the four
    /// is missed with probability below 1e-10.
    #[test]
    fn a_search_that_has_seen_everything_is_sophisticated_inference(seed: u64, is_mean_field: bool) {
        let (mut task, subject) = tiny(&mut ChaCha8Rng::seed_from_u64(seed));
        if is_mean_field {
            task.inference = MEAN_FIELD;
        }
        let tree = inspect(&sophisticated(&task, EXACT_TREE), &subject, &values());
        let search = inspect(&searched(&task, search(2, 1_000, seed)), &subject, &values());
        for (tree, search) in tree.iter().zip(&search) {
            prop_assert!(largest_difference(&tree.expected_free_energies, &search.expected_free_energies) < 1e-11);
            prop_assert!(largest_difference(&tree.log_policy_posterior, &search.log_policy_posterior) < 1e-11);
            for (tree, search) in tree.terms.iter().zip(&search.terms) {
                prop_assert!((tree.utility - search.utility).abs() < 1e-11);
                prop_assert!((tree.state_information_gain - search.state_information_gain).abs() < 1e-11);
            }
        }
    }

    #[test]
    fn a_search_of_one_step_is_plain_planning_with_single_actions(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape { horizon: 1, ..Shape::small(&mut rng) }, &mut rng);
        let (mut task, values) = with_all_terms(task, &mut rng);
        task.modalities.iter_mut().for_each(|modality| modality.preferences.steps.truncate(1));
        let subject = subject(&task, 4, 0.2, &mut rng);
        let tree = sophisticated(&task, Sophistication { horizon: 1, ..EXACT_TREE });
        let search = searched(&task, search(1, task.schema.joint_actions(), seed));
        for (tree, search) in inspect(&tree, &subject, &values).iter().zip(&inspect(&search, &subject, &values)) {
            prop_assert_eq!(&tree.terms, &search.terms);
            prop_assert_eq!(&tree.log_action_probabilities, &search.log_action_probabilities);
        }
    }

    #[test]
    fn searches_are_repeated_simulated_and_scored_bit_for_bit(seed: u64, scheme in 0..3_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (task, _) = planner(&mut rng);
        let (mut task, values) = with_all_terms(task, &mut rng);
        task.modalities.iter_mut().for_each(|modality| modality.preferences.steps.truncate(1));
        task.inference = [
            InferenceScheme::Exact,
            MEAN_FIELD,
            InferenceScheme::VariationalMessagePassing { sweeps: 3, window: None },
        ][scheme];
        let model = ActiveInference::new(searched(&task, search(3, 9, seed)));
        let design = Design { sessions: 2, trials: 2, steps: 3 };
        let (sessions, drawn) = model.simulate_with_log_probabilities(&values, design, &mut rng).unwrap();
        let subject = Subject { id: "simulated".into(), sessions };
        let scored = model.trajectory(&subject, &values).unwrap();
        let scored: Vec<u64> = scored.steps.iter().map(|step| step.log_probability.unwrap().to_bits()).collect();
        prop_assert_eq!(scored, drawn.iter().map(|log| log.to_bits()).collect::<Vec<_>>());
        let (beside, first) = gradient(&model, &subject, &values);
        let (again, second) = gradient(&model, &subject, &values);
        prop_assert_eq!(beside.to_bits(), log_likelihood(&model, &subject, &values).to_bits());
        prop_assert_eq!((beside.to_bits(), first), (again.to_bits(), second));
    }
}

/// Of `K` outcomes drawn `n` times, the probability not seen is expected to be `Σ p (1 - p)^n ≤ K / (e n)`, and what is not
/// seen moves the mean of the values that follow by no more than its probability times their range.
#[test]
fn the_monte_carlo_error_is_within_its_bound_and_shrinks() {
    let shape = Shape {
        factors: vec![3],
        modalities: vec![(3, vec![0]), (3, vec![0])],
        controls: vec![2],
        learns: false,
        order: RowOrder::ActThenObserve,
        ..Shape::small(&mut ChaCha8Rng::seed_from_u64(3))
    };
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let task = model(&shape, &mut rng);
    let subject = subject(&task, 1, 0.0, &mut rng);
    let exact = recursion(&task, &prior(&task), 2);
    let following: Vec<Vec<f64>> = (0..2)
        .map(|action| {
            let value = |belief: &Vec<f64>| {
                let next = recursion(&task, belief, 1);
                let weights: Vec<f64> = next.iter().map(|g| (-values()[0] * g).exp()).collect();
                weights.iter().zip(&next).map(|(w, g)| w * g).sum::<f64>() / weights.iter().sum::<f64>()
            };
            updated_beliefs(&task, &prior(&task), action).iter().map(value).collect()
        })
        .collect();
    let mut before = f64::INFINITY;
    for tries in [4, 16, 64] {
        let mut errors = [0.0; 2];
        for seed in 0..100 {
            let task = searched(&task, search(2, 2 * tries, seed));
            let found = &inspect(&task, &subject, &values())[0].expected_free_energies;
            errors.iter_mut().zip(found).zip(&exact).for_each(|((sum, a), b)| *sum += (a - b).abs() / 100.0);
        }
        for (error, following) in errors.iter().zip(&following) {
            let largest = following.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let range = largest - following.iter().copied().fold(f64::INFINITY, f64::min);
            let bound = following.len() as f64 / (std::f64::consts::E * tries as f64) * range;
            assert!(*error <= bound, "{tries} tries: error {error}, bound {bound}");
        }
        assert!(errors[0] > 0.0 && errors[0] < before / 2.0, "{tries} tries: {errors:?}, before {before}");
        before = errors[0];
    }
}

/// A difference that stays when the step shrinks is a jump: another future was imagined on one side.
#[test]
fn gradients_equal_central_differences_where_the_search_does_not_jump() {
    const STEP: f64 = 1e-6;
    let (mut compared, mut jumped) = (0, 0);
    for seed in 0..16 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (task, _) = planner(&mut rng);
        let (mut task, values) = with_all_terms(task, &mut rng);
        if seed % 2 == 1 {
            task.inference = MEAN_FIELD;
        }
        let subject = subject(&task, 2, 0.2, &mut rng);
        // Fewer futures than there are beliefs, and actions chosen by what was found.
        let search = MonteCarloTreeSearch { exploration: 0.5, ..search(2, 8, seed) };
        let model = ActiveInference::new(searched(&task, search));
        let (value, exact) = gradient(&model, &subject, &values);
        for (k, &exact) in exact.iter().enumerate() {
            let [up, down] = [STEP, -STEP].map(|shift| {
                let mut shifted = values.clone();
                shifted[k] += shift;
                log_likelihood(&model, &subject, &shifted)
            });
            if (up - 2.0 * value + down).abs() > 1e-9 {
                jumped += 1;
                continue;
            }
            compared += 1;
            let difference = (up - down) / (2.0 * STEP);
            let error = (exact - difference).abs() / exact.abs().max(1.0);
            assert!(error < 1e-6, "seed {seed}, parameter {k}: exact {exact}, difference {difference}");
        }
    }
    assert!(compared > 200 && jumped < 10, "compared {compared}, jumped {jumped}");
}

#[test]
fn another_seed_is_another_search_until_all_has_been_seen() {
    let (task, subject) = tiny(&mut ChaCha8Rng::seed_from_u64(5));
    let found = |simulations, seed| {
        inspect(&searched(&task, search(3, simulations, seed)), &subject, &values())[0]
            .expected_free_energies
            .clone()
    };
    assert!((0..8).any(|seed| found(4, seed) != found(4, 8)));
    assert!(largest_difference(&found(20_000, 1), &found(20_000, 2)) < 1e-11);
}
