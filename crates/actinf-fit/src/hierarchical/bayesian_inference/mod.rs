//! Hierarchical Bayesian inference over several models at once: which model each person uses, how frequent the models are,
//! and the population of each model, estimated from those who use it.
//!
//! ```text
//! m ~ Dirichlet(α0)     z_i ~ Categorical(m)     θ_ik | z_i = k ~ Normal(x_i·w_k, diag(τ_k)⁻¹)
//! q(z, θ) q(m) q(w, τ), with Laplace's approximation for q(θ_ik)
//! ```
//!
//! | update | |
//! |---|---|
//! | populations | `population_posterior.rs`, from everybody's mode and curvature, weighted by the responsibilities |
//! | frequencies | `α_k = α0 + N_k` |
//! | everybody under every model | mode and curvature under the expected population |
//! | responsibilities | `ln ρ_ik = f_ik - ½ ln det A_ik + d_k/2 ln 2π + λ_ik + E ln m_k` |
//!
//! In the null run all models are equally frequent and everybody belongs equally to each; comparing the bounds gives
//! the Bayesian omnibus risk that the frequencies are equal after all.
//!
//! # References
//!
//! Piray, Dezfouli, Heskes, Frank & Daw (2019). Hierarchical Bayesian inference for concurrent model fitting and comparison
//! for group studies. *PLoS Computational Biology* 15, e1007043. Rigoux et al. (2014). *NeuroImage* 84, 971-985 (protected
//! exceedance).

mod model_frequencies;
mod population_posterior;
mod results;
mod round;

pub use population_posterior::{CoordinatePosterior, Hyperprior, PopulationPosterior};
pub use results::{BayesianInferenceFit, ComparedModel, FailedSearch};

use super::expectation_maximisation::{GroupConvergence, PopulationStart, THOROUGH_EVERY};
use super::group_problem::{Excluded, GroupProblem};
use super::population::Population;
use super::round_watch::{RoundSeen, RoundWatch, broken_off, unwatched_rounds};
use crate::subjects::Workers;
use model_frequencies::Frequencies;
use round::{FirstSearches, Round};

/// Where searches of the second and later rounds start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RoundStarts {
    /// At the last mode and, in every tenth round and the last, at the expected population mean; the higher mode counts.
    #[default]
    LastModeAndMean,
    /// At the expected population mean alone, as the program CBM does.
    Mean,
}

/// The method's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct HierarchicalBayesianInference {
    /// What is believed about populations and frequencies beforehand.
    pub hyperprior: Hyperprior,
    /// The population of the first searches; its means are the prior means of the weights.
    pub start: PopulationStart,
    /// Searches per subject and model in the first round.
    pub starts: usize,
    /// Where later searches start.
    pub round_starts: RoundStarts,
    /// It stops where the root mean square change of the standardised group means is smaller than this.
    pub tolerance: f64,
    /// Rounds at most.
    pub max_rounds: usize,
}

impl Default for HierarchicalBayesianInference {
    /// Until nothing moves.
    fn default() -> Self {
        HierarchicalBayesianInference {
            hyperprior: Hyperprior::default(),
            start: PopulationStart::Priors,
            starts: 16,
            round_starts: RoundStarts::LastModeAndMean,
            tolerance: 1e-6,
            max_rounds: 1000,
        }
    }
}

impl HierarchicalBayesianInference {
    /// As the program CBM runs by default: priors Normal(0, 6.25), many first searches and then only from the group mean, and an early stop
    /// (0.01, at most 50 rounds), which may be far from the fixed point.
    pub fn as_cbm() -> Self {
        HierarchicalBayesianInference {
            start: PopulationStart::Isotropic { mean: 0.0, variance: 6.25 },
            starts: 50,
            round_starts: RoundStarts::Mean,
            tolerance: 0.01,
            max_rounds: 50,
            ..HierarchicalBayesianInference::default()
        }
    }

    /// Compares models on the same subjects (see [`GroupProblem::of_models`]). Work is shared over subjects and models; the
    /// result does not depend on the number of threads.
    ///
    /// # Errors
    ///
    /// If there is no model, the models are not for the same subjects, or a population cannot be used.
    pub fn fit(
        &self,
        models: &[GroupProblem<'_>],
        seed: u64,
        workers: &Workers,
    ) -> Result<BayesianInferenceFit, BayesianInferenceError> {
        self.fit_watched(models, seed, workers, &unwatched_rounds)
    }

    /// The same; `watch` hears of every round, of the null run too, and may break it off.
    ///
    /// # Errors
    ///
    /// As [`HierarchicalBayesianInference::fit`].
    pub fn fit_watched(
        &self,
        models: &[GroupProblem<'_>],
        seed: u64,
        workers: &Workers,
        watch: RoundWatch<'_>,
    ) -> Result<BayesianInferenceFit, BayesianInferenceError> {
        check_same_subjects(models)?;
        if !self.hyperprior.is_proper() {
            return Err(BayesianInferenceError::Hyperprior);
        }
        let priors: Vec<Population> = models.iter().map(|group| self.first_population(group)).collect();
        let first = FirstSearches::run(self, models, &priors, seed, workers)?;
        let frequencies = Frequencies::Estimated { prior_count: self.hyperprior.model_count };
        let run = self.run(models, &priors, &first, (frequencies, watch), workers)?;
        let null = self.run(models, &priors, &first, (Frequencies::Equal, watch), workers)?;
        Ok(BayesianInferenceFit::of_runs(models, first, run, null))
    }

    fn first_population(&self, group: &GroupProblem<'_>) -> Population {
        match &self.start {
            PopulationStart::Priors => Population::of_priors(group),
            PopulationStart::Isotropic { mean, variance } => Population::isotropic(group, *mean, *variance),
            PopulationStart::At(population) => population.clone(),
        }
    }

    fn run(
        &self,
        models: &[GroupProblem<'_>],
        priors: &[Population],
        first: &FirstSearches,
        (frequencies, watch): (Frequencies, RoundWatch<'_>),
        workers: &Workers,
    ) -> Result<(Round, GroupConvergence), BayesianInferenceError> {
        let mut round = Round::first(self, models, priors, first, frequencies, workers)?;
        let mut bounds = vec![round.bound];
        let (mut converged, mut falls, mut is_broken_off) = (false, 0, false);
        let mut is_thorough = true;
        while bounds.len() < self.max_rounds {
            let next = round.next(self, models, priors, is_thorough, frequencies, workers)?;
            falls += usize::from(round.bound - next.bound > 0.1);
            let stands_still = next.change_from(&round) < self.tolerance;
            converged = stands_still && (is_thorough || self.round_starts == RoundStarts::Mean);
            is_thorough = stands_still || (bounds.len() + 1).is_multiple_of(THOROUGH_EVERY);
            bounds.push(next.bound);
            round = next;
            is_broken_off = watch(RoundSeen { round: bounds.len(), objective: round.bound }).is_break();
            if converged || is_broken_off {
                break;
            }
        }
        let reason = match converged {
            true => format!("the standardised group means changed by less than {}", self.tolerance),
            false if is_broken_off => broken_off(bounds.len()),
            false => format!("the limit of {} rounds was reached", self.max_rounds),
        };
        let iterations = bounds.len();
        let is_broken_off = is_broken_off && !converged;
        let convergence =
            GroupConvergence { converged, iterations, log_evidence: bounds, falls, reason, is_broken_off };
        Ok((round, convergence))
    }
}

/// Why models could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BayesianInferenceError {
    /// Nothing to compare.
    #[error("there is no model; give at least one")]
    NoModel,
    /// Models for different subjects.
    #[error("model {model} is for other subjects than the first; make all group problems with `of_models`")]
    DifferentSubjects {
        /// The model's place, from 0.
        model: usize,
    },
    /// A hyperprior that is none.
    #[error("every number of the hyperprior must be positive and finite")]
    Hyperprior,
    /// A population that is none.
    #[error("the population of model {model} cannot be used: {reason}")]
    Population {
        /// The model's place, from 0.
        model: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody can be fitted.
    #[error("no subject could be searched under any model; the first (`{subject}`): {reason}")]
    NobodyLeft {
        /// The first subject.
        subject: String,
        /// Why.
        reason: String,
    },
}

fn check_same_subjects(models: &[GroupProblem<'_>]) -> Result<(), BayesianInferenceError> {
    let first = models.first().ok_or(BayesianInferenceError::NoModel)?;
    let other = models.iter().position(|group| group.positions() != first.positions());
    other.map_or(Ok(()), |model| Err(BayesianInferenceError::DifferentSubjects { model }))
}

/// Subjects whom no model can be searched for.
fn lost(models: &[GroupProblem<'_>], failed: &[FailedSearch]) -> Vec<Excluded> {
    let id = |subject: usize| models[0].subjects()[subject].id.clone();
    let failures = |subject: usize| failed.iter().filter(move |f| f.subject == subject);
    (0..models[0].subjects().len())
        .filter(|&subject| failures(subject).count() == models.len())
        .map(|subject| Excluded {
            subject: id(subject),
            reason: failures(subject).next().map_or_else(String::new, |f| f.reason.clone()),
        })
        .collect()
}
