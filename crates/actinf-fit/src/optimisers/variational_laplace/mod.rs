//! Variational Laplace with the schedule of SPM (`spm_nlsi_Newton`), for parity with results that were made by it.
//!
//! | symbol | here            |                                                                           |
//! |--------|-----------------|---------------------------------------------------------------------------|
//! | `p`    | reduced point   | `Vᵀ(θ - m)`, V the eigenvectors of the prior covariance by falling variance |
//! | `g, K` | `gradient`, `curvature` | of the log-likelihood, with respect to p                          |
//! | `v`    | `log_rate`      | the logarithm of the step's length of time                                |
//!
//! ```text
//! K  ← K with its positive eigenvalues set to 0
//! F  = ln p(y|θ) - ½ pᵀS⁻¹p + ½ ln det(S⁻¹Σ),   Σ = (S⁻¹ - K)⁻¹
//! accepted if F rises, and always in the first seven iterations: v ← min(v + ½, 4)
//! else back to the last accepted point:                          v ← min(v - 2, -4)
//! dp = (exp(τ H) - 1) H⁻¹ (g - S⁻¹p),   H = K - S⁻¹,   τ = exp(v - ln|det H| / n)
//! stop when (g - S⁻¹p)ᵀdp < 0.1 nats four times in a row, or after 128 iterations
//! ```
//!
//! The first steps go 3, 5, 8, 13 % of the way of a Newton step, so that the rule for stopping is met at once where
//! less than about a nat is to be gained: estimates then stay near the prior mean. For estimates use
//! [`crate::MaximumAPosteriori`]; this engine is to reproduce, not to recommend.
//!
//! # References
//!
//! Friston, Mattout, Trujillo-Barreto, Ashburner & Penny (2007). Variational free energy and the Laplace approximation.
//! *NeuroImage* 34, 220-234.

mod derivatives;
mod reduced_space;

pub use derivatives::{Derivatives, Expansion};

use super::Objective;
use actinf_agents::LikelihoodError;
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use reduced_space::{Accepted, ReducedSpace};

/// Iterations in which a step is always accepted.
const UNCONDITIONAL: usize = 7;
/// The rate at the beginning and the largest one.
const LOG_RATES: [f64; 2] = [-4.0, 4.0];
/// A step that promises less than this many nats counts towards the end ...
const SMALL_GAIN: f64 = 0.1;
/// ... which comes after so many in a row.
const SMALL_GAINS: usize = 4;

/// Variational Laplace with the schedule of SPM.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariationalLaplace {
    /// Iterations at most.
    pub max_iterations: usize,
    /// How derivatives are made.
    pub derivatives: Derivatives,
}

impl Default for VariationalLaplace {
    /// SPM's own settings.
    fn default() -> Self {
        let derivatives = Derivatives::ForwardDifferences { step: (-8.0_f64).exp() };
        VariationalLaplace { max_iterations: 128, derivatives }
    }
}

/// One iteration, as SPM would print it.
#[derive(Clone, Debug, PartialEq)]
pub struct Iteration {
    /// Where the log-likelihood was evaluated (θ).
    pub point: Vec<f64>,
    /// The log-likelihood there, in nats.
    pub log_likelihood: f64,
    /// The free energy there, in nats; larger is better.
    pub free_energy: f64,
    /// The free energy of the last accepted point, this one included.
    pub accepted_free_energy: f64,
    /// Whether this point was accepted.
    pub accepted: bool,
    /// v, after its change, as used for the next step.
    pub log_rate: f64,
    /// The gradient of the log-likelihood with respect to p.
    pub gradient: Vec<f64>,
    /// Its curvature with respect to p, before positive eigenvalues are removed, by rows.
    pub curvature: Vec<Vec<f64>>,
    /// The gain that the next step promises, in nats.
    pub predicted_gain: f64,
}

/// Where it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct VariationalPosterior {
    /// The posterior mean: the last accepted point.
    pub mean: Vec<f64>,
    /// The posterior covariance; 0 for parameters without prior variance.
    pub covariance: DMatrix<f64>,
    /// The free energy, an approximation of the log evidence, in nats.
    pub free_energy: f64,
    /// All iterations.
    pub trace: Vec<Iteration>,
}

impl VariationalLaplace {
    /// Climbs the free energy of a log-likelihood under the prior `Normal(mean, covariance)`.
    ///
    /// # Errors
    ///
    /// If the log-likelihood has no finite value where it is needed. SPM has no way back from there, nor has this.
    pub fn maximise(
        &self,
        log_likelihood: &mut dyn Objective,
        prior_mean: &[f64],
        prior_covariance: &DMatrix<f64>,
    ) -> Result<VariationalPosterior, LikelihoodError> {
        let space = ReducedSpace::of(prior_mean, prior_covariance);
        self.climb(&space, &mut |point| self.derivatives.at(log_likelihood, &space, point))
    }

    /// The same schedule where value and derivatives come from elsewhere: `expand` is told where (θ) and answers with
    /// derivatives with respect to p. Given another implementation's derivatives, it goes that implementation's way to rounding.
    ///
    /// # Errors
    ///
    /// Those of `expand`.
    pub fn maximise_expanded(
        &self,
        expand: &mut dyn FnMut(&[f64]) -> Result<Expansion, LikelihoodError>,
        prior_mean: &[f64],
        prior_covariance: &DMatrix<f64>,
    ) -> Result<VariationalPosterior, LikelihoodError> {
        self.climb(&ReducedSpace::of(prior_mean, prior_covariance), expand)
    }

    fn climb(
        &self,
        space: &ReducedSpace,
        expand: &mut dyn FnMut(&[f64]) -> Result<Expansion, LikelihoodError>,
    ) -> Result<VariationalPosterior, LikelihoodError> {
        let mut climb = Climb::new(DVector::zeros(space.basis.ncols()));
        while climb.trace.len() < self.max_iterations && climb.small_gains < SMALL_GAINS {
            let point = space.point(&climb.next);
            let local = expand(&point)?;
            let here = space.free_energy(&climb.next, &local);
            climb.step(point, local, here);
        }
        let Climb { accepted, trace, .. } = climb;
        accepted.map(|best| space.posterior(best, trace)).ok_or_else(|| {
            LikelihoodError::of_model("no iteration was allowed; allow at least one".to_owned())
        })
    }

    /// What [`VariationalLaplace::maximise`] would return had it ended at `point`, with no iterations in the trace.
    ///
    /// # Errors
    ///
    /// If the log-likelihood has no finite value where it is needed.
    pub fn posterior_at(
        &self,
        log_likelihood: &mut dyn Objective,
        prior_mean: &[f64],
        prior_covariance: &DMatrix<f64>,
        point: &[f64],
    ) -> Result<VariationalPosterior, LikelihoodError> {
        let space = ReducedSpace::of(prior_mean, prior_covariance);
        let local = self.derivatives.at(log_likelihood, &space, point)?;
        Ok(space.posterior(space.free_energy(&space.reduced(point), &local), Vec::new()))
    }
}

/// What is carried from iteration to iteration.
struct Climb {
    accepted: Option<Accepted>,
    /// Where the log-likelihood is evaluated next, as p.
    next: DVector<f64>,
    log_rate: f64,
    /// Steps in a row that promised little.
    small_gains: usize,
    trace: Vec<Iteration>,
}

impl Climb {
    fn new(start: DVector<f64>) -> Self {
        Climb { accepted: None, next: start, log_rate: LOG_RATES[0], small_gains: 0, trace: Vec::new() }
    }

    /// Accepts `here` or goes back, and steps on from there.
    fn step(&mut self, point: Vec<f64>, local: Expansion, here: Accepted) {
        let rises = self.accepted.as_ref().is_none_or(|best| here.free_energy > best.free_energy);
        let is_accepted = rises || self.trace.len() < UNCONDITIONAL;
        let best = match self.accepted.take() {
            Some(best) if !is_accepted => best,
            _ => here.clone(),
        };
        self.log_rate = next_rate(self.log_rate, is_accepted);
        let step = ascent(&best.slope, &best.curvature, self.log_rate);
        let gain = best.slope.dot(&step);
        self.trace.push(local.iteration(point, &here, &best, is_accepted, self.log_rate, gain));
        self.small_gains = if gain < SMALL_GAIN { self.small_gains + 1 } else { 0 };
        self.next = &best.p + step;
        self.accepted = Some(best);
    }
}

fn next_rate(log_rate: f64, is_accepted: bool) -> f64 {
    let [first, largest] = LOG_RATES;
    if is_accepted { (log_rate + 0.5).min(largest) } else { (log_rate - 2.0).min(first) }
}

/// `(exp(τH) - 1) H⁻¹ g` for a negative definite H, in its eigenbasis; a plain Newton step for τ above exp(16).
fn ascent(slope: &DVector<f64>, curvature: &DMatrix<f64>, log_rate: f64) -> DVector<f64> {
    let eigen = SymmetricEigen::new(curvature.clone());
    let size = slope.len().max(1) as f64;
    let log_determinant: f64 = eigen.eigenvalues.iter().map(|value| value.abs().ln()).sum();
    let log_time = log_rate - log_determinant / size;
    let along = eigen.eigenvectors.transpose() * slope;
    let stretched = along.zip_map(&eigen.eigenvalues, |g, value| {
        let size = value.abs();
        let share = if log_time > 16.0 { 1.0 } else { -(-log_time.exp() * size).exp_m1() };
        g * share / size
    });
    eigen.eigenvectors * stretched
}
