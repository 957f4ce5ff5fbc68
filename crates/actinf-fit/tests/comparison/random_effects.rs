//! Laws of random effects, and the group's evidence against sums over all attributions.

use crate::populations::{evidences, table};
use actinf_fit::comparison::*;
use statrs::function::gamma::ln_gamma;

const PRIORS: [FrequencyPrior; 2] = [FrequencyPrior::OnePerModel, FrequencyPrior::OneInTotal];

fn select(rows: Vec<Vec<f64>>, prior: FrequencyPrior) -> ModelSelection {
    select_models(&table(rows), prior, Stopping::Converged).unwrap()
}

#[test]
fn equal_models_share_everything() {
    for models in [2, 3, 6] {
        for prior in PRIORS {
            let selection = select(vec![vec![-40.0; models]; 9], prior);
            let even = 1.0 / models as f64;
            let effects = &selection.random_effects;
            let all = effects.expected_frequencies.iter().chain(effects.attributions.iter().flatten());
            for number in all.chain(&selection.exceedance).chain(&selection.protected_exceedance) {
                assert!((number - even).abs() < 1e-12, "{models} models, {prior:?}: {number}");
            }
        }
    }
}

#[test]
fn one_more_sweep_changes_nothing() {
    for (seed, width) in [(1, 0.5), (2, 2.0), (3, 8.0)] {
        let rows = evidences(seed, &[0, 1, 1, 2, 0, 0, 1, 2, 2, 2, 0, 1], 3, width, 1.0);
        for prior in PRIORS {
            let effects = select(rows.clone(), prior).random_effects;
            assert!(effects.converged, "{seed}");
            let total = statrs::function::gamma::digamma(effects.counts.iter().sum());
            let mut counts = effects.prior_counts.clone();
            for row in &rows {
                let weight = |k: usize| {
                    (row[k] - row[0] + statrs::function::gamma::digamma(effects.counts[k]) - total).exp()
                };
                let sum: f64 = (0..3).map(weight).sum();
                (0..3).for_each(|k| counts[k] += weight(k) / sum);
            }
            for (count, again) in effects.counts.iter().zip(&counts) {
                assert!((count - again).abs() < 1e-9, "{seed} {prior:?}: {count} against {again}");
            }
        }
    }
}

#[test]
fn permuted_models_and_subjects_give_permuted_results() {
    let rows = evidences(7, &[0, 1, 2, 1, 1, 0], 3, 3.0, 2.0);
    let permuted: Vec<Vec<f64>> = rows.iter().rev().map(|row| vec![row[2], row[0], row[1]]).collect();
    for prior in PRIORS {
        let (a, b) = (select(rows.clone(), prior), select(permuted.clone(), prior));
        for (k, at) in [(0, 1), (1, 2), (2, 0)] {
            assert!((a.random_effects.counts[k] - b.random_effects.counts[at]).abs() < 1e-8);
            assert!((a.protected_exceedance[k] - b.protected_exceedance[at]).abs() < 1e-8);
            let first =
                |s: &ModelSelection, subject: usize, k: usize| s.random_effects.attributions[subject][k];
            assert!((first(&a, 0, k) - first(&b, 5, at)).abs() < 1e-8);
        }
        assert!((a.omnibus_risk - b.omnibus_risk).abs() < 1e-8);
    }
}

#[test]
fn a_constant_added_to_a_subject_changes_nothing_but_the_free_energies() {
    let rows = evidences(8, &[0, 1, 1, 0], 2, 3.0, 2.0);
    let mut shifted = rows.clone();
    shifted[2].iter_mut().for_each(|l| *l += 17.5);
    let (a, b) = (select(rows, PRIORS[0]), select(shifted, PRIORS[0]));
    assert!((a.random_effects.counts[0] - b.random_effects.counts[0]).abs() < 1e-9);
    assert!((a.random_effects.free_energy + 17.5 - b.random_effects.free_energy).abs() < 1e-9);
    assert!((a.null_free_energy + 17.5 - b.null_free_energy).abs() < 1e-9);
    assert!((a.omnibus_risk - b.omnibus_risk).abs() < 1e-9);
}

/// `ln p(y) = ln Σ_z p(z) Π_i exp(L[i][z_i])`, with the Dirichlet integrated out of p(z): all K^N attributions.
fn exact_log_evidence(rows: &[Vec<f64>], prior: &[f64]) -> f64 {
    let models = prior.len();
    let log_normaliser = |counts: &[f64]| -> f64 {
        ln_gamma(counts.iter().sum()) - counts.iter().map(|&count| ln_gamma(count)).sum::<f64>()
    };
    let mut total = 0.0;
    for code in 0..models.pow(rows.len() as u32) {
        let (mut counts, mut log, mut rest) = (prior.to_vec(), log_normaliser(prior), code);
        for row in rows {
            counts[rest % models] += 1.0;
            log += row[rest % models];
            rest /= models;
        }
        total += (log - log_normaliser(&counts)).exp();
    }
    total.ln()
}

#[test]
fn the_free_energy_is_a_bound_that_certainty_makes_exact() {
    let uses = [0, 1, 1, 2, 0, 0];
    let small = |width, gain| -> Vec<Vec<f64>> {
        let rows = evidences(11, &uses, 3, width, gain);
        // Near 0, so that sums of exponentials do not vanish.
        rows.iter().map(|row| row.iter().map(|l| l - row[0]).collect()).collect()
    };
    for prior in PRIORS {
        for (width, gain) in [(0.5, 0.0), (2.0, 1.0), (3.0, 4.0)] {
            let rows = small(width, gain);
            let effects = select(rows.clone(), prior).random_effects;
            let exact = exact_log_evidence(&rows, &effects.prior_counts);
            assert!(effects.free_energy <= exact + 1e-12, "{} above {exact}", effects.free_energy);
            assert!(effects.free_energy > exact - 2.0, "{} far below {exact}", effects.free_energy);
        }
        let rows = small(1.0, 60.0);
        let effects = select(rows.clone(), prior).random_effects;
        let exact = exact_log_evidence(&rows, &effects.prior_counts);
        assert!((effects.free_energy - exact).abs() < 1e-9, "{} against {exact}", effects.free_energy);
    }
}

#[test]
fn the_null_is_the_average_evidence() {
    let rows = vec![vec![-1.0, -2.0, -3.0], vec![-5.0, -4.0, -6.0]];
    let average = |row: &Vec<f64>| (row.iter().map(|l| l.exp()).sum::<f64>() / 3.0).ln();
    let expected: f64 = rows.iter().map(average).sum();
    let selection = select(rows, PRIORS[1]);
    assert!((selection.null_free_energy - expected).abs() < 1e-14);
}

#[test]
fn looser_rules_of_stopping_come_close() {
    let rows = evidences(12, &[0, 0, 1, 0, 0, 1, 0, 0, 0, 1], 2, 2.0, 1.5);
    let exact = select(rows.clone(), PRIORS[0]).random_effects;
    for stopping in [Stopping::SPM, Stopping::VBA] {
        let loose = random_effects(&table(rows.clone()), &[1.0, 1.0], stopping).unwrap();
        assert!(loose.sweeps < exact.sweeps);
        assert!((loose.counts[0] - exact.counts[0]).abs() < 0.05, "{stopping:?}: {:?}", loose.counts);
        assert!(loose.free_energy <= exact.free_energy + 1e-12);
    }
}

#[test]
fn the_intervals_of_frequencies_contain_the_expectation() {
    let effects = select(evidences(13, &[0, 0, 1, 2, 0], 3, 2.0, 3.0), PRIORS[0]).random_effects;
    for (mean, [lower, upper]) in effects.expected_frequencies.iter().zip(&effects.frequency_intervals) {
        assert!(0.0 < *lower && lower < mean && mean < upper && *upper < 1.0);
    }
}
