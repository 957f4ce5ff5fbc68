//! How time and memory are measured outside criterion.

use std::time::{Duration, Instant};

/// For every item the smallest duration of `run` on it, over rounds over all items that take `budget` in all.
///
/// Items are short (one subject), so that some round finds each of them undisturbed even on a busy machine; rounds go
/// over all items, so that no item profits from caches its neighbours would have emptied in a fit.
pub fn smallest<I>(items: &mut [I], budget: Duration, mut run: impl FnMut(&mut I)) -> Vec<Duration> {
    items.iter_mut().for_each(&mut run);
    let mut best = vec![Duration::MAX; items.len()];
    let start = Instant::now();
    let mut rounds = 0;
    while start.elapsed() < budget || rounds < 5 {
        for (item, best) in items.iter_mut().zip(&mut best) {
            let before = Instant::now();
            run(item);
            *best = (*best).min(before.elapsed());
        }
        rounds += 1;
    }
    best
}

/// The most memory the process has held so far, in bytes, where the system tells (Linux).
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}
