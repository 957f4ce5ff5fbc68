//! Studies that take minutes: run with `--ignored --nocapture` in release, they print their numbers.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests are tests; studies print")]

use actinf_agents::{ActiveInference, BehaviourModel, Design, Parameter, tasks};
use actinf_fit::{
    Dataset, Fitted, FittingMethod, LaplaceApproximation, MaximumAPosteriori, MaximumLikelihood, Outcome,
    Prior, Problem, Role, SubjectFit, SubjectRecord, Workers, draw_values, fit, simulate,
};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Instant;

/// Three free parameters of the two-armed bandit, as in a study of learning.
const BANDIT: [&str; 3] = ["policy_precision", "learning_rate", "habit_right"];
const DEVIATES: [f64; 3] = [0.674_489_750_196_081_7, 1.281_551_565_544_600_4, 1.959_963_984_540_054];

fn roles(model: &ActiveInference, free: impl Fn(&Parameter) -> bool) -> Vec<Role> {
    let role = |p: &Parameter| match free(p) {
        true => Role::Free { prior: Prior::default_for(p), default_prior: true },
        false => Role::Fixed { values: p.default.clone() },
    };
    model.parameters().iter().map(role).collect()
}

fn workers(threads: usize) -> Workers {
    Workers::new(NonZeroUsize::new(threads)).unwrap()
}

/// Simulated subjects and their true values.
fn study(problem: &Problem<'_>, subjects: usize, steps: usize, seed: u64) -> (Dataset, Vec<Vec<f64>>) {
    let truth = draw_values(problem, subjects, seed).unwrap();
    let design = Design { sessions: 1, trials: 1, steps };
    let simulated = simulate(problem.model(), &truth, design, seed, &workers(2), &|_| {});
    assert!(simulated.failures.is_empty());
    (Dataset { subjects: simulated.subjects, ..Dataset::default() }, simulated.values)
}

fn fits(fitted: &Fitted) -> Vec<&SubjectFit> {
    let fit = |subject: &'_ SubjectRecord| match &subject.outcome {
        Outcome::Fitted(_) => None,
        Outcome::Failed { reason } => Some(format!("{}: {reason}", subject.id)),
    };
    assert_eq!(fitted.subjects.iter().find_map(fit), None);
    let outcomes = fitted.subjects.iter().map(|subject| &subject.outcome);
    outcomes.filter_map(|outcome| if let Outcome::Fitted(fit) = outcome { Some(fit) } else { None }).collect()
}

/// The profile intervals of the posterior are judged over the prior that the truths come from; those of the likelihood, which
/// know no prior, must hold for every truth.
#[test]
#[ignore = "a study of minutes"]
fn coverage_of_intervals_in_the_bandit() {
    let bandit = ActiveInference::new(tasks::read("two_armed_bandit").unwrap());
    let problem = Problem::new(&bandit, roles(&bandit, |p| BANDIT.contains(&p.name.as_str()))).unwrap();
    let (dataset, truth) = study(&problem, 1000, 200, 11);
    let posterior = MaximumAPosteriori { profiles: true, ..MaximumAPosteriori::default() };
    let likelihood = MaximumLikelihood { profiles: true, ..MaximumLikelihood::default() };
    let methods: [&dyn FittingMethod; 2] = [&posterior, &likelihood];
    for method in methods {
        let clock = Instant::now();
        let fitted = fit(&problem, &dataset, method, 11, &workers(2), &|_| {});
        let seconds = clock.elapsed().as_secs_f64();
        println!("\n{}: 1000 subjects with profiles in {seconds:.1} s", method.name());
        verdicts(&fitted);
        print_coverage(&problem, &fitted, &truth);
    }
}

/// How often intervals contain the truth, in percent of the subjects that have them.
fn print_coverage(problem: &Problem<'_>, fitted: &Fitted, truth: &[Vec<f64>]) {
    println!("{:<18} {:<10} {:>7} {:>7} {:>7}", "parameter", "interval", "50 %", "80 %", "95 %");
    for (k, &position) in problem.free_positions().iter().enumerate() {
        let name = &fits(fitted)[0].estimates[k].parameter;
        let pairs: Vec<_> = fits(fitted).into_iter().zip(truth).collect();
        let laplace = |level| {
            let has = pairs.iter().filter(|(fit, _)| fit.approximation.is_some());
            share(has.map(|(fit, truth)| laplace_covers(fit, problem, k, position, truth, level)))
        };
        let profile =
            |level| share(pairs.iter().map(|(fit, truth)| profile_covers(fit, k, truth[position], level)));
        for (kind, percent) in [("laplace", [0, 1, 2].map(laplace)), ("profile", [0, 1, 2].map(profile))] {
            println!("{name:<18} {kind:<10} {:>7.1} {:>7.1} {:>7.1}", percent[0], percent[1], percent[2]);
        }
        let without = pairs.iter().filter(|(fit, _)| fit.approximation.is_none()).count();
        let is_open = |fit: &SubjectFit| {
            let interval = &fit.profiles[k].intervals[2];
            interval.lower.value().is_none() || interval.upper.value().is_none()
        };
        let open = pairs.iter().filter(|(fit, _)| is_open(fit)).count();
        println!("{name:<18} without Laplace interval {without}, 95 % profile open at an end {open}");
    }
}

/// In percent.
fn share(covered: impl Iterator<Item = bool>) -> f64 {
    let covered: Vec<bool> = covered.collect();
    100.0 * covered.iter().filter(|covered| **covered).count() as f64 / covered.len() as f64
}

/// Whether the truth lies within the profile interval of a level; an open end is no limit.
fn profile_covers(fit: &SubjectFit, k: usize, truth: f64, level: usize) -> bool {
    let interval = &fit.profiles[k].intervals[level];
    interval.lower.value().is_none_or(|lower| lower <= truth)
        && interval.upper.value().is_none_or(|upper| truth <= upper)
}

/// Whether the truth lies within the Laplace interval of a level, on the unconstrained scale.
fn laplace_covers(
    fit: &SubjectFit,
    problem: &Problem<'_>,
    k: usize,
    position: usize,
    truth: &[f64],
    level: usize,
) -> bool {
    let Some(approximation) = &fit.approximation else { return false };
    let mut coordinate = [0.0];
    let parameter =
        problem.parameters().iter().filter(|p| matches!(p.role, Role::Free { .. })).nth(k).unwrap();
    actinf_fit::Transform::of(parameter.parameter.support)
        .to_unconstrained(&truth[position..=position], &mut coordinate);
    let sd = approximation.covariance[k][k].sqrt();
    (coordinate[0] - approximation.mean[k]).abs() <= DEVIATES[level] * sd
}

fn verdicts(fitted: &Fitted) {
    let mut counts = BTreeMap::new();
    for fit in fits(fitted) {
        *counts.entry(fit.verdict.words()).or_insert(0) += 1;
    }
    println!("verdicts: {counts:?}");
}

/// Resident memory at its peak, in MB, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("unknown").to_owned()
}

#[test]
#[ignore = "a study of minutes"]
fn speed_of_ten_thousand_bandit_subjects() {
    let bandit = ActiveInference::new(tasks::read("two_armed_bandit").unwrap());
    let problem = Problem::new(&bandit, roles(&bandit, |p| BANDIT.contains(&p.name.as_str()))).unwrap();
    let (dataset, _) = study(&problem, 10_000, 200, 12);
    println!("before: {}", peak_memory());
    for threads in [1, 2] {
        let clock = Instant::now();
        let fitted = fit(&problem, &dataset, &MaximumAPosteriori::default(), 12, &workers(threads), &|_| {});
        let seconds = clock.elapsed().as_secs_f64();
        let evaluations: usize = fits(&fitted).iter().map(|fit| fit.convergence.evaluations).sum();
        println!(
            "{threads} thread(s): {seconds:.1} s, {:.0} subjects per second, {:.0} gradients per subject, {}",
            10_000.0 / seconds,
            evaluations as f64 / 1e4,
            peak_memory()
        );
        verdicts(&fitted);
    }
}

#[test]
#[ignore = "a study of minutes"]
fn error_of_laplace_in_the_built_in_tasks() {
    let fixed_in = |task: &str| match task {
        "two_armed_bandit" => vec!["outcome_preference", "prior_count"],
        _ => vec!["learning_rate", "prior_count"],
    };
    println!("laplace minus importance-sampled log evidence, in nats (40 subjects, 3 rounds of 4000 draws)");
    for name in tasks::names() {
        let model = ActiveInference::new(tasks::read(name).unwrap());
        for free_all in [false, true] {
            let free = |p: &Parameter| free_all || !fixed_in(name).contains(&p.name.as_str());
            let problem = Problem::new(&model, roles(&model, free)).unwrap();
            laplace_error(name, &problem);
        }
    }
}

fn laplace_error(name: &str, problem: &Problem<'_>) {
    let steps = if name == "t_maze" { 2 } else { 200 };
    let truth = draw_values(problem, 40, 13).unwrap();
    let design = Design { sessions: 1, trials: if name == "t_maze" { 100 } else { 1 }, steps };
    let simulated = simulate(problem.model(), &truth, design, 13, &workers(2), &|_| {});
    let dataset = Dataset { subjects: simulated.subjects, ..Dataset::default() };
    let mut method = LaplaceApproximation::default();
    method.importance.draws = 4000;
    let fitted = fit(problem, &dataset, &method, 13, &workers(2), &|_| {});
    let mut errors = Vec::new();
    let (mut bad, mut noise) = (0, 0.0);
    for subject in &fitted.subjects {
        let Outcome::Fitted(fit) = &subject.outcome else { continue };
        let Some(sampled) = &fit.importance_sampling else { continue };
        errors.push(sampled.laplace_error);
        noise += sampled.standard_error;
        bad += usize::from(sampled.pareto_k.is_none_or(|k| k > 0.7));
    }
    errors.sort_by(f64::total_cmp);
    let n = errors.len();
    let mean = errors.iter().sum::<f64>() / n as f64;
    println!(
        "{name:<18} {} free: n {n}, mean {mean:+.3}, median {:+.3}, 5 % {:+.3}, 95 % {:+.3}, Monte Carlo error {:.3}, k > 0.7: {bad}",
        problem.dimension(),
        errors[n / 2],
        errors[n / 20],
        errors[n - 1 - n / 20],
        noise / n as f64
    );
}
