//! The built-in tasks against choice probabilities worked out by hand, or by a few lines written from the task's description.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bandits;
mod decisions;
mod recorded;
mod reversals;
mod sequences;
mod simulated;
