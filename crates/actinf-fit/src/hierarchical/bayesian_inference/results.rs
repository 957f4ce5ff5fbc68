//! What hierarchical Bayesian inference gives.

use super::lost;
use super::population_posterior::PopulationPosterior;
use super::round::{FirstSearches, Round};
use crate::comparison::exceedance_probabilities;
use crate::hierarchical::expectation_maximisation::GroupConvergence;
use crate::hierarchical::first_level::SubjectPosterior;
use crate::hierarchical::group_problem::{Excluded, GroupProblem};
use crate::hierarchical::weight_test::TTest;

/// A population that fewer subjects than this use is ruled by its prior.
const FEW_SUBJECTS: f64 = 2.0;

/// A subject that could not be searched under a model; it has responsibility 0 there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedSearch {
    /// The model's place, from 0.
    pub model: usize,
    /// The subject's place in the group problem, from 0.
    pub subject: usize,
    /// Why, in words.
    pub reason: String,
}

/// One of the compared models.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedModel {
    /// The names of its weights.
    pub weight_names: Vec<String>,
    /// Its population.
    pub population: PopulationPosterior,
    /// Everybody's posterior under it; `None` where the search failed.
    pub posteriors: Vec<Option<SubjectPosterior>>,
    /// The share of subjects that use it: `N_k / N`.
    pub frequency: f64,
    /// The Dirichlet count of its frequency.
    pub count: f64,
    /// How probable it is that no model is more frequent.
    pub exceedance: f64,
    /// The same with the risk that all are equally frequent: `(1 - BOR) xp + BOR / K`.
    pub protected_exceedance: f64,
}

impl ComparedModel {
    /// Whether so few subjects use it that its population only reflects the prior.
    pub fn is_starved(&self) -> bool {
        self.population.subjects < FEW_SUBJECTS
    }

    /// CBM's test of a weight (a coordinate's column) against a value: t with `2 ν = 2 v + N_k` degrees of freedom.
    ///
    /// Unlike a t test of the individual estimates, which were drawn towards the group mean and depend on one another, it
    /// counts each subject by its responsibility and keeps the uncertainty of each estimate.
    pub fn test(&self, coordinate: usize, column: usize, value: f64) -> Option<TTest> {
        self.tested((coordinate, column), value, PopulationPosterior::error_bar)
    }

    /// The same test with the [standard error](PopulationPosterior::standard_error) of the weight in place of its error bar.
    pub fn weight_test(&self, coordinate: usize, column: usize, value: f64) -> Option<TTest> {
        self.tested((coordinate, column), value, PopulationPosterior::standard_error)
    }

    fn tested(
        &self,
        (coordinate, column): (usize, usize),
        value: f64,
        error: impl Fn(&PopulationPosterior, usize, usize) -> f64,
    ) -> Option<TTest> {
        let estimate = *self.population.coordinates.get(coordinate)?.weights.get(column)?;
        let error = error(&self.population, coordinate, column);
        TTest::new(estimate, value, error, 2.0 * self.population.shape)
    }
}

/// Models compared and their populations estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct BayesianInferenceFit {
    /// The models, in the order in which they were given.
    pub models: Vec<ComparedModel>,
    /// By subject and model, how probable it is that the subject uses the model.
    pub responsibilities: Vec<Vec<f64>>,
    /// The lower bound of the log evidence, in nats.
    pub bound: f64,
    /// The same if all models are equally frequent.
    pub null_bound: f64,
    /// The Bayesian omnibus risk: how probable it is that all models are equally frequent.
    pub omnibus_risk: f64,
    /// Subjects left out, with reasons.
    pub lost: Vec<Excluded>,
    /// Searches that failed.
    pub failed: Vec<FailedSearch>,
    /// How the estimation ended; its log evidences are the bounds of all rounds.
    pub convergence: GroupConvergence,
    /// How the null run ended.
    pub null_convergence: GroupConvergence,
}

impl BayesianInferenceFit {
    pub(super) fn of_runs(
        groups: &[GroupProblem<'_>],
        first: FirstSearches,
        (round, convergence): (Round, GroupConvergence),
        (null, null_convergence): (Round, GroupConvergence),
    ) -> Self {
        let omnibus_risk = 1.0 / (1.0 + (round.bound - null.bound).exp());
        BayesianInferenceFit {
            models: compared(groups, &round, omnibus_risk),
            responsibilities: round.responsibilities,
            bound: round.bound,
            null_bound: null.bound,
            omnibus_risk,
            lost: groups[0].excluded().iter().cloned().chain(lost(groups, &first.failed)).collect(),
            failed: first.failed,
            convergence,
            null_convergence,
        }
    }
}

fn compared(groups: &[GroupProblem<'_>], round: &Round, omnibus_risk: f64) -> Vec<ComparedModel> {
    let exceedance = exceedance_probabilities(&round.counts);
    let total: f64 = round.populations.iter().map(|population| population.subjects).sum();
    let count = round.counts.len() as f64;
    let model = |(k, group): (usize, &GroupProblem<'_>)| ComparedModel {
        weight_names: group.weights().iter().map(|weight| weight.name.clone()).collect(),
        frequency: round.populations[k].subjects / total,
        population: round.populations[k].clone(),
        posteriors: round.posteriors[k].clone(),
        count: round.counts[k],
        exceedance: exceedance[k],
        protected_exceedance: (1.0 - omnibus_risk) * exceedance[k] + omnibus_risk / count,
    };
    groups.iter().enumerate().map(model).collect()
}
