//! Groups of simulated learners with a known truth, drawn and estimated many times: what intervals of a group difference cover, how often
//! its test rejects where there is none, and what estimating together gains over estimating alone.
//!
//! ```sh
//! cargo test --release -p actinf-tests --test group_study -- --ignored --nocapture
//! ```

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use actinf_agents::{BehaviourModel, Design, Model};
use actinf_fit::group_methods::GroupProgress;
use actinf_fit::hierarchical::{ExpectationMaximisation, Forgetful, HierarchicalBayesianInference};
use actinf_fit::{
    Dataset, FittedGroup, GroupMethod, GroupQuestion, GroupRun, Problem, Workers, fit_group, simulate,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

const REPLICATIONS: u64 = 200;
const PEOPLE: usize = 24;
const TRIALS: usize = 60;
/// Means of the groups' log inverse temperature and logit of the learning rate, and their standard deviations.
const MEANS: [f64; 2] = [1.2, -0.5];
const SDS: [f64; 2] = [0.5, 0.8];

/// The parameters of the model, inverse temperature (positive) and learning rate (unit), by their coordinates.
fn natural(coordinates: [f64; 2]) -> Vec<f64> {
    vec![coordinates[0].exp(), 1.0 / (1.0 + (-coordinates[1]).exp())]
}

/// Half of the people each in groups a and b, whose logits of the learning rate are `difference` apart.
fn group(model: &Model, difference: f64, replication: u64) -> (Dataset, Vec<[f64; 2]>) {
    let mut rng = ChaCha8Rng::seed_from_u64(40_000 + replication);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    let person = |i: usize, normal: &mut dyn FnMut() -> f64| {
        let half = if i.is_multiple_of(2) { -0.5 } else { 0.5 } * difference;
        [MEANS[0] + SDS[0] * normal(), MEANS[1] + half + SDS[1] * normal()]
    };
    let truth: Vec<[f64; 2]> = (0..PEOPLE).map(|i| person(i, &mut normal)).collect();
    let values: Vec<Vec<f64>> = truth.iter().map(|own| natural(*own)).collect();
    let design = Design { sessions: 1, trials: 1, steps: TRIALS };
    let simulated = simulate(model, &values, design, replication, &Workers::serial(), &|_| {});
    assert!(simulated.failures.is_empty());
    let dataset = Dataset {
        subjects: simulated.subjects,
        group_column: Some("group".into()),
        groups: (0..PEOPLE).map(|i| Some(if i % 2 == 0 { "a" } else { "b" }.to_owned())).collect(),
        ..Dataset::default()
    };
    (dataset, truth)
}

fn fitted(model: &Model, dataset: &Dataset, method: &dyn GroupMethod, individual: bool) -> FittedGroup {
    let problem = Problem::new(model, Problem::default_roles(model)).unwrap();
    let formulas = BTreeMap::from([("learning_rate".to_owned(), "1 + group".parse().unwrap())]);
    let question = GroupQuestion { formulas, individual, ..GroupQuestion::default() };
    let watch = |_: GroupProgress| ControlFlow::Continue(());
    let workers = Workers::serial();
    let run = GroupRun { seed: 1, workers: &workers, watch: &watch, store: &Forgetful };
    fit_group(&problem, dataset, &question, method, run).unwrap()
}

/// What one replication says.
struct Replication {
    /// The estimate of the difference, and half the width of its interval.
    difference: f64,
    half_width: f64,
    covered: bool,
    rejected: bool,
    /// Squared errors of the coordinates, alone and together, summed over people.
    squares: [[f64; 2]; 2],
}

fn replication(model: &Model, method: &dyn GroupMethod, difference: f64, number: u64) -> Replication {
    let (dataset, truth) = group(model, difference, number);
    let found = fitted(model, &dataset, method, difference > 0.0);
    let weight = found.population.weights.iter().find(|w| w.name == "learning_rate ~ group[b]").unwrap();
    let [lower, upper] = weight.interval.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    let mut squares = [[0.0; 2]; 2];
    for (member, own) in found.population.members.iter().zip(&truth) {
        for (c, coordinate) in member.coordinates.iter().enumerate() {
            squares[0][c] += coordinate.alone.map_or(0.0, |alone| (alone - own[c]).powi(2));
            squares[1][c] += (coordinate.estimate - own[c]).powi(2);
        }
    }
    Replication {
        difference: weight.estimate,
        half_width: (upper - lower) / 2.0,
        covered: (lower..=upper).contains(&difference),
        rejected: weight.p.is_some_and(|p| p < 0.05),
        squares,
    }
}

fn study(name: &str, method: &dyn GroupMethod) -> (usize, usize) {
    let model = Model::built_in("rescorla_wagner").unwrap();
    let names: Vec<&str> = model.parameters().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["inverse_temperature", "learning_rate"]);
    let workers = Workers::new(None).unwrap();
    let run = |difference: f64| {
        workers.map(REPLICATIONS as usize, |r| replication(&model, method, difference, r as u64))
    };
    let (with, without) = (run(1.0), run(0.0));
    let covered = with.iter().filter(|r| r.covered).count();
    let power = with.iter().filter(|r| r.rejected).count();
    let false_positives = without.iter().filter(|r| r.rejected).count();
    let rmse = |which: usize, c: usize| {
        let total: f64 = with.iter().map(|r| r.squares[which][c]).sum();
        (total / (REPLICATIONS as usize * PEOPLE) as f64).sqrt()
    };
    println!("{name}: {REPLICATIONS} groups of {PEOPLE} people, {TRIALS} trials each");
    println!("  95 % interval covers a difference of 1: {covered}; rejected at 5 %: {power}");
    let mean = |of: fn(&Replication) -> f64| with.iter().map(of).sum::<f64>() / REPLICATIONS as f64;
    let spread = (mean(|r| r.difference.powi(2)) - mean(|r| r.difference).powi(2)).sqrt();
    println!(
        "  difference found: mean {:.3}, SD over groups {spread:.3}; half width of its interval {:.3}",
        mean(|r| r.difference),
        mean(|r| r.half_width)
    );
    println!("  rejected at 5 % without a difference: {false_positives}");
    for (c, parameter) in names.iter().enumerate() {
        let (alone, together) = (rmse(0, c), rmse(1, c));
        println!(
            "  RMSE of {parameter}: alone {alone:.3}, together {together:.3}, ratio {:.3}",
            together / alone
        );
        assert!(together < alone, "{parameter}: shrinkage must gain");
    }
    (covered, false_positives)
}

/// At a true rate of 95 %, fewer than 178 or at 5 % more than 22 of 200 happen in fewer than one of a thousand runs. The standard errors
/// hold the covariance at its estimate, so a nominal rate cannot be expected of groups this small; the bounds are those of rates of
/// 90 % and 10 % (one of a thousand beyond 166 and 34).
#[test]
#[ignore = "takes minutes"]
fn expectation_maximisation_covers_and_keeps_its_level() {
    let method = ExpectationMaximisation {
        starts: 4,
        tolerance: 1e-4,
        importance_draws: 400,
        ..ExpectationMaximisation::default()
    };
    let (covered, false_positives) = study("expectation maximisation", &method);
    assert!(covered >= 166 && false_positives <= 34, "{covered} covered, {false_positives} rejected");
}

/// The same bounds.
#[test]
#[ignore = "takes minutes"]
fn bayesian_inference_covers_and_keeps_its_level() {
    let method = HierarchicalBayesianInference {
        starts: 4,
        tolerance: 1e-4,
        ..HierarchicalBayesianInference::default()
    };
    let (covered, false_positives) = study("hierarchical Bayesian inference", &method);
    assert!(covered >= 166 && false_positives <= 34, "{covered} covered, {false_positives} rejected");
}
