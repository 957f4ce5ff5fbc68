//! Laws of inference over windows of past steps.

use super::random_models::{Shape, model, subject, values};
use super::{enumerated_evidence, gradient, largest_difference, log_likelihood};
use actinf_agents::task_model::{
    Counts, Distribution, Form, InferenceScheme, Learning, LearningBeliefs, LearningSettings, LearningTime,
    MissingAction, Numerics, Schedule,
};
use actinf_agents::{
    ActiveInference, BehaviourModel, Design, Expression, Observation, RowOrder, Subject, TaskModel,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn marginal(sweeps: usize, window: Option<usize>) -> InferenceScheme {
    InferenceScheme::MarginalMessagePassing { sweeps, window }
}

fn variational(sweeps: usize, window: Option<usize>) -> InferenceScheme {
    InferenceScheme::VariationalMessagePassing { sweeps, window }
}

pub(crate) fn with_scheme(task: &TaskModel, inference: InferenceScheme) -> TaskModel {
    TaskModel { inference, ..task.clone() }
}

/// A random model with either scheme, any window and any numerical policy.
pub(crate) fn random_sequence_model(rng: &mut ChaCha8Rng) -> TaskModel {
    let mut shape = Shape::small(rng);
    let (sweeps, window) =
        (rng.random_range(1..=5), [None, Some(1), Some(2), Some(3)][rng.random_range(0..4)]);
    shape.scheme = if rng.random_bool(0.5) { marginal(sweeps, window) } else { variational(sweeps, window) };
    let mut task = model(&shape, rng);
    if rng.random_bool(0.5) {
        task.numerics = Numerics::Pymdp;
        // To the expected logarithms of variational messages staying is a cliff of 36 nats, too steep to take differences on.
        if matches!(task.inference, InferenceScheme::MarginalMessagePassing { .. }) {
            task.choice.missing_action =
                [MissingAction::Stay, MissingAction::Average][rng.random_range(0..2)];
        }
    }
    task
}

/// A random model of a shape that learns from filtered beliefs, if it learns: these do not depend on the window.
fn filtered_model(shape: Shape, rng: &mut ChaCha8Rng) -> TaskModel {
    let learning = LearningSettings { beliefs: LearningBeliefs::Filtered, ..shape.learning };
    model(&Shape { learning, ..shape }, rng)
}

pub(crate) fn quantities(task: TaskModel, subject: &Subject) -> Vec<Vec<f64>> {
    let trajectory = ActiveInference::new(task).trajectory(subject, &values()).unwrap();
    trajectory.steps.into_iter().map(|step| step.quantities).collect()
}

pub(crate) fn assert_close(a: &[Vec<f64>], b: &[Vec<f64>], tolerance: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.len(), b.len());
    for (step, (a, b)) in a.iter().zip(b).enumerate() {
        let difference = largest_difference(a, b);
        prop_assert!(difference < tolerance, "step {step}: {a:?} {b:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gradients_through_windows_equal_central_differences(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = random_sequence_model(&mut rng);
        let subject = subject(&task, 4, 0.2, &mut rng);
        let model = ActiveInference::new(task);
        let (beside, exact) = gradient(&model, &subject, &values());
        prop_assert_eq!(beside.to_bits(), log_likelihood(&model, &subject, &values()).to_bits());
        for (k, &exact) in exact.iter().enumerate() {
            let difference = |step: f64| {
                let at = |shift: f64| {
                    let mut shifted = values();
                    shifted[k] += shift;
                    log_likelihood(&model, &subject, &shifted)
                };
                (at(step) - at(-step)) / (2.0 * step)
            };
            let difference = (4.0 * difference(5e-6) - difference(1e-5)) / 3.0;
            let error = (exact - difference).abs() / exact.abs().max(1.0);
            prop_assert!(error < 1e-6, "parameter {k}: exact {exact}, difference {difference}");
        }
    }

    #[test]
    fn simulate_then_score_agrees_bit_for_bit_with_windows(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let model = ActiveInference::new(random_sequence_model(&mut rng));
        let design = Design { sessions: 2, trials: 2, steps: 5 };
        let (sessions, drawn) = model.simulate_with_log_probabilities(&values(), design, &mut rng).unwrap();
        let subject = Subject { id: "simulated".into(), sessions };
        let scored = model.trajectory(&subject, &values()).unwrap();
        let scored: Vec<u64> = scored.steps.iter().map(|step| step.log_probability.unwrap().to_bits()).collect();
        prop_assert_eq!(scored, drawn.iter().map(|log| log.to_bits()).collect::<Vec<_>>());
    }

    #[test]
    fn a_window_of_one_slot_is_exact_filtering_for_one_factor(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = Shape { factors: vec![3], modalities: vec![(2, vec![0]), (3, vec![0])], controls: vec![2], ..Shape::small(&mut rng) };
        let task = filtered_model(shape, &mut rng);
        let subject = subject(&task, 5, 0.2, &mut rng);
        let exact = quantities(task.clone(), &subject);
        assert_close(&quantities(with_scheme(&task, marginal(2, Some(1))), &subject), &exact, 1e-10)?;
        assert_close(&quantities(with_scheme(&task, variational(2, Some(1))), &subject), &exact, 1e-10)?;
    }

    #[test]
    fn a_window_of_one_slot_is_parallel_fixed_point_iteration(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = filtered_model(Shape::small(&mut rng), &mut rng);
        let subject = subject(&task, 5, 0.2, &mut rng);
        let fixed_point = InferenceScheme::FixedPointIteration { sweeps: 6, schedule: Schedule::Parallel };
        let expected = quantities(with_scheme(&task, fixed_point), &subject);
        assert_close(&quantities(with_scheme(&task, marginal(6, Some(1))), &subject), &expected, 1e-10)?;
        assert_close(&quantities(with_scheme(&task, variational(6, Some(1))), &subject), &expected, 1e-10)?;
    }

    #[test]
    fn a_window_as_long_as_the_trial_is_no_limit(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let task = model(&Shape::small(&mut rng), &mut rng);
        let subject = subject(&task, 4, 0.2, &mut rng);
        for scheme in [marginal, variational] {
            let limited = quantities(with_scheme(&task, scheme(4, Some(4))), &subject);
            prop_assert_eq!(limited, quantities(with_scheme(&task, scheme(4, None)), &subject));
        }
    }

    #[test]
    fn the_free_energy_of_a_window_bounds_the_surprise_of_the_trial(seed: u64) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = Shape { factors: vec![2, 2], modalities: vec![(2, vec![0, 1]), (3, vec![1])], order: RowOrder::ObserveThenAct, learns: false, ..Shape::small(&mut rng) };
        let task = model(&shape, &mut rng);
        let mut subject = subject(&task, 4, 0.0, &mut rng);
        subject.sessions.truncate(1);
        subject.sessions[0].trials.truncate(1);
        let surprise = -enumerated_evidence(&task, &subject.sessions[0].trials[0].steps);
        for scheme in [marginal(8, None), variational(8, None)] {
            let last = quantities(with_scheme(&task, scheme), &subject).pop().unwrap();
            prop_assert!(*last.last().unwrap() >= surprise - 1e-12, "{last:?} {surprise}");
        }
    }
}

/// A random model's shape with tables written by hand: two factors, the second of which depends on both, its own state slowest.
fn written_model() -> TaskModel {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let shape = Shape {
        factors: vec![3, 2],
        modalities: vec![(3, vec![0]), (2, vec![0, 1])],
        controls: vec![2, 2],
        crossed: true,
        order: RowOrder::ObserveThenAct,
        learns: false,
        ..Shape::small(&mut rng)
    };
    let mut task = model(&shape, &mut rng);
    let distribution = |cells: &[f64]| Distribution {
        form: Form::Probabilities,
        cells: cells.iter().copied().map(Expression::constant).collect(),
    };
    let first = |p: &f64| distribution(&[*p, 1.0 - p]);
    task.factors[0].prior = distribution(&[0.5, 0.3, 0.2]);
    task.factors[1].prior = distribution(&[0.6, 0.4]);
    let stay = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]];
    let turn = [[0.1, 0.3, 0.6], [0.6, 0.1, 0.3], [0.3, 0.6, 0.1]];
    task.factors[0].transitions.columns =
        stay.iter().chain(&turn).map(|column| distribution(column)).collect();
    task.factors[1].transitions.parents = vec![1, 0];
    task.factors[1].transitions.columns =
        [0.9, 0.7, 0.4, 0.3, 0.2, 0.1, 0.6, 0.2, 0.8, 0.5, 0.6, 0.7].iter().map(first).collect();
    let seen = [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.3, 0.6]];
    task.modalities[0].likelihood = seen.iter().map(|column| distribution(column)).collect();
    task.modalities[1].likelihood = [0.9, 0.4, 0.3, 0.8, 0.5, 0.6].iter().map(first).collect();
    task.numerics = Numerics::Pymdp;
    task
}

/// Five steps, one of them half seen and one not at all.
fn written_behaviour(task: &TaskModel) -> Subject {
    let mut subject = subject(task, 5, 0.0, &mut ChaCha8Rng::seed_from_u64(2));
    subject.sessions.truncate(1);
    subject.sessions[0].trials.truncate(1);
    let seen = [[Some(0), Some(1)], [Some(2), Some(0)], [Some(1), None], [None, None], [Some(2), Some(1)]];
    let done = [[0, 1], [1, 0], [1, 1], [0, 0], [0, 0]];
    for ((step, seen), done) in subject.sessions[0].trials[0].steps.iter_mut().zip(seen).zip(done) {
        let observation = |outcome: Option<usize>| outcome.map_or(Observation::Missing, Observation::Outcome);
        step.observations = seen.into_iter().map(observation).collect();
        step.actions = done.into_iter().map(Some).collect();
        step.responses = vec![None];
    }
    subject
}

/// The model with likelihood and transitions learned at every step from all steps of the window.
fn learning_model() -> TaskModel {
    let mut task = written_model();
    let learning = |prior_count| {
        Some(Learning {
            counts: Counts::Scaled(Expression::constant(prior_count)),
            learning_rate: Expression::constant(1.0),
            outcome_rates: vec![],
            forgetting_rate: Expression::constant(0.0),
        })
    };
    task.modalities.iter_mut().for_each(|modality| modality.learning = learning(3.0));
    task.factors.iter_mut().for_each(|factor| factor.transition_learning = learning(2.0));
    let beliefs = LearningBeliefs::SmoothedRecount;
    task.learning = LearningSettings { time: LearningTime::Step, beliefs, carry: false };
    task
}

/// Per step the beliefs of both factors and the free energy.
fn compare_with_recording(task: &TaskModel, scheme: InferenceScheme, recorded: &[[f64; 6]; 5]) {
    let subject = written_behaviour(task);
    let ours = quantities(with_scheme(task, scheme), &subject);
    for (step, (ours, recorded)) in ours.iter().zip(recorded).enumerate() {
        let ours = [&ours[..5], &ours[ours.len() - 1..]].concat();
        assert!(largest_difference(&ours, recorded) < 1e-9, "step {step}: {ours:?} {recorded:?}");
    }
}

// All recordings: `Agent.infer_states` of inferactively-pymdp 1.0.4 with 64-bit numbers, num_iter 10 and inference_horizon 3,
// then `Agent.infer_parameters` with the same window where it learns; once the window is full, the prior is moved on with
// `control.compute_expected_state`.

#[test]
fn marginal_message_passing_reproduces_a_recording_of_pymdp() {
    let recorded = [
        [0.8312615699, 0.1126562483, 0.0560821818, 0.2827867977, 0.7172132023, 2.0889837462],
        [0.3432907131, 0.2135919339, 0.443117353, 0.5313469658, 0.4686530342, 4.5359082642],
        [0.1854028828, 0.6277929973, 0.1868041199, 0.3379494951, 0.6620505049, 6.0386133729],
        [0.4421644515, 0.2487626583, 0.3090728902, 0.5211773789, 0.4788226211, 3.8544310431],
        [0.0451085286, 0.2101395467, 0.7447519248, 0.4976789625, 0.5023210375, 4.0122522451],
    ];
    compare_with_recording(&written_model(), marginal(10, Some(3)), &recorded);
}

#[test]
fn variational_message_passing_reproduces_a_recording_of_pymdp() {
    let recorded = [
        [0.8312615699, 0.1126562483, 0.0560821818, 0.2827867977, 0.7172132023, 2.0889837462],
        [0.4421579305, 0.1688769841, 0.3889650854, 0.556861301, 0.443138699, 4.5048144734],
        [0.1587876671, 0.6871981312, 0.1540142017, 0.3143214044, 0.6856785956, 5.9997765809],
        [0.519333103, 0.1506163447, 0.3300505523, 0.5185814962, 0.4814185038, 3.7145522058],
        [0.0284219561, 0.0636339779, 0.907944066, 0.3349627878, 0.6650372122, 3.6692590166],
    ];
    compare_with_recording(&written_model(), variational(10, Some(3)), &recorded);
}

#[test]
fn learning_from_the_marginals_of_a_window_reproduces_recordings_of_pymdp() {
    let recorded = [
        [0.8312615699, 0.1126562483, 0.0560821818, 0.2827867977, 0.7172132023, 2.0889837462],
        [0.2479243076, 0.2544616573, 0.4976140351, 0.5135299747, 0.4864700253, 4.3955485648],
        [0.1429927007, 0.690674963, 0.1663323363, 0.3215294747, 0.6784705253, 5.3582449378],
        [0.4533235547, 0.2532958013, 0.2933806439, 0.4997685406, 0.5002314594, 3.2565939985],
        [0.0899052652, 0.2121631585, 0.6979315763, 0.4987115764, 0.5012884236, 3.4815834476],
    ];
    compare_with_recording(&learning_model(), marginal(10, Some(3)), &recorded);
    let recorded = [
        [0.8312615699, 0.1126562483, 0.0560821818, 0.2827867977, 0.7172132023, 2.0889837462],
        [0.3260754913, 0.2041906667, 0.4697338419, 0.540846301, 0.459153699, 4.3747217557],
        [0.1158655691, 0.7681705669, 0.115963864, 0.2764554809, 0.7235445191, 5.2567758757],
        [0.5504779711, 0.1418886882, 0.3076333407, 0.5140104733, 0.4859895267, 2.8927252744],
        [0.0977443568, 0.0688179701, 0.8334376732, 0.4210249712, 0.5789750288, 3.105137096],
    ];
    compare_with_recording(&learning_model(), variational(10, Some(3)), &recorded);
}
