//! The derivative with respect to every free or learnable quantity, under every scheme of inference and every way to
//! plan and to learn, against five-point differences. `cargo test --test every_gradient -- --nocapture` prints the table.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use actinf_agents::{
    ActiveInference, BehaviourModel, Observation, Parameter, Session, Step, Subject, Trial, default_values,
    model_file,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The largest difference between a derivative and its approximation, relative to the derivative where that is above 1.
const TOLERANCE: f64 = 1e-9;

const SCHEMES: [(&str, &str); 5] = [
    ("exact", "scheme = \"exact\""),
    ("sequential", "scheme = \"fixed_point_iteration\"\nschedule = \"sequential\"\nsweeps = 4"),
    ("parallel", "scheme = \"fixed_point_iteration\"\nschedule = \"parallel\"\nsweeps = 4"),
    ("marginal", "scheme = \"marginal_message_passing\"\nwindow = 3\nsweeps = 4"),
    ("variational", "scheme = \"variational_message_passing\"\nsweeps = 4"),
];

/// Pruning is left out: it makes jumps. So is it in the search, which sees the whole of so small a tree.
const PLANNING: [(&str, &str); 3] = [
    ("policies", "horizon = 2"),
    ("sophisticated", "sophistication = { horizon = 2 }"),
    ("searched", "monte_carlo_tree_search = { horizon = 2, simulations = 200, exploration = 100 }"),
];

const LEARNING: [(&str, &str); 4] = [
    ("step", "time = \"step\""),
    ("trial_end", "time = \"trial_end\"\nbeliefs = \"filtered\""),
    ("smoothed", "time = \"trial_end\"\nbeliefs = \"smoothed\""),
    ("session_end", "time = \"session_end\"\nbeliefs = \"smoothed\"\ncarry = true"),
];

/// With two sets the aim is the same from either state, so that it cannot jump from one to the other.
const TERMS: &str = r#"
utility = "utility_weight"
state_information_gain = "state_information"
likelihood_information_gain = "likelihood_information"
transition_information_gain = "transition_information"
inductive_value = "inductive_weight"
induction = { goals = { place = "left" }, depth = 2, threshold = 0.1, epsilon = 0.01 }
"#;

fn model(inference: &str, planning: &str, learning: &str) -> ActiveInference {
    let text = format!(
        "{}\n[inference]\n{inference}\n[planning]\n{planning}{TERMS}\n[learning]\n{learning}\n",
        include_str!("model.toml")
    );
    ActiveInference::new(model_file::read(&text, "model.toml").unwrap_or_else(|error| panic!("{error}")))
}

/// Three sessions of three trials of four steps, a sixth of everything missing.
fn subject() -> Subject {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut index = |size: usize| (!rng.random_bool(1.0 / 6.0)).then(|| rng.random_range(0..size));
    let mut step = |_| Step {
        row: 0,
        actions: vec![index(2)],
        observations: [2, 3]
            .map(|size| index(size).map_or(Observation::Missing, Observation::Outcome))
            .to_vec(),
        responses: vec![],
    };
    let mut trial =
        |_| Trial { label: String::new(), aborted: false, steps: (0..4).map(&mut step).collect() };
    let session = |_| Session { label: String::new(), trials: (0..3).map(&mut trial).collect() };
    Subject { id: "one".into(), sessions: (0..3).map(session).collect() }
}

/// Per parameter, its derivative and the five-point difference.
fn derivatives(model: &ActiveInference, subject: &Subject) -> Vec<(f64, f64)> {
    let values = default_values(model.parameters());
    let free: Vec<usize> = (0..values.len()).collect();
    let mut gradient = vec![0.0; values.len()];
    let mut scorer = model.scorer(subject, &values, &free).unwrap();
    let value = scorer.log_likelihood_gradient(&values, &mut gradient).unwrap();
    assert_eq!(value.to_bits(), scorer.log_likelihood(&values).unwrap().to_bits());
    let mut difference = |k: usize| {
        let step = 1e-3 * values[k].abs();
        let mut at = |steps: f64| {
            let mut shifted = values.clone();
            shifted[k] += steps * step;
            scorer.log_likelihood(&shifted).unwrap()
        };
        (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step)
    };
    gradient.iter().enumerate().map(|(k, &exact)| (exact, difference(k))).collect()
}

/// Prints a row per parameter and a column per model, and fails where a derivative is wrong or 0.
fn check(title: &str, columns: &[(String, ActiveInference)]) {
    let subject = subject();
    let all: Vec<Vec<(f64, f64)>> = columns.iter().map(|(_, model)| derivatives(model, &subject)).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut table = format!("{title}: |derivative - difference| for {}\n", names.join(", "));
    let mut problems = Vec::new();
    for (k, Parameter { name, .. }) in columns[0].1.parameters().iter().enumerate() {
        table += &format!("{name:24}");
        for (column, derivatives) in names.iter().zip(&all) {
            let (exact, difference) = derivatives[k];
            let error = (exact - difference).abs() / exact.abs().max(1.0);
            table += &format!(" {error:8.1e}");
            if error > TOLERANCE || exact.abs() < 1e-6 {
                problems.push(format!("{column}, {name}: derivative {exact}, difference {difference}"));
            }
        }
        table += "\n";
    }
    println!("{table}");
    assert!(problems.is_empty(), "{title}\n{}", problems.join("\n"));
}

#[test]
fn every_quantity_under_every_scheme_and_way_to_plan() {
    for (planning, lines) in PLANNING {
        let column = |(name, scheme): (&str, &str)| (name.to_owned(), model(scheme, lines, LEARNING[0].1));
        check(planning, &SCHEMES.map(column));
    }
}

#[test]
fn every_quantity_under_every_scheme_and_time_of_learning() {
    for (learning, lines) in &LEARNING[1..] {
        let column = |(name, scheme): (&str, &str)| (name.to_owned(), model(scheme, PLANNING[0].1, lines));
        check(learning, &SCHEMES.map(column));
    }
}
