//! Effective sample sizes: how many independent draws the dependent ones are worth.
//!
//! ```text
//! ESS = S / τ     τ = -1 + 2 Σ_t ρ_t     ρ_t = 1 - (W - mean of autocovariances at lag t) / var⁺
//! ```
//!
//! The sum runs over Geyer's initial positive sequence of pairs ρ_2t + ρ_2t+1, made monotone; τ is at least
//! `1 / log10 S`, which caps the size of chains that alternate.

use super::ranks::{normal_scores, quantile};
use super::{halves, is_usable, mean, variance};

/// The size for the bulk of the distribution: of the normal scores of the split chains.
///
/// # Example
///
/// Two draws that alternate for ever are worth more than independent ones; the cap is `S log10 S`:
///
/// ```
/// use actinf_fit::sampling::bulk_effective_size;
/// let chain: Vec<f64> = (0..100).map(|k| f64::from(k % 2)).collect();
/// let size = bulk_effective_size(&[chain]);
/// assert!((size - 100.0 * 2.0).abs() < 1e-9);
/// ```
pub fn bulk_effective_size(chains: &[Vec<f64>]) -> f64 {
    if is_usable(chains, 1) { effective_size(&normal_scores(&halves(chains))) } else { f64::NAN }
}

/// The size for the tails: the smaller of those for the 5 % and 95 % quantiles.
pub fn tail_effective_size(chains: &[Vec<f64>]) -> f64 {
    let (low, high) = (quantile_effective_size(chains, 0.05), quantile_effective_size(chains, 0.95));
    if low.is_nan() || high.is_nan() { f64::NAN } else { low.min(high) }
}

/// The size for a quantile: of the indicator that a value is not above it.
pub fn quantile_effective_size(chains: &[Vec<f64>], probability: f64) -> f64 {
    if !is_usable(chains, 1) {
        return f64::NAN;
    }
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    let limit = quantile(&all, probability);
    let indicator = |chain: &Vec<f64>| chain.iter().map(|&x| if x <= limit { 1.0 } else { 0.0 }).collect();
    effective_size(&halves(&chains.iter().map(indicator).collect::<Vec<_>>()))
}

/// The size for the mean: of the split chains themselves.
pub fn mean_effective_size(chains: &[Vec<f64>]) -> f64 {
    if is_usable(chains, 1) { effective_size(&halves(chains)) } else { f64::NAN }
}

/// The Monte Carlo standard error of the mean: `sd / sqrt(ESS)`.
pub fn mean_standard_error(chains: &[Vec<f64>]) -> f64 {
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    (variance(&all) / mean_effective_size(chains)).sqrt()
}

/// Differences below this between the largest and the smallest value count as none.
const NO_VARIATION: f64 = 1e-15;

fn effective_size(chains: &[Vec<f64>]) -> f64 {
    let size = (chains.len() * chains[0].len()) as f64;
    let values = || chains.iter().flatten().copied();
    let range = values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min);
    if range < NO_VARIATION {
        return size;
    }
    size / autocorrelation_time(chains).max(1.0 / size.log10())
}

/// `τ` from Geyer's initial monotone sequence.
fn autocorrelation_time(chains: &[Vec<f64>]) -> f64 {
    let correlations = Autocorrelations::of(chains);
    let (pairs, next) = positive_pairs(&correlations, chains[0].len());
    let mut total = 0.0;
    let mut smallest = f64::INFINITY;
    for pair in &pairs {
        smallest = pair.min(smallest);
        total += smallest;
    }
    -1.0 + 2.0 * total + next
}

/// The sums ρ_2t + ρ_2t+1 that are positive from the start on, and what the even lag after them still adds: itself if it is
/// positive, or if the sequence reached the end of the chains.
fn positive_pairs(correlations: &Autocorrelations<'_>, draws: usize) -> (Vec<f64>, f64) {
    let mut pairs = vec![1.0 + correlations.at(1)];
    let mut lag = 2;
    let mut last = (1.0, pairs[0]);
    while lag + 2 < draws && last.1 > 0.0 {
        let even = correlations.at(lag);
        last = (even, even + correlations.at(lag + 1));
        pairs.push(last.1);
        lag += 2;
    }
    // The last pair ends the search and is not part of the sequence.
    pairs.pop();
    (pairs, if last.1 >= 0.0 { last.0 } else { last.0.max(0.0) })
}

/// The autocorrelations of several chains, by lag.
struct Autocorrelations<'a> {
    chains: &'a [Vec<f64>],
    means: Vec<f64>,
    within: f64,
    total: f64,
}

impl<'a> Autocorrelations<'a> {
    fn of(chains: &'a [Vec<f64>]) -> Self {
        let n = chains[0].len() as f64;
        let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
        let within = mean(&chains.iter().map(|chain| variance(chain)).collect::<Vec<_>>());
        let between = if chains.len() > 1 { variance(&means) } else { 0.0 };
        Autocorrelations { chains, means, within, total: within * (n - 1.0) / n + between }
    }

    /// `ρ_t`, with autocovariances that divide by the number of draws.
    fn at(&self, lag: usize) -> f64 {
        let covariance = |(chain, mean): (&Vec<f64>, &f64)| {
            let products = chain.iter().zip(&chain[lag..]).map(|(a, b)| (a - mean) * (b - mean));
            products.sum::<f64>() / chain.len() as f64
        };
        let sum: f64 = self.chains.iter().zip(&self.means).map(covariance).sum();
        1.0 - (self.within - sum / self.chains.len() as f64) / self.total
    }
}
