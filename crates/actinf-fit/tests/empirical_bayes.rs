//! Empirical Bayes on groups whose answer is known.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod records;

use actinf_fit::Workers;
use actinf_fit::empirical_bayes::{
    Components, Conventions, Design, EffectsQuestion, EmpiricalBayesError, FirstLevel, FirstLevels, Gaussian,
    GroupSettings, ModelSearch, effects, fit_group, leave_one_out, search,
};
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::num::NonZeroUsize;

/// `ln N(x; mean, covariance)`.
fn log_density(x: &DVector<f64>, mean: &DVector<f64>, covariance: &DMatrix<f64>) -> f64 {
    let factor = covariance.clone().cholesky().unwrap();
    let deviation = x - mean;
    let log_determinant = 2.0 * factor.l().diagonal().map(f64::ln).sum();
    let constant = x.len() as f64 * (2.0 * std::f64::consts::PI).ln();
    -0.5 * (deviation.dot(&factor.solve(&deviation)) + log_determinant + constant)
}

/// A subject of whose single parameter `m`, measured with variance `s`, is known; the prior is N(prior_mean, 1).
fn measured(m: f64, s: f64, prior_mean: f64) -> FirstLevel {
    let precision = 1.0 + 1.0 / s;
    let one = |x: f64| DVector::from_element(1, x);
    let matrix = |x: f64| DMatrix::from_element(1, 1, x);
    FirstLevel {
        subject: format!("{m}"),
        prior: Gaussian { mean: one(prior_mean), covariance: matrix(1.0) },
        posterior: Gaussian {
            mean: one((prior_mean + m / s) / precision),
            covariance: matrix(1.0 / precision),
        },
        log_evidence: log_density(&one(m), &one(prior_mean), &matrix(1.0 + s)),
    }
}

const MEASURED: [(f64, f64); 5] = [(2.6, 0.1), (3.1, 0.3), (2.2, 0.05), (2.9, 0.2), (2.4, 0.4)];

/// With known variability everything is normal: the evidence is that of the measurements, correlated through the group.
#[test]
fn the_evidence_of_a_group_of_known_variability_is_exact() {
    let subjects: Vec<FirstLevel> = MEASURED.iter().map(|&(m, s)| measured(m, s, 2.5)).collect();
    let settings = GroupSettings { components: Components::None, ..GroupSettings::default() };
    let fit = fit_group(&subjects, &Design::mean_only(5), &settings).unwrap();
    let m = DVector::from_iterator(5, MEASURED.iter().map(|(m, _)| *m));
    // 1/16 between people, and 1 about the group's mean.
    let covariance =
        DMatrix::from_fn(5, 5, |i, j| 1.0 + if i == j { 1.0 / 16.0 + MEASURED[i].1 } else { 0.0 });
    let expected = log_density(&m, &DVector::from_element(5, 2.5), &covariance);
    assert!((fit.log_evidence - expected).abs() < 1e-10, "{} {expected}", fit.log_evidence);
    let precision: f64 = MEASURED.iter().map(|(_, s)| 1.0 / (s + 1.0 / 16.0)).sum();
    let weighted: f64 = MEASURED.iter().map(|(m, s)| m / (s + 1.0 / 16.0)).sum();
    assert!((fit.effects[(0, 0)] - (2.5 + weighted) / (1.0 + precision)).abs() < 1e-12);
    assert!((fit.effect_covariance[(0, 0)] - 1.0 / (1.0 + precision)).abs() < 1e-12);
    assert!(fit.converged);
}

/// SPM's complexity term forgets the prior mean: the same group, moved to another zero, gets another free energy from it, but not
/// from the right formula.
#[test]
fn only_the_right_formula_is_unmoved_by_a_shift_of_the_scale() {
    let evidence = |shift: f64, conventions: Conventions| {
        let subjects: Vec<FirstLevel> =
            MEASURED.iter().map(|&(m, s)| measured(m + shift, s, 2.5 + shift)).collect();
        let settings = GroupSettings { conventions, ..GroupSettings::default() };
        fit_group(&subjects, &Design::mean_only(5), &settings).unwrap().log_evidence
    };
    let moved = |conventions| evidence(0.0, conventions) - evidence(-2.5, conventions);
    assert!(moved(Conventions::Exact).abs() < 1e-9);
    // ½ · 2.5² and a little more, since b moved from its prior mean.
    assert!(moved(Conventions::Spm) < -3.0);
}

/// With one log precision the evidence is an integral over it: a fine sum against Laplace's approximation.
#[test]
fn the_evidence_over_the_variability_is_near_its_integral() {
    let subjects: Vec<FirstLevel> = MEASURED.iter().map(|&(m, s)| measured(m, s, 2.5)).collect();
    let settings = GroupSettings { components: Components::Single, ..GroupSettings::default() };
    let fit = fit_group(&subjects, &Design::mean_only(5), &settings).unwrap();
    let m = DVector::from_iterator(5, MEASURED.iter().map(|(m, _)| *m));
    let (width, step) = (0.25, 0.001);
    let mut sum = 0.0;
    for k in -2000..=2000 {
        let gamma = f64::from(k) * step;
        let between = 1.0 / (16.0 * ((-8.0_f64).exp() + gamma.exp()));
        let covariance =
            DMatrix::from_fn(5, 5, |i, j| 1.0 + if i == j { between + MEASURED[i].1 } else { 0.0 });
        let density = log_density(&m, &DVector::from_element(5, 2.5), &covariance);
        let prior = -0.5 * (gamma / width).powi(2) - (width * (2.0 * std::f64::consts::PI).sqrt()).ln();
        sum += (density + prior).exp() * step;
    }
    assert!((fit.log_evidence - sum.ln()).abs() < 0.01, "{} {}", fit.log_evidence, sum.ln());
}

/// A group of people with two parameters, the second of which differs between its halves by `difference` to either side.
fn simulated(people: usize, difference: f64, seed: u64) -> (Vec<FirstLevel>, Design) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    let side = |i: usize| if i < people / 2 { 1.0 } else { -1.0 };
    let mut subjects = Vec::new();
    for i in 0..people {
        // Variability 1/16 as expected, measured with variance 0.04.
        let truth = [0.5 + 0.25 * normal(), -0.3 + difference * side(i) + 0.25 * normal()];
        let both: Vec<FirstLevel> = truth.iter().map(|t| measured(t + 0.2 * normal(), 0.04, 0.0)).collect();
        let joined =
            |of: fn(&FirstLevel) -> &Gaussian| Gaussian {
                mean: DVector::from_iterator(2, both.iter().map(|one| of(one).mean[0])),
                covariance: DMatrix::from_fn(2, 2, |k, l| {
                    if k == l { of(&both[k]).covariance[(0, 0)] } else { 0.0 }
                }),
            };
        subjects.push(FirstLevel {
            subject: i.to_string(),
            prior: joined(|one| &one.prior),
            posterior: joined(|one| &one.posterior),
            log_evidence: both.iter().map(|one| one.log_evidence).sum(),
        });
    }
    let rows = DMatrix::from_fn(people, 2, |i, k| if k == 0 { 1.0 } else { side(i) });
    (subjects, Design { rows, names: vec!["mean".into(), "group".into()] })
}

/// One seed; each effect within four posterior standard deviations, which fails falsely once in 4000.
#[test]
fn effects_and_variability_are_recovered_and_the_search_finds_the_group_difference() {
    let (subjects, design) = simulated(60, 0.3, 1);
    let fit = fit_group(&subjects, &design, &GroupSettings::default()).unwrap();
    assert!(fit.converged);
    for (k, truth) in [0.5, -0.3, 0.0, 0.3].into_iter().enumerate() {
        let deviation = fit.effects.as_slice()[k] - truth;
        assert!(deviation.abs() < 4.0 * fit.effect_covariance[(k, k)].sqrt(), "effect {k}: {deviation}");
    }
    for k in 0..2 {
        let deviation = fit.log_precisions[k];
        assert!(deviation.abs() < 4.0 * fit.log_precision_covariance[(k, k)].sqrt(), "{deviation}");
    }
    let differences = ModelSearch { candidates: vec![2, 3], conventions: Conventions::Exact };
    let found = search(&fit.effect_posterior(), &fit.effect_prior, &differences).unwrap();
    assert!(found.inclusion[3] > 0.99 && found.inclusion[2] < 0.5, "{:?}", found.inclusion);
    assert_eq!(found.inclusion[..2], [1.0, 1.0]);
}

/// Both conventions look for the same effects; SPM's stops early and shrinks.
#[test]
fn the_conventions_agree_about_effects() {
    let (subjects, design) = simulated(30, 0.3, 2);
    let fits = [Conventions::Exact, Conventions::Spm].map(|conventions| {
        let settings = GroupSettings { conventions, ..GroupSettings::default() };
        fit_group(&subjects, &design, &settings).unwrap()
    });
    assert!((&fits[0].effects - &fits[1].effects).abs().max() < 0.02);
    assert!(fits[1].iterations > 4);
}

/// 40 people in two groups 1.2 apart with a spread of 0.32, of whom 97 in 100 can be told apart (34 or fewer of 40 would be right
/// once in 300 seeds); where there is nothing to tell, more than 28 would be right by chance once in 300.
#[test]
fn a_group_can_be_told_from_parameters_only_where_it_differs() {
    let workers = Workers::new(NonZeroUsize::new(2)).unwrap();
    let hits = |difference: f64| {
        let (subjects, design) = simulated(40, difference, 3);
        let settings = GroupSettings::default();
        let left = leave_one_out(&subjects, &design, 1, &settings, &workers).unwrap();
        assert_eq!(left, leave_one_out(&subjects, &design, 1, &settings, &Workers::serial()).unwrap());
        assert!(left.iter().all(|one| (one.levels[0].1 + one.levels[1].1 - 1.0).abs() < 1e-12));
        let is_right = |one: &&actinf_fit::empirical_bayes::Left| {
            one.levels.iter().any(|&(value, p)| (value - one.value).abs() < 1e-12 && p > 0.5)
                && one.mean * one.value > 0.0
        };
        left.iter().filter(is_right).count()
    };
    let (apart, same) = (hits(0.6), hits(0.0));
    assert!(apart > 34 && same <= 28, "{apart} {same}");
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let (mut subjects, design) = simulated(4, 0.3, 4);
    let settings = GroupSettings::default();
    assert!(matches!(
        fit_group(&[], &Design::mean_only(0), &settings),
        Err(EmpiricalBayesError::Design { .. })
    ));
    let mut empty = design.clone();
    empty.rows.column_mut(1).fill(0.0);
    let message = fit_group(&subjects, &empty, &settings).unwrap_err().to_string();
    assert!(message.contains("covariate 2 `group` is 0 for everybody"), "{message}");
    assert!(matches!(
        fit_group(&subjects, &design.without(0), &settings),
        Err(EmpiricalBayesError::Size { .. })
    ));
    subjects[1].posterior.mean[0] = f64::NAN;
    let message = fit_group(&subjects, &design, &settings).unwrap_err().to_string();
    assert!(message.contains("the posterior of 1"), "{message}");
    let groups = GroupSettings { components: Components::Groups(vec![vec![5]]), ..settings };
    assert!(fit_group(&simulated(4, 0.3, 4).0, &design, &groups).is_err());
}

/// The effects of a record are those of the group fitted by hand, and a subject that cannot be used is named.
#[test]
fn effects_of_a_record_are_those_of_its_group() {
    let record = records::measured_groups();
    let question = EffectsQuestion {
        formula: "1 + group".parse().unwrap(),
        leave_one_out: Some("group".into()),
        settings: GroupSettings::default(),
    };
    let workers = Workers::new(NonZeroUsize::new(2)).unwrap();
    let found = effects(&record, &question, &workers).unwrap();
    let subjects: Vec<FirstLevel> =
        records::VALUES.iter().map(|&(m, variance, _)| measured(m, variance, 0.0)).collect();
    let rows = records::VALUES.iter().flat_map(|&(_, _, group)| [1.0, if group == "b" { 0.5 } else { -0.5 }]);
    let rows = DMatrix::from_row_iterator(records::VALUES.len(), 2, rows);
    let design = Design { rows, names: vec!["1".into(), "group[b]".into()] };
    let by_hand = fit_group(&subjects, &design, &GroupSettings::default()).unwrap();
    assert!(
        (found.log_evidence - by_hand.log_evidence).abs() < 1e-9,
        "{} {}",
        found.log_evidence,
        by_hand.log_evidence
    );
    assert_eq!(found.effects[1].column, "group[b]");
    assert!((found.effects[1].mean - by_hand.effects[(0, 1)]).abs() < 1e-9);
    assert_eq!(found.effects[0].probability, None);
    assert!(found.effects[1].probability.unwrap() > 0.9, "{:?}", found.effects[1]);
    assert_eq!(found.left_out.len(), 1);
    assert!(found.left_out[0].reason.contains("its fit failed"), "{:?}", found.left_out);
    let prediction = found.prediction.unwrap();
    assert!(prediction.correlation.unwrap() > 0.8 && prediction.accuracy > 0.8, "{prediction:?}");
}

/// A posterior wider than the prior is taken as no wider; its mode and what is narrow stay.
#[test]
fn a_likelihood_that_curves_upwards_is_taken_as_straight() {
    let mut levels = FirstLevels::of(&records::measured_groups()).unwrap();
    let before = levels.subjects[0].clone();
    levels.straighten();
    assert!(levels.straightened.is_empty());
    assert_eq!(levels.subjects[0], before);
    levels.subjects[1].posterior.covariance *= 200.0;
    levels.straighten();
    assert_eq!(levels.straightened, ["s1"]);
    assert!((levels.subjects[1].posterior.covariance[(0, 0)] - 1.0).abs() < 1e-12);
}
