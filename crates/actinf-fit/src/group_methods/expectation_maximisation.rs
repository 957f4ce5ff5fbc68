//! Hierarchical expectation maximisation as a group method.
//!
//! The weights have t distributions around their estimates, as the tests of the weights assume; probabilities of direction and of
//! practical equivalence are those of these distributions, which are posteriors under flat priors where the data are many.

use super::effects::{Marginal, WeightsFound};
use super::laplace_member::laplace_member;
use super::{GroupFound, GroupMethod, GroupMethodError, GroupProgress, GroupRun};
use crate::hierarchical::{
    CovarianceForm, ExpectationMaximisation, GroupEstimates, GroupMember, GroupProblem, PopulationStart,
};
use crate::importance_sampling::ImportanceSampling;
use crate::normal_approximation::CorrelatedPair;
use crate::population_record::{PopulationConvergence, SpreadRecord};
use crate::random_stream::{Purpose, random_stream};
use nalgebra::{Cholesky, DMatrix, DVector};
use rand_distr::{ChiSquared, Distribution, StandardNormal};

/// Draws of the weights from which intervals of effects are made.
pub(super) const WEIGHT_DRAWS: usize = 10_000;

impl GroupMethod for ExpectationMaximisation {
    fn name(&self) -> &'static str {
        "hierarchical_expectation_maximisation"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let ExpectationMaximisation {
            covariance,
            start,
            starts,
            tolerance,
            max_iterations,
            divisor_less,
            importance_draws,
        } = self;
        let settings = [
            ("covariance", covariance.name().to_owned()),
            ("start", start_in_words(start)),
            ("starts", starts.to_string()),
            ("tolerance", tolerance.to_string()),
            ("max_iterations", max_iterations.to_string()),
            ("divisor_less", divisor_less.to_string()),
            ("importance_draws", importance_draws.to_string()),
        ];
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn estimate(&self, group: &GroupProblem<'_>, run: GroupRun<'_>) -> Result<GroupFound, GroupMethodError> {
        let watch = |seen| (run.watch)(GroupProgress::Round(seen));
        let estimates = self.fit_watched(group, run.seed, run.workers, &watch)?;
        Ok(found(self, group, estimates, run.seed))
    }
}

/// The first population in words.
pub(super) fn start_in_words(start: &PopulationStart) -> String {
    match start {
        PopulationStart::Priors => "the parameters' own priors".to_owned(),
        PopulationStart::Isotropic { mean, variance } => format!("mean {mean}, variance {variance}"),
        PopulationStart::At(_) => "a given population".to_owned(),
    }
}

fn found(
    method: &ExpectationMaximisation,
    group: &GroupProblem<'_>,
    estimates: GroupEstimates,
    seed: u64,
) -> GroupFound {
    let covariance = &estimates.population.covariance;
    let member = |member: &GroupMember| {
        let predicted = member.population_mean.clone();
        let mut found = laplace_member(group, member.subject, &member.posterior, predicted, covariance);
        found.importance_sampling = Some(importance_sampling(method, member));
        found
    };
    let marginal = |weight: &crate::hierarchical::WeightEstimate| Marginal::StudentT {
        estimate: weight.estimate,
        test: weight.test,
    };
    let correlations = match method.covariance {
        CovarianceForm::Diagonal => Vec::new(),
        CovarianceForm::Full => correlations(group, covariance),
    };
    GroupFound {
        members: estimates.members.iter().map(member).collect(),
        weights: WeightsFound {
            marginals: estimates.weights.iter().map(marginal).collect(),
            draws: weight_draws(&estimates, seed),
        },
        spreads: spreads(group, &estimates),
        correlations,
        is_complete: !estimates.convergence.is_broken_off,
        convergence: PopulationConvergence {
            converged: estimates.convergence.converged,
            reason: estimates.convergence.reason.clone(),
            iterations: estimates.convergence.iterations,
            objective: estimates.convergence.log_evidence.clone(),
            evaluations: None,
        },
        integrated_log_likelihood: Some(estimates.integrated_log_likelihood),
        integrated_bic: Some(estimates.integrated_bic),
        models: Vec::new(),
        sampling: None,
        draws: None,
        warnings: estimates.warnings,
        lost: estimates.lost,
    }
}

fn importance_sampling(method: &ExpectationMaximisation, member: &GroupMember) -> ImportanceSampling {
    let integrated = &member.integrated;
    ImportanceSampling {
        log_evidence: integrated.log_likelihood,
        standard_error: integrated.standard_error,
        pareto_k: None,
        draws: method.importance_draws,
        effective_draws: integrated.effective_draws,
        laplace_error: member.posterior.log_evidence - integrated.log_likelihood,
    }
}

fn spreads(group: &GroupProblem<'_>, estimates: &GroupEstimates) -> Vec<SpreadRecord> {
    let spread = |(c, coordinate): (usize, &crate::hierarchical::Coordinate)| SpreadRecord {
        coordinate: coordinate.name.clone(),
        estimate: estimates.population.covariance[(c, c)].sqrt(),
        interval: None,
        noise_fraction: Some(estimates.noise_fractions[c]),
    };
    group.coordinates().iter().enumerate().map(spread).collect()
}

/// All pairs of coordinates with their correlation in the population.
fn correlations(group: &GroupProblem<'_>, covariance: &DMatrix<f64>) -> Vec<CorrelatedPair> {
    let names: Vec<&str> = group.coordinates().iter().map(|c| c.name.as_str()).collect();
    let pair = |i: usize, j: usize| CorrelatedPair {
        first: names[i].to_owned(),
        second: names[j].to_owned(),
        correlation: covariance[(i, j)] / (covariance[(i, i)] * covariance[(j, j)]).sqrt(),
    };
    (0..names.len()).flat_map(|j| (0..j).map(move |i| pair(i, j))).collect()
}

/// Joint draws from the multivariate t distribution of the weights, with the degrees of freedom of the largest design.
fn weight_draws(estimates: &GroupEstimates, seed: u64) -> Vec<Vec<f64>> {
    let degrees =
        estimates.weights.iter().filter_map(|weight| weight.test).map(|test| test.degrees_of_freedom);
    let factor = estimates.weight_covariance.clone().and_then(Cholesky::new);
    let chi_squared = degrees.reduce(f64::min).and_then(|d| Some((d, ChiSquared::new(d).ok()?)));
    let (Some(factor), Some((degrees, chi_squared))) = (factor, chi_squared) else { return Vec::new() };
    let centre = DVector::from_column_slice(&estimates.population.weights);
    let lower = factor.l();
    let mut rng = random_stream(seed, Purpose::Weights, 0, 0);
    let mut draw = || {
        let z = DVector::from_fn(centre.len(), |_, _| StandardNormal.sample(&mut rng));
        let stretch = (degrees / chi_squared.sample(&mut rng)).sqrt();
        (&centre + &lower * z * stretch).as_slice().to_vec()
    };
    (0..WEIGHT_DRAWS).map(|_| draw()).collect()
}
