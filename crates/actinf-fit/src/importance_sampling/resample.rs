//! Draws from a posterior: weighted draws around its mode, drawn again in proportion to their weights.
//!
//! ```text
//! u_s ~ q,   w_s ∝ exp f(u_s) / q(u_s),   u*_k = u_s with Σ_{r<s} w_r ≤ (k + v) / K < Σ_{r≤s} w_r,   v ~ Uniform(0, 1)
//! ```
//!
//! The second step is systematic: every draw comes again as often as its weight says, to within one.
//!
//! # References
//!
//! Rubin (1988), in *Bayesian Statistics 3*, 395-402 (sampling-importance-resampling). Kitagawa (1996), *Journal of
//! Computational and Graphical Statistics* 5, 1-25 (systematic resampling).

use super::mixture::Mixture;
use super::{ImportanceDraws, Mode, Round};
use rand::{Rng, RngExt};

/// Two rounds; the draws of the second are weighed.
const DRAWS: ImportanceDraws = ImportanceDraws { draws: 100, adaptations: 1, smoothed: true };

/// So many draws of a posterior with this log density (`None` where it is zero or undefined) around its mode. `None` if every
/// weight is zero.
pub(crate) fn resampled(
    mut log_posterior: impl FnMut(&[f64]) -> Option<f64>,
    mode: Mode,
    count: usize,
    rng: &mut dyn Rng,
) -> Option<Vec<Vec<f64>>> {
    let mut proposal = Mixture::around(&[mode])?;
    let mut round = Round::of(&mut log_posterior, &proposal, DRAWS, rng);
    for _ in 0..DRAWS.adaptations {
        let Some(adapted) = proposal.adapted(&round.points, &round.smoothed) else { break };
        proposal = adapted;
        round = Round::of(&mut log_posterior, &proposal, DRAWS, rng);
    }
    let chosen = systematic(&round.weights, count, rng.random())?;
    Some(chosen.into_iter().map(|index| round.points[index].as_slice().to_vec()).collect())
}

/// The positions of `count` draws in proportion to weights given by their logarithms, spread evenly by one uniform number.
/// `None` if every weight is zero.
fn systematic(log_weights: &[f64], count: usize, uniform: f64) -> Option<Vec<usize>> {
    let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        return None;
    }
    let weights: Vec<f64> = log_weights.iter().map(|log| (log - largest).exp()).collect();
    let share = weights.iter().sum::<f64>() / count as f64;
    let last = weights.iter().rposition(|weight| *weight > 0.0)?;
    let mut chosen = Vec::with_capacity(count);
    let (mut index, mut reached) = (0, weights[0]);
    for place in 0..count {
        while index < last && reached <= (place as f64 + uniform) * share {
            index += 1;
            reached += weights[index];
        }
        chosen.push(index);
    }
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// Weights 1, 2, 0, 1 of a total of 4: of four draws one, two, none and one.
    #[test]
    fn draws_come_again_as_often_as_their_weights_say() {
        let log = [0.0, 2.0_f64.ln(), f64::NEG_INFINITY, 0.0];
        assert_eq!(systematic(&log, 4, 0.5), Some(vec![0, 1, 1, 3]));
        assert_eq!(systematic(&[f64::NEG_INFINITY; 3], 4, 0.5), None);
    }

    /// The logarithm of an exponential variable: f(u) = u - e^u, with its mode at 0 and curvature 1 there, but mean
    /// -0.577 and standard deviation 1.283. Means of 20 systematic draws of 100 weighted ones vary by less than 0.2, so that
    /// those of 200 repetitions have a standard error below 0.015; six of them are 0.09, which the mode is far from.
    #[test]
    fn a_skewed_posterior_is_not_taken_for_a_normal_one() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let mode =
            || Mode { point: DVector::zeros(1), covariance: DMatrix::identity(1, 1), log_evidence: 0.0 };
        let density = |u: &[f64]| Some(u[0] - u[0].exp());
        let draws: Vec<f64> =
            (0..200).flat_map(|_| resampled(density, mode(), 20, &mut rng).unwrap()).map(|u| u[0]).collect();
        let mean = draws.iter().sum::<f64>() / 4000.0;
        assert!((mean + 0.577_215_664_9).abs() < 0.09, "{mean}");
    }
}
