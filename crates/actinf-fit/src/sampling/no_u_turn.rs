//! The no-U-turn sampler of the crate nuts-rs, behind an [`Objective`].
//!
//! Step size by dual averaging, a diagonal metric from draws and gradients. What nuts-rs must not see is kept at this door:
//! an error from which a search may turn back is a divergence to it, any other ends the chain.
//!
//! # References
//!
//! Hoffman & Gelman (2014). The No-U-Turn sampler. *Journal of Machine Learning Research* 15, 1593-1623. Betancourt (2017).
//! A conceptual introduction to Hamiltonian Monte Carlo. arXiv:1701.02434.

use crate::optimisers::Objective;
use nuts_rs::{
    Chain, CpuLogpFunc, CpuMath, CpuMathError, DiagNutsSettings, HasDims, LogpError, Progress, Settings,
};
use rand::Rng;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// The sampler's settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoUTurnSampler {
    /// Chains; at least 2 are needed to see whether they agree.
    pub chains: usize,
    /// Draws per chain in which the sampler adapts, and which are thrown away.
    pub warm_up: usize,
    /// Draws per chain that are kept.
    pub draws: usize,
    /// The average acceptance that the step size is adapted to; nearer to 1 means smaller steps and fewer divergences.
    pub target_acceptance: f64,
    /// Trajectories of at most `2^max_depth` steps.
    pub max_depth: usize,
}

impl Default for NoUTurnSampler {
    fn default() -> Self {
        NoUTurnSampler { chains: 4, warm_up: 1000, draws: 1000, target_acceptance: 0.8, max_depth: 10 }
    }
}

/// One chain.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SampledChain {
    /// The draws after warm-up: draws × coordinates.
    pub draws: Vec<Vec<f64>>,
    /// The log density at each draw, in nats.
    pub log_density: Vec<f64>,
    /// The total energy at each draw: minus the log density, plus the kinetic energy.
    pub energy: Vec<f64>,
    /// The depth of the tree that each draw came from.
    pub tree_depth: Vec<u64>,
    /// Whether the trajectory of each draw left what the steps can follow.
    pub diverging: Vec<bool>,
    /// Whether the trajectory of each draw was cut at the maximal depth.
    pub cut: Vec<bool>,
    /// The step size after warm-up.
    pub step_size: f64,
    /// Evaluations of the gradient, warm-up included.
    pub gradients: u64,
    /// Evaluations of the gradient after warm-up.
    pub kept_gradients: u64,
}

/// What a watcher hears of every draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawSeen {
    /// The chain, from 0.
    pub chain: usize,
    /// How many chains there are.
    pub chains: usize,
    /// Draws of this chain that are done, warm-up included.
    pub done: usize,
    /// Draws that this chain makes in all.
    pub total: usize,
    /// Whether the chain still adapts.
    pub warming_up: bool,
    /// Whether the trajectory diverged.
    pub diverging: bool,
}

/// Hears of every draw; where it breaks, the chain ends with the draws it has. Called from several threads.
pub type Watch<'a> = &'a (dyn Fn(DrawSeen) -> ControlFlow<()> + Sync);

/// Watches nothing.
pub fn unwatched(_: DrawSeen) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Why a chain could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SamplingError {
    /// Settings that the sampler refuses.
    #[error("the sampler refuses its settings: {reason}")]
    Settings {
        /// Its reason.
        reason: String,
    },
    /// A start without a finite density.
    #[error("chain {chain} cannot start: {reason}")]
    Start {
        /// The chain, from 0.
        chain: usize,
        /// Why.
        reason: String,
    },
    /// An error that no other point can mend.
    #[error("chain {chain} broke off after {draws} draws: {reason}")]
    BrokenOff {
        /// The chain, from 0.
        chain: usize,
        /// Draws made, warm-up included.
        draws: usize,
        /// Why.
        reason: String,
    },
}

impl NoUTurnSampler {
    /// One chain from `start`, drawn from its own random stream.
    ///
    /// # Errors
    ///
    /// If the settings are refused, there is no finite density at the start or its gradient is exactly zero there in some
    /// direction (its size sets the first scale), or the objective fails for good.
    pub fn chain(
        &self,
        objective: &mut dyn Objective,
        start: &[f64],
        chain: usize,
        rng: &mut dyn Rng,
        watch: Watch<'_>,
    ) -> Result<SampledChain, SamplingError> {
        let math = CpuMath::new(Door { objective, dimension: start.len() });
        let mut sampler = self
            .settings()
            .new_chain(chain as u64, math, rng)
            .map_err(|error| SamplingError::Settings { reason: first_line(&error) })?;
        sampler
            .set_position(start)
            .map_err(|error| SamplingError::Start { chain, reason: first_line(&error) })?;
        let mut found = SampledChain::default();
        let total = self.warm_up + self.draws;
        for done in 1..=total {
            let (draw, _, stats, progress) = sampler.expanded_draw().map_err(|error| {
                SamplingError::BrokenOff { chain, draws: done - 1, reason: first_line(&error) }
            })?;
            found.gradients += progress.num_gradients;
            let warming_up = done <= self.warm_up;
            if !warming_up {
                let place = Place { log_density: stats.point.logp, energy: stats.point.energy };
                found.keep(draw.into_vec(), place, stats.depth, stats.maxdepth_reached, &progress);
            }
            let seen = DrawSeen {
                chain,
                chains: self.chains,
                done,
                total,
                warming_up,
                diverging: progress.diverging,
            };
            if watch(seen).is_break() {
                break;
            }
        }
        Ok(found)
    }

    fn settings(&self) -> DiagNutsSettings {
        let mut settings = DiagNutsSettings {
            num_tune: self.warm_up as u64,
            num_draws: self.draws as u64,
            maxdepth: self.max_depth as u64,
            num_chains: self.chains,
            ..DiagNutsSettings::default()
        };
        settings.adapt_options.step_size_settings.target_accept = self.target_acceptance;
        settings
    }
}

/// An error of nuts-rs without the trace that may follow it.
fn first_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// What is known of the place of a draw.
struct Place {
    log_density: f64,
    energy: f64,
}

impl SampledChain {
    fn keep(&mut self, draw: Vec<f64>, place: Place, depth: u64, cut: bool, progress: &Progress) {
        self.draws.push(draw);
        self.log_density.push(place.log_density);
        self.energy.push(place.energy);
        self.tree_depth.push(depth);
        self.cut.push(cut);
        self.diverging.push(progress.diverging);
        self.kept_gradients += progress.num_gradients;
        self.step_size = progress.step_size;
    }
}

/// The objective as nuts-rs sees it.
struct Door<'a> {
    objective: &'a mut dyn Objective,
    dimension: usize,
}

/// An evaluation that failed.
#[derive(thiserror::Error)]
#[error("{reason}")]
struct DoorError {
    reason: String,
    is_recoverable: bool,
}

/// The reason alone, because nuts-rs shows this form to the user.
impl std::fmt::Debug for DoorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl LogpError for DoorError {
    fn is_recoverable(&self) -> bool {
        self.is_recoverable
    }
}

impl HasDims for Door<'_> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::from([("unconstrained_parameter".to_owned(), self.dimension as u64)])
    }
}

impl CpuLogpFunc for Door<'_> {
    type LogpError = DoorError;
    type FlowParameters = ();
    type ExpandedVector = Vec<f64>;

    fn dim(&self) -> usize {
        self.dimension
    }

    fn logp(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, DoorError> {
        let failed = |reason: String, is_recoverable| DoorError { reason, is_recoverable };
        match self.objective.evaluate(position, gradient) {
            Ok(value) if value.is_finite() && gradient.iter().all(|slope| slope.is_finite()) => Ok(value),
            Ok(_) => Err(failed("the density or its gradient is not finite".to_owned(), true)),
            Err(error) => Err(failed(error.to_string(), error.is_recoverable())),
        }
    }

    fn expand_vector<R: Rng + ?Sized>(&mut self, _: &mut R, _: &[f64]) -> Result<Vec<f64>, CpuMathError> {
        Ok(Vec::new())
    }
}
