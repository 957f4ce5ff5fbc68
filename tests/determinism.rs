//! The same numbers whatever the number of threads, and whether behaviour was simulated or read.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{BehaviourModel, Design, Model, Subject, default_values};
use actinf_fit::{Dataset, MaximumAPosteriori, Problem, Workers, draw_values, fit, simulate};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::num::NonZeroUsize;

fn bandit() -> Model {
    Model::built_in("two_armed_bandit").unwrap()
}

fn workers(threads: usize) -> Workers {
    Workers::new(NonZeroUsize::new(threads)).unwrap()
}

#[test]
fn one_thread_and_three_threads_give_the_same_simulation_and_the_same_fit() {
    let model = bandit();
    let problem = Problem::new(&model, Problem::default_roles(&model)).unwrap();
    let values = draw_values(&problem, 6, 11).unwrap();
    let design = Design { sessions: 1, trials: 1, steps: 40 };
    let results = [1, 3].map(|threads| {
        let workers = workers(threads);
        let simulated = simulate(&model, &values, design, 11, &workers, &|_| ());
        let subjects = simulated.subjects.len();
        let dataset =
            Dataset { subjects: simulated.subjects, groups: vec![None; subjects], ..Dataset::default() };
        let method = MaximumAPosteriori { starts: 3, ..MaximumAPosteriori::default() };
        fit(&problem, &dataset, &method, 5, &workers, &|_| ())
    });
    assert_eq!(results[0], results[1]);
}

#[test]
fn simulated_written_read_and_scored_gives_the_probabilities_of_the_simulation_bit_for_bit() {
    for name in Model::built_in_names() {
        let model = Model::built_in(name).unwrap();
        let values = default_values(model.parameters());
        let design = Design { sessions: 3, trials: 2, steps: 5 };
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (sessions, drawn) = model.simulate_with_log_probabilities(&values, design, &mut rng).unwrap();
        let subject = Subject { id: "one".into(), sessions };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("behaviour.csv");
        let columns = actinf_data::write_behaviour(&path, model.schema(), &[subject], &[]).unwrap();
        let dataset = actinf_data::read(&path, &columns, model.schema()).unwrap();
        let trajectory = model.trajectory(&dataset.subjects[0], &values).unwrap();
        // Where a trial is planned as a whole, its last step has no action.
        let acted = trajectory.steps.iter().filter(|step| step.action.is_some());
        let scored: Vec<Option<u64>> = acted.map(|step| step.log_probability.map(f64::to_bits)).collect();
        let drawn: Vec<Option<u64>> = drawn.iter().map(|log| Some(log.to_bits())).collect();
        assert_eq!(scored, drawn, "{name}");
    }
}
