//! What a run of the sampler gets from outside: seed, workers, a watcher, and a place where finished chains are kept.

use crate::sampling::{SampledChain, Watch};
use crate::subjects::Workers;

/// Keeps finished chains outside the process, so that a run that was killed goes on where it was.
///
/// A store must only give back what was saved for the same model, data, settings and seed. Where it has nothing, or loses
/// something, the chain is drawn again, with the same result.
pub trait ChainStore: Sync {
    /// A finished chain of an attempt, both from 0.
    fn load(&self, attempt: usize, chain: usize) -> Option<SampledChain>;

    /// Keeps a finished chain.
    fn save(&self, attempt: usize, chain: usize, found: &SampledChain);
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forgetful;

impl ChainStore for Forgetful {
    fn load(&self, _: usize, _: usize) -> Option<SampledChain> {
        None
    }

    fn save(&self, _: usize, _: usize, _: &SampledChain) {}
}

/// What a run gets from outside.
#[derive(Clone, Copy)]
pub struct SamplingRun<'a> {
    /// The seed of all random streams.
    pub seed: u64,
    /// Who does the work.
    pub workers: &'a Workers,
    /// Hears of every draw, and may break the run off.
    pub watch: Watch<'a>,
    /// Where finished chains are kept.
    pub store: &'a dyn ChainStore,
}

/// The chains of a run that was broken off which are worth keeping: those for which chains times draws of the shortest is
/// largest. All chains of a finished run are kept.
pub(super) fn usable(chains: Vec<SampledChain>) -> Vec<SampledChain> {
    let mut lengths: Vec<usize> = chains.iter().map(|chain| chain.draws.len()).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let worth = |(place, length): (usize, &usize)| ((place + 1) * length, *length);
    let shortest = lengths.iter().enumerate().map(worth).max().map_or(0, |(_, length)| length);
    chains.into_iter().filter(|chain| chain.draws.len() >= shortest.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_that_hardly_began_does_not_cut_the_others_short() {
        let chain = |draws: usize| SampledChain { draws: vec![vec![]; draws], ..SampledChain::default() };
        let kept = |lengths: &[usize]| {
            let chains = lengths.iter().map(|&draws| chain(draws)).collect();
            usable(chains).iter().map(|chain| chain.draws.len()).collect::<Vec<_>>()
        };
        assert_eq!(kept(&[100, 3, 90, 0]), [100, 90]);
        assert_eq!(kept(&[100, 100, 60, 60]), [100, 100, 60, 60]);
        assert_eq!(kept(&[0, 0]), [0; 0]);
    }
}
