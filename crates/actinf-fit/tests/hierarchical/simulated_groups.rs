//! Groups with a known truth, drawn and estimated many times: what intervals cover, how often tests reject, what shrinkage gains.

use crate::level::{level, mean_ratings, normals, people, problem, with_groups};
use actinf_fit::hierarchical::{
    ExpectationMaximisation, Formula, GroupEstimates, GroupProblem, HierarchicalBayesianInference,
};
use actinf_fit::{Dataset, Workers};
use std::collections::BTreeMap;

const PEOPLE: usize = 24;

/// Half of the people each in groups a and b, whose means are `difference` apart, with a standard deviation of 1 within, and 4
/// ratings each.
fn two_groups(difference: f64, run: u64) -> (Dataset, Vec<f64>) {
    let mut normal = normals(7_000 + run);
    let levels: Vec<f64> = (0..PEOPLE)
        .map(|i| normal() + if i % 2 == 0 { -0.5 * difference } else { 0.5 * difference })
        .collect();
    let groups: Vec<&str> = (0..PEOPLE).map(|i| if i % 2 == 0 { "a" } else { "b" }).collect();
    (with_groups(people(&levels, 4, 90_000 + run), &groups), levels)
}

fn with_group<T>(dataset: &Dataset, use_it: impl FnOnce(&GroupProblem<'_>) -> T) -> T {
    let toy = level();
    let problem = problem(&toy);
    let formulas = BTreeMap::from([("level".to_owned(), "1 + group".parse::<Formula>().unwrap())]);
    use_it(&GroupProblem::new(&problem, dataset, &formulas).unwrap())
}

fn estimated(dataset: &Dataset) -> GroupEstimates {
    let method = ExpectationMaximisation {
        tolerance: 1e-4,
        starts: 2,
        importance_draws: 400,
        ..ExpectationMaximisation::default()
    };
    with_group(dataset, |group| method.fit(group, 1, &Workers::serial()).unwrap())
}

/// The 97.5 % quantile of t with 22 degrees of freedom.
const QUANTILE: f64 = 2.073_873;

/// 95 % intervals of a difference of 0.8 in 200 groups: fewer than 180 or more than 199 cover it in 0.3 % of runs if the true rate is
/// 95 %. The variance is a maximum likelihood estimate (divisor N), for which 22 degrees of freedom make up.
#[test]
fn the_interval_of_a_group_difference_covers_it() {
    let covers = |run: &u64| {
        let weight = &estimated(&two_groups(0.8, *run).0).weights[1];
        (weight.estimate - 0.8).abs() < QUANTILE * weight.test.unwrap().standard_error
    };
    let covered = (0..200).filter(covers).count();
    assert!((180..=199).contains(&covered), "{covered} of 200");
}

/// The individual estimates are the mean ratings, with a variance of 1/4; those under the population have
/// `1 / (4 + 1) = 0.2` where it is known. Over 50 groups of 24 the ratio of mean squared errors is within 0.8 ± 0.06 (three standard
/// errors).
#[test]
fn estimates_under_the_population_are_nearer_to_the_truth() {
    let (mut alone, mut together) = (0.0, 0.0);
    for run in 500..550 {
        let (dataset, levels) = two_groups(0.8, run);
        let means = mean_ratings(&dataset);
        for ((member, truth), mean) in estimated(&dataset).members.iter().zip(&levels).zip(&means) {
            alone += (mean - truth).powi(2);
            together += (member.posterior.mode[0] - truth).powi(2);
        }
    }
    let ratio = together / alone;
    assert!((0.74..0.9).contains(&ratio), "{ratio}");
}

/// The test of a difference that is not there, at 5 %, in 200 groups: more than 20 rejections happen in 0.2 % of runs at a true rate of
/// 5 %. With CBM's error bars, which take everybody as known, 21 are rejected here, and 59 where behaviour says less
/// (`tests/group_study.rs`).
#[test]
fn the_test_of_hierarchical_bayesian_inference_keeps_its_level() {
    let method = HierarchicalBayesianInference {
        tolerance: 1e-4,
        starts: 2,
        ..HierarchicalBayesianInference::default()
    };
    let rejects = |run: &u64| {
        let dataset = two_groups(0.0, *run).0;
        let fit = with_group(&dataset, |group| {
            method.fit(std::slice::from_ref(group), 1, &Workers::serial()).unwrap()
        });
        fit.models[0].weight_test(0, 1, 0.0).unwrap().p < 0.05
    };
    let rejected = (1000..1200).filter(rejects).count();
    assert!((1..=20).contains(&rejected), "{rejected} of 200");
    let powerful = |run: &u64| {
        let dataset = two_groups(2.0, *run).0;
        let fit = with_group(&dataset, |group| {
            method.fit(std::slice::from_ref(group), 1, &Workers::serial()).unwrap()
        });
        fit.models[0].weight_test(0, 1, 0.0).unwrap().p < 0.05
    };
    assert!((2000..2020).filter(powerful).count() >= 17);
}
