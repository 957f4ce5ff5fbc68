#![allow(clippy::float_cmp, reason = "the same bits are the question")]

use super::*;
use crate::behaviour_model::{BehaviourModel, Design};
use crate::parameter::default_values;
use crate::{ActiveInference, tasks};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A subject of a built-in task, the structure of the task, and the values it was simulated with.
fn simulated(task: &TaskModel, design: Design) -> (Subject, Arc<Structure>, Vec<f64>) {
    let model = ActiveInference::new(task.clone());
    let values = default_values(&task.parameters);
    let sessions = model.simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
    (Subject { id: "simulated".into(), sessions }, Arc::new(Structure::new(task)), values)
}

fn told(task: &TaskModel, histories: &Histories, structure: &Arc<Structure>, values: &[f64]) -> f64 {
    let layout = structure.layout.as_ref().unwrap();
    let mut told = Told::<f64>::new((task, structure, layout), histories, values).unwrap();
    let log_likelihood = told.evaluate(task, histories, &mut slots(structure, values)).unwrap().unwrap();
    assert_eq!(told.decisions.log_probabilities().len(), histories.tree.decisions.len());
    log_likelihood
}

fn walked(task: &TaskModel, subject: &Subject, structure: &Arc<Structure>, values: &[f64]) -> f64 {
    let task = Arc::new(task.clone());
    let mut slots = slots(structure, values);
    Walked::new(&task, structure, values).unwrap().evaluate(&task, subject, &mut slots).unwrap()
}

fn slots(structure: &Structure, values: &[f64]) -> Slots<f64> {
    let mut slots = Slots::new(values.len(), structure);
    slots.values_mut().copy_from_slice(values);
    slots
}

/// Ratings at the ends of sessions come from the beliefs that the tree holds there, and count in the order of the table.
#[test]
fn responses_stand_in_the_tree_where_they_were_given() {
    let mut task = tasks::read("agency").unwrap();
    for learning in [true, false] {
        if !learning {
            task.modalities.iter_mut().for_each(|modality| modality.learning = None);
        }
        let (subject, structure, values) = simulated(&task, Design { sessions: 6, trials: 1, steps: 5 });
        let histories = Histories::new(&task, &structure, &subject).unwrap();
        assert_eq!(histories.tree.responses.len(), 12);
        let value = told(&task, &histories, &structure, &values);
        let expected = walked(&task, &subject, &structure, &values);
        assert_eq!(value.to_bits(), expected.to_bits(), "learning: {learning}");
    }
}

/// In the T-maze there are few ways for a trial to go, so that hundreds of trials are few moments; what they give is what
/// walking through all of them gives, bit for bit.
#[test]
fn repeated_histories_are_lived_through_once_and_count_as_often_as_they_happened() {
    for name in ["t_maze", "generalised_t_maze"] {
        let task = tasks::read(name).unwrap();
        let (subject, structure, values) = simulated(&task, Design { sessions: 2, trials: 60, steps: 3 });
        let histories = Histories::new(&task, &structure, &subject).unwrap();
        let steps = subject.steps().count();
        assert!(histories.tree.moments.len() < steps, "{name}: {}", histories.tree.moments.len());
        assert!(histories.tree.decisions.len() < steps);
        let times: f64 = histories.tree.decisions.iter().map(|(_, times)| times).sum();
        assert_eq!((times, histories.tree.order.len()), (steps as f64, steps));
        let value = told(&task, &histories, &structure, &values);
        assert_eq!(value.to_bits(), walked(&task, &subject, &structure, &values).to_bits(), "{name}");
    }
}

/// A history has no more moments than steps, however seldom anything repeats itself.
#[test]
fn the_tree_grows_no_larger_than_the_behaviour() {
    let task = tasks::read("t_maze").unwrap();
    let (subject, structure, _) = simulated(&task, Design { sessions: 1, trials: 40, steps: 8 });
    let histories = Histories::new(&task, &structure, &subject).unwrap();
    let trials = 40;
    assert!(histories.tree.moments.len() <= subject.steps().count() + trials);
    assert!(histories.tree.kept <= 8);
}

#[test]
fn where_something_is_learned_no_two_moments_are_alike() {
    let task = tasks::read("two_armed_bandit").unwrap();
    let (subject, structure, values) = simulated(&task, Design { sessions: 2, trials: 30, steps: 1 });
    let histories = Histories::new(&task, &structure, &subject).unwrap();
    assert!(histories.tree.moments.len() >= subject.steps().count());
    let value = told(&task, &histories, &structure, &values);
    assert_eq!(value.to_bits(), walked(&task, &subject, &structure, &values).to_bits());
}
