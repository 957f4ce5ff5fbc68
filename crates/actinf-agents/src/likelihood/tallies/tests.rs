#![allow(clippy::float_cmp, reason = "the same bits are the question")]

use super::*;
use crate::behaviour_model::{BehaviourModel, Design};
use crate::dual::Dual;
use crate::parameter::default_values;
use crate::{ActiveInference, tasks};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A subject of a built-in task with its tallies and the values it was simulated with.
struct Case {
    task: Arc<TaskModel>,
    structure: Arc<Structure>,
    subject: Subject,
    values: Vec<f64>,
    tallied: Option<Tallied>,
}

fn case(name: &str, change: impl Fn(&mut TaskModel)) -> Case {
    let mut task = tasks::read(name).unwrap();
    change(&mut task);
    let model = ActiveInference::new(task.clone());
    let values = default_values(&task.parameters);
    let design = Design { sessions: 2, trials: 30, steps: 2 };
    let sessions = model.simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
    let subject = Subject { id: "simulated".into(), sessions };
    let structure = Arc::new(Structure::new(&task));
    let histories = Histories::new(&task, &structure, &subject);
    let tallied =
        histories.and_then(|histories| Tallied::new(&task, structure.layout.as_ref().unwrap(), &histories));
    Case { task: Arc::new(task), structure, subject, values, tallied }
}

/// The log-likelihood along tallies and along behaviour, from duals along the first parameters.
fn both(case: &Case) -> [Dual<16>; 2] {
    let Case { task, structure, subject, values, tallied } = case;
    let tallied = tallied.as_ref().unwrap();
    let mut slots = Slots::new(values.len(), structure);
    for (k, (slot, &value)) in slots.values_mut().iter_mut().zip(values).enumerate() {
        *slot = Dual::variable(value, k);
    }
    let layout = structure.layout.as_ref().unwrap();
    let mut tally = Tally::new((task, structure, layout), tallied, slots.values()).unwrap();
    // Twice: nothing is left over from an evaluation.
    tally.evaluate(task, tallied, slots.values()).unwrap();
    let along_tallies = tally.evaluate(task, tallied, slots.values()).unwrap().unwrap();
    let mut walked = Walked::new(task, structure, slots.values()).unwrap();
    [along_tallies, walked.evaluate(task, subject, &mut slots).unwrap()]
}

fn check(name: &str, case: &Case) {
    let [along_tallies, walked] = both(case);
    assert_eq!(along_tallies.value().to_bits(), walked.value().to_bits(), "{name}");
    for (k, (a, b)) in along_tallies.derivatives().iter().zip(walked.derivatives()).enumerate() {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{name}, parameter {k}: {a} {b}");
    }
}

/// The bandits whose arms are known: values are those of the walk bit for bit, derivatives to rounding.
#[test]
fn tallies_give_what_walking_gives() {
    for name in ["two_armed_bandit", "three_armed_bandit", "iowa_gambling"] {
        let curious = |task: &mut TaskModel| {
            task.planning.weights.likelihood_information_gain = crate::Expression::constant(0.7);
        };
        for case in [case(name, |_| {}), case(name, curious)] {
            assert!(case.tallied.is_some(), "{name}");
            check(name, &case);
        }
    }
}

/// Learned tables that are carried over sessions, and forgotten from one session to the next.
#[test]
fn sessions_begin_with_what_is_carried_over() {
    let forgetful = case("two_armed_bandit", |task| task.learning.carry = false);
    let mindful = case("two_armed_bandit", |task| task.learning.carry = true);
    check("forgetful", &forgetful);
    check("mindful", &mindful);
    let tallies = |case: &Case| case.tallied.as_ref().unwrap().ledger.tables[0].tallies;
    assert!(tallies(&forgetful) < tallies(&mindful), "what repeats itself is one tally");
}

/// Where counts fade, every column has a new tally with each outcome seen.
#[test]
fn counts_that_fade_are_tallied() {
    let fading = |task: &mut TaskModel| {
        for modality in &mut task.modalities {
            if let Some(learning) = &mut modality.learning {
                learning.forgetting_rate = crate::Expression::constant(0.1);
            }
        }
    };
    check("fading", &case("two_armed_bandit", fading));
}

/// A state that has to be inferred is no tally.
#[test]
fn tasks_with_hidden_states_have_no_tallies() {
    for name in ["agency", "t_maze", "reversal_learning"] {
        assert!(case(name, |_| {}).tallied.is_none(), "{name}");
    }
}
