//! R-hat: how much more the chains together scatter than each on its own.

use super::ranks::{folded, normal_scores};
use super::{halves, is_usable, mean, variance};

/// Rank-normalised split R-hat (Vehtari et al. 2021): the larger of that of the values and that of their distances from the
/// median, so that chains that differ in location or in spread are both seen. 1 where chains agree; above 1.01 they do not.
///
/// ```text
/// R̂ = sqrt( (n - 1)/n + B / (n W) )    B = n Var(chain means)    W = mean of chain variances
/// ```
///
/// NaN with fewer than two chains.
///
/// # Example
///
/// ```
/// use actinf_fit::sampling::r_hat;
/// let apart = [vec![0.0, 1.0, 0.0, 1.0], vec![10.0, 11.0, 10.0, 11.0]];
/// assert!(r_hat(&apart) > 1.5);
/// ```
pub fn r_hat(chains: &[Vec<f64>]) -> f64 {
    if !is_usable(chains, 2) {
        return f64::NAN;
    }
    let split = halves(chains);
    let (location, spread) = (plain(&normal_scores(&split)), plain(&normal_scores(&folded(&split))));
    if location.is_nan() || spread.is_nan() { f64::NAN } else { location.max(spread) }
}

fn plain(chains: &[Vec<f64>]) -> f64 {
    let n = chains[0].len() as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let variances: Vec<f64> = chains.iter().map(|chain| variance(chain)).collect();
    let between = n * variance(&means);
    ((between / mean(&variances) + n - 1.0) / n).sqrt()
}
