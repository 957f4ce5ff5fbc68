//! Correlations of a population: the Cholesky factor of a correlation matrix from free numbers, under an LKJ prior.
//!
//! ```text
//! w_ij = tanh y_ij  (i > j, rows from 0)    canonical partial correlations
//! L_ij = w_ij √r_ij,   L_ii = √r_ii,   r_ij = Π_{k<j} (1 - w_ik²)
//! p(L Lᵀ) ∝ det(L Lᵀ)^(η - 1)    ⇒    ln p(y) = Σ_{i>j} (η - 1 + (K - j)/2) ln(1 - w_ij²)   up to a constant
//! ```
//!
//! With η = 1 all correlation matrices are equally probable, with larger η small correlations more; each correlation alone is
//! `2 Beta(a, a) - 1` with `a = η - 1 + K/2`.
//!
//! # References
//!
//! Lewandowski, Kurowicka & Joe (2009). Generating random correlation matrices based on vines and extended onion method. *Journal of
//! Multivariate Analysis* 100, 1989-2001. Stan Reference Manual, Cholesky factors of correlation matrices.

use nalgebra::DMatrix;

/// Correlations this near to 1 in size are started a little farther from it.
const LARGEST: f64 = 0.99;

/// How many free numbers the correlations of `dimension` coordinates have.
pub(super) fn count(dimension: usize) -> usize {
    dimension * dimension.saturating_sub(1) / 2
}

/// The pairs `i > j` in the order of the free numbers.
pub(super) fn pairs(dimension: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..dimension).flat_map(|i| (0..i).map(move |j| (i, j)))
}

/// Writes the lower triangle of the Cholesky factor at the free numbers `y`.
pub(super) fn write_factor(y: &[f64], factor: &mut DMatrix<f64>) {
    let mut free = y.iter();
    for row in 0..factor.nrows() {
        let mut root = 1.0_f64;
        for column in 0..row {
            let w = free.next().copied().unwrap_or(0.0).tanh();
            factor[(row, column)] = w * root;
            root *= (1.0 - w * w).sqrt();
        }
        factor[(row, row)] = root;
    }
}

/// Adds `∂f/∂y` to `gradient`, given the derivatives `slopes` of f with respect to the lower triangle of the factor.
pub(super) fn add_pulled_back(y: &[f64], slopes: &DMatrix<f64>, gradient: &mut [f64]) {
    let mut first = 0;
    for row in 1..slopes.nrows() {
        let w: Vec<f64> = y[first..first + row].iter().map(|y| y.tanh()).collect();
        let mut roots = vec![1.0_f64];
        for w in &w {
            roots.push(roots[roots.len() - 1] * (1.0 - w * w).sqrt());
        }
        let mut of_root = slopes[(row, row)];
        for column in (0..row).rev() {
            let (own, root, rest) = (w[column], roots[column], 1.0 - w[column] * w[column]);
            let of_own = slopes[(row, column)] * root - of_root * root * own / rest.sqrt();
            of_root = slopes[(row, column)] * own + of_root * rest.sqrt();
            gradient[first + column] += of_own * rest;
        }
        first += row;
    }
}

/// The log density of the LKJ prior at the free numbers, up to a constant; adds its derivative to `gradient`.
pub(super) fn add_log_density(y: &[f64], dimension: usize, shape: f64, gradient: &mut [f64]) -> f64 {
    let mut total = 0.0;
    for (index, (_, column)) in pairs(dimension).enumerate() {
        let (w, power) = (y[index].tanh(), shape - 1.0 + 0.5 * (dimension - column) as f64);
        // 1 - tanh² y = 1 / cosh² y, without cancellation: ln cosh y = |y| + ln(1 + exp(-2|y|)) - ln 2.
        let size = y[index].abs();
        total -= 2.0 * power * (size + (-2.0 * size).exp().ln_1p() - std::f64::consts::LN_2);
        gradient[index] -= 2.0 * power * w;
    }
    total
}

/// The free numbers of a correlation matrix with this Cholesky factor.
pub(super) fn free_numbers(factor: &DMatrix<f64>) -> Vec<f64> {
    let mut free = Vec::new();
    for row in 1..factor.nrows() {
        let mut root = 1.0_f64;
        for column in 0..row {
            let w = (factor[(row, column)] / root).clamp(-LARGEST, LARGEST);
            free.push(w.atanh());
            root *= (1.0 - w * w).sqrt();
        }
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimisers::Objective;
    use crate::sampling::{NoUTurnSampler, mean_standard_error, unwatched};
    use actinf_agents::LikelihoodError;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    const Y: [f64; 6] = [0.4, -0.3, 0.8, 0.1, -0.9, 0.5];

    fn factor(y: &[f64]) -> DMatrix<f64> {
        let mut factor = DMatrix::zeros(4, 4);
        write_factor(y, &mut factor);
        factor
    }

    #[test]
    fn the_factor_is_that_of_a_correlation_matrix_and_gives_its_numbers_back() {
        let factor = factor(&Y);
        let correlations = &factor * factor.transpose();
        assert!((0..4).all(|k| (correlations[(k, k)] - 1.0).abs() < 1e-14));
        assert!((correlations[(1, 0)] - 0.4_f64.tanh()).abs() < 1e-14);
        let back = free_numbers(&factor);
        assert!(back.iter().zip(&Y).all(|(a, b)| (a - b).abs() < 1e-12), "{back:?}");
    }

    #[test]
    fn slopes_agree_with_central_differences() {
        let slopes = DMatrix::from_fn(4, 4, |i, j| (1.0 + i as f64 * 0.7 - j as f64 * 0.4).sin());
        let value = |y: &[f64]| factor(y).lower_triangle().component_mul(&slopes).sum();
        let prior = |y: &[f64]| add_log_density(y, 4, 2.0, &mut [0.0; 6]);
        let (mut found, mut of_prior) = ([0.0; 6], [0.0; 6]);
        add_pulled_back(&Y, &slopes, &mut found);
        add_log_density(&Y, 4, 2.0, &mut of_prior);
        for k in 0..6 {
            let moved = |step: f64| {
                let mut y = Y;
                y[k] += step;
                y
            };
            let difference = |f: &dyn Fn(&[f64]) -> f64| (f(&moved(1e-6)) - f(&moved(-1e-6))) / 2e-6;
            assert!((found[k] - difference(&value)).abs() < 1e-8, "{k}");
            assert!((of_prior[k] - difference(&prior)).abs() < 1e-7, "{k}");
        }
    }

    struct Prior;

    impl Objective for Prior {
        fn evaluate(&mut self, y: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
            gradient.fill(0.0);
            Ok(add_log_density(y, 4, 2.0, gradient))
        }
    }

    /// Every correlation of four coordinates under shape 2 is `2 Beta(3, 3) - 1`: mean 0, mean square 1/7, mean fourth power 1/21.
    /// Eighteen moments within five Monte Carlo standard errors: a false alarm once in 100 000 seeds.
    #[test]
    fn draws_of_the_prior_have_the_marginals_of_a_beta_distribution() {
        let sampler = NoUTurnSampler { warm_up: 500, draws: 4000, ..NoUTurnSampler::default() };
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let chain = sampler.chain(&mut Prior, &Y, 0, &mut rng, &unwatched).unwrap();
        let mut draws = vec![Vec::new(); 6];
        for y in &chain.draws {
            let factor = factor(y);
            let correlations = &factor * factor.transpose();
            pairs(4).zip(&mut draws).for_each(|(pair, own)| own.push(correlations[pair]));
        }
        for own in &draws {
            for (power, expected) in [(1, 0.0), (2, 1.0 / 7.0), (4, 1.0 / 21.0)] {
                let powers: Vec<f64> = own.iter().map(|rho| rho.powi(power)).collect();
                let mean = powers.iter().sum::<f64>() / powers.len() as f64;
                let error = mean_standard_error(&[powers]);
                assert!((mean - expected).abs() < 5.0 * error, "{power}: {mean} {expected} {error}");
            }
        }
    }

    /// The density of the free numbers is `det(R)^(η - 1)` times the Jacobian of the map to the correlations, by differences.
    #[test]
    fn the_prior_is_the_power_of_the_determinant_and_the_jacobian() {
        let correlations = |y: &[f64]| {
            let factor = factor(y);
            let all = &factor * factor.transpose();
            pairs(4).map(|(i, j)| all[(i, j)]).collect::<Vec<f64>>()
        };
        let log_density = |y: &[f64]| {
            let column = |k: usize| {
                let moved = |step: f64| {
                    let mut y = y.to_vec();
                    y[k] += step;
                    correlations(&y)
                };
                moved(1e-6).iter().zip(moved(-1e-6)).map(|(a, b)| (a - b) / 2e-6).collect::<Vec<f64>>()
            };
            let jacobian = DMatrix::from_fn(6, 6, |row, k| column(k)[row]);
            let determinant = factor(y).diagonal().iter().map(|x| x * x).product::<f64>();
            (3.0 - 1.0) * determinant.ln() + jacobian.determinant().abs().ln()
        };
        let other = [0.2, 0.6, -0.1, -0.7, 0.3, 0.05];
        let expected = log_density(&Y) - log_density(&other);
        let prior = |y: &[f64]| add_log_density(y, 4, 3.0, &mut [0.0; 6]);
        assert!((prior(&Y) - prior(&other) - expected).abs() < 1e-7);
    }
}
