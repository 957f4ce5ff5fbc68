//! The log evidence by importance sampling around a maximum, with its own check.
//!
//! ```text
//! u_s ~ t₅(û, A⁻¹),   w_s = exp f(u_s) / q(u_s),   ln p(y) ≈ ln (1/S) Σ w_s
//! standard error of ln p(y) ≈ √( Σ (w_s/w̄ - 1)² / (S (S - 1)) )
//! ```
//!
//! with f the log posterior density on the unconstrained scale, û its maximum, A the curvature there and q the density
//! of a multivariate t distribution with 5 degrees of freedom, whose tails cover those of most posteriors. Unlike
//! Laplace's method this is exact in the limit, whatever the shape of the posterior; whether the limit is near is told
//! by the Pareto k of the weights (see [`crate::generalised_pareto`]).
//!
//! Where the posterior is skewed, the mode and the curvature there are not where and how wide it is. So the draws may
//! be made in rounds, each around the weighted mean and covariance of the draws before it (an adaptation); the evidence
//! is that of the last round alone, whose draws do not depend on their own weights.
//!
//! # References
//!
//! Kloek & van Dijk (1978), *Econometrica* 46, 1-19. Oh & Berger (1992), *Journal of Statistical Computation and
//! Simulation* 41, 143-168 (adaptation). Vehtari, Simpson, Gelman, Yao & Gabry (2024), *Journal of Machine
//! Learning Research* 25 (72), 1-58.

use crate::generalised_pareto::{SmoothedWeights, smooth};
use crate::hessian::Curvature;
use nalgebra::{Cholesky, DMatrix, DVector};
use rand::Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};
use serde::{Deserialize, Serialize};
use statrs::function::gamma::ln_gamma;
use std::f64::consts::PI;

/// Degrees of freedom of the proposal.
const DEGREES: f64 = 5.0;

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
/// draws around `mode`. `None` if every weight is zero.
pub fn importance_sampled_evidence(
    mut log_posterior: impl FnMut(&[f64]) -> Option<f64>,
    mode: &[f64],
    curvature: &Curvature,
    laplace_log_evidence: f64,
    draws: ImportanceDraws,
    rng: &mut dyn Rng,
) -> Option<ImportanceSampling> {
    let mut proposal = StudentT::new(DVector::from_column_slice(mode), curvature.covariance.clone())?;
    let mut round = Round::of(&mut log_posterior, &proposal, draws, rng);
    for _ in 0..draws.adaptations {
        let Some(adapted) = round.adapted(curvature) else { break };
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
        proposal: &StudentT,
        draws: ImportanceDraws,
        rng: &mut dyn Rng,
    ) -> Self {
        let mut weigh = |_| {
            let (point, log_density) = proposal.draw(&mut *rng);
            let value = log_posterior(point.as_slice());
            (point, value.map_or(f64::NEG_INFINITY, |value| value - log_density))
        };
        let (points, raw): (Vec<_>, Vec<_>) = (0..draws.draws).map(&mut weigh).unzip();
        let SmoothedWeights { pareto_k, log_weights: smoothed } = smooth(&raw);
        let weights = if draws.smoothed { smoothed.clone() } else { raw };
        Round { points, weights, smoothed, pareto_k }
    }

    /// Around the weighted mean, with the weighted covariance; the fewer draws count, the more with that of the mode.
    fn adapted(&self, curvature: &Curvature) -> Option<StudentT> {
        let largest = self.smoothed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = self.smoothed.iter().map(|log| (log - largest).exp()).collect();
        let total: f64 = weights.iter().sum();
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        let dimension = curvature.covariance.nrows();
        let weighted = || self.points.iter().zip(&weights).map(|(point, weight)| (point, weight / total));
        let mean = weighted().fold(DVector::zeros(dimension), |sum, (point, weight)| sum + point * weight);
        let spread = weighted().fold(DMatrix::zeros(dimension, dimension), |sum, (point, weight)| {
            let offset = point - &mean;
            sum + &offset * offset.transpose() * weight
        });
        let (effective, prior) = (total * total / squares, dimension as f64);
        let covariance = (spread * effective + &curvature.covariance * prior) / (effective + prior);
        let is_finite = covariance.iter().chain(mean.iter()).all(|entry| entry.is_finite());
        is_finite.then(|| StudentT::new(mean, covariance)).flatten()
    }
}

/// A multivariate t distribution.
struct StudentT {
    centre: DVector<f64>,
    factor: DMatrix<f64>,
    log_constant: f64,
    chi_squared: ChiSquared<f64>,
}

impl StudentT {
    fn new(centre: DVector<f64>, scale: DMatrix<f64>) -> Option<Self> {
        let d = centre.len() as f64;
        let factor = Cholesky::new(scale)?.unpack();
        let log_constant = ln_gamma(0.5 * (DEGREES + d))
            - ln_gamma(0.5 * DEGREES)
            - 0.5 * d * (DEGREES * PI).ln()
            - factor.diagonal().map(f64::ln).sum();
        Some(StudentT { centre, factor, log_constant, chi_squared: ChiSquared::new(DEGREES).ok()? })
    }

    /// A draw and its log density.
    fn draw(&self, rng: &mut dyn Rng) -> (DVector<f64>, f64) {
        let normal = DVector::from_fn(self.centre.len(), |_, _| StandardNormal.sample(rng));
        let shrink: f64 = self.chi_squared.sample(rng) / DEGREES;
        let point = &self.centre + &self.factor * &normal / shrink.sqrt();
        let distance = normal.norm_squared() / shrink;
        let exponent = 0.5 * (DEGREES + self.centre.len() as f64);
        let log_density = self.log_constant - exponent * (distance / DEGREES).ln_1p();
        (point, log_density)
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
