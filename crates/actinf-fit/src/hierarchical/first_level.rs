//! One subject under a population: the mode of its posterior and Laplace's approximation around it.
//!
//! ```text
//! f(θ) = ln p(y | θ) + ln Normal(θ; μ, Σ)       θ̂ = argmax f       A = -∂²f(θ̂)/∂θ²
//! p(θ | y) ≈ Normal(θ̂, A⁻¹)                     ln p(y) ≈ f(θ̂) + d/2 ln 2π - ½ ln det A
//! ```

use super::gaussian::Spread;
use super::group_problem::GroupProblem;
use crate::estimates::log_evidence;
use crate::hessian::{Curvature, hessian};
use crate::log_posterior::{LogPosterior, Target};
use crate::multi_start::AGREEMENT;
use crate::optimisers::{LBfgs, Maximum, Objective, largest_absolute, polish};
use crate::random_stream::{Purpose, random_stream};
use actinf_agents::LikelihoodError;
use nalgebra::{Cholesky, DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};

/// Searches stop, and Newton steps begin, where no component of the gradient exceeds this, in nats.
const GRADIENT_SEARCHED: f64 = 1e-2;
/// Newton steps end where no component of the gradient exceeds this, in nats.
const GRADIENT_POLISHED: f64 = 1e-7;
/// Steps at most from the last mode to the next.
const CHORD_STEPS: usize = 12;
/// Such a step must shrink the gradient to this fraction of what it was.
const SHRINKING: f64 = 0.5;
/// A maximum whose gradient exceeds this is none.
const GRADIENT_CONVERGED: f64 = 1e-3;

/// The normal approximation of one subject's posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectPosterior {
    /// The mode: unconstrained coordinates.
    pub mode: Vec<f64>,
    /// The covariance around it.
    pub covariance: DMatrix<f64>,
    /// `ln p(y | θ̂)`, in nats.
    pub log_likelihood: f64,
    /// `ln p(y | θ̂) + ln Normal(θ̂; μ, Σ)`, in nats.
    pub log_joint: f64,
    /// Laplace's approximation of `ln p(y | μ, Σ)`, in nats.
    pub log_evidence: f64,
    /// `-∂² ln p(y | θ̂)/∂θ²`: what the subject's own data add to the precision of the population.
    pub information: DMatrix<f64>,
    /// `ln det A`.
    pub log_determinant: f64,
    /// The largest component of the gradient at the mode, in nats.
    pub gradient_norm: f64,
    /// How the mode was found.
    pub search: ModeSearch,
}

/// How a mode was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeSearch {
    /// Searches made.
    pub starts: usize,
    /// Searches that ended within 1e-3 nats of the highest.
    pub starts_agreeing: usize,
    /// Evaluations of the gradient over all searches.
    pub evaluations: usize,
    /// Why the best one stopped, in words.
    pub reason: String,
}

impl ModeSearch {
    fn of(starts: usize, ends: &[(f64, usize)], best: &Maximum, polished: usize) -> Self {
        let agrees = |(value, _): &&(f64, usize)| best.value - value <= AGREEMENT;
        ModeSearch {
            starts,
            starts_agreeing: ends.iter().filter(agrees).count(),
            evaluations: ends.iter().map(|(_, evaluations)| evaluations).sum::<usize>() + polished,
            reason: best.reason.clone(),
        }
    }
}

/// The log joint density of one subject under a population.
pub(crate) struct LogJoint<'a, 'b> {
    pub(crate) likelihood: &'b mut LogPosterior<'a>,
    pub(crate) mean: &'b [f64],
    pub(crate) spread: &'b Spread,
}

impl Objective for LogJoint<'_, '_> {
    fn evaluate(&mut self, point: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        let log_likelihood = self.likelihood.evaluate(point, gradient)?;
        Ok(log_likelihood + self.spread.add_log_density(point, self.mean, gradient))
    }
}

/// How subjects' modes are searched.
pub(crate) fn optimiser() -> LBfgs {
    LBfgs { gradient_tolerance: GRADIENT_SEARCHED, ..LBfgs::default() }
}

impl SubjectPosterior {
    /// The highest mode that is found from `starts`, with its curvature.
    ///
    /// # Errors
    ///
    /// In words, if no start leads to a maximum.
    pub(crate) fn search(
        group: &GroupProblem<'_>,
        subject: usize,
        mean: &[f64],
        spread: &Spread,
        starts: &[Vec<f64>],
    ) -> Result<Self, String> {
        let mut likelihood = LogPosterior::of(Target::Likelihood, group.problem(), group.subjects()[subject])
            .map_err(|error| error.to_string())?;
        let mut joint = LogJoint { likelihood: &mut likelihood, mean, spread };
        let mut reason = String::new();
        let mut ends = Vec::new();
        let mut best: Option<Maximum> = None;
        for start in starts {
            match optimiser().maximise(&mut joint, start) {
                Ok(maximum) => {
                    ends.push((maximum.value, maximum.evaluations));
                    if best.as_ref().is_none_or(|best| maximum.value > best.value) {
                        best = Some(maximum);
                    }
                }
                Err(error) => reason = error.to_string(),
            }
        }
        let best = best.ok_or(reason)?;
        let maximum = polish(&mut joint, best.clone(), GRADIENT_POLISHED);
        let polished = maximum.evaluations - best.evaluations;
        let search = ModeSearch::of(starts.len(), &ends, &best, polished);
        Self::at(&mut joint, &maximum, search)
    }

    /// The mode near the last one under a population that has moved a little: steps `(I + Σ⁻¹)⁻¹ ∇f` with the information I of
    /// the last mode, each of which costs one gradient. `None` if they do not come to an end.
    pub(crate) fn followed(
        &self,
        group: &GroupProblem<'_>,
        subject: usize,
        mean: &[f64],
        spread: &Spread,
    ) -> Option<Self> {
        let problem = group.problem();
        let mut likelihood = LogPosterior::of(Target::Likelihood, problem, group.subjects()[subject]).ok()?;
        let mut joint = LogJoint { likelihood: &mut likelihood, mean, spread };
        let factor = Cholesky::new(&self.information + spread.precision())?;
        let (mut point, mut gradient) = (self.mode.clone(), vec![0.0; self.mode.len()]);
        let mut last = f64::INFINITY;
        for evaluations in 1..=CHORD_STEPS {
            let value = joint.evaluate(&point, &mut gradient).ok()?;
            let norm = largest_absolute(&gradient);
            if norm <= GRADIENT_POLISHED {
                let reason = "the gradient vanished on the way from the last mode".to_owned();
                let search =
                    ModeSearch { starts: 1, starts_agreeing: 1, evaluations, reason: reason.clone() };
                let maximum = Maximum { point, value, gradient, evaluations, reason };
                return Self::at(&mut joint, &maximum, search).ok();
            }
            if norm > SHRINKING * last {
                return None;
            }
            last = norm;
            let step = factor.solve(&DVector::from_column_slice(&gradient));
            point.iter_mut().zip(step.iter()).for_each(|(x, step)| *x += step);
        }
        None
    }

    fn at(joint: &mut LogJoint<'_, '_>, maximum: &Maximum, search: ModeSearch) -> Result<Self, String> {
        if maximum.gradient_norm() > GRADIENT_CONVERGED {
            return Err(format!(
                "no maximum was found: the gradient is still {:.1e} nats ({})",
                maximum.gradient_norm(),
                maximum.reason
            ));
        }
        let hessian = hessian(joint, &maximum.point).map_err(|error| error.to_string())?;
        let curvature = Curvature::of_hessian(&hessian)
            .ok_or_else(|| "the curvature at the mode is not positive definite".to_owned())?;
        let log_prior = joint.spread.log_density(&maximum.point, joint.mean);
        Ok(SubjectPosterior {
            log_likelihood: maximum.value - log_prior,
            log_joint: maximum.value,
            log_evidence: log_evidence(maximum.value, maximum.point.len(), &curvature),
            log_determinant: curvature.log_determinant,
            gradient_norm: maximum.gradient_norm(),
            mode: maximum.point.clone(),
            information: -hessian - joint.spread.precision(),
            covariance: curvature.covariance,
            search,
        })
    }

    /// The same mode and covariance under another population: what stands for a search that failed.
    pub(crate) fn moved(&self, mean: &[f64], spread: &Spread) -> Self {
        let log_joint = self.log_likelihood + spread.log_density(&self.mode, mean);
        SubjectPosterior {
            log_joint,
            log_evidence: self.log_evidence + log_joint - self.log_joint,
            ..self.clone()
        }
    }
}

/// The log density of a subject's coordinates under a population, and the largest component of the gradient of its log joint
/// density there, both in nats; not a number where there is none.
pub(crate) fn gradient_under(
    group: &GroupProblem<'_>,
    subject: usize,
    point: &[f64],
    mean: &[f64],
    covariance: &DMatrix<f64>,
) -> (f64, f64) {
    let undefined = (f64::NAN, f64::NAN);
    let Some(spread) = Spread::of_covariance(covariance) else { return undefined };
    let log_prior = spread.log_density(point, mean);
    let likelihood = LogPosterior::of(Target::Likelihood, group.problem(), group.subjects()[subject]);
    let Ok(mut likelihood) = likelihood else { return undefined };
    let mut joint = LogJoint { likelihood: &mut likelihood, mean, spread: &spread };
    let mut gradient = vec![0.0; point.len()];
    match joint.evaluate(point, &mut gradient) {
        Ok(_) => (log_prior, largest_absolute(&gradient)),
        Err(_) => (log_prior, f64::NAN),
    }
}

/// The posterior under the next population: where the last mode leads, or, in a thorough round and where it leads nowhere, the
/// higher of the maxima from the last mode and from the population mean.
pub(crate) fn next_posterior(
    group: &GroupProblem<'_>,
    subject: usize,
    before: &SubjectPosterior,
    (mean, spread): (&[f64], &Spread),
    is_thorough: bool,
) -> Result<SubjectPosterior, String> {
    let followed = (!is_thorough).then(|| before.followed(group, subject, mean, spread)).flatten();
    followed.map_or_else(
        || SubjectPosterior::search(group, subject, mean, spread, &[before.mode.clone(), mean.to_vec()]),
        Ok,
    )
}

/// The starts of a subject's first search: the mean of its population, and draws from it.
pub(crate) fn first_starts(
    group: &GroupProblem<'_>,
    subject: usize,
    mean: &[f64],
    spread: &Spread,
    count: usize,
    seed: u64,
) -> Vec<Vec<f64>> {
    let mut starts = vec![mean.to_vec()];
    for start in 1..count.max(1) {
        let mut rng = random_stream(seed, Purpose::Start, group.positions()[subject], start);
        let z = DVector::from_fn(mean.len(), |_, _| StandardNormal.sample(&mut rng));
        starts.push(mean.iter().zip(spread.stretch(&z).iter()).map(|(m, step)| m + step).collect());
    }
    starts
}
