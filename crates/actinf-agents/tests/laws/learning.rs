//! Laws of learning, tried on random models.

use super::random_models::{Shape, model, subject, values};
use super::{gradient, log_likelihood};
use actinf_agents::task_model::{
    InferenceScheme, Learning, LearningBeliefs, LearningSettings, LearningTime, Schedule,
};
use actinf_agents::{ActiveInference, Expression, Observation, RowOrder, TaskModel};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const TIMES: [LearningTime; 3] = [LearningTime::Step, LearningTime::TrialEnd, LearningTime::SessionEnd];

/// A random shape that learns everything, carried over sessions so that no time of learning comes too late.
fn learner(time: LearningTime, beliefs: LearningBeliefs, scheme: usize, rng: &mut ChaCha8Rng) -> Shape {
    let small = Shape::small(rng);
    Shape {
        learns: true,
        learns_all: true,
        learning: LearningSettings { time, beliefs, carry: true },
        scheme: [
            InferenceScheme::Exact,
            InferenceScheme::FixedPointIteration { sweeps: 4, schedule: Schedule::Sequential },
            InferenceScheme::MarginalMessagePassing { sweeps: 4, window: None },
            InferenceScheme::VariationalMessagePassing { sweeps: 4, window: Some(2) },
        ][scheme],
        ..small
    }
}

fn all_learning(task: &mut TaskModel) -> impl Iterator<Item = &mut Learning> {
    let modalities = task.modalities.iter_mut().filter_map(|modality| modality.learning.as_mut());
    let factors = task.factors.iter_mut().flat_map(|f| [&mut f.transition_learning, &mut f.prior_learning]);
    modalities.chain(factors.flatten()).chain(task.choice.habit_learning.as_mut())
}

fn with_settings(task: &TaskModel, time: LearningTime, beliefs: LearningBeliefs) -> ActiveInference {
    let learning = LearningSettings { time, beliefs, ..task.learning };
    ActiveInference::new(TaskModel { learning, ..task.clone() })
}

/// The log-likelihood and its gradient with respect to prior count, learning rate and forgetting rate equal those by
/// central differences.
fn check_gradient(task: TaskModel, rng: &mut ChaCha8Rng) -> Result<(), TestCaseError> {
    let subject = subject(&task, 3, 0.15, rng);
    let model = ActiveInference::new(task);
    let (value, exact) = gradient(&model, &subject, &values());
    prop_assert_eq!(value.to_bits(), log_likelihood(&model, &subject, &values()).to_bits());
    for k in [4, 5, 9] {
        let [up, down] = [1e-5, -1e-5].map(|shift| {
            let mut shifted = values();
            shifted[k] += shift;
            log_likelihood(&model, &subject, &shifted)
        });
        let difference = (up - down) / 2e-5;
        let error = (exact[k] - difference).abs() / exact[k].abs().max(1.0);
        prop_assert!(error < 1e-6, "parameter {k}: exact {}, difference {difference}", exact[k]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gradients_of_filtered_learning_equal_central_differences(seed: u64, time in 0..3_usize, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = learner(TIMES[time], LearningBeliefs::Filtered, scheme, &mut rng);
        check_gradient(model(&shape, &mut rng), &mut rng)?;
    }

    #[test]
    fn gradients_of_smoothed_learning_equal_central_differences(seed: u64, time in 0..3_usize, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let is_step = TIMES[time] == LearningTime::Step;
        let beliefs = if is_step { LearningBeliefs::SmoothedRecount } else { LearningBeliefs::Smoothed };
        let shape = learner(TIMES[time], beliefs, scheme, &mut rng);
        check_gradient(model(&shape, &mut rng), &mut rng)?;
    }

    /// A trial of one step that begins with an observation has no hindsight.
    #[test]
    fn smoothing_at_the_last_step_equals_filtering(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = learner(LearningTime::TrialEnd, LearningBeliefs::Smoothed, scheme, &mut rng);
        let task = model(&Shape { order: RowOrder::ObserveThenAct, ..shape }, &mut rng);
        let subject = subject(&task, 1, 0.1, &mut rng);
        let [smoothed, filtered] = [LearningBeliefs::Smoothed, LearningBeliefs::Filtered]
            .map(|beliefs| with_settings(&task, LearningTime::TrialEnd, beliefs).inspect(&subject, &values()).unwrap());
        prop_assert_eq!(smoothed, filtered);
    }

    /// Of trials in which nothing is seen before the last step, likelihoods are learned from the last step only.
    #[test]
    fn smoothing_at_the_last_of_many_steps_equals_filtering(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = learner(LearningTime::TrialEnd, LearningBeliefs::Smoothed, scheme, &mut rng);
        let task = model(&Shape { order: RowOrder::ObserveThenAct, learns_all: false, ..shape }, &mut rng);
        let mut subject = subject(&task, 4, 0.1, &mut rng);
        for trial in subject.sessions.iter_mut().flat_map(|session| &mut session.trials) {
            trial.steps[..3].iter_mut().for_each(|step| step.observations.fill(Observation::Missing));
        }
        let [smoothed, filtered] = [LearningBeliefs::Smoothed, LearningBeliefs::Filtered]
            .map(|beliefs| with_settings(&task, LearningTime::TrialEnd, beliefs).inspect(&subject, &values()).unwrap());
        for (smoothed, filtered) in smoothed.iter().zip(&filtered) {
            for (a, b) in smoothed.likelihood.iter().zip(&filtered.likelihood) {
                prop_assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12), "{a} {b}");
            }
        }
    }

    #[test]
    fn trials_of_one_step_are_learned_from_alike_at_steps_and_at_trial_ends(seed: u64, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = learner(LearningTime::Step, LearningBeliefs::Filtered, scheme, &mut rng);
        let task = model(&shape, &mut rng);
        let subject = subject(&task, 1, 0.1, &mut rng);
        let [step, trial] = [LearningTime::Step, LearningTime::TrialEnd].map(|time| {
            log_likelihood(&with_settings(&task, time, LearningBeliefs::Filtered), &subject, &values())
        });
        prop_assert_eq!(step.to_bits(), trial.to_bits());
    }

    #[test]
    fn a_rate_of_zero_learns_nothing(seed: u64, time in 0..3_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let shape = learner(TIMES[time], LearningBeliefs::Filtered, 0, &mut rng);
        let mut learning = model(&shape, &mut rng);
        let mut not_learning = learning.clone();
        all_learning(&mut learning).for_each(|learning| learning.learning_rate = Expression::constant(0.0));
        not_learning.modalities.iter_mut().for_each(|modality| modality.learning = None);
        for factor in &mut not_learning.factors {
            (factor.transition_learning, factor.prior_learning) = (None, None);
        }
        not_learning.choice.habit_learning = None;
        let subject = subject(&learning, 3, 0.1, &mut rng);
        let a = log_likelihood(&ActiveInference::new(learning), &subject, &values());
        let b = log_likelihood(&ActiveInference::new(not_learning), &subject, &values());
        prop_assert!((a - b).abs() < 1e-10, "{a} {b}");
    }

    #[test]
    fn learned_tables_stay_distributions(seed: u64, time in 0..3_usize, scheme in 0..4_usize) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let is_step = TIMES[time] == LearningTime::Step;
        let beliefs = if is_step { LearningBeliefs::SmoothedRecount } else { LearningBeliefs::Smoothed };
        let task = model(&learner(TIMES[time], beliefs, scheme, &mut rng), &mut rng);
        let subject = subject(&task, 4, 0.2, &mut rng);
        for step in ActiveInference::new(task).inspect(&subject, &values()).unwrap() {
            let tables = step.likelihood.iter().chain(&step.transitions).chain(&step.initial_state_prior);
            for column in tables.flat_map(|table| table.rows()) {
                prop_assert!((column.sum() - 1.0).abs() < 1e-12 && column.iter().all(|&p| p >= 0.0));
            }
        }
    }
}
