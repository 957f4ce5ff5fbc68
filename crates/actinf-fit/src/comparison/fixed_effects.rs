//! Fixed effects: everybody uses the same model, and the question is which.
//!
//! A single subject with an extreme evidence can decide the result; random effects are the better question for people
//! who may differ (Stephan et al. 2009).

use super::evidence_table::EvidenceTable;
use super::random_effects::log_sum_exp;
use serde::{Deserialize, Serialize};

/// What the summed evidence says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixedEffects {
    /// The log evidence of each model, summed over subjects, in nats.
    pub log_evidences: Vec<f64>,
    /// The log Bayes factor of the best model against each, in nats; 0 for the best itself.
    pub log_bayes_factors: Vec<f64>,
    /// The posterior probability of each model.
    pub probabilities: Vec<f64>,
    /// The log evidence of the group, `ln Σ_k w_k exp(Σ_i L[i][k])`, in nats.
    pub log_evidence: f64,
}

/// Sums log evidences over subjects; models are probable a priori in proportion to `weights` (one per model, above 0).
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, fixed_effects};
/// let names = |names: [&str; 2]| names.map(String::from).to_vec();
/// let table = EvidenceTable::new(names(["a", "b"]), names(["x", "y"]), vec![vec![-5.0, -6.0], vec![-7.0, -8.0]]).unwrap();
/// let found = fixed_effects(&table, &[1.0, 1.0]);
/// assert_eq!(found.log_evidences, [-12.0, -14.0]);
/// assert_eq!(found.log_bayes_factors, [0.0, 2.0]);
/// assert!((found.probabilities[0] - 1.0 / (1.0 + (-2.0_f64).exp())).abs() < 1e-15);
/// ```
pub fn fixed_effects(evidences: &EvidenceTable, weights: &[f64]) -> FixedEffects {
    let total: f64 = weights.iter().sum();
    let sum = |k: usize| evidences.rows().map(|row| row[k]).sum::<f64>();
    let log_evidences: Vec<f64> = (0..evidences.models().len()).map(sum).collect();
    let best = log_evidences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weighted: Vec<f64> =
        log_evidences.iter().zip(weights).map(|(l, weight)| l + (weight / total).ln()).collect();
    let log_evidence = log_sum_exp(&weighted);
    FixedEffects {
        log_bayes_factors: log_evidences.iter().map(|l| best - l).collect(),
        probabilities: weighted.iter().map(|l| (l - log_evidence).exp()).collect(),
        log_evidences,
        log_evidence,
    }
}
