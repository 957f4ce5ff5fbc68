//! Hierarchical Bayesian inference as a group method, for one model or for several at once.
//!
//! The posterior of a coordinate's weights and precision is normal-gamma, so that every weight has a t distribution and every
//! population standard deviation the quantiles of a gamma distribution.

use super::conclude::conclude;
use super::effects::{Marginal, WeightsFound};
use super::expectation_maximisation::{WEIGHT_DRAWS, start_in_words};
use super::laplace_member::laplace_member;
use super::{
    FittedGroup, FoundMember, GroupFound, GroupMethod, GroupMethodError, GroupProgress, GroupQuestion,
    GroupRun, alone,
};
use crate::comparison::{ModelSelection, RandomEffects, intervals, means};
use crate::dataset::Dataset;
use crate::hierarchical::{
    BayesianInferenceFit, ComparedModel, CoordinatePosterior, Excluded, GroupProblem,
    HierarchicalBayesianInference, PopulationPosterior, RoundStarts, Weight,
};
use crate::population_record::{ModelShareRecord, PopulationConvergence, SpreadRecord};
use crate::problem::Problem;
use crate::random_stream::{Purpose, random_stream};
use nalgebra::{Cholesky, DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Gamma};

impl GroupMethod for HierarchicalBayesianInference {
    fn name(&self) -> &'static str {
        "hierarchical_bayesian_inference"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let HierarchicalBayesianInference { hyperprior, start, starts, round_starts, tolerance, max_rounds } =
            self;
        let round_starts = match round_starts {
            RoundStarts::LastModeAndMean => "the last mode and the expected mean",
            RoundStarts::Mean => "the expected mean",
        };
        let settings = [
            ("mean_strength", hyperprior.mean_strength.to_string()),
            ("weight_strength", hyperprior.weight_strength.to_string()),
            ("precision_shape", hyperprior.precision_shape.to_string()),
            ("precision_rate", hyperprior.precision_rate.to_string()),
            ("model_count", hyperprior.model_count.to_string()),
            ("start", start_in_words(start)),
            ("starts", starts.to_string()),
            ("later_starts", round_starts.to_owned()),
            ("tolerance", tolerance.to_string()),
            ("max_rounds", max_rounds.to_string()),
        ];
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn estimate(&self, group: &GroupProblem<'_>, run: GroupRun<'_>) -> Result<GroupFound, GroupMethodError> {
        let watch = |seen| (run.watch)(GroupProgress::Round(seen));
        let models = std::slice::from_ref(group);
        let fit = self.fit_watched(models, run.seed, run.workers, &watch)?;
        Ok(found(group, &fit, 0, Vec::new(), run.seed))
    }
}

/// Several models, estimated together.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelsTogether {
    /// Every model's fit, in the order in which they were given; a subject's estimates under a model are those of the population of
    /// the people who use it.
    pub fits: Vec<FittedGroup>,
    /// Responsibilities, frequencies and the null run.
    pub inference: BayesianInferenceFit,
    /// The identities of the subjects, in the order of the responsibilities.
    pub subjects: Vec<String>,
}

impl ModelsTogether {
    /// Frequencies, attributions and exceedance probabilities as a comparison of models states them; attributions are in the order of
    /// the subjects.
    pub fn selection(&self) -> ModelSelection {
        let inference = &self.inference;
        let of_models = |value: fn(&ComparedModel) -> f64| inference.models.iter().map(value).collect();
        let counts: Vec<f64> = of_models(|model| model.count);
        ModelSelection {
            random_effects: RandomEffects {
                prior_counts: of_models(|model| model.count - model.population.subjects),
                expected_frequencies: means(&counts),
                frequency_intervals: intervals(&counts),
                counts,
                attributions: inference.responsibilities.clone(),
                free_energy: inference.bound,
                sweeps: inference.convergence.iterations,
                converged: inference.convergence.converged,
            },
            exceedance: of_models(|model| model.exceedance),
            protected_exceedance: of_models(|model| model.protected_exceedance),
            null_free_energy: inference.null_bound,
            omnibus_risk: inference.omnibus_risk,
        }
    }
}

/// One of several models.
#[derive(Clone, Copy)]
pub struct NamedModel<'a> {
    /// What it is called in the comparison.
    pub name: &'a str,
    /// The model with the role of each parameter.
    pub problem: &'a Problem<'a>,
    /// What is asked of it.
    pub question: &'a GroupQuestion,
    /// The same behaviour of the same subjects, as the model's schema sees it.
    pub dataset: &'a Dataset,
}

/// Estimates several models on the same subjects by one hierarchical Bayesian inference: each model's population from the
/// people who use it.
///
/// # Errors
///
/// If formulas and data do not fit, or nobody can be estimated.
pub fn fit_models_together(
    models: &[NamedModel<'_>],
    method: &HierarchicalBayesianInference,
    run: GroupRun<'_>,
) -> Result<ModelsTogether, GroupMethodError> {
    let problems: Vec<_> =
        models.iter().map(|model| (model.problem, &model.question.formulas, model.dataset)).collect();
    let groups = GroupProblem::of_datasets(&problems)?;
    let watch = |seen| (run.watch)(GroupProgress::Round(seen));
    let inference = method.fit_watched(&groups, run.seed, run.workers, &watch)?;
    let share = |(model, found): (&NamedModel<'_>, &ComparedModel)| ModelShareRecord {
        name: model.name.to_owned(),
        frequency: found.frequency,
        exceedance: found.exceedance,
        protected_exceedance: found.protected_exceedance,
    };
    let shares: Vec<ModelShareRecord> = models.iter().zip(&inference.models).map(share).collect();
    let mut fits = Vec::new();
    for (k, (model, group)) in models.iter().zip(&groups).enumerate() {
        let alone = alone::alone(group, model.dataset, model.question.individual, run);
        let found = found(group, &inference, k, shares.clone(), run.seed);
        fits.push(conclude(group, model.dataset, model.question, found, &alone, run));
    }
    let subjects = groups[0].subjects().iter().map(|subject| subject.id.clone()).collect();
    Ok(ModelsTogether { fits, inference, subjects })
}

/// What was found of one model.
fn found(
    group: &GroupProblem<'_>,
    fit: &BayesianInferenceFit,
    k: usize,
    models: Vec<ModelShareRecord>,
    seed: u64,
) -> GroupFound {
    let model = &fit.models[k];
    let weights = model.population.weights();
    let marginal = |(index, weight): (usize, &Weight)| Marginal::StudentT {
        estimate: weights[index],
        test: model.weight_test(weight.coordinate, weight.column, 0.0),
    };
    let searched = fit.failed.iter().filter(|failed| failed.model == k).map(|failed| Excluded {
        subject: group.subjects()[failed.subject].id.clone(),
        reason: failed.reason.clone(),
    });
    GroupFound {
        members: members(group, fit, k),
        lost: fit.lost.iter().cloned().chain(searched).collect(),
        weights: WeightsFound {
            marginals: group.weights().iter().enumerate().map(marginal).collect(),
            draws: weight_draws(&model.population, k, seed),
        },
        spreads: spreads(group, fit, k),
        correlations: Vec::new(),
        convergence: PopulationConvergence {
            converged: fit.convergence.converged,
            reason: fit.convergence.reason.clone(),
            iterations: fit.convergence.iterations,
            objective: fit.convergence.log_evidence.clone(),
            evaluations: None,
        },
        integrated_log_likelihood: None,
        integrated_bic: None,
        models,
        sampling: None,
        draws: None,
        warnings: warnings(fit, model),
        is_complete: !fit.convergence.is_broken_off && !fit.null_convergence.is_broken_off,
    }
}

fn members(group: &GroupProblem<'_>, fit: &BayesianInferenceFit, k: usize) -> Vec<FoundMember> {
    let population = &fit.models[k].population;
    let weights = population.weights();
    let variances = (0..group.coordinates().len()).map(|c| 1.0 / population.precision(c));
    let covariance = DMatrix::from_diagonal(&DVector::from_iterator(group.coordinates().len(), variances));
    let mut members = Vec::new();
    for (subject, posterior) in fit.models[k].posteriors.iter().enumerate() {
        let Some(posterior) = posterior else { continue };
        let predicted = group.means(subject, &weights);
        let mut member = laplace_member(group, subject, posterior, predicted, &covariance);
        if fit.models.len() > 1 {
            member.responsibilities = fit.responsibilities[subject].clone();
        }
        members.push(member);
    }
    members
}

fn spreads(group: &GroupProblem<'_>, fit: &BayesianInferenceFit, k: usize) -> Vec<SpreadRecord> {
    let model = &fit.models[k];
    let spread = |(c, coordinate): (usize, &crate::hierarchical::Coordinate)| {
        let precision = model.population.precision(c);
        let noise = |(subject, posterior): (usize, &Option<crate::hierarchical::SubjectPosterior>)| {
            posterior.as_ref().map_or(0.0, |p| fit.responsibilities[subject][k] * p.covariance[(c, c)])
        };
        let noise: f64 = model.posteriors.iter().enumerate().map(noise).sum();
        SpreadRecord {
            coordinate: coordinate.name.clone(),
            estimate: precision.powf(-0.5),
            interval: interval_of_sd(&model.population, c),
            noise_fraction: Some(noise / model.population.subjects * precision),
        }
    };
    group.coordinates().iter().enumerate().map(spread).collect()
}

/// `1/√τ` at the quantiles of `τ ~ Gamma(ν, σ)`.
fn interval_of_sd(population: &PopulationPosterior, coordinate: usize) -> Option<[f64; 2]> {
    let gamma = Gamma::new(population.shape, population.coordinates[coordinate].rate).ok()?;
    Some([0.975, 0.025].map(|p| gamma.inverse_cdf(p).powf(-0.5)))
}

/// Draws of all weights: a precision from its gamma distribution, then the weights given it, coordinate by coordinate.
fn weight_draws(population: &PopulationPosterior, k: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = random_stream(seed, Purpose::Weights, k, 0);
    let prepared = |own: &CoordinatePosterior| {
        let gamma = rand_distr::Gamma::new(population.shape, 1.0 / own.rate).ok()?;
        let factor = Cholesky::new(own.observed_covariance.clone())?.l();
        Some((gamma, factor, DVector::from_column_slice(&own.weights)))
    };
    let Some(prepared) = population.coordinates.iter().map(prepared).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let mut draw = || {
        let mut weights = Vec::new();
        for (gamma, factor, centre) in &prepared {
            let scale = gamma.sample(&mut rng).powf(-0.5);
            let z = DVector::from_fn(centre.len(), |_, _| StandardNormal.sample(&mut rng));
            weights.extend((centre + factor * z * scale).iter());
        }
        weights
    };
    (0..WEIGHT_DRAWS).map(|_| draw()).collect()
}

fn warnings(fit: &BayesianInferenceFit, model: &ComparedModel) -> Vec<String> {
    let mut warnings = Vec::new();
    for (what, convergence) in [("estimation", &fit.convergence), ("null run", &fit.null_convergence)] {
        if !convergence.converged {
            warnings.push(format!("the {what} did not converge: {}", convergence.reason));
        }
    }
    if model.is_starved() {
        warnings.push(format!(
            "only {:.1} subjects use this model, so its population reflects little but the prior",
            model.population.subjects
        ));
    }
    warnings
}
