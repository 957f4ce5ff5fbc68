//! What a comparison found: the record that is written to `comparison.json`.

use super::between_groups::BetweenGroups;
use super::criteria::Criteria;
use super::evidence::EvidenceKind;
use super::families::FamilySelection;
use super::fixed_effects::FixedEffects;
use super::frequency_prior::FrequencyPrior;
use super::model_selection::ModelSelection;
use crate::dataset::DataSummary;
use serde::{Deserialize, Serialize};

/// A model that takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedModel {
    /// Its name in this comparison.
    pub name: String,
    /// The name in its model file.
    pub model: String,
    /// One paragraph on what it is.
    pub description: String,
    /// SHA-256 of the model file's text, in hexadecimal.
    pub model_sha256: String,
    /// The fit file or results folder it was read from.
    pub source: String,
    /// How it was fitted.
    pub method: String,
    /// The names of its free parameters.
    pub free: Vec<String>,
    /// The fixed parameters with their values, as text.
    pub fixed: Vec<(String, String)>,
    /// Its criteria over the compared subjects.
    pub criteria: Criteria,
}

/// What one model says of one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubjectScore {
    /// What counted as log evidence, in nats.
    pub evidence: f64,
    /// The log evidence in nats, if there is one.
    pub log_evidence: Option<f64>,
    /// The log-likelihood of actions and responses at the estimates, in nats.
    pub log_likelihood: f64,
    /// The Bayesian information criterion; lower is better.
    pub bic: f64,
    /// The Akaike information criterion; lower is better.
    pub aic: f64,
    /// Whether the search converged.
    pub converged: bool,
}

/// A compared subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedSubject {
    /// The identity in the data.
    pub id: String,
    /// The group, if groups are compared.
    pub group: Option<String>,
    /// One score per model.
    pub scores: Vec<SubjectScore>,
    /// The posterior probability of each model.
    pub attributions: Vec<f64>,
}

/// A subject that could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The identity in the data.
    pub id: String,
    /// The first model without an evidence for it.
    pub model: String,
    /// Why, in words.
    pub reason: String,
}

/// A finished comparison of models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What the data hold, as the first fit saw them.
    pub data: DataSummary,
    /// What counted as log evidence.
    pub evidence: EvidenceKind,
    /// The prior over model frequencies.
    pub prior: FrequencyPrior,
    /// The models.
    pub models: Vec<ComparedModel>,
    /// The subjects with an evidence under every model, in the order of the first fit.
    pub subjects: Vec<ComparedSubject>,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// Random effects: who uses which model, and how frequent each is.
    pub selection: ModelSelection,
    /// Fixed effects: everybody uses the same model.
    pub fixed_effects: FixedEffects,
    /// Families of models, if asked for.
    pub families: Option<FamilySelection>,
    /// The column that names the groups, if groups are compared.
    pub group_column: Option<String>,
    /// The comparison of groups, if asked for.
    pub groups: Option<BetweenGroups>,
}

impl Comparison {
    /// The same comparison with frequencies and attributions that were found otherwise, such as by hierarchical Bayesian inference.
    /// `subjects` names whom the rows of attributions belong to; compared subjects without a row keep their own.
    pub fn with_selection(mut self, selection: ModelSelection, subjects: &[String]) -> Self {
        for compared in &mut self.subjects {
            if let Some(row) = subjects.iter().position(|id| *id == compared.id) {
                compared.attributions = selection.random_effects.attributions[row].clone();
            }
        }
        let attributions = self.subjects.iter().map(|subject| subject.attributions.clone()).collect();
        self.selection = selection;
        self.selection.random_effects.attributions = attributions;
        self
    }

    /// The position of the model with the largest expected frequency; of equals, the first.
    pub fn most_frequent(&self) -> usize {
        position_of_largest(&self.selection.random_effects.expected_frequencies)
    }
}

/// The position of the largest number; of equals, the first.
pub(crate) fn position_of_largest(numbers: &[f64]) -> usize {
    (1..numbers.len()).fold(0, |best, k| if numbers[k] > numbers[best] { k } else { best })
}

/// Where a comparison came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonProvenance {
    /// The version of actinf.
    pub actinf_version: String,
    /// When it was made, in UTC, `YYYY-MM-DD hh:mm:ss`.
    pub made: String,
}

/// A comparison and where it came from: what `comparison.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparisonRecord {
    /// `actinf-compare/1`.
    pub format: String,
    /// Where it came from.
    pub provenance: ComparisonProvenance,
    /// What was found.
    #[serde(flatten)]
    pub comparison: Comparison,
}
