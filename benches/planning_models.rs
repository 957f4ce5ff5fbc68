//! The likelihood on the models of issue-sized planning: value and value with gradient, per step of one subject.
//!
//! `cargo bench -p actinf-benches --bench planning_models`. "perception" has three parameters free that reach
//! perception, "choice" three that reach planning and choice only. Compare within one run only.

#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use actinf_agents::{BehaviourModel, Design, Subject};
use actinf_benches::cases::{self, Case, Equations, Error};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

/// Benches one subject under both sets of free parameters.
fn measure(criterion: &mut Criterion, title: &str, case: &Case, subject: &Subject) -> Result<(), Error> {
    let mut group = criterion.benchmark_group(title);
    group.throughput(Throughput::Elements(subject.steps().count() as u64));
    for (which, free) in [("perception", &case.perception), ("choice", &case.choice)] {
        let at: Vec<f64> = free.iter().map(|&k| case.values[k]).collect();
        let mut scorer = case.model.scorer(subject, &case.values, free)?;
        let mut gradient = [0.0; 3];
        group.bench_function(format!("{which}/value"), |b| {
            b.iter(|| black_box(scorer.log_likelihood(black_box(&at))));
        });
        group.bench_function(format!("{which}/gradient"), |b| {
            b.iter(|| {
                black_box(scorer.log_likelihood_gradient(black_box(&at), &mut gradient)).ok();
                black_box(&gradient);
            });
        });
    }
    group.finish();
    Ok(())
}

/// A case under our default equations and, where asked for, under pymdp's.
fn case(criterion: &mut Criterion, case: &Case, design: Design, also_pymdp: bool) -> Result<(), Error> {
    let subject = case.subjects(1, design)?.remove(0);
    measure(criterion, &format!("{}/exact", case.name), case, &subject)?;
    if also_pymdp {
        measure(criterion, &format!("{}/pymdp", case.name), &case.with(Equations::Pymdp), &subject)?;
    }
    Ok(())
}

fn all(criterion: &mut Criterion) -> Result<(), Error> {
    let run = |trials, steps| Design { sessions: 1, trials, steps };
    for compared in cases::compared()? {
        case(criterion, &compared, run(1, 200), true)?;
    }
    let mut restarting = cases::t_maze()?;
    restarting.name = "t_maze_of_two_steps".into();
    case(criterion, &restarting, run(100, 2), false)?;
    case(criterion, &cases::three_factors(2)?, run(1, 10), false)?;
    case(criterion, &cases::wide_step()?, run(1, 1), false)
}

fn planning_models(criterion: &mut Criterion) {
    if let Err(error) = all(criterion) {
        eprintln!("the benches end here: {error}");
        std::process::exit(1);
    }
}

criterion_group!(benches, planning_models);
criterion_main!(benches);
