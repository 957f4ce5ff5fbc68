//! The likelihood of a subject with its coordinates integrated out over the population, by importance sampling, and what
//! follows from it: the integrated Bayesian information criterion and standard errors of the population's weights.
//!
//! ```text
//! ln p(y_i | w, Σ) = ln 1/S Σ_s p(y_i | θ_s) Normal(θ_s; μ_i, Σ) / q(θ_s),     θ_s ~ q = t_5(θ̂_i, A_i⁻¹)
//! BIC_int          = -2 [ Σ_i ln p(y_i | w, Σ) - ½ (weights + (co)variances) ln Σ_i n_i ]
//! ```
//!
//! with n_i the recorded actions and responses of subject i. Draws come from a Student t around the subject's own mode,
//! which is heavier in the tails than what it has to cover; draws from the population would rarely meet a well-measured
//! subject. The information about the weights is the exact curvature of the estimate above (Louis 1982):
//!
//! ```text
//! -∂² ln p(y_i) / ∂w² = X_iᵀ Σ⁻¹ (Σ - V_i) Σ⁻¹ X_i,      V_i = Var(θ | y_i)
//! ```
//!
//! # References
//!
//! Huys et al. (2012). Bonsai trees in your head. *PLoS Computational Biology* 8, e1002410 (integrated BIC).
//! Louis (1982). Finding the observed information matrix when using the EM algorithm. *JRSS B* 44, 226-233.

use super::first_level::SubjectPosterior;
use super::gaussian::Spread;
use super::group_problem::GroupProblem;
use crate::log_posterior::{LogPosterior, Target};
use crate::random_stream::{Purpose, random_stream};
use nalgebra::{DMatrix, DVector};
use rand::Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};
use statrs::function::gamma::ln_gamma;
use std::f64::consts::PI;

/// Degrees of freedom of the Student t that is drawn from.
const DEGREES: f64 = 5.0;

/// The integrated likelihood of one subject and its posterior moments.
#[derive(Clone, Debug, PartialEq)]
pub struct IntegratedLikelihood {
    /// `ln p(y_i | w, Σ)`, in nats.
    pub log_likelihood: f64,
    /// Its Monte Carlo standard error, in nats.
    pub standard_error: f64,
    /// How many independent draws the weighted ones are worth: `(Σ w)² / Σ w²`.
    pub effective_draws: f64,
    /// The posterior mean of the coordinates.
    pub mean: Vec<f64>,
    /// The posterior covariance of the coordinates.
    pub covariance: DMatrix<f64>,
}

/// The Student t density with a location and a scale matrix that draws come from.
struct Proposal<'a> {
    centre: &'a [f64],
    scale: Spread,
    log_normaliser: f64,
}

impl<'a> Proposal<'a> {
    fn around(posterior: &'a SubjectPosterior) -> Option<Self> {
        let scale = Spread::of_covariance(&posterior.covariance)?;
        let d = posterior.mode.len() as f64;
        let log_normaliser = ln_gamma(0.5 * (DEGREES + d))
            - ln_gamma(0.5 * DEGREES)
            - 0.5 * d * (DEGREES * PI).ln()
            - 0.5 * scale.log_determinant();
        Some(Proposal { centre: &posterior.mode, scale, log_normaliser })
    }

    fn draw(&self, chi_squared: &ChiSquared<f64>, rng: &mut dyn Rng) -> Vec<f64> {
        let z = DVector::from_fn(self.centre.len(), |_, _| StandardNormal.sample(&mut *rng));
        let stretch = (DEGREES / chi_squared.sample(&mut *rng)).sqrt();
        self.centre.iter().zip(self.scale.stretch(&z).iter()).map(|(c, x)| c + stretch * x).collect()
    }

    fn log_density(&self, x: &[f64]) -> f64 {
        let distance = self.scale.squared_distance(x, self.centre);
        self.log_normaliser - 0.5 * (DEGREES + x.len() as f64) * (distance / DEGREES).ln_1p()
    }
}

impl IntegratedLikelihood {
    /// Integrates one subject's likelihood with `draws` draws from a random stream of its own.
    ///
    /// # Errors
    ///
    /// In words, if no draw has a finite weight.
    pub(crate) fn of_subject(
        group: &GroupProblem<'_>,
        subject: usize,
        mean: &[f64],
        spread: &Spread,
        posterior: &SubjectPosterior,
        draws: usize,
        seed: u64,
    ) -> Result<Self, String> {
        let mut likelihood = LogPosterior::of(Target::Likelihood, group.problem(), group.subjects()[subject])
            .map_err(|error| error.to_string())?;
        let proposal =
            Proposal::around(posterior).ok_or("its posterior covariance is not positive definite")?;
        let chi_squared = ChiSquared::new(DEGREES).map_err(|error| error.to_string())?;
        let mut rng = random_stream(seed, Purpose::IntegratedLikelihood, group.positions()[subject], 0);
        let mut points = Vec::with_capacity(draws);
        let mut log_weights = Vec::with_capacity(draws);
        for _ in 0..draws.max(1) {
            let point = proposal.draw(&chi_squared, &mut rng);
            // A draw at which the likelihood is zero or undefined has weight zero.
            let log_likelihood = likelihood.value(&point).unwrap_or(f64::NEG_INFINITY);
            log_weights
                .push(log_likelihood + spread.log_density(&point, mean) - proposal.log_density(&point));
            points.push(point);
        }
        Self::of_weighted_draws(&points, &log_weights)
            .ok_or_else(|| "no draw has a finite likelihood".to_owned())
    }

    fn of_weighted_draws(points: &[Vec<f64>], log_weights: &[f64]) -> Option<Self> {
        let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !largest.is_finite() {
            return None;
        }
        let weights: Vec<f64> = log_weights.iter().map(|w| (w - largest).exp()).collect();
        let (total, count) = (weights.iter().sum::<f64>(), weights.len() as f64);
        let effective_draws = total * total / weights.iter().map(|w| w * w).sum::<f64>();
        let dimension = points[0].len();
        let mut mean = DVector::zeros(dimension);
        for (point, weight) in points.iter().zip(&weights) {
            mean += DVector::from_column_slice(point) * (weight / total);
        }
        let mut covariance = DMatrix::zeros(dimension, dimension);
        for (point, weight) in points.iter().zip(&weights) {
            let deviation = DVector::from_column_slice(point) - &mean;
            covariance += &deviation * deviation.transpose() * (weight / total);
        }
        Some(IntegratedLikelihood {
            log_likelihood: largest + (total / count).ln(),
            standard_error: (1.0 / effective_draws - 1.0 / count).max(0.0).sqrt(),
            effective_draws,
            mean: mean.as_slice().to_vec(),
            covariance,
        })
    }

    /// `X_iᵀ Σ⁻¹ (Σ - V_i) Σ⁻¹ X_i`: what the subject tells about the weights.
    pub(crate) fn information(&self, design: &DMatrix<f64>, spread: &Spread) -> DMatrix<f64> {
        let weighted = spread.precision() * design;
        weighted.transpose() * (spread.covariance() - &self.covariance) * &weighted
    }
}

/// The integrated Bayesian information criterion of `log_likelihood` nats with `size` numbers that describe the population
/// and `recorded` actions and responses of all subjects: `-2 ln L + size ln n`; smaller is better.
///
/// # Example
///
/// ```
/// use actinf_fit::hierarchical::integrated_bic;
/// assert_eq!(integrated_bic(-10.0, 4, 1), 20.0);
/// ```
pub fn integrated_bic(log_likelihood: f64, size: usize, recorded: usize) -> f64 {
    -2.0 * log_likelihood + size as f64 * (recorded as f64).ln()
}
