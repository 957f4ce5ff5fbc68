//! Exceedance probabilities against closed forms, high-precision integrals and draws.

use actinf_fit::comparison::exceedance_probabilities;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma};
use statrs::function::beta::beta_reg;

#[test]
fn two_models_agree_with_the_beta_distribution_function() {
    let counts = [0.01, 0.3, 0.5, 1.0, 2.5, 9.7, 28.06, 100.0, 999.0];
    for a in counts {
        for b in counts {
            if a + b < 1.0 {
                continue;
            }
            let xp = exceedance_probabilities(&[a, b]);
            let tolerance = if a.max(b) <= 100.0 { 1e-12 } else { 1e-11 };
            // P(m_1 > 1/2) = P(m_2 < 1/2), the distribution function of Beta(b, a) at 1/2.
            assert!((xp[0] - beta_reg(b, a, 0.5)).abs() < tolerance, "({a}, {b}): {}", xp[0]);
            assert!((xp[1] - beta_reg(a, b, 0.5)).abs() < tolerance, "({a}, {b}): {}", xp[1]);
        }
    }
}

#[test]
fn large_counts_stay_accurate() {
    for (a, b) in [(10_000.0, 10_200.0), (99_800.0, 100_000.0), (3.0, 1e5)] {
        let xp = exceedance_probabilities(&[a, b]);
        assert!((xp[0] - beta_reg(b, a, 0.5)).abs() < 1e-9, "({a}, {b}): {}", xp[0]);
    }
}

#[test]
fn probabilities_sum_to_one_for_any_number_of_models() {
    for models in [2, 3, 7, 40] {
        for scale in [0.06, 1.0, 25.0] {
            let counts: Vec<f64> = (0..models).map(|k| scale * (1.0 + (k % 5) as f64)).collect();
            let sum: f64 = exceedance_probabilities(&counts).iter().sum();
            assert!((sum - 1.0).abs() < 1e-12, "{models} models, scale {scale}: {sum}");
        }
    }
}

#[test]
fn equal_counts_give_one_in_k_each() {
    for models in [2, 3, 5, 30] {
        for count in [1.0 / models as f64, 1.0, 7.3, 400.0] {
            for xp in exceedance_probabilities(&vec![count; models]) {
                assert!((xp - 1.0 / models as f64).abs() < 1e-12, "{models} models of {count}: {xp}");
            }
        }
    }
}

/// The same integral by a finer trapezium rule in arithmetic of 30 digits (mpmath 1.3).
#[test]
fn several_models_agree_with_integrals_of_thirty_digits() {
    let cases: [(&[f64], &[f64]); 4] = [
        // Uniform over the simplex but for one count: 11/18 and 7/36.
        (&[2.0, 1.0, 1.0], &[11.0 / 18.0, 7.0 / 36.0, 7.0 / 36.0]),
        (&[11.2, 3.7, 8.1], &[0.757_976_510_216_345_2, 0.010_502_494_804_116_027, 0.231_520_994_979_538_8]),
        (
            &[0.05, 0.07, 0.9, 0.03],
            &[
                0.036_120_136_494_780_59,
                0.051_088_609_874_216_3,
                0.891_344_412_543_61,
                0.021_446_841_087_393_157,
            ],
        ),
        (
            &[300.5, 280.25, 310.0],
            &[0.327_471_020_160_515_1, 0.056_211_243_786_269_13, 0.616_317_736_053_215_8],
        ),
    ];
    for (counts, expected) in cases {
        for (xp, expected) in exceedance_probabilities(counts).iter().zip(expected) {
            assert!((xp - expected).abs() < 1e-12, "{counts:?}: {xp} against {expected}");
        }
    }
}

#[test]
fn a_small_probability_keeps_its_digits() {
    let xp = exceedance_probabilities(&[0.25, 0.25, 20.5]);
    assert!((xp[0] / 3.127_069_359_131_991e-8 - 1.0).abs() < 1e-9, "{}", xp[0]);
}

#[test]
fn permuted_counts_give_permuted_probabilities() {
    let forward = exceedance_probabilities(&[3.0, 0.4, 8.0, 2.2]);
    let mut backward = exceedance_probabilities(&[2.2, 8.0, 0.4, 3.0]);
    backward.reverse();
    for (a, b) in forward.iter().zip(&backward) {
        assert!((a - b).abs() < 1e-14);
    }
}

/// 200,000 Dirichlet draws. Each of 9 probabilities may be off by 4.5 standard errors: a false alarm once in
/// 16,000 seeds, and the seed is fixed.
#[test]
fn draws_agree_within_their_error() {
    const DRAWS: usize = 200_000;
    let mut random = ChaCha8Rng::seed_from_u64(20);
    for counts in [vec![4.0, 3.0], vec![2.5, 0.3, 1.7], vec![11.2, 9.1, 8.0, 1.0]] {
        let gammas: Vec<Gamma<f64>> = counts.iter().map(|&count| Gamma::new(count, 1.0).unwrap()).collect();
        let mut wins = vec![0.0; counts.len()];
        for _ in 0..DRAWS {
            let draw: Vec<f64> = gammas.iter().map(|gamma| gamma.sample(&mut random)).collect();
            let largest = (0..draw.len()).max_by(|&a, &b| draw[a].total_cmp(&draw[b])).unwrap();
            wins[largest] += 1.0;
        }
        for (xp, won) in exceedance_probabilities(&counts).iter().zip(wins) {
            let error = (xp * (1.0 - xp) / DRAWS as f64).sqrt();
            assert!((xp - won / DRAWS as f64).abs() < 4.5 * error, "{counts:?}: {xp} against {won}");
        }
    }
}
