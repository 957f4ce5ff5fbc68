//! Random-effects Bayesian model selection with all that is reported of it.

use super::error::ComparisonError;
use super::evidence_table::EvidenceTable;
use super::exceedance::exceedance_probabilities;
use super::frequency_prior::FrequencyPrior;
use super::omnibus_risk::{null_free_energy, omnibus_risk, protected_exceedance};
use super::random_effects::{RandomEffects, random_effects};
use super::stopping::Stopping;
use serde::{Deserialize, Serialize};

/// The models' frequencies, and how sure it is that one is the most frequent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSelection {
    /// Frequencies and attributions.
    pub random_effects: RandomEffects,
    /// The probability that each model is the most frequent, given that frequencies differ.
    pub exceedance: Vec<f64>,
    /// The same, allowing for equal frequencies.
    pub protected_exceedance: Vec<f64>,
    /// F0: the log evidence of the group when all models are equally frequent, in nats.
    pub null_free_energy: f64,
    /// The probability that all models are equally frequent.
    pub omnibus_risk: f64,
}

/// Random-effects Bayesian model selection.
///
/// # Errors
///
/// None that a checked table can cause.
///
/// # Example
///
/// Nothing distinguishes the models: every probability is even.
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, FrequencyPrior, Stopping, select_models};
/// let names = |names: [&str; 2]| names.map(String::from).to_vec();
/// let table = EvidenceTable::new(names(["a", "b"]), names(["x", "y"]), vec![vec![-5.0; 2], vec![-7.0; 2]]).unwrap();
/// let selection = select_models(&table, FrequencyPrior::OnePerModel, Stopping::Converged).unwrap();
/// assert!((selection.exceedance[0] - 0.5).abs() < 1e-13);
/// assert!(selection.omnibus_risk > 0.5);
/// ```
pub fn select_models(
    evidences: &EvidenceTable,
    prior: FrequencyPrior,
    stopping: Stopping,
) -> Result<ModelSelection, ComparisonError> {
    let prior_counts = prior.counts(evidences.models().len());
    let random_effects = random_effects(evidences, &prior_counts, stopping)?;
    let null_free_energy = null_free_energy(evidences, &prior_counts);
    let omnibus_risk = omnibus_risk(random_effects.free_energy, null_free_energy);
    let exceedance = exceedance_probabilities(&random_effects.counts);
    let protected_exceedance = protected_exceedance(&exceedance, omnibus_risk);
    Ok(ModelSelection { random_effects, exceedance, protected_exceedance, null_free_energy, omnibus_risk })
}
