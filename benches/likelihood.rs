//! The likelihood of one simulated subject of every built-in task: value, and value with the gradient in the
//! parameters that its example leaves free.
//!
//! `cargo bench -p actinf-benches` prints both; throughput is in steps per second. Compare within one run only.

#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use actinf_agents::{ActiveInference, BehaviourModel, Card, Design, Subject, default_values, tasks};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::hint::black_box;

fn likelihood(criterion: &mut Criterion) {
    for name in tasks::names() {
        let (Ok(task), Ok(card)) = (tasks::read(name), Card::built_in(name)) else { continue };
        let model = ActiveInference::new(task);
        let values = default_values(model.parameters());
        let design = Design { sessions: 15, trials: 1, steps: 24 };
        let Ok(sessions) = model.simulate(&values, design, &mut ChaCha8Rng::seed_from_u64(1)) else {
            continue;
        };
        let subject = Subject { id: "simulated".into(), sessions };
        let is_free = |k: &usize| !card.example.fixed.contains(&model.parameters()[*k].name);
        let free: Vec<usize> = (0..values.len()).filter(is_free).collect();
        let at: Vec<f64> = free.iter().map(|&k| values[k]).collect();
        let Ok(mut scorer) = model.scorer(&subject, &values, &free) else { continue };
        let mut gradient = vec![0.0; free.len()];
        let mut group = criterion.benchmark_group(name);
        // Trials end early where the model fixes their number of steps.
        group.throughput(Throughput::Elements(subject.steps().count() as u64));
        group.bench_function("value", |b| b.iter(|| black_box(scorer.log_likelihood(black_box(&at)))));
        group.bench_function("gradient", |b| {
            b.iter(|| black_box(scorer.log_likelihood_gradient(black_box(&at), &mut gradient)));
        });
        group.finish();
    }
}

criterion_group!(benches, likelihood);
criterion_main!(benches);
