//! Do groups of subjects have the same model frequencies?
//!
//! ```text
//! P(same | y) = 1 / (1 + exp( Σ_g F_g - F_all ))
//! ```
//!
//! with F_g the free energy of group g alone and F_all that of everybody together (VBA's between-group test; Rigoux et
//! al. 2014). "Same" and "different" are equally probable a priori.

use super::error::ComparisonError;
use super::evidence_table::EvidenceTable;
use super::frequency_prior::FrequencyPrior;
use super::model_selection::{ModelSelection, select_models};
use super::random_effects::random_effects;
use super::stopping::Stopping;
use crate::transform::logistic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A group's own model selection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupSelection {
    /// The group.
    pub group: String,
    /// Its subjects.
    pub subjects: Vec<String>,
    /// Their models.
    pub selection: ModelSelection,
}

/// Whether groups have the same model frequencies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BetweenGroups {
    /// The groups in alphabetical order.
    pub groups: Vec<GroupSelection>,
    /// Subjects without a group, who are left out of this test.
    pub without_group: Vec<String>,
    /// The free energy when all groups share their frequencies, in nats.
    pub pooled_free_energy: f64,
    /// The summed free energies of the groups, each with frequencies of its own, in nats.
    pub separate_free_energy: f64,
    /// The probability that the frequencies are the same in all groups.
    pub probability_same: f64,
}

/// Tests whether groups have the same model frequencies; `groups` holds each subject's group, in the order of the table.
///
/// # Errors
///
/// If the subjects belong to fewer than 2 groups.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, FrequencyPrior, Stopping, between_groups};
/// let subjects: Vec<String> = (0..20).map(|i| i.to_string()).collect();
/// let models = ["a", "b"].map(String::from).to_vec();
/// let rows = (0..20).map(|i| if i < 10 { vec![0.0, -9.0] } else { vec![-9.0, 0.0] }).collect();
/// let table = EvidenceTable::new(models, subjects, rows).unwrap();
/// let groups: Vec<_> = (0..20).map(|i| Some(if i < 10 { "patients" } else { "controls" })).collect();
/// let test = between_groups(&table, &groups, FrequencyPrior::OnePerModel, Stopping::Converged).unwrap();
/// assert!(test.probability_same < 1e-3);
/// ```
pub fn between_groups(
    evidences: &EvidenceTable,
    groups: &[Option<&str>],
    prior: FrequencyPrior,
    stopping: Stopping,
) -> Result<BetweenGroups, ComparisonError> {
    let (mut positions, mut without_group) = (BTreeMap::<&str, Vec<usize>>::new(), Vec::new());
    for (position, subject) in evidences.subjects().iter().enumerate() {
        match groups.get(position).copied().flatten() {
            Some(group) => positions.entry(group).or_default().push(position),
            None => without_group.push(subject.clone()),
        }
    }
    if positions.len() < 2 {
        let found = positions.keys().map(ToString::to_string).collect();
        return Err(ComparisonError::TooFewGroups { found });
    }
    let select = |(group, positions): (&&str, &Vec<usize>)| {
        let own = evidences.of_subjects(positions);
        let selection = select_models(&own, prior, stopping)?;
        Ok(GroupSelection { group: group.to_string(), subjects: own.subjects().to_vec(), selection })
    };
    let groups = positions.iter().map(select).collect::<Result<Vec<_>, ComparisonError>>()?;
    let mut everybody: Vec<usize> = positions.into_values().flatten().collect();
    everybody.sort_unstable();
    let prior_counts = prior.counts(evidences.models().len());
    let pooled = random_effects(&evidences.of_subjects(&everybody), &prior_counts, stopping)?;
    let separate_free_energy = groups.iter().map(|g| g.selection.random_effects.free_energy).sum();
    Ok(BetweenGroups {
        groups,
        without_group,
        pooled_free_energy: pooled.free_energy,
        separate_free_energy,
        probability_same: logistic(pooled.free_energy - separate_free_energy),
    })
}
