//! Laws of the variational free energy and its terms.

use super::permutations::random_model;
use super::planning::{inspect, prior};
use super::random_models::{Shape, model, subject, values};
use super::{enumerated, joint_states, outcome_probability};
use actinf_agents::state_inference::free_energy::VariationalFreeEnergy;
use actinf_agents::{
    ActiveInference, BehaviourModel, Inspection, Observation, RowOrder, Step, Subject, TaskModel,
};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The distribution over joint states after these steps.
fn joint_belief(task: &TaskModel, steps: &[Step]) -> Vec<f64> {
    let sequences = enumerated(task, steps);
    let evidence: f64 = sequences.iter().map(|(_, p)| p).sum();
    let belief = |states: &Vec<usize>| {
        sequences.iter().filter(|(last, _)| last == states).map(|(_, p)| p).sum::<f64>() / evidence
    };
    joint_states(task).iter().map(belief).collect()
}

fn divergence(q: &[f64], p: &[f64]) -> f64 {
    q.iter().zip(p).map(|(q, p)| q * (q / p).ln()).sum()
}

/// `E_q[ln p(o | s)]` over joint states.
fn expected_log(task: &TaskModel, belief: &[f64], observations: &[Observation]) -> f64 {
    let log = |states: &Vec<usize>| outcome_probability(task, observations, states).ln();
    joint_states(task).iter().zip(belief).map(|(states, q)| q * log(states)).sum()
}

/// The joint distribution that marginals, one factor after the other, stand for.
fn product(task: &TaskModel, mut marginals: &[f64]) -> Vec<f64> {
    task.factors.iter().fold(vec![1.0], |joint, factor| {
        let (marginal, rest) = marginals.split_at(factor.states.len());
        marginals = rest;
        joint.iter().flat_map(|q| marginal.iter().map(move |p| q * p)).collect()
    })
}

/// A random model that does not learn, with one trial.
fn one_trial(shape: Shape, steps: usize, rng: &mut ChaCha8Rng) -> (TaskModel, Subject) {
    let task = model(&Shape { learns: false, ..shape }, rng);
    let mut subject = subject(&task, steps, 0.0, rng);
    subject.sessions.truncate(1);
    subject.sessions[0].trials.truncate(1);
    (task, subject)
}

fn check(step: &Inspection, complexity: f64, accuracy: f64) -> Result<(), TestCaseError> {
    let terms = step.free_energy;
    prop_assert!((terms.complexity - complexity).abs() < 1e-11, "{terms:?} {complexity}");
    prop_assert!((terms.accuracy - accuracy).abs() < 1e-11, "{terms:?} {accuracy}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The posterior is that of enumeration, and so is the prediction, for which the last step shows nothing.
    #[test]
    fn exact_inference_has_the_complexity_and_accuracy_of_enumerated_beliefs(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = Shape { factors: vec![2, 2], modalities: vec![(2, vec![0, 1]), (3, vec![1])], ..Shape::small(&mut rng) };
        let (task, subject) = one_trial(shape, 4, &mut rng);
        let steps = &subject.sessions[0].trials[0].steps;
        for (t, step) in inspect(&task, &subject, &values()).iter().enumerate() {
            let mut before = steps[..=t].to_vec();
            before[t].observations.fill(Observation::Missing);
            let posterior = joint_belief(&task, &steps[..=t]);
            let accuracy = expected_log(&task, &posterior, &steps[t].observations);
            check(step, divergence(&posterior, &joint_belief(&task, &before)), accuracy)?;
        }
    }

    /// At the first step the prior is `D` under every scheme.
    #[test]
    fn every_scheme_has_the_complexity_and_accuracy_of_its_own_beliefs(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = Shape { order: RowOrder::ObserveThenAct, crossed: false, ..Shape::small(&mut rng) };
        let (task, subject) = one_trial(shape, 1, &mut rng);
        let inference = random_model(scheme, &mut rng).inference;
        // Joint beliefs are the product of their marginals for one factor only.
        prop_assume!(scheme > 0 || task.factors.len() == 1);
        let task = TaskModel { inference, ..task };
        let step = &inspect(&task, &subject, &values())[0];
        let belief = product(&task, &step.beliefs);
        let accuracy = expected_log(&task, &belief, &subject.sessions[0].trials[0].steps[0].observations);
        check(step, divergence(&belief, &prior(&task)), accuracy)?;
    }

    /// Also where learning follows at once, and where some of it is missing.
    #[test]
    fn complexity_less_accuracy_is_the_surprise_of_the_trajectory(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = random_model(scheme, &mut rng);
        let subject = subject(&task, 4, 0.3, &mut rng);
        let trajectory = ActiveInference::new(task.clone()).trajectory(&subject, &values()).unwrap();
        for (step, inspected) in trajectory.steps.iter().zip(inspect(&task, &subject, &values())) {
            let [complexity, accuracy, surprise] = *step.quantities.last_chunk().unwrap();
            prop_assert_eq!(VariationalFreeEnergy { complexity, accuracy }, inspected.free_energy);
            if surprise.is_finite() {
                prop_assert!((complexity - accuracy - surprise).abs() < 1e-9);
                prop_assert!(accuracy <= 0.0 && complexity > -1e-9, "{complexity} {accuracy}");
            }
        }
    }
}
