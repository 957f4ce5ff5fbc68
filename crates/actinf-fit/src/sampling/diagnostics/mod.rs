//! Numbers that say whether chains agree and how much they are worth, as ArviZ computes them.
//!
//! Draws are given as chains × draws, all chains of one length. Where a number is not defined (fewer than four draws, values
//! that are not finite) it is NaN.
//!
//! # References
//!
//! Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021). Rank-normalization, folding, and localization: an improved R-hat for
//! assessing convergence of MCMC. *Bayesian Analysis* 16, 667-718. Geyer (1992). Practical Markov chain Monte Carlo.
//! *Statistical Science* 7, 473-483. Betancourt (2016). Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte
//! Carlo. arXiv:1604.00695.

mod effective_size;
mod energy;
mod r_hat;
mod ranks;

pub use effective_size::{
    bulk_effective_size, mean_effective_size, mean_standard_error, quantile_effective_size,
    tail_effective_size,
};
pub use energy::energy_bfmi;
pub use r_hat::r_hat;
pub(crate) use ranks::quantile;

/// Draws by chain.
type Chains = Vec<Vec<f64>>;

/// Fewer draws per chain than this say nothing.
const FEWEST_DRAWS: usize = 4;

/// Whether there are draws enough, all chains are equally long and all values finite.
fn is_usable(chains: &[Vec<f64>], fewest_chains: usize) -> bool {
    let length = chains.first().map_or(0, Vec::len);
    chains.len() >= fewest_chains
        && length >= FEWEST_DRAWS
        && chains.iter().all(|chain| chain.len() == length && chain.iter().all(|x| x.is_finite()))
}

/// Each chain as two: its first and its last half; the middle draw of an odd number is left out.
fn halves(chains: &[Vec<f64>]) -> Chains {
    let half = chains.first().map_or(0, Vec::len) / 2;
    let first = chains.iter().map(|chain| chain[..half].to_vec());
    let last = chains.iter().map(|chain| chain[chain.len() - half..].to_vec());
    first.chain(last).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The variance with divisor n - 1.
fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (values.len() as f64 - 1.0)
}
