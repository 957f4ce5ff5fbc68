//! Diagnostics against the recorded numbers of ArviZ, and the sampler on densities that are known.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod toys;

use actinf_agents::LikelihoodError;
use actinf_fit::sampling::{
    DrawSeen, NoUTurnSampler, Sample, SampleReport, SampledChain, SamplingError, SubjectTask, Thresholds,
    bulk_effective_size, energy_bfmi, mean_effective_size, mean_standard_error, quantile_effective_size,
    r_hat, tail_effective_size, unwatched,
};
use actinf_fit::{Objective, Prior, Problem, Workers};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use toys::{coin, free, near, tosses};

const RECORDED: &str = include_str!("golden/arviz/diagnostics.json");

fn chains(value: &Value) -> Vec<Vec<f64>> {
    let numbers = |chain: &Value| chain.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn same(name: &str, what: &str, found: f64, recorded: &Value) {
    match recorded.as_f64() {
        None => assert!(found.is_nan(), "{name}: {what} is {found}, ArviZ has none"),
        Some(expected) => {
            let difference = (found - expected).abs() / expected.abs().max(1.0);
            assert!(difference < 1e-6, "{name}: {what} is {found}, ArviZ has {expected}");
        }
    }
}

#[test]
fn diagnostics_are_those_of_arviz() {
    let file: Value = serde_json::from_str(RECORDED).unwrap();
    let samples = file["samples"].as_array().unwrap();
    assert!(samples.len() >= 10);
    for sample in samples {
        let (name, draws) = (sample["name"].as_str().unwrap(), chains(&sample["draws"]));
        same(name, "R-hat", r_hat(&draws), &sample["r_hat"]);
        same(name, "bulk size", bulk_effective_size(&draws), &sample["ess_bulk"]);
        same(name, "tail size", tail_effective_size(&draws), &sample["ess_tail"]);
        same(name, "size for the mean", mean_effective_size(&draws), &sample["ess_mean"]);
        same(name, "size for a quantile", quantile_effective_size(&draws, 0.25), &sample["ess_quantile_25"]);
        same(name, "error of the mean", mean_standard_error(&draws), &sample["mcse_mean"]);
        for (chain, expected) in draws.iter().zip(sample["bfmi"].as_array().unwrap()) {
            same(name, "E-BFMI", energy_bfmi(chain), expected);
        }
    }
}

#[test]
fn what_cannot_be_judged_is_no_number() {
    assert!(r_hat(&[vec![1.0, 2.0, 3.0, 4.0]]).is_nan());
    assert!(bulk_effective_size(&[vec![1.0, 2.0, 3.0]]).is_nan());
    assert!(tail_effective_size(&[vec![1.0, f64::NAN, 3.0, 4.0]]).is_nan());
    assert!(r_hat(&[vec![1.0; 5], vec![1.0; 4]]).is_nan());
    assert!(bulk_effective_size(&[]).is_nan() && r_hat(&[]).is_nan());
}

/// `Normal(mean, sd²)` in every direction, undefined above `edge`.
struct Bell {
    mean: f64,
    sd: f64,
    edge: f64,
}

impl Objective for Bell {
    fn evaluate(&mut self, point: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        if point[0] > self.edge {
            return Err(LikelihoodError::of_model("beyond the edge"));
        }
        let mut total = 0.0;
        for (slope, x) in gradient.iter_mut().zip(point) {
            let z = (x - self.mean) / self.sd;
            *slope = -z / self.sd;
            total -= 0.5 * z * z;
        }
        Ok(total)
    }
}

fn chain(bell: &mut Bell, sampler: &NoUTurnSampler, number: usize) -> Result<SampledChain, SamplingError> {
    let mut rng = ChaCha8Rng::seed_from_u64(100 + number as u64);
    sampler.chain(bell, &[0.5, 0.5, 0.5], number, &mut rng, &unwatched)
}

fn sample(bell: impl Fn() -> Bell, sampler: &NoUTurnSampler) -> Sample {
    let mut sample = Sample { names: ["x", "y", "z"].map(String::from).to_vec(), ..Sample::default() };
    for number in 0..sampler.chains {
        let chain = chain(&mut bell(), sampler, number).unwrap();
        sample.draws.push(chain.draws);
        sample.energy.push(chain.energy);
        sample.diverging.push(chain.diverging);
        sample.cut.push(chain.cut);
    }
    sample
}

/// Mean, spread and quantiles within five standard errors: 9 comparisons raise a false alarm once in 190 000 runs.
#[test]
fn a_normal_density_is_drawn_from() {
    let sampler = NoUTurnSampler { warm_up: 400, draws: 1000, ..NoUTurnSampler::default() };
    let sample = sample(|| Bell { mean: 1.0, sd: 3.0, edge: f64::INFINITY }, &sampler);
    let report = SampleReport::of(&sample, &Thresholds::default());
    assert!(report.is_trustworthy(), "{:?}", report.advice);
    for quantity in &report.quantities {
        near(quantity.mean, 1.0, 5.0 * quantity.mean_standard_error);
        near(quantity.sd, 3.0, 5.0 * 3.0 / (2.0 * quantity.tail_effective_size).sqrt());
        let density_at_quantile = 0.103_135_6 / 3.0;
        let error = (0.05 * 0.95 / quantity.tail_effective_size).sqrt() / density_at_quantile;
        near(quantity.quantiles[3], 1.0 + 1.644_854 * 3.0, 5.0 * error);
    }
    near(report.quantities[0].direction, 0.630_559, 0.05);
}

#[test]
fn a_chain_repeats_itself_and_no_other() {
    let sampler = NoUTurnSampler { warm_up: 100, draws: 50, ..NoUTurnSampler::default() };
    let bell = || Bell { mean: 0.0, sd: 1.0, edge: f64::INFINITY };
    let first = chain(&mut bell(), &sampler, 0).unwrap();
    assert_eq!(first, chain(&mut bell(), &sampler, 0).unwrap());
    assert_ne!(first.draws, chain(&mut bell(), &sampler, 1).unwrap().draws);
}

/// An edge through the middle of the density: trajectories that cross it diverge, and the report says so and where.
#[test]
fn trajectories_into_the_undefined_are_counted_and_reported() {
    let sampler = NoUTurnSampler { warm_up: 200, draws: 200, ..NoUTurnSampler::default() };
    let sample = sample(|| Bell { mean: 0.0, sd: 1.0, edge: 0.7 }, &sampler);
    assert!(sample.draws.iter().flatten().all(|draw| draw[0] <= 0.7));
    let report = SampleReport::of(&sample, &Thresholds::default());
    assert!(report.divergences > 50, "{}", report.divergences);
    assert!(report.advice[0].contains("diverged") && report.advice[0].contains("`x`"), "{:?}", report.advice);
}

#[test]
fn chains_that_do_not_agree_are_not_trusted() {
    let sampler = NoUTurnSampler { warm_up: 200, draws: 200, chains: 4, ..NoUTurnSampler::default() };
    let mut sample = sample(|| Bell { mean: 0.0, sd: 1.0, edge: f64::INFINITY }, &sampler);
    sample.draws[2].iter_mut().for_each(|draw| draw[1] += 2.0);
    let report = SampleReport::of(&sample, &Thresholds::default());
    assert!(!report.is_trustworthy() && report.quantities[1].complaints[0].contains("R-hat"));
    assert!(report.worst_r_hat() > 1.1 && report.quantities[0].r_hat < 1.05);
}

#[test]
fn a_broken_off_chain_keeps_its_draws() {
    let sampler = NoUTurnSampler { warm_up: 50, draws: 100, ..NoUTurnSampler::default() };
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let watch = |seen: DrawSeen| match seen.done {
        80 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let mut bell = Bell { mean: 0.0, sd: 1.0, edge: f64::INFINITY };
    let chain = sampler.chain(&mut bell, &[0.3], 0, &mut rng, &watch).unwrap();
    assert_eq!(chain.draws.len(), 30);
}

#[test]
fn a_start_without_density_is_an_error_that_says_so() {
    let mut bell = Bell { mean: 0.0, sd: 1.0, edge: 0.1 };
    let error = chain(&mut bell, &NoUTurnSampler::default(), 3).unwrap_err();
    assert!(matches!(error, SamplingError::Start { chain: 3, .. }), "{error}");
    assert!(error.to_string().contains("beyond the edge"), "{error}");
}

/// 7 of 10 tosses under Beta(2, 2): the posterior is Beta(9, 5), with mean 9/14 and variance 9·5/(14²·15). Within five Monte Carlo
/// standard errors, and the same bytes for two threads.
#[test]
fn a_subject_alone_is_drawn_from_its_posterior() {
    let (toy, subject) = (coin(), tosses("a", 7, 3));
    let problem = Problem::new(&toy, vec![free(Prior::Beta { a: 2.0, b: 2.0 })]).unwrap();
    let task = SubjectTask { problem: &problem, subject: &subject, position: 0, seed: 1 };
    let sampler = NoUTurnSampler { warm_up: 400, ..NoUTurnSampler::default() };
    let run = |workers: &Workers| {
        sampler.sample_subject(task, &Thresholds::default(), workers, &unwatched).unwrap()
    };
    let found = run(&Workers::serial());
    assert!(found.report.is_trustworthy(), "{:?}", found.report.advice);
    let p = &found.report.quantities[0];
    assert_eq!(p.name, "p");
    near(p.mean, 9.0 / 14.0, 5.0 * p.mean_standard_error);
    near(p.sd, (45.0_f64 / 196.0 / 15.0).sqrt(), 0.006);
    assert_eq!(found, run(&Workers::new(NonZeroUsize::new(2)).unwrap()));
}
