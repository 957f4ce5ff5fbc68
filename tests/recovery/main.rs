//! Simulate, fit, compare with the truth.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod document;
mod study;

use actinf_agents::{BehaviourModel, Card, Design, Model, tasks};
use actinf_fit::{MaximumAPosteriori, Problem, Role};
use std::path::{Path, PathBuf};
use study::recovered;

/// True values are drawn from the priors, so that a 95 % interval of the exact posterior covers the truth in 95 % of
/// fits. With 60 subjects and 3 parameters fewer than 160 of 180 are covered with probability 0.0003 (binomial); the
/// Laplace approximation of skewed posteriors costs some of that margin. The seed is fixed.
#[test]
fn intervals_cover_the_truth_they_were_simulated_from() {
    let model = Model::built_in("two_armed_bandit").unwrap();
    let mut roles = Problem::default_roles(&model);
    roles[3] = Role::Fixed { values: vec![1.0] };
    roles[4] = Role::Fixed { values: vec![0.0] };
    let problem = Problem::new(&model, roles).unwrap();
    let design = Design { sessions: 2, trials: 1, steps: 100 };
    let method = MaximumAPosteriori { starts: 4, ..MaximumAPosteriori::default() };
    let recovered = recovered(&model, &problem, design, 60, &method);
    assert!(recovered.iter().all(|parameter| parameter.pairs.len() == 60));
    let covered: usize = recovered.iter().map(|parameter| parameter.covered).sum();
    assert!(covered >= 160, "{covered} of 180 intervals cover the truth");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

const NUMBERS: &str = "crates/actinf-agents/src/tasks/recovery.csv";
const DOCUMENT: &str = "docs/src/recovery.md";

/// The roles of a task's example: what it keeps is fixed at the defaults, all else is free under the default priors.
fn example_roles(model: &Model, card: &Card) -> Vec<Role> {
    let mut roles = Problem::default_roles(model);
    for (role, parameter) in roles.iter_mut().zip(model.parameters()) {
        if card.example.fixed.contains(&parameter.name) {
            *role = Role::Fixed { values: parameter.default.clone() };
        }
    }
    roles
}

/// Writes what is recovered of people in every task, in its example's design, whose true values are drawn from the default
/// priors: `cargo test --release -p actinf-tests --test recovery -- --ignored`. With `ACTINF_TASKS=urn,two_step` only these are
/// studied, and their rows replaced.
#[test]
#[ignore = "takes minutes and writes the table instead of judging it"]
fn recovery_of_every_task() {
    let only = std::env::var("ACTINF_TASKS").ok();
    let is_wanted =
        |name: &&str| only.as_ref().is_none_or(|only| only.split(',').any(|wanted| wanted == *name));
    let known = std::fs::read_to_string(root().join(NUMBERS)).unwrap();
    let mut csv = String::from("task,parameter,correlation,bias,coverage\n");
    for name in tasks::names() {
        if !is_wanted(&name) {
            let rows = known.lines().filter(|line| line.starts_with(&format!("{name},")));
            rows.for_each(|row| csv.push_str(&format!("{row}\n")));
            continue;
        }
        let started = std::time::Instant::now();
        let (model, card) = (Model::built_in(name).unwrap(), Card::built_in(name).unwrap());
        let problem = Problem::new(&model, example_roles(&model, &card)).unwrap();
        let method = MaximumAPosteriori { starts: 2, ..MaximumAPosteriori::default() };
        let rows = recovered(&model, &problem, card.example.design, document::SUBJECTS, &method);
        for row in &rows {
            csv.push_str(&document::csv_row(name, row));
        }
        let fitted = rows.first().map_or(0, |row| row.pairs.len());
        println!("{name}: {fitted} people in {:.1} s", started.elapsed().as_secs_f64());
    }
    std::fs::write(root().join(NUMBERS), &csv).unwrap();
    std::fs::create_dir_all(root().join("docs")).unwrap();
    std::fs::write(root().join(DOCUMENT), document::markdown(&csv)).unwrap();
}

#[test]
fn the_committed_table_shows_the_committed_numbers_of_every_free_parameter() {
    let csv = std::fs::read_to_string(root().join(NUMBERS)).unwrap();
    let shown = std::fs::read_to_string(root().join(DOCUMENT)).unwrap();
    assert!(
        shown == document::markdown(&csv),
        "docs/src/recovery.md is out of date; run the recovery study again"
    );
    for name in tasks::names() {
        let card = Card::built_in(name).unwrap();
        let studied: Vec<&str> = card.recovery.iter().map(|row| row.parameter.as_str()).collect();
        let is_free = |name: &&str| !card.example.fixed.iter().any(|fixed| fixed == name);
        let free: Vec<&str> = card.parameters.iter().map(|p| p.name.as_str()).filter(is_free).collect();
        assert_eq!(studied, free, "{name}");
        assert!(card.recovery.iter().all(|row| (0.0..=1.0).contains(&row.coverage)), "{name}");
    }
}
