//! Hierarchical expectation maximisation with Laplace's approximation: the population under which everybody's behaviour is
//! most probable, and everybody's estimates under it.
//!
//! ```text
//! E step, per subject:  θ̂_i = argmax ln p(y_i | θ) + ln Normal(θ; X_i w, Σ),   A_i = -∂² of it at θ̂_i
//! M step:               w = generalised least squares of θ̂ on X,   Σ = mean of (θ̂_i - X_i w)(θ̂_i - X_i w)ᵀ + A_i⁻¹
//! watched:              Σ_i ln p(y_i | w, Σ), each by Laplace's approximation
//! ```
//!
//! The inverse curvature in the update of Σ keeps it from shrinking to the scatter of estimates that were themselves
//! drawn towards the mean. Under Laplace's approximation the watched sum may fall a little on the way to the fixed point; falls
//! are counted, and if there is no fixed point the best population is kept.
//!
//! # References
//!
//! Huys et al. (2011). Disentangling the roles of approach, activation and valence in instrumental and Pavlovian
//! responding. *PLoS Computational Biology* 7, e1002028.

use super::estimates::GroupEstimates;
use super::first_level::{SubjectPosterior, first_starts, next_posterior};
use super::group_problem::{Excluded, GroupProblem};
use super::population::{CovarianceForm, Population};
use super::round_watch::{RoundSeen, RoundWatch, broken_off, unwatched_rounds};
use crate::subjects::Workers;

/// A fall of the watched sum by more than this many nats is counted.
const FALL: f64 = 0.1;

/// In every so many rounds modes are searched for from the population mean too; and in the round that ends an estimation.
pub(crate) const THOROUGH_EVERY: usize = 10;

/// The population an estimation starts with.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum PopulationStart {
    /// The one that the parameters' own priors describe.
    #[default]
    Priors,
    /// The same mean and variance for every coordinate, uncorrelated.
    Isotropic {
        /// The mean.
        mean: f64,
        /// The variance.
        variance: f64,
    },
    /// This one, for example that of an earlier estimation.
    At(Population),
}

/// The method's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectationMaximisation {
    /// Which entries of the covariance are estimated.
    pub covariance: CovarianceForm,
    /// Where it starts.
    pub start: PopulationStart,
    /// Searches per subject in the first E step; later ones start at the last mode and, in every tenth round and the last, at the
    /// population mean too.
    pub starts: usize,
    /// It stops where the watched sum changes by less than this, in nats.
    pub tolerance: f64,
    /// Iterations at most.
    pub max_iterations: usize,
    /// What is taken from the number of subjects in the divisor of the covariance: 0 for the maximum likelihood.
    pub divisor_less: usize,
    /// Draws per subject for the integrated likelihood.
    pub importance_draws: usize,
}

impl Default for ExpectationMaximisation {
    fn default() -> Self {
        ExpectationMaximisation {
            covariance: CovarianceForm::Diagonal,
            start: PopulationStart::Priors,
            starts: 16,
            tolerance: 1e-5,
            max_iterations: 500,
            divisor_less: 0,
            importance_draws: 2000,
        }
    }
}

/// Why a group could not be estimated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupFitError {
    /// Too few subjects were left after those whose search failed.
    #[error(
        "only {left} subjects could be searched under the first population; the first to fail was `{subject}`: {reason}"
    )]
    SearchesFailed {
        /// Subjects that are left.
        left: usize,
        /// The first subject that failed.
        subject: String,
        /// Why.
        reason: String,
    },
    /// A population that is none.
    #[error(
        "the first population cannot be used: {reason}; start from the priors or give positive variances"
    )]
    Start {
        /// What is wrong with it.
        reason: String,
    },
}

/// Where an estimation stands after an E step.
#[derive(Clone, Debug)]
pub(crate) struct EStep {
    pub(crate) population: Population,
    /// One per subject of the group; `None` for those that are lost.
    pub(crate) posteriors: Vec<Option<SubjectPosterior>>,
    /// Subjects whose search failed this time and who keep their last posterior.
    pub(crate) kept: Vec<Excluded>,
}

impl EStep {
    pub(crate) fn log_evidence(&self) -> f64 {
        self.members().iter().map(|(_, posterior)| posterior.log_evidence).sum()
    }

    pub(crate) fn members(&self) -> Vec<(usize, &SubjectPosterior)> {
        let posteriors = self.posteriors.iter().enumerate();
        posteriors.filter_map(|(subject, posterior)| Some((subject, posterior.as_ref()?))).collect()
    }
}

/// How an estimation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupConvergence {
    /// Whether the watched sum stood still.
    pub converged: bool,
    /// M steps that were made.
    pub iterations: usize,
    /// The watched sum after every E step, in nats.
    pub log_evidence: Vec<f64>,
    /// How often it fell by more than a tenth of a nat.
    pub falls: usize,
    /// Why it ended, in words.
    pub reason: String,
    /// Whether its watcher broke it off.
    pub is_broken_off: bool,
}

impl ExpectationMaximisation {
    /// Estimates a group. Work is shared over subjects; the result does not depend on the number of threads.
    ///
    /// # Errors
    ///
    /// If too few subjects can be searched under the first population.
    pub fn fit(
        &self,
        group: &GroupProblem<'_>,
        seed: u64,
        workers: &Workers,
    ) -> Result<GroupEstimates, GroupFitError> {
        self.fit_watched(group, seed, workers, &unwatched_rounds)
    }

    /// The same; `watch` hears of every round and may break it off, which leaves the best population so far.
    ///
    /// # Errors
    ///
    /// As [`ExpectationMaximisation::fit`].
    pub fn fit_watched(
        &self,
        group: &GroupProblem<'_>,
        seed: u64,
        workers: &Workers,
        watch: RoundWatch<'_>,
    ) -> Result<GroupEstimates, GroupFitError> {
        let (first, lost) = self.first_step(group, seed, workers)?;
        let (best, convergence) = self.climb(group, first, workers, watch);
        Ok(GroupEstimates::of_step(group, self, best, lost, convergence, seed, workers))
    }

    fn first_population(&self, group: &GroupProblem<'_>) -> Population {
        match &self.start {
            PopulationStart::Priors => Population::of_priors(group),
            PopulationStart::Isotropic { mean, variance } => Population::isotropic(group, *mean, *variance),
            PopulationStart::At(population) => population.clone(),
        }
    }

    fn first_step(
        &self,
        group: &GroupProblem<'_>,
        seed: u64,
        workers: &Workers,
    ) -> Result<(EStep, Vec<Excluded>), GroupFitError> {
        let population = self.first_population(group);
        let checked = population.check_size(group).and_then(|()| population.spread());
        let spread = checked.map_err(|reason| GroupFitError::Start { reason })?;
        let searches = workers.map(group.subjects().len(), |subject| {
            let mean = group.means(subject, &population.weights);
            let starts = first_starts(group, subject, &mean, &spread, self.starts, seed);
            SubjectPosterior::search(group, subject, &mean, &spread, &starts)
        });
        let mut lost = Vec::new();
        let mut posteriors = Vec::new();
        for (subject, search) in searches.into_iter().enumerate() {
            if let Err(reason) = &search {
                lost.push(Excluded { subject: group.subjects()[subject].id.clone(), reason: reason.clone() });
            }
            posteriors.push(search.ok());
        }
        let left = posteriors.len() - lost.len();
        let needed = group.designs().iter().map(|design| design.columns.len() + 2).max().unwrap_or(3);
        match lost.first() {
            Some(Excluded { subject, reason }) if left < needed => {
                let (subject, reason) = (subject.clone(), reason.clone());
                Err(GroupFitError::SearchesFailed { left, subject, reason })
            }
            _ => Ok((EStep { population, posteriors, kept: Vec::new() }, lost)),
        }
    }

    /// Alternates M and E steps; the last E step, or, if the watched sum never stood still, the one where it was highest.
    fn climb(
        &self,
        group: &GroupProblem<'_>,
        first: EStep,
        workers: &Workers,
        watch: RoundWatch<'_>,
    ) -> (EStep, GroupConvergence) {
        let mut log_evidence = vec![first.log_evidence()];
        let (mut best, mut current) = (first.clone(), first);
        let (mut converged, mut falls, mut is_broken_off) = (false, 0, false);
        let mut reason = format!("the limit of {} iterations was reached", self.max_iterations);
        let mut is_thorough = true;
        for _ in 0..self.max_iterations {
            let next = match self.iterate(group, &current, is_thorough, workers) {
                Ok(next) => next,
                Err(stop) => {
                    reason = stop;
                    break;
                }
            };
            let (before, after) = (current.log_evidence(), next.log_evidence());
            log_evidence.push(after);
            falls += usize::from(before - after > FALL);
            if after > best.log_evidence() {
                best = next.clone();
            }
            current = next;
            let round = log_evidence.len() - 1;
            if watch(RoundSeen { round, objective: after }).is_break() {
                reason = broken_off(round);
                is_broken_off = true;
                break;
            }
            let stands_still = (after - before).abs() < self.tolerance;
            if stands_still && is_thorough {
                converged = true;
                reason = format!("the log evidence changed by less than {} nats", self.tolerance);
                break;
            }
            is_thorough = stands_still || (round + 1).is_multiple_of(THOROUGH_EVERY);
        }
        let iterations = log_evidence.len() - 1;
        let end = if converged { current } else { best };
        (end, GroupConvergence { converged, iterations, log_evidence, falls, reason, is_broken_off })
    }

    /// One M step and one E step.
    fn iterate(
        &self,
        group: &GroupProblem<'_>,
        last: &EStep,
        is_thorough: bool,
        workers: &Workers,
    ) -> Result<EStep, String> {
        let population = last
            .population
            .updated(group, &last.members(), self.covariance, self.divisor_less)
            .ok_or("the weights of the population are not determined by the subjects that are left")?;
        let spread = population.spread()?;
        let searches = workers.map(group.subjects().len(), |subject| {
            let before = last.posteriors[subject].as_ref()?;
            let mean = group.means(subject, &population.weights);
            Some(next_posterior(group, subject, before, (&mean, &spread), is_thorough))
        });
        let mut step = EStep { population, posteriors: Vec::new(), kept: Vec::new() };
        for (subject, search) in searches.into_iter().enumerate() {
            step.posteriors.push(match search {
                None => None,
                Some(Ok(posterior)) => Some(posterior),
                Some(Err(reason)) => {
                    step.kept.push(Excluded { subject: group.subjects()[subject].id.clone(), reason });
                    last.posteriors[subject].clone()
                }
            });
        }
        Ok(step)
    }
}
