//! Made-up evidences.

use actinf_fit::comparison::EvidenceTable;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) fn names(prefix: &str, number: usize) -> Vec<String> {
    (0..number).map(|k| format!("{prefix}{k}")).collect()
}

pub(crate) fn table(rows: Vec<Vec<f64>>) -> EvidenceTable {
    EvidenceTable::new(names("model", rows[0].len()), names("subject", rows.len()), rows).unwrap()
}

/// Evidences that spread uniformly over `width` nats, with `gain` nats for the model a subject uses.
pub(crate) fn evidences(seed: u64, uses: &[usize], models: usize, width: f64, gain: f64) -> Vec<Vec<f64>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut row = |used: usize| -> Vec<f64> {
        let base = -100.0 - 50.0 * random.random::<f64>();
        let own = |k: usize| if k == used { gain } else { 0.0 };
        (0..models).map(|k| base + width * random.random::<f64>() + own(k)).collect()
    };
    uses.iter().map(|&used| row(used)).collect()
}
