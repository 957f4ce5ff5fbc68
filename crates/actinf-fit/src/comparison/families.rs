//! Families of models: which kind of model is the most frequent (Penny et al. 2010).
//!
//! Families are equally frequent a priori, and so are the models within each, however many there are. The frequency of
//! a family is the sum of its members'; sums of the components of a Dirichlet variable are a Dirichlet variable with the
//! summed counts, so the exceedance probabilities of families are exact as well.
//!
//! The log evidence of equally frequent families is exact here. VBA's is a bound that lies below it where families differ
//! in size, which makes its omnibus risk of families too small (a golden case shows both).

use super::dirichlet::{intervals, means};
use super::error::ComparisonError;
use super::evidence_table::{EvidenceTable, check_distinct};
use super::exceedance::exceedance_probabilities;
use super::frequency_prior::FrequencyPrior;
use super::omnibus_risk::{null_free_energy, omnibus_risk, protected_exceedance};
use super::random_effects::{RandomEffects, random_effects};
use super::stopping::Stopping;
use serde::{Deserialize, Serialize};

/// A family of models.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// The positions of its models, from 0.
    pub members: Vec<usize>,
}

/// The frequencies of families, and how sure it is that one is the most frequent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilySelection {
    /// The families.
    pub families: Vec<Family>,
    /// The models under the prior that makes families equally frequent.
    pub models: RandomEffects,
    /// The posterior count of each family.
    pub counts: Vec<f64>,
    /// The expected frequency of each family.
    pub expected_frequencies: Vec<f64>,
    /// The central 95 % interval of each frequency.
    pub frequency_intervals: Vec<[f64; 2]>,
    /// The probability that each family is the most frequent, given that frequencies differ.
    pub exceedance: Vec<f64>,
    /// The same, allowing for equal frequencies.
    pub protected_exceedance: Vec<f64>,
    /// The log evidence of the group when all families are equally frequent, in nats.
    pub null_free_energy: f64,
    /// The probability that all families are equally frequent.
    pub omnibus_risk: f64,
}

/// Random-effects Bayesian selection of families of models.
///
/// # Errors
///
/// If the families do not divide the models among themselves.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, Family, FrequencyPrior, Stopping, select_families};
/// let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
/// let rows = vec![vec![-5.0; 3], vec![-7.0; 3]];
/// let table = EvidenceTable::new(names(&["a", "b", "c"]), names(&["x", "y"]), rows).unwrap();
/// let families = [Family { name: "ab".into(), members: vec![0, 1] }, Family { name: "c".into(), members: vec![2] }];
/// let found = select_families(&table, &families, FrequencyPrior::OnePerModel, Stopping::Converged).unwrap();
/// assert_eq!(found.models.prior_counts, [0.5, 0.5, 1.0]);
/// let error = select_families(&table, &families[..1], FrequencyPrior::OnePerModel, Stopping::Converged).unwrap_err();
/// assert!(error.to_string().contains("model `c` belongs to no family"));
/// ```
pub fn select_families(
    evidences: &EvidenceTable,
    families: &[Family],
    prior: FrequencyPrior,
    stopping: Stopping,
) -> Result<FamilySelection, ComparisonError> {
    let family_of = family_of_each(evidences.models(), families)?;
    let sizes: Vec<usize> = families.iter().map(|family| family.members.len()).collect();
    let of_families = prior.family_counts(&sizes);
    let prior_counts: Vec<f64> = family_of.iter().map(|&family| of_families[family]).collect();
    let models = random_effects(evidences, &prior_counts, stopping)?;
    let sum = |family: &Family| family.members.iter().map(|&k| models.counts[k]).sum::<f64>();
    let counts: Vec<f64> = families.iter().map(sum).collect();
    let null_free_energy = null_free_energy(evidences, &prior_counts);
    let omnibus_risk = omnibus_risk(models.free_energy, null_free_energy);
    let exceedance = exceedance_probabilities(&counts);
    Ok(FamilySelection {
        families: families.to_vec(),
        expected_frequencies: means(&counts),
        frequency_intervals: intervals(&counts),
        protected_exceedance: protected_exceedance(&exceedance, omnibus_risk),
        models,
        counts,
        exceedance,
        null_free_energy,
        omnibus_risk,
    })
}

/// The family of each model.
fn family_of_each(models: &[String], families: &[Family]) -> Result<Vec<usize>, ComparisonError> {
    let names: Vec<String> = families.iter().map(|family| family.name.clone()).collect();
    check_distinct("families", &names)?;
    let mut family_of = vec![None; models.len()];
    for (position, family) in families.iter().enumerate() {
        let bad = |reason: String| ComparisonError::BadFamily { family: family.name.clone(), reason };
        if family.members.is_empty() {
            return Err(bad("it has no model".to_owned()));
        }
        for &member in &family.members {
            let taken =
                family_of.get_mut(member).ok_or_else(|| bad(format!("there is no model {member}")))?;
            if let Some(other) = taken.replace(position) {
                let other: &Family = &families[other];
                return Err(bad(format!("model `{}` is already in `{}`", models[member], other.name)));
            }
        }
    }
    let found = |(family, model): (Option<usize>, &String)| {
        family.ok_or_else(|| ComparisonError::NoFamily { model: model.clone() })
    };
    family_of.into_iter().zip(models).map(found).collect()
}
