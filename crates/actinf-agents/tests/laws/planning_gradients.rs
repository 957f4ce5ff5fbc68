//! Gradients through planning, with every weight, count and preference a parameter, against central differences.

use super::planning::{EXACT_TREE, planner, sophisticated};
use super::random_models::{Shape, model, subject, values};
use actinf_agents::task_model::{
    Counts, Induction, InferenceScheme, Learning, PreferenceForm, ResponseDistribution, Schedule,
    Sophistication,
};
use actinf_agents::{ActiveInference, BehaviourModel, Expression, Parameter, Subject, Support, TaskModel};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A model whose every weight, count and preference is a parameter, and their values.
pub(crate) fn with_all_terms(mut task: TaskModel, rng: &mut ChaCha8Rng) -> (TaskModel, Vec<f64>) {
    let added = [
        ("utility_weight", 0.9),
        ("state_weight", 0.6),
        ("likelihood_weight", 0.7),
        ("transition_weight", 1.2),
        ("later_preference", -0.5),
    ];
    for (name, value) in added {
        task.parameters.push(Parameter {
            name: name.into(),
            symbol: name.into(),
            meaning: String::new(),
            support: Support::Real,
            default: vec![value],
        });
    }
    let mut names: Vec<String> = task.parameters.iter().map(|p| p.name.clone()).collect();
    names.push("first_belief".into());
    let cell = |text: &str| Expression::parse(text, &names).unwrap();
    let weights = &mut task.planning.weights;
    weights.utility = cell("utility_weight");
    weights.state_information_gain = cell("state_weight");
    weights.likelihood_information_gain = cell("likelihood_weight");
    weights.transition_information_gain = cell("transition_weight");
    let learning = Learning {
        counts: Counts::Scaled(cell("prior_count")),
        learning_rate: cell("learning_rate"),
        outcome_rates: vec![],
        forgetting_rate: Expression::constant(0.0),
    };
    task.factors[0].transition_learning = Some(learning.clone());
    for modality in &mut task.modalities {
        modality.learning = Some(learning.clone());
        modality.preferences.form =
            if rng.random_bool(0.5) { PreferenceForm::Utilities } else { PreferenceForm::LogSoftmax };
        let mut later = modality.preferences.steps[0].clone();
        later[1] = cell("later_preference");
        modality.preferences.steps.push(later);
    }
    let ResponseDistribution::Normal { mean, .. } = &mut task.responses[0].distribution else {
        unreachable!("the random models have normal ratings")
    };
    *mean = cell("2 * first_belief - 1");
    let values = values().into_iter().chain(added.map(|(_, value)| value)).collect();
    (task, values)
}

fn check_gradient(task: TaskModel, subject: &Subject, values: &[f64]) -> Result<(), TestCaseError> {
    let model = ActiveInference::new(task);
    let free: Vec<usize> = (0..values.len()).collect();
    let mut gradient = vec![0.0; values.len()];
    let mut scorer = model.scorer(subject, values, &free).unwrap();
    let value = scorer.log_likelihood_gradient(values, &mut gradient).unwrap();
    prop_assert_eq!(value.to_bits(), scorer.log_likelihood(values).unwrap().to_bits());
    for (k, &exact) in gradient.iter().enumerate() {
        let mut at = |sign: f64| {
            let mut shifted = values.to_vec();
            shifted[k] += sign * 1e-5;
            scorer.log_likelihood(&shifted).unwrap()
        };
        let difference = (at(1.0) - at(-1.0)) / 2e-5;
        let error = (exact - difference).abs() / exact.abs().max(1.0);
        prop_assert!(error < 1e-6, "parameter {k}: exact {exact}, difference {difference}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn gradients_of_all_terms_equal_central_differences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape { horizon: 2, ..Shape::small(&mut rng) }, &mut rng);
        let (task, values) = with_all_terms(task, &mut rng);
        let subject = subject(&task, 3, 0.2, &mut rng);
        check_gradient(task, &subject, &values)?;
    }

    #[test]
    fn gradients_through_a_tree_equal_central_differences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (task, _) = planner(&mut rng);
        let (task, values) = with_all_terms(task, &mut rng);
        let subject = subject(&task, 2, 0.2, &mut rng);
        check_gradient(sophisticated(&task, EXACT_TREE), &subject, &values)?;
    }

    #[test]
    fn gradients_through_a_mean_field_tree_equal_central_differences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (task, _) = planner(&mut rng);
        let (mut task, values) = with_all_terms(task, &mut rng);
        task.inference = InferenceScheme::FixedPointIteration { sweeps: 3, schedule: Schedule::Sequential };
        let subject = subject(&task, 2, 0.2, &mut rng);
        check_gradient(sophisticated(&task, EXACT_TREE), &subject, &values)?;
    }

    /// Aims jump where another state becomes the most probable one; the prior, from which the one step of these trials is
    /// planned, depends on no parameter.
    #[test]
    fn gradients_of_the_inductive_value_equal_central_differences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (task, _) = planner(&mut rng);
        let (mut task, mut values) = with_all_terms(task, &mut rng);
        let goals: Vec<bool> = (0..task.factors[0].states.len()).map(|state| state == 0).collect();
        let others = task.factors.len() - 1;
        let goals = std::iter::once(Some(goals)).chain(vec![None; others]).collect();
        task.planning.induction = Some(Induction { goals, depth: 2, threshold: 0.3, epsilon: 0.01 });
        let names = [task.parameters.iter().map(|p| p.name.clone()).collect(), vec!["inductive_weight".into()]].concat();
        task.planning.weights.inductive_value = Expression::parse("inductive_weight", &names).unwrap();
        task.parameters.push(Parameter { name: "inductive_weight".into(), ..task.parameters[1].clone() });
        values.push(0.4);
        let ResponseDistribution::Normal { mean, .. } = &mut task.responses[0].distribution else {
            unreachable!("the random models have normal ratings")
        };
        *mean = Expression::constant(0.0);
        task.factors[0].transition_learning = None;
        let mut subject = subject(&task, 1, 0.0, &mut rng);
        subject.sessions.iter_mut().for_each(|session| session.trials.truncate(1));
        if rng.random_bool(0.5) {
            task = sophisticated(&task, Sophistication { horizon: 1, ..EXACT_TREE });
        }
        check_gradient(task, &subject, &values)?;
    }
}
