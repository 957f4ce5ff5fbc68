//! Who hears of the rounds of an estimation, and may end it.

use std::ops::ControlFlow;

/// What a watcher hears of every round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoundSeen {
    /// The round, from 1.
    pub round: usize,
    /// The objective that is watched, in nats.
    pub objective: f64,
}

/// Hears of every round; where it breaks, the estimation ends with the best it has, not converged.
pub type RoundWatch<'a> = &'a (dyn Fn(RoundSeen) -> ControlFlow<()> + Sync);

/// Watches nothing.
pub fn unwatched_rounds(_: RoundSeen) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Why an estimation ended that its watcher broke off.
pub(crate) fn broken_off(rounds: usize) -> String {
    format!("it was broken off after {rounds} rounds; run it again to finish it")
}
