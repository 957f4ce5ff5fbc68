//! The comparison of finished fits.

use super::between_groups::{BetweenGroups, between_groups};
use super::candidates::{Candidate, check};
use super::criteria::Criteria;
use super::error::ComparisonError;
use super::evidence::EvidenceKind;
use super::evidence_table::EvidenceTable;
use super::families::{Family, FamilySelection, select_families};
use super::fixed_effects::fixed_effects;
use super::frequency_prior::FrequencyPrior;
use super::model_selection::select_models;
use super::record::{ComparedModel, ComparedSubject, Comparison, LeftOut, SubjectScore, position_of_largest};
use super::stopping::Stopping;
use crate::results::{Outcome, Role, SubjectFit, SubjectRecord};
use crate::transform::Transform;
use actinf_agents::nearest_name;
use std::collections::HashMap;

/// What is asked of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// What counts as log evidence.
    pub evidence: EvidenceKind,
    /// The prior over model frequencies.
    pub prior: FrequencyPrior,
    /// Families by name, with the names of their models; none if empty.
    pub families: Vec<(String, Vec<String>)>,
    /// The column that names the groups to compare.
    pub group: Option<String>,
}

/// Compares finished fits of the same data.
///
/// A subject without a finite evidence under every model is left out, by name and with the reason.
///
/// # Errors
///
/// If the fits are not of the same behaviour of the same subjects, if no subject is left, or if families or groups
/// are not what the fits have.
pub fn compare(candidates: &[Candidate<'_>], question: &Question) -> Result<Comparison, ComparisonError> {
    check(candidates)?;
    let people = People::of(candidates, question.evidence);
    let table = people.table(candidates)?;
    let selection = select_models(&table, question.prior, Stopping::Converged)?;
    let groups =
        question.group.as_deref().map(|column| groups_of(candidates, &people, column)).transpose()?;
    let between = groups.as_ref().map(|groups| between(&table, groups, question.prior)).transpose()?;
    let group = |i: usize| groups.as_ref().and_then(|groups| groups[i].clone());
    let subject = |(i, kept): (usize, &Kept<'_>)| ComparedSubject {
        id: kept.subject.id.clone(),
        group: group(i),
        scores: kept.fits.iter().zip(&kept.evidences).map(|(fit, evidence)| score(fit, *evidence)).collect(),
        attributions: selection.random_effects.attributions[i].clone(),
    };
    Ok(Comparison {
        data: candidates[0].record.data.clone(),
        evidence: question.evidence,
        prior: question.prior,
        models: people.models(candidates),
        subjects: people.kept.iter().enumerate().map(subject).collect(),
        fixed_effects: fixed_effects(&table, &vec![1.0; candidates.len()]),
        families: families(&table, question)?,
        group_column: question.group.clone(),
        groups: between,
        left_out: people.left_out,
        selection,
    })
}

/// A subject with an evidence under every model.
struct Kept<'a> {
    subject: &'a SubjectRecord,
    fits: Vec<&'a SubjectFit>,
    evidences: Vec<f64>,
}

/// Everybody, in the order of the first fit.
struct People<'a> {
    kept: Vec<Kept<'a>>,
    left_out: Vec<LeftOut>,
}

impl<'a> People<'a> {
    fn of(candidates: &[Candidate<'a>], kind: EvidenceKind) -> People<'a> {
        let outcomes: Vec<HashMap<&str, &'a Outcome>> = candidates.iter().map(Candidate::outcomes).collect();
        let mut people = People { kept: Vec::new(), left_out: Vec::new() };
        for subject in &candidates[0].record.subjects {
            let mut kept = Kept { subject, fits: Vec::new(), evidences: Vec::new() };
            let mut score = |outcomes: &HashMap<&str, &'a Outcome>| -> Result<(), String> {
                let fit = match outcomes.get(subject.id.as_str()) {
                    Some(Outcome::Fitted(fit)) => fit,
                    Some(Outcome::Failed { reason }) => return Err(reason.clone()),
                    None => return Err("the fit has no such subject".to_owned()),
                };
                kept.evidences.push(kind.of(fit)?);
                kept.fits.push(fit);
                Ok(())
            };
            let mut scored = candidates.iter().zip(&outcomes).map(|(c, outcomes)| (c.name, score(outcomes)));
            match scored.find_map(|(model, scored)| Some((model, scored.err()?))) {
                Some((model, reason)) => {
                    people.left_out.push(LeftOut { id: subject.id.clone(), model: model.to_owned(), reason })
                }
                None => people.kept.push(kept),
            }
        }
        people
    }

    fn table(&self, candidates: &[Candidate<'_>]) -> Result<EvidenceTable, ComparisonError> {
        if self.kept.is_empty() {
            let sentence =
                |out: &LeftOut| format!("subject {} (model {}): {}", out.id, out.model, out.reason);
            return Err(ComparisonError::NoSubjects {
                left_out: self.left_out.iter().map(sentence).collect(),
            });
        }
        EvidenceTable::new(
            candidates.iter().map(|candidate| candidate.name.to_owned()).collect(),
            self.kept.iter().map(|kept| kept.subject.id.clone()).collect(),
            self.kept.iter().map(|kept| kept.evidences.clone()).collect(),
        )
    }

    fn models(&self, candidates: &[Candidate<'_>]) -> Vec<ComparedModel> {
        let best: Vec<usize> = self.kept.iter().map(|kept| position_of_largest(&kept.evidences)).collect();
        let model = |(k, candidate): (usize, &Candidate<'_>)| {
            let fits: Vec<&SubjectFit> = self.kept.iter().map(|kept| kept.fits[k]).collect();
            compared_model(candidate, &fits, best.iter().filter(|best| **best == k).count())
        };
        candidates.iter().enumerate().map(model).collect()
    }
}

fn compared_model(candidate: &Candidate<'_>, fits: &[&SubjectFit], best_for: usize) -> ComparedModel {
    let record = candidate.record;
    let (mut free, mut fixed, mut coordinates) = (Vec::new(), Vec::new(), 0);
    for entry in &record.model.parameters {
        match &entry.role {
            Role::Free { .. } => {
                free.push(entry.parameter.name.clone());
                coordinates += Transform::of(entry.parameter.support).coordinates();
            }
            Role::Fixed { values } => {
                let values: Vec<String> = values.iter().map(f64::to_string).collect();
                fixed.push((entry.parameter.name.clone(), values.join(", ")));
            }
        }
    }
    ComparedModel {
        name: candidate.name.to_owned(),
        model: record.model.name.clone(),
        description: record.model.description.clone(),
        model_sha256: record.model.sha256.clone(),
        source: candidate.source.to_owned(),
        method: record.method.name.clone(),
        free,
        fixed,
        criteria: Criteria::of(coordinates, fits, best_for),
    }
}

fn score(fit: &SubjectFit, evidence: f64) -> SubjectScore {
    SubjectScore {
        evidence,
        log_evidence: fit.log_evidence,
        log_likelihood: fit.log_likelihood.total,
        bic: fit.bic,
        aic: fit.aic,
        converged: fit.convergence.converged,
    }
}

fn families(table: &EvidenceTable, question: &Question) -> Result<Option<FamilySelection>, ComparisonError> {
    if question.families.is_empty() {
        return Ok(None);
    }
    let position = |family: &str, model: &String| {
        table.models().iter().position(|name| name == model).ok_or_else(|| {
            let near = nearest_name(model, table.models().iter().map(String::as_str));
            let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            let reason = format!("there is no model `{model}`, only {}{meant}", table.models().join(", "));
            ComparisonError::BadFamily { family: family.to_owned(), reason }
        })
    };
    let family = |(name, models): &(String, Vec<String>)| {
        let members = models.iter().map(|model| position(name, model)).collect::<Result<_, _>>()?;
        Ok(Family { name: name.clone(), members })
    };
    let families = question.families.iter().map(family).collect::<Result<Vec<_>, ComparisonError>>()?;
    select_families(table, &families, question.prior, Stopping::Converged).map(Some)
}

/// The group of each kept subject: from the fits' column of groups, or a covariate with this name.
fn groups_of(
    candidates: &[Candidate<'_>],
    people: &People<'_>,
    column: &str,
) -> Result<Vec<Option<String>>, ComparisonError> {
    let has_groups = |c: &&Candidate<'_>| c.record.group_column.as_deref() == Some(column);
    if let Some(candidate) = candidates.iter().find(has_groups) {
        let by_id: HashMap<&str, &SubjectRecord> =
            candidate.record.subjects.iter().map(|subject| (subject.id.as_str(), subject)).collect();
        let group = |kept: &Kept<'_>| by_id.get(kept.subject.id.as_str()).and_then(|s| s.group.clone());
        return Ok(people.kept.iter().map(group).collect());
    }
    let covariate = |kept: &Kept<'_>| {
        let found = kept.subject.covariates.iter().find(|(name, _)| name == column);
        found.map(|(_, value)| value.map(|value| value.to_string()))
    };
    match people.kept.iter().map(covariate).collect::<Option<Vec<_>>>() {
        Some(groups) => Ok(groups),
        None => Err(ComparisonError::NoGroupColumn { column: column.to_owned(), known: known(candidates) }),
    }
}

/// The columns that could name groups.
fn known(candidates: &[Candidate<'_>]) -> Vec<String> {
    let record = candidates[0].record;
    let covariates = record.subjects.first().map_or(&[] as &[_], |subject| &subject.covariates);
    record.group_column.iter().cloned().chain(covariates.iter().map(|(name, _)| name.clone())).collect()
}

fn between(
    table: &EvidenceTable,
    groups: &[Option<String>],
    prior: FrequencyPrior,
) -> Result<BetweenGroups, ComparisonError> {
    let groups: Vec<Option<&str>> = groups.iter().map(Option::as_deref).collect();
    between_groups(table, &groups, prior, Stopping::Converged)
}
