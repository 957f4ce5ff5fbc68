//! Fits that are to be compared, and whether they can be.

use super::difference::Difference;
use super::error::ComparisonError;
use super::evidence_table::check_distinct;
use crate::results::{FitRecord, Outcome, SubjectFit};
use std::collections::HashMap;

/// A finished fit that takes part in a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The model's name in the comparison.
    pub name: &'a str,
    /// The fit file or results folder, as the user named it.
    pub source: &'a str,
    /// What the fit found.
    pub record: &'a FitRecord,
}

impl<'a> Candidate<'a> {
    /// The outcomes by subject.
    pub(crate) fn outcomes(&self) -> HashMap<&'a str, &'a Outcome> {
        self.record.subjects.iter().map(|subject| (subject.id.as_str(), &subject.outcome)).collect()
    }
}

/// Checks that the fits are of the same behaviour of the same subjects, so that their evidences can be compared.
pub(crate) fn check(candidates: &[Candidate<'_>]) -> Result<(), ComparisonError> {
    let [first, others @ ..] = candidates else {
        return Err(ComparisonError::TooFewModels { found: 0 });
    };
    if others.is_empty() {
        return Err(ComparisonError::TooFewModels { found: 1 });
    }
    let names: Vec<String> = candidates.iter().map(|candidate| candidate.name.to_owned()).collect();
    check_distinct("models", &names)?;
    for other in others {
        for check in [check_data, check_subjects, check_responses, check_actions] {
            check(first, other)?;
        }
    }
    Ok(())
}

fn check_data(first: &Candidate<'_>, other: &Candidate<'_>) -> Result<(), Box<Difference>> {
    let (a, b) = (&first.record.data, &other.record.data);
    if a.sha256 == b.sha256 {
        return Ok(());
    }
    Err(Box::new(Difference::Data {
        models: pair(first, other),
        files: [a.file.clone(), b.file.clone()],
        hashes: [a, b].map(|data| data.sha256.chars().take(8).collect()),
    }))
}

fn check_subjects(first: &Candidate<'_>, other: &Candidate<'_>) -> Result<(), Box<Difference>> {
    let (in_first, in_other) = (first.outcomes(), other.outcomes());
    let missing = |from: &HashMap<&str, &Outcome>, candidate: &Candidate<'_>| -> Vec<String> {
        let ids = candidate.record.subjects.iter().map(|subject| subject.id.as_str());
        ids.filter(|id| !from.contains_key(id)).map(str::to_owned).collect()
    };
    let only = [missing(&in_other, first), missing(&in_first, other)];
    if only.iter().all(Vec::is_empty) {
        return Ok(());
    }
    Err(Box::new(Difference::Subjects { models: pair(first, other), only }))
}

/// Responses enter the likelihood, so all models must have the same ones.
fn check_responses(first: &Candidate<'_>, other: &Candidate<'_>) -> Result<(), Box<Difference>> {
    let recorded = |candidate: &Candidate<'_>| -> Vec<(String, usize)> {
        let counts = candidate.record.data.responses.iter();
        let mut found: Vec<_> = counts.map(|c| (c.variable.clone(), c.expected - c.missing)).collect();
        found.retain(|(_, number)| *number > 0);
        found.sort();
        found
    };
    let (a, b) = (recorded(first), recorded(other));
    if a == b {
        return Ok(());
    }
    let in_words = |found: Vec<(String, usize)>| {
        let texts: Vec<String> = found.iter().map(|(name, number)| format!("{number} of {name}")).collect();
        if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
    };
    Err(Box::new(Difference::Responses { models: pair(first, other), responses: [in_words(a), in_words(b)] }))
}

fn check_actions(first: &Candidate<'_>, other: &Candidate<'_>) -> Result<(), Box<Difference>> {
    let in_other = other.outcomes();
    for subject in &first.record.subjects {
        let (Some(a), Some(b)) =
            (fitted(&subject.outcome), in_other.get(subject.id.as_str()).copied().and_then(fitted))
        else {
            continue;
        };
        if a.actions != b.actions {
            let (models, subject) = (pair(first, other), subject.id.clone());
            return Err(Box::new(Difference::Actions { models, subject, actions: [a.actions, b.actions] }));
        }
    }
    Ok(())
}

fn fitted(outcome: &Outcome) -> Option<&SubjectFit> {
    match outcome {
        Outcome::Fitted(fit) => Some(fit),
        Outcome::Failed { .. } => None,
    }
}

fn pair(first: &Candidate<'_>, other: &Candidate<'_>) -> [String; 2] {
    [first, other].map(|candidate| candidate.name.to_owned())
}
