//! From the searches of one subject to its record: the best optimum, polished, with curvature, criteria and verdict.

use crate::estimates::{estimates, log_evidence};
use crate::hessian::{Curvature, hessian};
use crate::information_criteria::InformationCriteria;
use crate::log_posterior::{LogDensity, LogPosterior, Target};
use crate::methods::{FittedSubject, SubjectTask};
use crate::multi_start::{GRADIENT_CONVERGED, GRADIENT_POLISHED, best, convergence};
use crate::normal_approximation::NormalApproximation;
use crate::optimisers::{LBfgs, Maximum, polish_with_hessian};
use crate::profile::profiles;
use crate::recorded::{NOTHING_RECORDED, Recorded};
use crate::results::{Convergence, Estimate, SubjectFit};
use crate::verdict::{Judged, Judgement};
use actinf_agents::Trajectory;
use nalgebra::DMatrix;

/// How far scorer and trajectory may differ, relative to the log-likelihood.
const SAME_LIKELIHOOD: f64 = 1e-6;

/// The best optimum of one subject and what is known about it.
pub(crate) struct Optimum<'a> {
    pub(crate) task: SubjectTask<'a>,
    pub(crate) objective: LogPosterior<'a>,
    pub(crate) best: Maximum,
    pub(crate) curvature: Option<Curvature>,
    density: LogDensity,
    estimates: Vec<Estimate>,
    convergence: Convergence,
    judgement: Judgement,
}

impl<'a> Optimum<'a> {
    /// The best of all searches, finished by Newton steps and judged.
    ///
    /// # Errors
    ///
    /// In words, if every search failed.
    pub(crate) fn reach(
        target: Target,
        task: SubjectTask<'a>,
        searches: &[Result<Maximum, String>],
    ) -> Result<Self, String> {
        let mut objective =
            LogPosterior::of(target, task.problem, task.subject).map_err(|error| error.to_string())?;
        let (best, hessian) = finished(&mut objective, best(searches)?.clone());
        let known = Known { hessian, curvature: None };
        Optimum::judged(objective, task, (best, known), searches)
    }

    /// The best of all searches where it ended, for a method that may stop before the top and has its own curvature.
    ///
    /// # Errors
    ///
    /// In words, if every search failed.
    pub(crate) fn stay(
        task: SubjectTask<'a>,
        searches: &[Result<Maximum, String>],
        curvature: Curvature,
    ) -> Result<Self, String> {
        let objective = LogPosterior::of(Target::Posterior, task.problem, task.subject)
            .map_err(|error| error.to_string())?;
        let known = Known { hessian: None, curvature: Some(curvature) };
        Optimum::judged(objective, task, (best(searches)?.clone(), known), searches)
    }

    /// Judges an end, with what is known of it.
    fn judged(
        mut objective: LogPosterior<'a>,
        task: SubjectTask<'a>,
        (best, known): (Maximum, Known),
        searches: &[Result<Maximum, String>],
    ) -> Result<Self, String> {
        let problem = task.problem;
        let found = crate::multi_start::best(searches)?;
        let mut gradient = vec![0.0; problem.dimension()];
        let density = objective.parts(&best.point, &mut gradient).map_err(|error| error.to_string())?;
        let hessian = known.hessian.or_else(|| hessian(&mut objective, &best.point).ok());
        let curvature = known.curvature.or_else(|| hessian.as_ref().and_then(Curvature::of_hessian));
        let convergence = convergence(found, &best, searches, curvature.as_ref());
        let reached = Reached { problem, best: &best, hessian: hessian.as_ref(), searches };
        let (curvature, estimates, judgement) = reached.judged(&mut objective, curvature);
        Ok(Optimum { task, objective, best, curvature, density, estimates, convergence, judgement })
    }

    /// The subject's record.
    ///
    /// # Errors
    ///
    /// In words, if the model gives no trajectory at the estimate, or another log-likelihood along it.
    pub(crate) fn fitted(&self) -> Result<FittedSubject, String> {
        let SubjectTask { problem, subject, .. } = self.task;
        let values = problem.values_at(&self.best.point);
        let trajectory = problem.model().trajectory(subject, &values).map_err(|error| error.to_string())?;
        check_agreement(self.density, &trajectory)?;
        let recorded = Recorded::of(&trajectory);
        if recorded.total() == 0 {
            return Err(NOTHING_RECORDED.to_owned());
        }
        Ok(FittedSubject { fit: self.subject_fit(recorded, &trajectory), trajectory })
    }

    fn subject_fit(&self, recorded: Recorded, trajectory: &Trajectory) -> SubjectFit {
        let problem = self.task.problem;
        let log_likelihood = trajectory.log_likelihood.clone();
        let log_prior = self.density.log_prior;
        let log_posterior = log_likelihood.total + log_prior;
        let joint_actions = problem.model().schema().joint_actions();
        let criteria = InformationCriteria::of(&log_likelihood, problem.dimension(), recorded, joint_actions);
        let has_prior = self.objective.target() == Target::Posterior;
        let curvature = self.curvature.as_ref();
        SubjectFit {
            estimates: self.estimates.clone(),
            log_likelihood,
            log_prior,
            log_posterior,
            log_evidence: curvature
                .filter(|_| has_prior)
                .map(|c| log_evidence(log_posterior, problem.dimension(), c)),
            aic: criteria.aic,
            bic: criteria.bic,
            chance_log_likelihood: criteria.chance_log_likelihood,
            pseudo_r2: criteria.pseudo_r2,
            likelihood_per_action: criteria.likelihood_per_action,
            actions: recorded.actions,
            convergence: self.convergence.clone(),
            verdict: self.judgement.verdict,
            verdict_reason: self.judgement.reason.clone(),
            approximation: curvature.map(|c| NormalApproximation::new(problem, &self.best.point, c)),
            importance_sampling: None,
            profiles: Vec::new(),
        }
    }

    /// The record with profile intervals, if they are asked for.
    ///
    /// # Errors
    ///
    /// As [`Optimum::fitted`].
    pub(crate) fn fitted_with_profiles(&mut self, are_wanted: bool) -> Result<FittedSubject, String> {
        let mut fitted = self.fitted()?;
        if are_wanted {
            let (objective, best) = (&mut self.objective, &self.best);
            fitted.fit.profiles = profiles(self.task.problem, objective, best, self.curvature.as_ref());
        }
        Ok(fitted)
    }
}

/// Newton steps to the last digits; where there is no peak for them, the climb goes on until the gradient is small enough
/// to tell what there is instead. With the Hessian at the end, if a step there needed it.
fn finished(objective: &mut LogPosterior<'_>, found: Maximum) -> (Maximum, Option<DMatrix<f64>>) {
    let (best, hessian) = polish_with_hessian(objective, found, GRADIENT_POLISHED);
    if best.gradient_norm() < GRADIENT_CONVERGED {
        return (best, hessian);
    }
    let Ok(mut farther) = LBfgs::default().maximise(objective, &best.point) else { return (best, hessian) };
    farther.evaluations += best.evaluations;
    polish_with_hessian(objective, farther, GRADIENT_POLISHED)
}

/// What is known of an end before it is judged.
struct Known {
    hessian: Option<DMatrix<f64>>,
    curvature: Option<Curvature>,
}

/// What is there before the verdict.
struct Reached<'a> {
    problem: &'a crate::problem::Problem<'a>,
    best: &'a Maximum,
    hessian: Option<&'a DMatrix<f64>>,
    searches: &'a [Result<Maximum, String>],
}

impl Reached<'_> {
    /// The verdict; and, where maximum likelihood found no peak, estimates without the uncertainties that the
    /// curvature of something else than a peak would pretend.
    fn judged(
        self,
        objective: &mut LogPosterior<'_>,
        curvature: Option<Curvature>,
    ) -> (Option<Curvature>, Vec<Estimate>, Judgement) {
        let Reached { problem, best, hessian, searches } = self;
        let of = |curvature: Option<&Curvature>, target| {
            let mut all = estimates(problem, &best.point, curvature);
            if target == Target::Likelihood {
                all.iter_mut().for_each(|estimate| estimate.contraction = None);
            }
            all
        };
        let target = objective.target();
        let with_all = of(curvature.as_ref(), target);
        let judged = Judged {
            problem,
            objective,
            best,
            hessian,
            curvature: curvature.as_ref(),
            estimates: &with_all,
            searches,
        };
        let judgement = judged.judge();
        if target == Target::Posterior || judgement.verdict.has_a_peak() {
            return (curvature, with_all, judgement);
        }
        (None, of(None, target), judgement)
    }
}

/// Refuses a model whose two ways to the log-likelihood differ.
fn check_agreement(density: LogDensity, trajectory: &Trajectory) -> Result<(), String> {
    let (scorer, total) = (density.log_likelihood, trajectory.log_likelihood.total);
    let tolerance = SAME_LIKELIHOOD * scorer.abs().max(1.0);
    if (scorer - total).abs() <= tolerance {
        return Ok(());
    }
    Err(format!(
        "the log-likelihood at the estimate is {scorer} for the search but {total} along the trajectory; \
         this is an error in the model, please report it"
    ))
}
