//! The log evidence by importance sampling around the optima, with its own check.
//!
//! ```text
//! u_s ~ q = Σ_k α_k t₅(m_k, S_k),   w_s = exp f(u_s) / q(u_s),   ln p(y) ≈ ln (1/S) Σ w_s
//! standard error of ln p(y) ≈ √( Σ (w_s/w̄ - 1)² / (S (S - 1)) )
//! ```
//!
//! with f the log posterior density on the unconstrained scale and q a mixture of multivariate t distributions with 5 degrees
//! of freedom, whose tails cover those of most posteriors: two around every optimum that was found, one as wide as the curvature says
//! and one twice as wide, weighted by the optimum's own Laplace evidence. Unlike
//! Laplace's method this is exact in the limit, whatever the shape of the posterior; whether the limit is near is told
//! by the Pareto k of the weights (see [`crate::generalised_pareto`]).
//!
//! Where the posterior is skewed, the modes and the curvatures there are not where and how wide it is. So the draws are
//! made in rounds, and after each the mixture moves to where the weights of the draws are (`mixture.rs`); the evidence
//! is that of the last round alone, whose draws do not depend on their own weights.
//!
//! # References
//!
//! Kloek & van Dijk (1978), *Econometrica* 46, 1-19. Cappé, Douc, Guillin, Marin & Robert (2008), *Statistics and Computing* 18,
//! 447-459 (adaptation of the mixture). Vehtari, Simpson, Gelman, Yao & Gabry (2024), *Journal of Machine
//! Learning Research* 25 (72), 1-58.

mod mixture;
mod modes;
mod resample;
mod student_t;

use crate::generalised_pareto::{SmoothedWeights, smooth};
use mixture::Mixture;
pub(crate) use modes::{Mode, modes};
use nalgebra::DVector;
use rand::Rng;
pub(crate) use resample::resampled;
use serde::{Deserialize, Serialize};

/// How the weights are drawn and used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportanceDraws {
    /// How many draws in each round.
    pub draws: usize,
    /// How many rounds are made before the one that counts.
    pub adaptations: usize,
    /// Whether the tail of the weights is smoothed before they are averaged: less noise for a little bias.
    pub smoothed: bool,
}

/// A log evidence by importance sampling.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportanceSampling {
    /// The log evidence, in nats.
    pub log_evidence: f64,
    /// Its Monte Carlo standard error, in nats; to be trusted only where Pareto k is below 0.7.
    pub standard_error: f64,
    /// The shape of the tail of the weights: good below 0.7; `None` where the weights have no tail.
    pub pareto_k: Option<f64>,
    /// Draws of the round that counts.
    pub draws: usize,
    /// `(Σ w)² / Σ w²`: what the draws are worth.
    pub effective_draws: f64,
    /// The log evidence of Laplace's method less this one, in nats: the error of Laplace's method.
    pub laplace_error: f64,
}

/// The log evidence of a posterior whose log density is `log_posterior` (`None` where it is zero or undefined), from
/// draws around its modes. `None` if there is no mode or every weight is zero.
pub(crate) fn importance_sampled_evidence(
    mut log_posterior: impl FnMut(&[f64]) -> Option<f64>,
    modes: &[Mode],
    laplace_log_evidence: f64,
    draws: ImportanceDraws,
    rng: &mut dyn Rng,
) -> Option<ImportanceSampling> {
    let mut proposal = Mixture::around(modes)?;
    let mut round = Round::of(&mut log_posterior, &proposal, draws, rng);
    for _ in 0..draws.adaptations {
        let Some(adapted) = proposal.adapted(&round.points, &round.smoothed) else { break };
        proposal = adapted;
        round = Round::of(&mut log_posterior, &proposal, draws, rng);
    }
    let average = LogAverage::of(&round.weights)?;
    Some(ImportanceSampling {
        log_evidence: average.log_mean,
        standard_error: average.standard_error,
        pareto_k: round.pareto_k,
        draws: draws.draws,
        effective_draws: average.effective,
        laplace_error: laplace_log_evidence - average.log_mean,
    })
}

/// The draws of one round with their log weights.
struct Round {
    points: Vec<DVector<f64>>,
    /// As they are averaged.
    weights: Vec<f64>,
    smoothed: Vec<f64>,
    pareto_k: Option<f64>,
}

impl Round {
    fn of(
        log_posterior: &mut impl FnMut(&[f64]) -> Option<f64>,
        proposal: &Mixture,
        draws: ImportanceDraws,
        rng: &mut dyn Rng,
    ) -> Self {
        let mut weigh = |_| {
            let point = proposal.draw(&mut *rng);
            let value = log_posterior(point.as_slice());
            let log_density = proposal.log_density(&point);
            (point, value.map_or(f64::NEG_INFINITY, |value| value - log_density))
        };
        let (points, raw): (Vec<_>, Vec<_>) = (0..draws.draws).map(&mut weigh).unzip();
        let SmoothedWeights { pareto_k, log_weights: smoothed } = smooth(&raw);
        let weights = if draws.smoothed { smoothed.clone() } else { raw };
        Round { points, weights, smoothed, pareto_k }
    }
}

/// The mean of weights given by their logarithms.
struct LogAverage {
    log_mean: f64,
    standard_error: f64,
    effective: f64,
}

impl LogAverage {
    fn of(log_weights: &[f64]) -> Option<Self> {
        let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !largest.is_finite() {
            return None;
        }
        let n = log_weights.len() as f64;
        let weights: Vec<f64> = log_weights.iter().map(|log| (log - largest).exp()).collect();
        let sum: f64 = weights.iter().sum();
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        let mean = sum / n;
        let spread: f64 = weights.iter().map(|weight| (weight / mean - 1.0).powi(2)).sum();
        Some(LogAverage {
            log_mean: largest + mean.ln(),
            standard_error: (spread / (n * (n - 1.0).max(1.0))).sqrt(),
            effective: sum * sum / squares,
        })
    }
}
