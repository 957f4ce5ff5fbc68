//! Draws from a posterior by the no-U-turn sampler, and whether they can be trusted.
//!
//! | where | what |
//! |---|---|
//! | [`NoUTurnSampler`] | chains of draws from any [`crate::Objective`], by the crate nuts-rs (`no_u_turn.rs`, its only user) |
//! | [`Sample`] | named quantities by chain and draw |
//! | [`r_hat`], [`bulk_effective_size`], [`tail_effective_size`], [`energy_bfmi`] | diagnostics, the numbers of ArviZ |
//! | [`SampleReport`] | the verdict: per quantity, for the whole sample, and what to do |

mod diagnostics;
mod no_u_turn;
mod report;
mod sample;
mod subject;

pub(crate) use diagnostics::quantile;
pub use diagnostics::{
    bulk_effective_size, energy_bfmi, mean_effective_size, mean_standard_error, quantile_effective_size,
    r_hat, tail_effective_size,
};
pub use no_u_turn::{DrawSeen, NoUTurnSampler, SampledChain, SamplingError, Watch, unwatched};
pub use report::{QuantitySummary, SampleReport, Thresholds};
pub use sample::Sample;
pub use subject::{SubjectSample, SubjectTask};
