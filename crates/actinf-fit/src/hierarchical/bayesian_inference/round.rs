//! One round of updates, in the order of Piray et al. (2019): populations and frequencies from the last responsibilities and
//! modes, then everybody's modes under every model, then responsibilities, then the bound.

use super::model_frequencies::Frequencies;
use super::population_posterior::{PopulationPosterior, Share, watched};
use super::results::FailedSearch;
use super::{BayesianInferenceError, HierarchicalBayesianInference, RoundStarts};
use crate::hierarchical::first_level::{SubjectPosterior, first_starts, next_posterior};
use crate::hierarchical::group_problem::GroupProblem;
use crate::hierarchical::population::Population;
use crate::subjects::Workers;

/// Posteriors by model and subject; `None` where the first search failed.
pub(super) type Posteriors = Vec<Vec<Option<SubjectPosterior>>>;

/// The first searches, under the first populations.
#[derive(Clone, Debug)]
pub(super) struct FirstSearches {
    pub(super) posteriors: Posteriors,
    pub(super) failed: Vec<FailedSearch>,
}

impl FirstSearches {
    pub(super) fn run(
        method: &HierarchicalBayesianInference,
        models: &[GroupProblem<'_>],
        priors: &[Population],
        seed: u64,
        workers: &Workers,
    ) -> Result<Self, BayesianInferenceError> {
        let subjects = models[0].subjects().len();
        let spread = |(model, prior): (usize, &Population)| {
            let checked = prior.check_size(&models[model]).and_then(|()| prior.spread());
            checked.map_err(|reason| BayesianInferenceError::Population { model, reason })
        };
        let spreads = priors.iter().enumerate().map(spread).collect::<Result<Vec<_>, _>>()?;
        let searches = workers.map(models.len() * subjects, |piece| {
            let (model, subject) = (piece / subjects, piece % subjects);
            let mean = models[model].means(subject, &priors[model].weights);
            let starts = first_starts(&models[model], subject, &mean, &spreads[model], method.starts, seed);
            SubjectPosterior::search(&models[model], subject, &mean, &spreads[model], &starts)
        });
        let found = FirstSearches::sorted(models.len(), subjects, searches);
        match found.failed.first() {
            Some(first) if found.failed.len() == models.len() * subjects => {
                let subject = models[0].subjects()[first.subject].id.clone();
                Err(BayesianInferenceError::NobodyLeft { subject, reason: first.reason.clone() })
            }
            _ => Ok(found),
        }
    }

    /// Searches by model and subject.
    fn sorted(models: usize, subjects: usize, searches: Vec<Result<SubjectPosterior, String>>) -> Self {
        let mut found = FirstSearches { posteriors: vec![Vec::new(); models], failed: Vec::new() };
        for (piece, search) in searches.into_iter().enumerate() {
            let (model, subject) = (piece / subjects, piece % subjects);
            if let Err(reason) = &search {
                found.failed.push(FailedSearch { model, subject, reason: reason.clone() });
            }
            found.posteriors[model].push(search.ok());
        }
        found
    }
}

/// Everything that one round has updated.
#[derive(Clone, Debug)]
pub(super) struct Round {
    pub(super) populations: Vec<PopulationPosterior>,
    pub(super) counts: Vec<f64>,
    pub(super) posteriors: Posteriors,
    /// By subject and model.
    pub(super) responsibilities: Vec<Vec<f64>>,
    pub(super) bound: f64,
    watched: Vec<f64>,
}

impl Round {
    /// The round after the first searches, in which everybody counts fully for every model.
    pub(super) fn first(
        method: &HierarchicalBayesianInference,
        models: &[GroupProblem<'_>],
        priors: &[Population],
        first: &FirstSearches,
        frequencies: Frequencies,
        workers: &Workers,
    ) -> Result<Self, BayesianInferenceError> {
        let subjects = models[0].subjects().len();
        let full = |subject: usize| -> Vec<f64> {
            let share = |model: &Vec<Option<SubjectPosterior>>| f64::from(u8::from(model[subject].is_some()));
            first.posteriors.iter().map(share).collect()
        };
        let responsibilities: Vec<Vec<f64>> = (0..subjects).map(full).collect();
        let last = (&first.posteriors, responsibilities.as_slice());
        Self::update(method, models, priors, last, true, frequencies, workers)
    }

    pub(super) fn next(
        &self,
        method: &HierarchicalBayesianInference,
        models: &[GroupProblem<'_>],
        priors: &[Population],
        is_thorough: bool,
        frequencies: Frequencies,
        workers: &Workers,
    ) -> Result<Self, BayesianInferenceError> {
        let last = (&self.posteriors, self.responsibilities.as_slice());
        Self::update(method, models, priors, last, is_thorough, frequencies, workers)
    }

    /// The root mean square change of what is watched.
    pub(super) fn change_from(&self, last: &Round) -> f64 {
        let squares = self.watched.iter().zip(&last.watched).map(|(a, b)| (a - b) * (a - b));
        (squares.sum::<f64>() / self.watched.len() as f64).sqrt()
    }

    fn update(
        method: &HierarchicalBayesianInference,
        models: &[GroupProblem<'_>],
        priors: &[Population],
        (last, responsibilities): (&Posteriors, &[Vec<f64>]),
        is_thorough: bool,
        frequencies: Frequencies,
        workers: &Workers,
    ) -> Result<Self, BayesianInferenceError> {
        let (mut populations, mut seen) = (Vec::new(), Vec::new());
        for (model, group) in models.iter().enumerate() {
            let shares = shares(&last[model], responsibilities, model);
            let population =
                PopulationPosterior::of_shares(group, &method.hyperprior, &priors[model].weights, &shares)
                    .ok_or_else(|| not_finite(model))?;
            seen.extend(watched(&population, &shares));
            populations.push(population);
        }
        let totals: Vec<f64> = populations.iter().map(|population| population.subjects).collect();
        let counts = frequencies.counts(&totals);
        let posteriors = search_all(method, models, &populations, last, is_thorough, workers)?;
        let expected = frequencies.expected_log(&counts);
        let responsibility = |subject: usize| {
            let rho = |k: usize| {
                let p = posteriors[k][subject].as_ref()?;
                Some(p.log_evidence + populations[k].uncertainty(&models[k], subject) + expected[k])
            };
            frequencies.responsibilities(&(0..models.len()).map(rho).collect::<Vec<_>>())
        };
        let responsibilities = (0..models[0].subjects().len()).map(responsibility).collect();
        let mut round =
            Round { populations, counts, posteriors, responsibilities, bound: 0.0, watched: seen };
        round.bound = round.evidence_bound(method, models, frequencies, &expected);
        Ok(round)
    }

    /// The lower bound of the log evidence, in nats, from this round's populations and its new responsibilities.
    fn evidence_bound(
        &self,
        method: &HierarchicalBayesianInference,
        models: &[GroupProblem<'_>],
        frequencies: Frequencies,
        expected: &[f64],
    ) -> f64 {
        let mut bound = frequencies.bound(&self.counts);
        for (k, population) in self.populations.iter().enumerate() {
            bound += population.bound(&method.hyperprior);
            for (subject, posterior) in self.posteriors[k].iter().enumerate() {
                let r = self.responsibilities[subject][k];
                let Some(p) = posterior.as_ref().filter(|_| r > 0.0) else { continue };
                let cost = population.uncertainty(&models[k], subject);
                bound += r * (p.log_evidence + cost + expected[k] - r.ln());
            }
        }
        bound
    }
}

fn shares<'a>(
    posteriors: &'a [Option<SubjectPosterior>],
    responsibilities: &[Vec<f64>],
    model: usize,
) -> Vec<Share<'a>> {
    let share = |(subject, posterior): (usize, &'a Option<SubjectPosterior>)| {
        Some((subject, responsibilities[subject][model], posterior.as_ref()?))
    };
    posteriors.iter().enumerate().filter_map(share).collect()
}

fn not_finite(model: usize) -> BayesianInferenceError {
    let reason = "its posterior is not finite; a subject's estimates may be extreme".to_owned();
    BayesianInferenceError::Population { model, reason }
}

/// Everybody under every model's expected population. A search that fails keeps its last mode.
fn search_all(
    method: &HierarchicalBayesianInference,
    models: &[GroupProblem<'_>],
    populations: &[PopulationPosterior],
    last: &Posteriors,
    is_thorough: bool,
    workers: &Workers,
) -> Result<Posteriors, BayesianInferenceError> {
    let subjects = models[0].subjects().len();
    let spread = |(model, population): (usize, &PopulationPosterior)| {
        population.spread().ok_or_else(|| not_finite(model))
    };
    let spreads = populations.iter().enumerate().map(spread).collect::<Result<Vec<_>, _>>()?;
    let weights: Vec<Vec<f64>> = populations.iter().map(PopulationPosterior::weights).collect();
    let mut searches = workers.map(models.len() * subjects, |piece| {
        let (model, subject) = (piece / subjects, piece % subjects);
        let before = last[model][subject].as_ref()?;
        let mean = models[model].means(subject, &weights[model]);
        let (group, spread) = (&models[model], &spreads[model]);
        let found = match method.round_starts {
            RoundStarts::Mean => {
                SubjectPosterior::search(group, subject, &mean, spread, std::slice::from_ref(&mean))
            }
            RoundStarts::LastModeAndMean => {
                next_posterior(group, subject, before, (&mean, spread), is_thorough)
            }
        };
        Some(found.unwrap_or_else(|_| before.moved(&mean, &spreads[model])))
    });
    let rest = |model: usize| searches.split_off(model * subjects);
    let mut by_model: Posteriors = (0..models.len()).rev().map(rest).collect();
    by_model.reverse();
    Ok(by_model)
}
