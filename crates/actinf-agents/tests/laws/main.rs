//! Laws that agents obey whatever the model, tried on random models.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod decompositions;
mod foresight;
mod free_energy;
mod learning;
mod monte_carlo_tree_search;
mod permutations;
mod planning;
mod planning_gradients;
mod random_models;
mod sequences;

use actinf_agents::task_model::{InferenceScheme, Schedule};
use actinf_agents::{ActiveInference, BehaviourModel, Design, Observation, RowOrder, Subject, TaskModel};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use random_models::{Shape, model, subject, values};

fn log_likelihood(model: &ActiveInference, subject: &Subject, values: &[f64]) -> f64 {
    let free: Vec<usize> = (0..values.len()).collect();
    model.scorer(subject, values, &free).unwrap().log_likelihood(values).unwrap()
}

fn gradient(model: &ActiveInference, subject: &Subject, values: &[f64]) -> (f64, Vec<f64>) {
    let free: Vec<usize> = (0..values.len()).collect();
    let mut gradient = vec![0.0; values.len()];
    let mut scorer = model.scorer(subject, values, &free).unwrap();
    let value = scorer.log_likelihood_gradient(values, &mut gradient).unwrap();
    (value, gradient)
}

/// The probability of a state at one step, given the joint state and joint action before.
fn transition(task: &TaskModel, action: usize, from: &[usize], to: &[usize]) -> f64 {
    let actions = task.schema.actions_of(action);
    let factor = |(f, factor): (usize, &actinf_agents::task_model::Factor)| {
        let t = &factor.transitions;
        let controls =
            t.controls.iter().fold(0, |k, &c| k * task.schema.controls[c].labels.len() + actions[c]);
        let column = t.parents.iter().fold(controls, |k, &p| k * task.factors[p].states.len() + from[p]);
        t.columns[column].cells[to[f]].evaluate(&values())
    };
    task.factors.iter().enumerate().map(factor).product()
}

fn outcome_probability(task: &TaskModel, observations: &[Observation], states: &[usize]) -> f64 {
    let modality = |(m, observation): (&actinf_agents::task_model::Modality, &Observation)| match observation
    {
        Observation::Missing => 1.0,
        Observation::Outcome(outcome) => {
            let column = m.parents.iter().fold(0, |k, &p| k * task.factors[p].states.len() + states[p]);
            m.likelihood[column].cells[*outcome].evaluate(&values())
        }
        Observation::Distribution(_) | Observation::Masked { .. } => panic!("none is drawn here"),
    };
    task.modalities.iter().zip(observations).map(modality).product()
}

fn joint_states(task: &TaskModel) -> Vec<Vec<usize>> {
    task.factors.iter().fold(vec![vec![]], |all, factor| {
        let extend =
            |states: Vec<usize>| (0..factor.states.len()).map(move |s| [states.clone(), vec![s]].concat());
        all.into_iter().flat_map(extend).collect()
    })
}

/// Every sequence of joint states of one trial, with its last states and its probability together with the observations.
fn enumerated(task: &TaskModel, steps: &[actinf_agents::Step]) -> Vec<(Vec<usize>, f64)> {
    let all = joint_states(task);
    let prior = |states: &Vec<usize>| -> f64 {
        task.factors.iter().zip(states).map(|(f, &s)| f.prior.cells[s].evaluate::<f64>(&values())).product()
    };
    let mut sequences: Vec<(Vec<usize>, f64)> = all.iter().map(|s| (s.clone(), prior(s))).collect();
    for (t, step) in steps.iter().enumerate() {
        let acts_first = task.schema.row_order == RowOrder::ActThenObserve;
        let action = if acts_first { Some(step) } else { t.checked_sub(1).map(|before| &steps[before]) };
        if let Some(step) = action {
            let action = task.schema.joint_action(&step.actions).unwrap();
            let extend = |(states, p): (Vec<usize>, f64)| {
                let to = |next: &Vec<usize>| (next.clone(), p * transition(task, action, &states, next));
                all.iter().map(to).collect::<Vec<_>>()
            };
            sequences = sequences.into_iter().flat_map(extend).collect();
        }
        for (states, p) in &mut sequences {
            *p *= outcome_probability(task, &step.observations, states);
        }
    }
    sequences
}

/// `ln p(observations)` of one trial by summing over every sequence of joint states.
fn enumerated_evidence(task: &TaskModel, steps: &[actinf_agents::Step]) -> f64 {
    enumerated(task, steps).iter().map(|(_, p)| p).sum::<f64>().ln()
}

/// The marginals of all factors after the last of these steps, one after the other.
fn enumerated_marginals(task: &TaskModel, steps: &[actinf_agents::Step]) -> Vec<f64> {
    let sequences = enumerated(task, steps);
    let evidence: f64 = sequences.iter().map(|(_, p)| p).sum();
    let marginal = |f: usize, state: usize| {
        sequences.iter().filter(|(last, _)| last[f] == state).map(|(_, p)| p).sum::<f64>() / evidence
    };
    let factors = task.factors.iter().enumerate();
    factors
        .flat_map(|(f, factor)| (0..factor.states.len()).map(move |s| (f, s)))
        .map(|(f, s)| marginal(f, s))
        .collect()
}

fn surprise(model: &ActiveInference, subject: &Subject) -> f64 {
    let trajectory = model.trajectory(subject, &values()).unwrap();
    trajectory.steps.iter().map(|step| step.quantities.last().unwrap()).sum()
}

fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn exact_filtering_equals_enumeration_of_all_state_sequences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = Shape { factors: vec![2, 2], learns: false, modalities: vec![(2, vec![0, 1]), (3, vec![1])], ..Shape::small(&mut rng) };
        let task = model(&shape, &mut rng);
        let mut subject = subject(&task, 4, 0.0, &mut rng);
        subject.sessions.truncate(1);
        subject.sessions[0].trials.truncate(1);
        let steps = &subject.sessions[0].trials[0].steps;
        let trajectory = ActiveInference::new(task.clone()).trajectory(&subject, &values()).unwrap();
        for (t, step) in trajectory.steps.iter().enumerate() {
            // Where the action comes first it is chosen before the row's own observation.
            let known = if task.schema.row_order == RowOrder::ActThenObserve { t } else { t + 1 };
            let expected = enumerated_marginals(&task, &steps[..known]);
            prop_assert!(largest_difference(&step.quantities[..expected.len()], &expected) < 1e-12);
        }
        let enumerated = enumerated_evidence(&task, steps);
        let filtered = -surprise(&ActiveInference::new(task), &subject);
        prop_assert!((filtered - enumerated).abs() < 1e-11, "{filtered} {enumerated}");
    }

    #[test]
    fn fixed_point_iteration_is_exact_when_the_posterior_factorises(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let own = Shape {
            factors: vec![3, 2, 2],
            modalities: vec![(2, vec![0]), (3, vec![1]), (2, vec![2])],
            crossed: false,
            ..Shape::small(&mut rng)
        };
        let task = model(&own, &mut rng);
        let subject = subject(&task, 5, 0.0, &mut rng);
        let exact = ActiveInference::new(task.clone()).trajectory(&subject, &values()).unwrap();
        for schedule in [Schedule::Sequential, Schedule::Parallel] {
            let inference = InferenceScheme::FixedPointIteration { sweeps: 2, schedule };
            let mean_field = TaskModel { inference, ..task.clone() };
            let mean_field = ActiveInference::new(mean_field).trajectory(&subject, &values()).unwrap();
            for (a, b) in exact.steps.iter().zip(&mean_field.steps) {
                prop_assert!(largest_difference(&a.quantities, &b.quantities) < 1e-10);
                prop_assert!(largest_difference(&a.action_probabilities, &b.action_probabilities) < 1e-10);
            }
        }
    }

    #[test]
    fn the_free_energy_of_fixed_point_iteration_bounds_the_surprise(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Crossed transitions would give the two schemes different predictions to bound.
        let shape = Shape { learns: false, crossed: false, ..Shape::small(&mut rng) };
        let task = model(&shape, &mut rng);
        let mut subject = subject(&task, 1, 0.0, &mut rng);
        subject.sessions.truncate(1);
        subject.sessions[0].trials.truncate(1);
        let mean_field = TaskModel {
            inference: InferenceScheme::FixedPointIteration { sweeps: 16, schedule: Schedule::Sequential },
            ..task.clone()
        };
        let (free_energy, surprise) =
            (surprise(&ActiveInference::new(mean_field), &subject), surprise(&ActiveInference::new(task), &subject));
        prop_assert!(free_energy >= surprise - 1e-12, "{free_energy} {surprise}");
    }

    #[test]
    fn gradients_equal_central_differences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut shape = Shape::small(&mut rng);
        if rng.random_bool(0.5) {
            shape.scheme = InferenceScheme::FixedPointIteration { sweeps: 4, schedule: Schedule::Sequential };
        }
        let task = model(&shape, &mut rng);
        let subject = subject(&task, 4, 0.2, &mut rng);
        let model = ActiveInference::new(task);
        let (_, exact) = gradient(&model, &subject, &values());
        for (k, &exact) in exact.iter().enumerate() {
            let mut ends = [0.0; 2];
            for (end, sign) in ends.iter_mut().zip([1.0, -1.0]) {
                let mut shifted = values();
                shifted[k] += sign * 1e-5;
                *end = log_likelihood(&model, &subject, &shifted);
            }
            let difference = (ends[0] - ends[1]) / 2e-5;
            let error = (exact - difference).abs() / exact.abs().max(1.0);
            prop_assert!(error < 1e-6, "parameter {k}: exact {exact}, difference {difference}");
        }
    }

    #[test]
    fn the_value_beside_the_gradient_and_in_the_trajectory_is_the_value(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape::small(&mut rng), &mut rng);
        let subject = subject(&task, 6, 0.1, &mut rng);
        let model = ActiveInference::new(task);
        let value = log_likelihood(&model, &subject, &values());
        let (beside, _) = gradient(&model, &subject, &values());
        let trajectory = model.trajectory(&subject, &values()).unwrap();
        prop_assert_eq!(value.to_bits(), beside.to_bits());
        prop_assert!((trajectory.log_likelihood.total - value).abs() < 1e-10 * value.abs().max(1.0));
    }

    #[test]
    fn simulate_then_score_gives_the_same_probabilities_bit_for_bit(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape::small(&mut rng), &mut rng);
        let model = ActiveInference::new(task);
        let design = Design { sessions: 2, trials: 2, steps: 5 };
        let (sessions, drawn) = model.simulate_with_log_probabilities(&values(), design, &mut rng).unwrap();
        let subject = Subject { id: "simulated".into(), sessions };
        let scored = model.trajectory(&subject, &values()).unwrap();
        let scored: Vec<u64> = scored.steps.iter().map(|step| step.log_probability.unwrap().to_bits()).collect();
        let drawn: Vec<u64> = drawn.iter().map(|log| log.to_bits()).collect();
        prop_assert_eq!(scored, drawn);
    }

    #[test]
    fn action_probabilities_sum_to_one_and_beliefs_are_distributions(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape::small(&mut rng), &mut rng);
        let sizes: Vec<usize> = task.factors.iter().map(|factor| factor.states.len()).collect();
        let subject = subject(&task, 5, 0.3, &mut rng);
        let trajectory = ActiveInference::new(task).trajectory(&subject, &values()).unwrap();
        for step in &trajectory.steps {
            prop_assert!((step.action_probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let mut beliefs = step.quantities.as_slice();
            for &size in &sizes {
                let (marginal, rest) = beliefs.split_at(size);
                prop_assert!((marginal.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                beliefs = rest;
            }
        }
    }
}
