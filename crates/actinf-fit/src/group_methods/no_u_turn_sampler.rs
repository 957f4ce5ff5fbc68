//! The hierarchical no-U-turn sampler as a group method: expectation maximisation finds where chains start and how coordinates are
//! moved, then the joint posterior of population and subjects is drawn from.
//!
//! A subject's estimate is the posterior mean of its coordinates, carried to the natural scale; its intervals are quantiles of the
//! draws there.

use super::effects::{Marginal, WeightsFound};
use super::estimates_under::of_draws;
use super::{FoundMember, GroupFound, GroupMethod, GroupMethodError, GroupProgress, GroupRun};
use crate::hierarchical::{
    ExpectationMaximisation, GroupPosterior, GroupProblem, HierarchicalSampler, Parametrisation, Remedies,
    SamplingRun, ScaleHyperprior, gradient_under,
};
use crate::normal_approximation::CorrelatedPair;
use crate::population_record::{DrawnQuantity, PopulationConvergence, SamplingRecord, SpreadRecord};
use crate::results::Convergence;
use crate::sampling::{QuantitySummary, SampleReport};
use nalgebra::{DMatrix, DVector};

/// The sampler and what comes before it.
#[derive(Clone, Debug, PartialEq)]
pub struct NoUTurnSampling {
    /// Finds where chains start.
    pub start: ExpectationMaximisation,
    /// Draws.
    pub sampler: HierarchicalSampler,
}

impl Default for NoUTurnSampling {
    /// Expectation maximisation need not be more exact than chains scatter: to a hundredth of a nat, with few importance draws.
    fn default() -> Self {
        let start = ExpectationMaximisation {
            tolerance: 1e-2,
            importance_draws: 200,
            ..ExpectationMaximisation::default()
        };
        NoUTurnSampling { start, sampler: HierarchicalSampler::default() }
    }
}

impl GroupMethod for NoUTurnSampling {
    fn name(&self) -> &'static str {
        "no_u_turn_sampler"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let HierarchicalSampler { sampler, hyperpriors, covariance, parametrisation, thresholds, remedies } =
            &self.sampler;
        let remedies = match remedies {
            Remedies::None => "none",
            Remedies::DrawAgain => "draw again",
        };
        let hyperpriors = if hyperpriors.is_some() { "given" } else { "weakly informative" };
        let settings = [
            ("chains", sampler.chains.to_string()),
            ("warm_up", sampler.warm_up.to_string()),
            ("draws", sampler.draws.to_string()),
            ("target_acceptance", sampler.target_acceptance.to_string()),
            ("max_depth", sampler.max_depth.to_string()),
            ("covariance", covariance.name().to_owned()),
            ("parametrisation", parametrisation.in_words()),
            ("hyperpriors", hyperpriors.to_owned()),
            ("on_divergences", remedies.to_owned()),
            ("r_hat_below", thresholds.r_hat.to_string()),
            ("effective_draws_per_chain", thresholds.effective_size_per_chain.to_string()),
        ];
        let own = settings.into_iter().map(|(name, value)| (name.to_owned(), value));
        let starts = self.start.settings().into_iter().map(|(name, value)| (format!("start.{name}"), value));
        own.chain(starts).collect()
    }

    fn estimate(&self, group: &GroupProblem<'_>, run: GroupRun<'_>) -> Result<GroupFound, GroupMethodError> {
        let rounds = |seen| (run.watch)(GroupProgress::Round(seen));
        let estimates = self.start.fit_watched(group, run.seed, run.workers, &rounds)?;
        let draws = |seen| (run.watch)(GroupProgress::Draw(seen));
        let sampling = SamplingRun { seed: run.seed, workers: run.workers, watch: &draws, store: run.store };
        let posterior = self.sampler.run(group, &estimates, sampling)?;
        let members = run.workers.map(posterior.members().len(), |place| member(group, &posterior, place));
        let convergence = convergence(&posterior);
        Ok(GroupFound {
            members,
            lost: estimates.lost,
            weights: weights(group, &posterior),
            spreads: spreads(group, &posterior),
            correlations: correlations(group, &posterior),
            convergence,
            integrated_log_likelihood: None,
            integrated_bic: None,
            models: Vec::new(),
            sampling: Some(self.record(group, &posterior)),
            is_complete: posterior.is_complete,
            warnings: warnings(&posterior),
            draws: Some(posterior.sample),
        })
    }
}

impl NoUTurnSampling {
    fn record(&self, group: &GroupProblem<'_>, posterior: &GroupPosterior) -> SamplingRecord {
        let moved = |(coordinate, how): (&crate::hierarchical::Coordinate, &Parametrisation)| {
            (coordinate.name.clone(), how.name().to_owned())
        };
        let GroupPosterior { sample, report, .. } = posterior;
        SamplingRecord {
            chains: sample.draws.len(),
            draws: sample.shortest(),
            warm_up: self.sampler.sampler.warm_up,
            divergences: report.divergences,
            cut: report.cut,
            target_acceptance: posterior.target_acceptance,
            energy_bfmi: report.energy_bfmi.clone(),
            parametrisations: group
                .coordinates()
                .iter()
                .zip(&posterior.parametrisations)
                .map(moved)
                .collect(),
            hyperpriors: hyperpriors(group, posterior),
            quantities: report.quantities.iter().map(drawn).collect(),
            advice: report.advice.clone(),
        }
    }
}

fn drawn(quantity: &QuantitySummary) -> DrawnQuantity {
    let [lower, _, median, _, upper] = quantity.quantiles;
    DrawnQuantity {
        name: quantity.name.clone(),
        mean: quantity.mean,
        sd: quantity.sd,
        quantiles: [lower, median, upper],
        r_hat: quantity.r_hat,
        bulk_effective_size: quantity.bulk_effective_size,
        tail_effective_size: quantity.tail_effective_size,
        complaints: quantity.complaints.clone(),
    }
}

/// To four decimals, without those that say nothing.
fn four(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn hyperpriors(group: &GroupProblem<'_>, posterior: &GroupPosterior) -> Vec<String> {
    let weight = |(weight, prior): (&crate::hierarchical::Weight, &crate::hierarchical::NormalHyperprior)| {
        format!("{} is Normal(mean {}, σ {})", weight.name, four(prior.mean), four(prior.sd))
    };
    let scale = |(coordinate, prior): (&crate::hierarchical::Coordinate, &ScaleHyperprior)| match prior {
        ScaleHyperprior::HalfNormal { scale } => {
            format!("sd({}) is HalfNormal(σ {})", coordinate.name, four(*scale))
        }
        ScaleHyperprior::HalfStudentT { degrees, scale } => {
            format!("sd({}) is HalfStudentT({degrees}, scale {})", coordinate.name, four(*scale))
        }
    };
    let weights = group.weights().iter().zip(&posterior.hyperpriors.weights).map(weight);
    let scales = group.coordinates().iter().zip(&posterior.hyperpriors.scales).map(scale);
    let shape = posterior.hyperpriors.correlation_shape;
    let correlations = shape.map(|shape| format!("the correlations are LKJ(shape {shape})"));
    weights.chain(scales).chain(correlations).collect()
}

fn weights(group: &GroupProblem<'_>, posterior: &GroupPosterior) -> WeightsFound {
    let count = group.weights().len();
    WeightsFound {
        marginals: vec![Marginal::Drawn; count],
        draws: all_draws(posterior).map(|draw| draw[..count].to_vec()).collect(),
    }
}

/// All draws, chain after chain.
fn all_draws(posterior: &GroupPosterior) -> impl Iterator<Item = &Vec<f64>> {
    posterior.sample.draws.iter().flatten()
}

/// The posterior mean of every quantity.
fn means(posterior: &GroupPosterior) -> Vec<f64> {
    posterior.report.quantities.iter().map(|quantity| quantity.mean).collect()
}

/// The mean over draws of the population's variances.
fn population_variances(posterior: &GroupPosterior) -> Vec<f64> {
    let count = all_draws(posterior).count() as f64;
    let variance = |index: usize| all_draws(posterior).map(|draw| draw[index].powi(2)).sum::<f64>() / count;
    posterior.standard_deviations().map(variance).collect()
}

/// The posterior means of the population's correlations.
fn correlations(group: &GroupProblem<'_>, posterior: &GroupPosterior) -> Vec<CorrelatedPair> {
    let size = group.coordinates().len();
    let name = |coordinate: usize| group.coordinates()[coordinate].name.clone();
    let pairs = (1..size).flat_map(|i| (0..i).map(move |j| (i, j)));
    let pair = |(index, (i, j)): (usize, (usize, usize))| CorrelatedPair {
        first: name(j),
        second: name(i),
        correlation: posterior.report.quantities[index].mean,
    };
    posterior.correlations().zip(pairs).map(pair).collect()
}

fn spreads(group: &GroupProblem<'_>, posterior: &GroupPosterior) -> Vec<SpreadRecord> {
    let quantities = &posterior.report.quantities;
    let (variances, members) = (population_variances(posterior), posterior.members().len());
    let spread = |(c, coordinate): (usize, &crate::hierarchical::Coordinate)| {
        let own = &quantities[posterior.standard_deviations().start + c];
        let noise = |member: usize| quantities[posterior.coordinates_of(member).start + c].sd.powi(2);
        let noise = (0..members).map(noise).sum::<f64>() / members as f64;
        SpreadRecord {
            coordinate: coordinate.name.clone(),
            estimate: own.mean,
            interval: Some([own.quantiles[0], own.quantiles[4]]),
            noise_fraction: Some(noise / variances[c]),
        }
    };
    group.coordinates().iter().enumerate().map(spread).collect()
}

fn member(group: &GroupProblem<'_>, posterior: &GroupPosterior, place: usize) -> FoundMember {
    let (own, subject) = (posterior.coordinates_of(place), posterior.members()[place]);
    let draws: Vec<Vec<f64>> = all_draws(posterior).map(|draw| draw[own.clone()].to_vec()).collect();
    let means = means(posterior);
    let point = means[own.clone()].to_vec();
    let covariance = covariance(&draws, &point);
    let predicted = group.means(subject, &means);
    let population = population_covariance(posterior);
    let estimates = of_draws(group, &point, &draws, &covariance, &population);
    let (log_prior, gradient_norm) = gradient_under(group, subject, &point, &predicted, &population);
    let eigenvalues = covariance.clone().symmetric_eigenvalues();
    let condition = Some(eigenvalues.max() / eigenvalues.min()).filter(|condition| *condition >= 1.0);
    FoundMember {
        convergence: member_convergence(
            posterior,
            &posterior.report.quantities[own],
            gradient_norm,
            condition,
        ),
        subject,
        point,
        covariance,
        predicted,
        estimates,
        log_prior,
        log_evidence: None,
        importance_sampling: None,
        responsibilities: Vec::new(),
    }
}

/// The mean over draws of the population's covariance.
fn population_covariance(posterior: &GroupPosterior) -> DMatrix<f64> {
    let mut total = DMatrix::from_diagonal(&DVector::from_vec(population_variances(posterior)));
    let (sds, size) = (posterior.standard_deviations(), total.nrows());
    let pairs = (1..size).flat_map(|i| (0..i).map(move |j| (i, j)));
    let count = all_draws(posterior).count() as f64;
    for (index, (i, j)) in posterior.correlations().zip(pairs) {
        let product = |draw: &Vec<f64>| draw[sds.start + i] * draw[sds.start + j] * draw[index];
        let mean = all_draws(posterior).map(product).sum::<f64>() / count;
        (total[(i, j)], total[(j, i)]) = (mean, mean);
    }
    total
}

fn covariance(draws: &[Vec<f64>], mean: &[f64]) -> DMatrix<f64> {
    let centre = DVector::from_column_slice(mean);
    let mut total = DMatrix::zeros(mean.len(), mean.len());
    for draw in draws {
        let deviation = DVector::from_column_slice(draw) - &centre;
        total += &deviation * deviation.transpose();
    }
    total / (draws.len() as f64 - 1.0)
}

/// Chains stand for starts: they agree if every coordinate of the subject is settled.
fn member_convergence(
    posterior: &GroupPosterior,
    own: &[QuantitySummary],
    gradient_norm: f64,
    hessian_condition: Option<f64>,
) -> Convergence {
    let complaint =
        own.iter().find_map(|quantity| Some(format!("{}: {}", quantity.name, quantity.complaints.first()?)));
    let chains = posterior.sample.draws.len();
    Convergence {
        converged: complaint.is_none(),
        starts: chains,
        starts_agreeing: if complaint.is_none() { chains } else { 0 },
        reason: complaint.unwrap_or_else(|| "the chains agree".to_owned()),
        gap_to_second: None,
        gradient_norm,
        hessian_condition,
        evaluations: usize::try_from(posterior.sample.gradients).unwrap_or(usize::MAX),
    }
}

fn convergence(posterior: &GroupPosterior) -> PopulationConvergence {
    let report = &posterior.report;
    let worst = worst(report);
    let reason = match (posterior.is_complete, report.is_trustworthy()) {
        (false, _) => format!("it was broken off; {worst}"),
        (true, true) => format!("the chains agree: {worst}"),
        (true, false) => format!("the draws cannot be trusted yet: {worst}"),
    };
    PopulationConvergence {
        converged: posterior.is_complete && report.is_trustworthy(),
        reason,
        iterations: posterior.sample.shortest(),
        objective: Vec::new(),
        evaluations: Some(posterior.sample.gradients),
    }
}

/// The worst R-hat and the smallest effective size, in words.
fn worst(report: &SampleReport) -> String {
    format!(
        "worst R-hat {:.3}, smallest effective size {:.0}",
        report.worst_r_hat(),
        report.smallest_effective_size()
    )
}

fn warnings(posterior: &GroupPosterior) -> Vec<String> {
    let mut warnings = Vec::new();
    if !posterior.is_complete {
        warnings.push(format!(
            "the run was broken off and holds {} chains of {} draws; run it again to finish it",
            posterior.sample.draws.len(),
            posterior.sample.shortest()
        ));
    }
    warnings
}
