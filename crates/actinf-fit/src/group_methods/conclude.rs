//! From what a method found to the records that all methods share.

use super::coding::coding_in_words;
use super::effects::weight_records;
use super::member_verdict::judge;
use super::{FittedGroup, FoundMember, GroupFound, GroupQuestion, GroupRun};
use crate::dataset::{Covariate, Dataset};
use crate::fit::subject_steps;
use crate::hessian::Curvature;
use crate::hierarchical::{DesignMatrix, GroupProblem};
use crate::information_criteria::InformationCriteria;
use crate::methods::FittedSubject;
use crate::normal_approximation::NormalApproximation;
use crate::population_record::{FormulaRecord, MemberCoordinate, MemberRecord, PopulationRecord};
use crate::recorded::Recorded;
use crate::results::{Outcome, SubjectFit, SubjectRecord};
use actinf_agents::Trajectory;
use std::collections::HashMap;

/// Why a subject has no result, if no other reason is known.
const UNKNOWN: &str = "was not estimated";

/// The records of a group: everybody's fit and steps at the estimates, and the population.
pub(super) fn conclude(
    group: &GroupProblem<'_>,
    dataset: &Dataset,
    question: &GroupQuestion,
    found: GroupFound,
    alone: &[Option<NormalApproximation>],
    run: GroupRun<'_>,
) -> FittedGroup {
    let fitted = run.workers.map(found.members.len(), |index| fitted_subject(group, &found.members[index]));
    let population = population(group, question, &found, alone);
    let mut outcomes: HashMap<&str, Result<FittedSubject, String>> = HashMap::new();
    for (member, fitted) in found.members.iter().zip(fitted) {
        outcomes.insert(&group.subjects()[member.subject].id, fitted);
    }
    for lost in &found.lost {
        outcomes.insert(&lost.subject, Err(lost.reason.clone()));
    }
    let (mut subjects, mut steps) = (Vec::new(), Vec::new());
    for (position, subject) in dataset.subjects.iter().enumerate() {
        let outcome = match outcomes.remove(subject.id.as_str()) {
            Some(Ok(FittedSubject { fit, trajectory })) => {
                steps.push(subject_steps(subject, trajectory.steps));
                Outcome::Fitted(fit)
            }
            Some(Err(reason)) => Outcome::Failed { reason },
            None => Outcome::Failed { reason: UNKNOWN.to_owned() },
        };
        subjects.push(subject_record(dataset, position, outcome));
    }
    let is_complete = found.is_complete;
    FittedGroup { subjects, steps, population, draws: found.draws, is_complete }
}

fn subject_record(dataset: &Dataset, position: usize, outcome: Outcome) -> SubjectRecord {
    let covariate = |c: &Covariate| (c.name.clone(), c.values.get(position).copied().flatten());
    SubjectRecord {
        id: dataset.subjects[position].id.clone(),
        group: dataset.groups.get(position).cloned().flatten(),
        covariates: dataset.covariates.iter().map(covariate).collect(),
        outcome,
    }
}

/// A member's fit, as if the population were its prior.
fn fitted_subject(group: &GroupProblem<'_>, member: &FoundMember) -> Result<FittedSubject, String> {
    let (problem, subject) = (group.problem(), group.subjects()[member.subject]);
    let values = problem.values_at(&member.point);
    let trajectory = problem.model().trajectory(subject, &values).map_err(|error| error.to_string())?;
    Ok(FittedSubject { fit: subject_fit(group, member, &trajectory), trajectory })
}

fn subject_fit(group: &GroupProblem<'_>, member: &FoundMember, trajectory: &Trajectory) -> SubjectFit {
    let problem = group.problem();
    let recorded = Recorded::of(trajectory);
    let log_likelihood = trajectory.log_likelihood.clone();
    let joint_actions = problem.model().schema().joint_actions();
    let criteria = InformationCriteria::of(&log_likelihood, problem.dimension(), recorded, joint_actions);
    let curvature = Curvature::of_covariance(&member.covariance);
    let (verdict, verdict_reason) = judge(&member.estimates, &member.convergence);
    SubjectFit {
        estimates: member.estimates.clone(),
        log_posterior: log_likelihood.total + member.log_prior,
        log_likelihood,
        log_prior: member.log_prior,
        log_evidence: member.log_evidence,
        aic: criteria.aic,
        bic: criteria.bic,
        chance_log_likelihood: criteria.chance_log_likelihood,
        pseudo_r2: criteria.pseudo_r2,
        likelihood_per_action: criteria.likelihood_per_action,
        actions: recorded.actions,
        convergence: member.convergence.clone(),
        verdict,
        verdict_reason,
        approximation: curvature
            .map(|curvature| NormalApproximation::new(problem, &member.point, &curvature)),
        importance_sampling: member.importance_sampling,
        profiles: Vec::new(),
    }
}

fn population(
    group: &GroupProblem<'_>,
    question: &GroupQuestion,
    found: &GroupFound,
    alone: &[Option<NormalApproximation>],
) -> PopulationRecord {
    let formula = |(parameter, design): (&str, &DesignMatrix)| FormulaRecord {
        parameter: parameter.to_owned(),
        formula: design.formula.to_string(),
        coding: coding_in_words(design),
    };
    let parameters = group.problem().free().iter().map(|p| p.parameter.name.as_str());
    PopulationRecord {
        formulas: parameters.zip(group.designs()).map(formula).collect(),
        weights: weight_records(group, &question.practical_equivalence, &found.weights),
        spreads: found.spreads.clone(),
        correlations: found.correlations.clone(),
        members: found.members.iter().map(|member| member_record(group, member, alone)).collect(),
        convergence: found.convergence.clone(),
        integrated_log_likelihood: found.integrated_log_likelihood,
        integrated_bic: found.integrated_bic,
        models: found.models.clone(),
        sampling: found.sampling.clone(),
        warnings: found.warnings.clone(),
    }
}

fn member_record(
    group: &GroupProblem<'_>,
    member: &FoundMember,
    alone: &[Option<NormalApproximation>],
) -> MemberRecord {
    let alone = alone[member.subject].as_ref();
    let coordinate = |c: usize| MemberCoordinate {
        alone: alone.map(|alone| alone.mean[c]),
        alone_standard_error: alone.map(|alone| alone.covariance[c][c].sqrt()),
        estimate: member.point[c],
        standard_error: member.covariance[(c, c)].sqrt(),
        predicted: member.predicted[c],
    };
    MemberRecord {
        subject: group.subjects()[member.subject].id.clone(),
        coordinates: (0..member.point.len()).map(coordinate).collect(),
        responsibilities: member.responsibilities.clone(),
    }
}
