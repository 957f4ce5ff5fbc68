//! What expectation maximisation gives: the population with tests, everybody's estimates, and warnings.

use super::expectation_maximisation::{EStep, ExpectationMaximisation, GroupConvergence};
use super::first_level::SubjectPosterior;
use super::group_problem::{Excluded, GroupProblem};
use super::integrated_likelihood::{IntegratedLikelihood, integrated_bic};
use super::population::Population;
use super::weight_test::{WeightEstimate, weight_covariance, weight_estimates};
use crate::recorded::Recorded;
use crate::subjects::Workers;
use nalgebra::DMatrix;

/// A population variance of which more than this fraction is estimation noise is reported as collapsing.
const NOISE_LIMIT: f64 = 0.8;
/// Fewer effective draws than this make an integrated likelihood unreliable.
const DRAWS_LIMIT: f64 = 50.0;

/// One subject under the estimated population.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMember {
    /// Its place among the subjects of the group problem.
    pub subject: usize,
    /// The mean that the population predicts for it.
    pub population_mean: Vec<f64>,
    /// Its estimates: the mode and the normal approximation around it.
    pub posterior: SubjectPosterior,
    /// Its likelihood integrated over the population, and posterior moments.
    pub integrated: IntegratedLikelihood,
    /// Recorded actions and responses.
    pub recorded: usize,
}

/// A group, estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupEstimates {
    /// The population.
    pub population: Population,
    /// Its weights with standard errors and tests.
    pub weights: Vec<WeightEstimate>,
    /// The covariance of the weights' errors; `None` where the data do not determine it.
    pub weight_covariance: Option<DMatrix<f64>>,
    /// The subjects that were estimated, in the order of the data.
    pub members: Vec<GroupMember>,
    /// The subjects that were not, with reasons.
    pub lost: Vec<Excluded>,
    /// `Σ_i ln p(y_i | w, Σ)` by Laplace's approximation, in nats.
    pub log_evidence: f64,
    /// The same by importance sampling.
    pub integrated_log_likelihood: f64,
    /// [`integrated_bic`]; smaller is better.
    pub integrated_bic: f64,
    /// Per coordinate, which fraction of the population's variance is estimation noise: mean of `A_i⁻¹` over Σ.
    pub noise_fractions: Vec<f64>,
    /// How the estimation ended.
    pub convergence: GroupConvergence,
    /// What a reader must know, in words; empty if all is well.
    pub warnings: Vec<String>,
}

impl GroupEstimates {
    pub(crate) fn of_step(
        group: &GroupProblem<'_>,
        method: &ExpectationMaximisation,
        step: EStep,
        failed: Vec<Excluded>,
        convergence: GroupConvergence,
        seed: u64,
        workers: &Workers,
    ) -> Self {
        let found = step.members();
        let results = workers.map(found.len(), |index| {
            let (subject, posterior) = found[index];
            member(group, &step.population, subject, posterior, method.importance_draws, seed)
                .map_err(|reason| Excluded { subject: group.subjects()[subject].id.clone(), reason })
        });
        let mut lost: Vec<Excluded> = group.excluded().iter().cloned().chain(failed).collect();
        let mut members = Vec::new();
        for result in results {
            match result {
                Ok(member) => members.push(member),
                Err(excluded) => lost.push(excluded),
            }
        }
        let mut estimates = Self::of_members(group, method, step.population.clone(), members, convergence);
        estimates.lost = lost;
        estimates.warnings = warnings(group, &estimates, &step.kept);
        estimates
    }

    fn of_members(
        group: &GroupProblem<'_>,
        method: &ExpectationMaximisation,
        population: Population,
        members: Vec<GroupMember>,
        convergence: GroupConvergence,
    ) -> Self {
        let integrated: Vec<_> = members.iter().map(|m| (m.subject, &m.integrated)).collect();
        let weight_covariance = weight_covariance(group, &population, &integrated);
        let weights = weight_estimates(group, &population, integrated.len(), weight_covariance.as_ref());
        let integrated_log_likelihood = members.iter().map(|m| m.integrated.log_likelihood).sum();
        let size = group.weights().len() + method.covariance.size(group.coordinates().len());
        let recorded = members.iter().map(|m| m.recorded).sum();
        GroupEstimates {
            weights,
            weight_covariance,
            log_evidence: members.iter().map(|m| m.posterior.log_evidence).sum(),
            integrated_log_likelihood,
            integrated_bic: integrated_bic(integrated_log_likelihood, size, recorded),
            noise_fractions: noise_fractions(&population, &members),
            population,
            members,
            lost: Vec::new(),
            convergence,
            warnings: Vec::new(),
        }
    }
}

fn member(
    group: &GroupProblem<'_>,
    population: &Population,
    subject: usize,
    posterior: &SubjectPosterior,
    draws: usize,
    seed: u64,
) -> Result<GroupMember, String> {
    let spread = population.spread()?;
    let population_mean = group.means(subject, &population.weights);
    let integrated =
        IntegratedLikelihood::of_subject(group, subject, &population_mean, &spread, posterior, draws, seed)?;
    let values = group.problem().values_at(&posterior.mode);
    let model = group.problem().model();
    let trajectory =
        model.trajectory(group.subjects()[subject], &values).map_err(|error| error.to_string())?;
    let recorded = Recorded::of(&trajectory).total();
    Ok(GroupMember { subject, population_mean, posterior: posterior.clone(), integrated, recorded })
}

fn noise_fractions(population: &Population, members: &[GroupMember]) -> Vec<f64> {
    let count = members.len() as f64;
    let fraction = |c: usize| {
        let noise = members.iter().map(|m| m.posterior.covariance[(c, c)]).sum::<f64>() / count;
        noise / population.covariance[(c, c)]
    };
    (0..population.covariance.nrows()).map(fraction).collect()
}

fn warnings(group: &GroupProblem<'_>, estimates: &GroupEstimates, kept: &[Excluded]) -> Vec<String> {
    let mut warnings = Vec::new();
    if !estimates.convergence.converged {
        warnings.push(format!("the estimation did not converge: {}", estimates.convergence.reason));
    }
    for (coordinate, fraction) in group.coordinates().iter().zip(&estimates.noise_fractions) {
        if *fraction > NOISE_LIMIT {
            warnings.push(format!(
                "the population variance of `{}` is collapsing: {:.0} % of it is estimation noise, so these data \
                 hardly show that people differ in it; fix it to one value for all, or use the sampler, whose prior \
                 keeps the variance from zero",
                coordinate.name,
                100.0 * fraction
            ));
        }
    }
    warnings.extend(few_draws(group, &estimates.members));
    if estimates.weights.iter().any(|weight| weight.test.is_none()) {
        warnings
            .push("the weights have no standard errors: the data do not determine all of them".to_owned());
    }
    warnings.extend(stale(kept));
    warnings
}

/// One sentence on everybody whose integrated likelihood rests on few draws; how many each has stands with the subjects.
fn few_draws(group: &GroupProblem<'_>, members: &[GroupMember]) -> Option<String> {
    let draws = |m: &&GroupMember| m.integrated.effective_draws;
    let few: Vec<&GroupMember> = members.iter().filter(|m| draws(m) < DRAWS_LIMIT).collect();
    let fewest = few.iter().min_by(|a, b| draws(a).total_cmp(&draws(b)))?;
    Some(format!(
        "the integrated likelihoods of {} of {} subjects rest on fewer than {DRAWS_LIMIT} effective draws (the fewest: \
         {:.0}, of `{}`), so that evidence and criteria are inexact; use more `importance_draws`",
        few.len(),
        members.len(),
        draws(fewest),
        group.subjects()[fewest.subject].id
    ))
}

/// One sentence on everybody whose last search failed.
fn stale(kept: &[Excluded]) -> Option<String> {
    let first = kept.first()?;
    let all = match kept.len() {
        1 => format!("subject `{}` keeps", first.subject),
        count => format!("{count} subjects, `{}` first, keep", first.subject),
    };
    Some(format!("{all} the posterior of an earlier iteration: {}", first.reason))
}
