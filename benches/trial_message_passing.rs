//! SPM's agent: the explore-exploit task, 32 trials of three time steps with five policies, as in the tutorial's inversions.
//!
//! `cargo bench -p actinf-benches --bench trial_message_passing` prints the time of the likelihood and of its gradient in two and
//! three parameters, with throughput in trials, and of whole inversions of action precision and risk seeking. SPM12 under Octave
//! takes 0.22 s of processor time per trial and about 680 s per inversion.

#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use actinf_agents::{ActiveInference, BehaviourModel, Design, Subject, default_values, tasks};
use actinf_fit::{FittingMethod, LaplaceApproximation, Prior, Problem, Role, SpmVariationalLaplace};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::hint::black_box;

const TRIALS: usize = 32;

fn position(model: &ActiveInference, name: &str) -> usize {
    model.parameters().iter().position(|parameter| parameter.name == name).unwrap_or(0)
}

/// The model, the values of the recorded inversions (α = 4, rs = 6), and a subject simulated with them.
fn case() -> Option<(ActiveInference, Vec<f64>, Subject)> {
    let model = ActiveInference::new(tasks::read("explore_exploit").ok()?);
    let mut values = default_values(model.parameters());
    values[position(&model, "action_precision")] = 4.0;
    values[position(&model, "risk_seeking")] = 6.0;
    let design = Design { sessions: 1, trials: TRIALS, steps: 3 };
    let sessions = model.simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(1)).ok()?;
    Some((model, values, Subject { id: "simulated".into(), sessions }))
}

fn likelihood(criterion: &mut Criterion) {
    let Some((model, values, subject)) = case() else { return };
    let free = ["action_precision", "risk_seeking", "learning_rate"].map(|name| position(&model, name));
    let mut group = criterion.benchmark_group("explore_exploit");
    group.throughput(Throughput::Elements(TRIALS as u64));
    for count in [2, 3] {
        let positions = &free[..count];
        let Ok(mut scorer) = model.scorer(&subject, &values, positions) else { return };
        let mut point: Vec<f64> = positions.iter().map(|&k| values[k]).collect();
        let mut gradient = vec![0.0; count];
        // Risk seeking moves from call to call: an evaluation whose beliefs are those of one before would be cheaper.
        let mut moved = (0_u32..).map(|call| 6.0 + 1e-4 * f64::from(call % 1000));
        group.bench_function(format!("value, {count} free"), |b| {
            b.iter(|| {
                point[1] = moved.next().unwrap_or(6.0);
                black_box(scorer.log_likelihood(black_box(&point)))
            });
        });
        group.bench_function(format!("gradient, {count} free"), |b| {
            b.iter(|| {
                point[1] = moved.next().unwrap_or(6.0);
                black_box(scorer.log_likelihood_gradient(black_box(&point), &mut gradient))
            });
        });
    }
    group.finish();
}

fn inversion(criterion: &mut Criterion) {
    let Some((model, values, subject)) = case() else { return };
    let role = |parameter: &actinf_agents::Parameter| {
        let free =
            |median: f64| Role::Free { prior: Prior::LogNormal { median, sd: 0.5 }, default_prior: false };
        match parameter.name.as_str() {
            "action_precision" => free(16.0),
            "risk_seeking" => free(5.0),
            name => Role::Fixed { values: vec![values[position(&model, name)]] },
        }
    };
    let roles = model.parameters().iter().map(role).collect();
    let Ok(problem) = Problem::new(&model, roles) else { return };
    let one_start = LaplaceApproximation { starts: 1, ..LaplaceApproximation::default() };
    let without_draws = LaplaceApproximation {
        importance: actinf_fit::ImportanceDraws { draws: 0, ..one_start.importance },
        ..one_start
    };
    let methods: [(&str, &dyn FittingMethod); 3] = [
        ("SPM's schedule, beside the optimum", &SpmVariationalLaplace::default()),
        ("Laplace, one start", &without_draws),
        ("Laplace, eight starts, 3000 draws", &LaplaceApproximation::default()),
    ];
    let mut group = criterion.benchmark_group("inversion");
    group.sample_size(10);
    for (name, method) in methods {
        group.bench_function(name, |b| b.iter(|| black_box(method.fit_subject(&problem, &subject, 0, 1))));
    }
    group.finish();
}

criterion_group!(benches, likelihood, inversion);
criterion_main!(benches);
