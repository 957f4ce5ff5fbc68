//! When the iterations of random-effects model selection end.

use serde::{Deserialize, Serialize};

/// When to stop iterating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopping {
    /// At the fixed point: when the counts are within 1e-10 of it. As convergence is linear, the distance left is the
    /// last change times ρ / (1 - ρ), with ρ the ratio of the last two changes; at most 100,000 sweeps.
    #[default]
    Converged,
    /// When the Euclidean length of the change of the counts is at most this.
    CountChange(f64),
    /// When the free energy changes by at most `tolerance`, or after `most_sweeps`.
    FreeEnergyChange {
        /// In nats.
        tolerance: f64,
        /// The most sweeps made.
        most_sweeps: usize,
    },
}

impl Stopping {
    /// Where `spm_BMS` stops: the counts are then right to about three digits.
    pub const SPM: Stopping = Stopping::CountChange(1e-3);
    /// Where `VBA_groupBMC` stops by default. Of its at most 32 free energies the first is that of the prior.
    pub const VBA: Stopping = Stopping::FreeEnergyChange { tolerance: 1e-4, most_sweeps: 31 };

    /// The most sweeps made.
    pub(crate) fn most_sweeps(self) -> usize {
        match self {
            Stopping::FreeEnergyChange { most_sweeps, .. } => most_sweeps,
            Stopping::Converged | Stopping::CountChange(_) => 100_000,
        }
    }
}

/// How close to the fixed point [`Stopping::Converged`] goes.
const CLOSE: f64 = 1e-10;

/// Watches the sweeps.
pub(crate) struct Watch {
    stopping: Stopping,
    last_change: f64,
    last_free_energy: f64,
}

impl Watch {
    /// Starts watching at counts of this free energy.
    pub(crate) fn new(stopping: Stopping, free_energy: f64) -> Watch {
        Watch { stopping, last_change: f64::INFINITY, last_free_energy: free_energy }
    }

    /// Whether the sweep from `old` counts to `new` ones, whose free energy can be asked for, was the last.
    pub(crate) fn is_over(&mut self, old: &[f64], new: &[f64], free_energy: impl FnOnce() -> f64) -> bool {
        let change = old.iter().zip(new).map(|(old, new)| (new - old).powi(2)).sum::<f64>().sqrt();
        match self.stopping {
            Stopping::Converged => {
                let ratio = change / std::mem::replace(&mut self.last_change, change);
                change <= 0.0 || (ratio < 1.0 && change * ratio < CLOSE * (1.0 - ratio) && change < 1.0)
            }
            Stopping::CountChange(tolerance) => change <= tolerance,
            Stopping::FreeEnergyChange { tolerance, .. } => {
                let new = free_energy();
                (new - std::mem::replace(&mut self.last_free_energy, new)).abs() <= tolerance
            }
        }
    }
}
