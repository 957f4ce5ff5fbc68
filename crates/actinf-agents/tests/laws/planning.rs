//! Laws of planning: decompositions, soft values, trees against brute force.

use super::planning_gradients::with_all_terms;
use super::random_models::{Shape, model, subject, values};
use super::{joint_states, largest_difference, outcome_probability, transition};
use actinf_agents::task_model::{Distribution, Form, Sophistication};
use actinf_agents::{ActiveInference, Expression, Inspection, Observation, RowOrder, Subject, TaskModel};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) const EXACT_TREE: Sophistication = Sophistication {
    horizon: 2,
    action_threshold: 0.0,
    outcome_threshold: 0.0,
    penalty: 512.0,
    entropy_stop: -1.0,
};

pub(crate) fn inspect(task: &TaskModel, subject: &Subject, values: &[f64]) -> Vec<Inspection> {
    ActiveInference::new(task.clone()).inspect(subject, values).unwrap()
}

/// Plans with a tree over single actions, one habit cell being a parameter.
pub(crate) fn sophisticated(task: &TaskModel, tree: Sophistication) -> TaskModel {
    let mut task = task.clone();
    let actions = task.schema.joint_actions();
    task.planning.horizon = 1;
    task.planning.policies = (0..actions).map(|action| vec![action]).collect();
    task.planning.sophistication = Some(tree);
    task.choice.habits.cells.truncate(actions);
    task
}

/// The joint prior over all factors.
pub(crate) fn prior(task: &TaskModel) -> Vec<f64> {
    let probability = |states: &Vec<usize>| -> f64 {
        task.factors.iter().zip(states).map(|(f, &s)| f.prior.cells[s].evaluate::<f64>(&values())).product()
    };
    joint_states(task).iter().map(probability).collect()
}

pub(crate) fn predicted(task: &TaskModel, belief: &[f64], action: usize) -> Vec<f64> {
    let all = joint_states(task);
    let arrive = |to: &Vec<usize>| {
        all.iter().zip(belief).map(|(from, q)| q * transition(task, action, from, to)).sum()
    };
    all.iter().map(arrive).collect()
}

/// The probability of one outcome of one modality in every joint state.
pub(crate) fn column(task: &TaskModel, modality: usize, outcome: usize) -> Vec<f64> {
    let mut observations = vec![Observation::Missing; task.modalities.len()];
    observations[modality] = Observation::Outcome(outcome);
    joint_states(task).iter().map(|states| outcome_probability(task, &observations, states)).collect()
}

pub(crate) fn log_preferences(task: &TaskModel, modality: usize) -> Vec<f64> {
    let cells = &task.modalities[modality].preferences.steps[0];
    let cells: Vec<f64> = cells.iter().map(|cell| cell.evaluate(&values())).collect();
    let normaliser = cells.iter().map(|cell| cell.exp()).sum::<f64>().ln();
    cells.iter().map(|cell| cell - normaliser).collect()
}

/// `KL[q(o) ‖ C] + E_q H[A]`, summed over modalities: the other textbook decomposition of `-(U + S)`.
pub(crate) fn risk_and_ambiguity(task: &TaskModel, belief: &[f64]) -> f64 {
    let mut sum = 0.0;
    for m in 0..task.modalities.len() {
        for (outcome, log_preference) in log_preferences(task, m).into_iter().enumerate() {
            let column = column(task, m, outcome);
            let q: f64 = belief.iter().zip(&column).map(|(q, p)| q * p).sum();
            sum += q * (q.ln() - log_preference);
            sum -= belief.iter().zip(&column).map(|(q, p)| q * p * p.ln()).sum::<f64>();
        }
    }
    sum
}

fn all_observations(task: &TaskModel) -> Vec<Vec<Observation>> {
    task.modalities.iter().fold(vec![vec![]], |all, modality| {
        let extend = |before: Vec<Observation>| {
            (0..modality.outcomes.len())
                .map(move |o| [before.clone(), vec![Observation::Outcome(o)]].concat())
        };
        all.into_iter().flat_map(extend).collect()
    })
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
    logits.iter().map(|logit| logit.exp() / sum).collect()
}

/// The beliefs that every combination of outcomes leads to after an action.
pub(crate) fn updated_beliefs(task: &TaskModel, belief: &[f64], action: usize) -> Vec<Vec<f64>> {
    let (all, after) = (joint_states(task), predicted(task, belief, action));
    let update = |observations: &Vec<Observation>| {
        let joint = |(states, q): (&Vec<usize>, &f64)| q * outcome_probability(task, observations, states);
        let mut updated: Vec<f64> = all.iter().zip(&after).map(joint).collect();
        let probability: f64 = updated.iter().sum();
        updated.iter_mut().for_each(|q| *q /= probability);
        updated
    };
    all_observations(task).iter().map(update).collect()
}

/// `G(u)` of every action by the recursion as it is written, over joint states.
pub(crate) fn recursion(task: &TaskModel, belief: &[f64], steps: usize) -> Vec<f64> {
    let all = joint_states(task);
    let action = |action| {
        let after = predicted(task, belief, action);
        let mut total = risk_and_ambiguity(task, &after);
        for observations in all_observations(task).iter().filter(|_| steps > 1) {
            let joint =
                |(states, q): (&Vec<usize>, &f64)| q * outcome_probability(task, observations, states);
            let mut updated: Vec<f64> = all.iter().zip(&after).map(joint).collect();
            let probability: f64 = updated.iter().sum();
            updated.iter_mut().for_each(|q| *q /= probability);
            let next = recursion(task, &updated, steps - 1);
            let logits: Vec<f64> = next.iter().map(|g| -values()[0] * g).collect();
            total += probability * softmax(&logits).iter().zip(&next).map(|(q, g)| q * g).sum::<f64>();
        }
        total
    };
    (0..task.schema.joint_actions()).map(action).collect()
}

/// A random model that starts from its prior and does not learn.
pub(crate) fn planner(rng: &mut ChaCha8Rng) -> (TaskModel, Subject) {
    let mut shape = Shape { learns: false, order: RowOrder::ActThenObserve, ..Shape::small(rng) };
    shape.controls.truncate(1);
    shape.factors.truncate(2);
    let beyond = shape.factors.len();
    shape.modalities.iter_mut().for_each(|(_, parents)| parents.retain(|&parent| parent < beyond));
    let task = model(&shape, rng);
    let subject = subject(&task, 3, 0.0, rng);
    (task, subject)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_tree_of_two_steps_is_the_recursion_over_joint_states(seed: u64) {
        let (task, subject) = planner(&mut ChaCha8Rng::seed_from_u64(seed));
        let task = sophisticated(&task, EXACT_TREE);
        let first = &inspect(&task, &subject, &values())[0];
        let expected = recursion(&task, &prior(&task), 2);
        prop_assert!(largest_difference(&first.expected_free_energies, &expected) < 1e-11);
        for (terms, g) in first.terms.iter().zip(&expected) {
            prop_assert!((terms.utility + terms.state_information_gain + g).abs() < 1e-11);
        }
        let habit = |u| if u == 0 { values()[2] } else { 0.0 };
        let logits: Vec<f64> = expected.iter().enumerate().map(|(u, g)| habit(u) - values()[0] * g).collect();
        let posterior: Vec<f64> = first.log_policy_posterior.iter().map(|log_q| log_q.exp()).collect();
        prop_assert!(largest_difference(&posterior, &softmax(&logits)) < 1e-11);
    }

    #[test]
    fn a_tree_of_one_step_is_plain_planning_with_single_actions(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape { horizon: 1, ..Shape::small(&mut rng) }, &mut rng);
        let (mut task, values) = with_all_terms(task, &mut rng);
        task.modalities.iter_mut().for_each(|modality| modality.preferences.steps.truncate(1));
        let subject = subject(&task, 4, 0.2, &mut rng);
        let tree = sophisticated(&task, Sophistication { horizon: 1, ..EXACT_TREE });
        for (plain, tree) in inspect(&task, &subject, &values).iter().zip(&inspect(&tree, &subject, &values)) {
            prop_assert_eq!(&plain.terms, &tree.terms);
            prop_assert_eq!(&plain.log_action_probabilities, &tree.log_action_probabilities);
        }
    }

    #[test]
    fn thresholds_that_prune_nothing_change_nothing(seed: u64) {
        let (task, subject) = planner(&mut ChaCha8Rng::seed_from_u64(seed));
        let exact = inspect(&sophisticated(&task, EXACT_TREE), &subject, &values());
        let tiny = Sophistication { action_threshold: 1e-300, outcome_threshold: 1e-300, entropy_stop: 0.0, ..EXACT_TREE };
        let pruned = inspect(&sophisticated(&task, tiny), &subject, &values());
        for (exact, pruned) in exact.iter().zip(&pruned) {
            prop_assert_eq!(&exact.expected_free_energies, &pruned.expected_free_energies);
        }
    }

    #[test]
    fn a_tree_that_stops_at_once_is_plain_planning(seed: u64) {
        let (task, subject) = planner(&mut ChaCha8Rng::seed_from_u64(seed));
        let one_step = sophisticated(&task, Sophistication { horizon: 1, ..EXACT_TREE });
        let stopped = sophisticated(&task, Sophistication { horizon: 3, entropy_stop: 10.0, ..EXACT_TREE });
        let (one_step, stopped) = (inspect(&one_step, &subject, &values()), inspect(&stopped, &subject, &values()));
        for (one_step, stopped) in one_step.iter().zip(&stopped) {
            prop_assert_eq!(&one_step.log_policy_posterior, &stopped.log_policy_posterior);
        }
    }

    #[test]
    fn actions_that_are_not_followed_cost_the_penalty(seed: u64) {
        let (task, subject) = planner(&mut ChaCha8Rng::seed_from_u64(seed));
        let one_step = sophisticated(&task, Sophistication { horizon: 1, ..EXACT_TREE });
        let pruned = Sophistication { horizon: 1, action_threshold: 0.45, penalty: 9.0, ..EXACT_TREE };
        let blind = Sophistication { horizon: 2, outcome_threshold: 1.0, penalty: 9.0, ..EXACT_TREE };
        let all = inspect(&one_step, &subject, &values());
        for (all, pruned) in all.iter().zip(&inspect(&sophisticated(&task, pruned), &subject, &values())) {
            for (k, g) in all.expected_free_energies.iter().enumerate() {
                let expected = if all.log_policy_posterior[k] > 0.45_f64.ln() { *g } else { 9.0 };
                prop_assert!((pruned.expected_free_energies[k] - expected).abs() < 1e-12);
            }
        }
        for blind in &inspect(&sophisticated(&task, blind), &subject, &values()) {
            prop_assert!(blind.expected_free_energies.iter().all(|g| (g - 9.0).abs() < 1e-12));
        }
    }

    #[test]
    fn with_certain_states_and_no_epistemic_term_policies_are_soft_values_of_utility(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = Shape {
            factors: vec![3],
            modalities: vec![(3, vec![0])],
            learns: false,
            order: RowOrder::ActThenObserve,
            ..Shape::small(&mut rng)
        };
        let mut task = model(&shape, &mut rng);
        let certain = |state| Distribution {
            form: Form::Probabilities,
            cells: (0..3).map(|s| Expression::constant(f64::from(u8::from(s == state)))).collect(),
        };
        task.modalities[0].likelihood = (0..3).map(certain).collect();
        let mut next: Vec<usize> = Vec::new();
        for column in &mut task.factors[0].transitions.columns {
            next.push(rng.random_range(0..3));
            *column = certain(next[next.len() - 1]);
        }
        task.factors[0].prior = certain(1);
        task.planning.weights.state_information_gain = Expression::constant(0.0);
        let mut subject = subject(&task, 1, 0.0, &mut rng);
        subject.sessions.truncate(1);
        subject.sessions[0].trials.truncate(1);
        subject.sessions[0].trials[0].steps[0].observations[0] = Observation::Missing;
        let preferences = log_preferences(&task, 0);
        let logit = |(k, policy): (usize, &Vec<usize>)| {
            let mut state = 1;
            let habit = if k == 0 { values()[2] } else { 0.0 };
            let utility = |&action: &usize| {
                // The factor listens to the first control only, which varies slowest.
                state = next[task.schema.actions_of(action)[0] * 3 + state];
                preferences[state]
            };
            habit + values()[0] * policy.iter().map(utility).sum::<f64>()
        };
        let expected = softmax(&task.planning.policies.iter().enumerate().map(logit).collect::<Vec<f64>>());
        let posterior: Vec<f64> =
            inspect(&task, &subject, &values())[0].log_policy_posterior.iter().map(|log_q| log_q.exp()).collect();
        prop_assert!(largest_difference(&posterior, &expected) < 1e-12);
    }
}
