//! Model files from arrays, read again.

use super::*;
use crate::model_file;
use crate::task_model::{Counts, InferenceScheme, PreferenceForm, TaskModel};

const RATES: Rates = Rates { rate: 0.5, forgetting: 0.1 };

fn words(labels: &[&str]) -> Vec<String> {
    labels.iter().map(ToString::to_string).collect()
}

fn tensor(shape: &[usize], cells: &[f64]) -> Tensor {
    Tensor { shape: shape.to_vec(), cells: cells.to_vec() }
}

/// Two places, of which one is gone to, and a mood that stays; what is seen depends on both, and is learned.
fn example() -> ModelArrays {
    ModelArrays {
        name: "a \"small\" one".into(),
        description: "By hand.".into(),
        factors: vec![
            FactorArrays {
                name: "place".into(),
                states: words(&["here", "there"]),
                control: "go".into(),
                actions: words(&["to here", "to there"]),
                parents: vec![0],
                // [next, present, action]: the action decides.
                transitions: tensor(&[2, 2, 2], &[1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0]),
                prior: vec![3.0, 1.0],
                transition_learning: None,
                prior_learning: None,
                process: None,
            },
            FactorArrays {
                name: "mood".into(),
                states: words(&["good", "bad"]),
                control: "none".into(),
                actions: vec!["stay".into()],
                parents: vec![1],
                transitions: tensor(&[2, 2, 1], &[1.0, 0.0, 0.0, 1.0]),
                prior: vec![2.0, 0.0],
                transition_learning: None,
                prior_learning: Some(RATES),
                process: Some((tensor(&[2, 2, 1], &[1.0, 0.0, 0.0, 1.0]), vec![0.0, 1.0])),
            },
        ],
        modalities: vec![ModalityArrays {
            name: "sight".into(),
            outcomes: words(&["dark", "light one"]),
            parents: vec![0, 1],
            likelihood: tensor(&[2, 2, 2], &[1.0, 2.0, 0.25, 1.0, 3.0, 2.0, 0.75, 1.0]),
            preferences: vec![vec![0.0, 0.0], vec![0.0, 2.0], vec![-1.0, 0.0]],
            are_utilities: false,
            learning: Some(RATES),
            preference_learning: None,
            process: Some(tensor(&[2, 2, 2], &[1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0])),
        }],
        policies: Some(vec![vec![vec![0, 0], vec![1, 0]], vec![vec![1, 0], vec![1, 0]]]),
        horizon: 2,
        habits: Some(HabitArrays::Counts(vec![1.0, 2.0], RATES)),
        inference: vec![("scheme", "\"trial_message_passing\"".into())],
        planning: vec![("horizon", "2".into()), ("likelihood_information_gain", "1".into())],
        choice: vec![("action_precision", "4".into())],
        learning: vec![],
    }
}

fn read(arrays: &ModelArrays) -> TaskModel {
    let text = arrays.to_model_file().unwrap();
    model_file::read(&text, "m.toml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_model_file_of_arrays_says_what_they_say() {
    let model = read(&example());
    assert!(matches!(model.inference, InferenceScheme::TrialMessagePassing(_)));
    assert_eq!(model.name, "a \"small\" one");
    assert_eq!(model.factors[0].transitions.parents, [] as [usize; 0]);
    assert_eq!(model.factors[1].transitions.controls, [] as [usize; 0]);
    assert_eq!(model.planning.policies, [[0, 1], [1, 1]]);
    assert_eq!(model.modalities[0].parents, [0, 1]);
    let Some(Counts::Explicit(counts)) = model.modalities[0].learning.as_ref().map(|of| &of.counts) else {
        panic!("the likelihood's weights are counts")
    };
    let counts: Vec<f64> = counts.iter().flatten().map(|cell| cell.evaluate(&[])).collect();
    // Columns: here and good, here and bad, there and good, there and bad.
    assert_eq!(counts, [1.0, 3.0, 2.0, 2.0, 0.25, 0.75, 1.0, 1.0]);
    assert_eq!(model.modalities[0].preferences.form, PreferenceForm::LogSoftmax);
    let value = |cell: &crate::expression::Expression| cell.evaluate::<f64>(&[]).to_bits();
    assert_eq!(value(&model.modalities[0].preferences.steps[2][0]), (-1.0_f64).to_bits());
    assert_eq!(value(&model.process.factors[1].prior.cells[1]), 1.0_f64.to_bits());
    assert_eq!(model.process.likelihoods[0].parents, [0]);
    assert!(model.choice.habit_learning.is_some());
}

#[test]
fn all_sequences_of_two_controls_and_policies_by_control() {
    let mut arrays = example();
    let other = FactorArrays { name: "mood".into(), control: "push".into(), ..arrays.factors[0].clone() };
    arrays.factors[1] = other;
    arrays.policies = Some(vec![vec![vec![0, 1], vec![1, 0]], vec![vec![1, 1], vec![0, 0]]]);
    assert_eq!(read(&arrays).planning.policies, [[1, 2], [3, 0]]);
    arrays.policies = None;
    arrays.habits = Some(HabitArrays::Logits(vec![0.5; 16]));
    assert_eq!(read(&arrays).planning.policies.len(), 16);
}

#[test]
fn arrays_that_do_not_fit_are_named() {
    let complaint = |change: fn(&mut ModelArrays)| {
        let mut arrays = example();
        change(&mut arrays);
        arrays.to_model_file().unwrap_err()
    };
    assert!(complaint(|m| m.factors[0].transitions.shape = vec![2, 4]).contains("the transitions of place"));
    assert!(complaint(|m| m.modalities[0].likelihood.cells[0] = -1.0).contains("neither a probability"));
    assert!(complaint(|m| m.factors[1].prior.push(1.0)).contains("the prior of mood has 3 entries"));
    assert!(complaint(|m| m.policies = Some(vec![vec![vec![2, 0], vec![0, 0]]])).contains("action 3"));
    assert!(complaint(|m| m.modalities[0].parents = vec![0, 5]).contains("no factor 6"));
    let nothing = complaint(|m| {
        let still = tensor(&[2, 2, 1], &[1.0, 0.0, 0.0, 1.0]);
        m.factors[0] = FactorArrays { actions: vec![], transitions: still, ..m.factors[0].clone() };
    });
    assert!(nothing.contains("nothing to choose"), "{nothing}");
}
