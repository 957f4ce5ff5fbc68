//! Finished chains of a run that is not finished yet: a folder beside that of the results.
//!
//! A run that is killed leaves `RESULTS.unfinished/KEY/`, with KEY a hash of all that decides the result. The same run finds its
//! chains there; another one has another key. A file holds counts and numbers in the order of their bytes on this machine's
//! little end, and its own hash, so that half a file counts for nothing.

use crate::error::Error;
use crate::replace::replace_file;
use crate::table::sha256;
use actinf_fit::hierarchical::ChainStore;
use actinf_fit::sampling::SampledChain;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What a file begins with.
const MAGIC: &[u8] = b"actinf-chain/1\n";
/// Characters of a key that name a folder.
const KEY_LENGTH: usize = 16;
/// Characters of a hash at the end of a file.
const HASH_LENGTH: usize = 64;

/// The folder of a run's finished chains.
#[derive(Debug)]
pub struct ChainFolder {
    top: PathBuf,
    own: PathBuf,
    failure: Mutex<Option<Error>>,
}

impl ChainFolder {
    /// The folder beside `results` of the run whose result is decided by the text `decided_by`.
    pub fn beside(results: &Path, decided_by: &str) -> Self {
        let name = results.file_name().map_or_else(|| "results".into(), |name| name.to_string_lossy());
        let top = results.with_file_name(format!("{name}.unfinished"));
        let key: String = sha256(decided_by.as_bytes()).chars().take(KEY_LENGTH).collect();
        ChainFolder { own: top.join(key), top, failure: Mutex::new(None) }
    }

    /// How many chains are there from an earlier run.
    pub fn finished(&self) -> usize {
        std::fs::read_dir(&self.own).map_or(0, |entries| entries.flatten().filter(is_chain).count())
    }

    /// Removes the folder with all its chains, once they are part of a result.
    pub fn remove(&self) {
        let _ = std::fs::remove_dir_all(&self.top);
    }

    /// The first chain that could not be kept, and why; the run itself goes on without.
    pub fn failure(&self) -> Option<String> {
        self.failure.lock().ok()?.as_ref().map(ToString::to_string)
    }

    fn file(&self, attempt: usize, chain: usize) -> PathBuf {
        self.own.join(format!("attempt_{attempt}_chain_{chain}.bin"))
    }
}

fn is_chain(entry: &std::fs::DirEntry) -> bool {
    entry.path().extension().is_some_and(|extension| extension == "bin")
}

impl ChainStore for ChainFolder {
    fn load(&self, attempt: usize, chain: usize) -> Option<SampledChain> {
        decoded(&std::fs::read(self.file(attempt, chain)).ok()?)
    }

    fn save(&self, attempt: usize, chain: usize, found: &SampledChain) {
        if let Err(error) = replace_file(&self.file(attempt, chain), &encoded(found))
            && let Ok(mut failure) = self.failure.lock()
        {
            failure.get_or_insert(error);
        }
    }
}

fn encoded(chain: &SampledChain) -> Vec<u8> {
    let dimension = chain.draws.first().map_or(0, Vec::len);
    let mut bytes = MAGIC.to_vec();
    for count in [chain.draws.len() as u64, dimension as u64, chain.gradients, chain.kept_gradients] {
        bytes.extend(count.to_le_bytes());
    }
    let numbers = chain.draws.iter().flatten().chain(&chain.log_density).chain(&chain.energy);
    for number in numbers.chain([&chain.step_size]) {
        bytes.extend(number.to_le_bytes());
    }
    for depth in &chain.tree_depth {
        bytes.extend(depth.to_le_bytes());
    }
    bytes.extend(chain.diverging.iter().chain(&chain.cut).map(|truth| u8::from(*truth)));
    let hash = sha256(&bytes);
    bytes.extend(hash.as_bytes());
    bytes
}

/// `None` of anything but a whole file.
fn decoded(bytes: &[u8]) -> Option<SampledChain> {
    let (content, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH_LENGTH)?)?;
    if sha256(content).as_bytes() != hash {
        return None;
    }
    let mut rest = Rest(content.strip_prefix(MAGIC)?);
    let (draws, dimension) = (rest.count()?, rest.count()?);
    let (gradients, kept_gradients) = (rest.whole()?, rest.whole()?);
    Some(SampledChain {
        draws: (0..draws).map(|_| rest.numbers(dimension)).collect::<Option<_>>()?,
        log_density: rest.numbers(draws)?,
        energy: rest.numbers(draws)?,
        step_size: rest.number()?,
        tree_depth: (0..draws).map(|_| rest.whole()).collect::<Option<_>>()?,
        diverging: rest.truths(draws)?,
        cut: rest.truths(draws)?,
        gradients,
        kept_gradients,
    })
}

/// What is left to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn eight(&mut self) -> Option<[u8; 8]> {
        let (own, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(*own)
    }

    fn whole(&mut self) -> Option<u64> {
        self.eight().map(u64::from_le_bytes)
    }

    fn count(&mut self) -> Option<usize> {
        self.whole().and_then(|count| usize::try_from(count).ok())
    }

    fn number(&mut self) -> Option<f64> {
        self.eight().map(f64::from_le_bytes)
    }

    fn numbers(&mut self, count: usize) -> Option<Vec<f64>> {
        (0..count).map(|_| self.number()).collect()
    }

    fn truths(&mut self, count: usize) -> Option<Vec<bool>> {
        let (own, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(own.iter().map(|byte| *byte == 1).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> SampledChain {
        SampledChain {
            draws: vec![vec![0.1, f64::MIN_POSITIVE], vec![-0.0, 1e300]],
            log_density: vec![-1.5, -2.5],
            energy: vec![3.0, 4.0],
            tree_depth: vec![2, 3],
            diverging: vec![false, true],
            cut: vec![true, false],
            step_size: 0.3,
            gradients: 77,
            kept_gradients: 33,
        }
    }

    #[test]
    fn a_chain_reads_back_and_half_a_file_counts_for_nothing() {
        let bytes = encoded(&chain());
        assert_eq!(decoded(&bytes), Some(chain()));
        assert!((0..bytes.len()).all(|length| decoded(&bytes[..length]).is_none()));
        let mut damaged = bytes.clone();
        damaged[40] ^= 1;
        assert_eq!(decoded(&damaged), None);
    }

    #[test]
    fn another_run_has_another_folder_and_removal_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join("results");
        let (one, other) = (ChainFolder::beside(&results, "one"), ChainFolder::beside(&results, "other"));
        one.save(0, 3, &chain());
        assert_eq!((one.load(0, 3), one.finished(), one.failure()), (Some(chain()), 1, None));
        assert_eq!((other.load(0, 3), one.load(1, 3), other.finished()), (None, None, 0));
        one.remove();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
