//! The Bayes omnibus risk: the probability that all models are equally frequent, and differences are chance.
//!
//! Rigoux et al. (2014), section "Protected exceedance probabilities".

use super::evidence_table::EvidenceTable;
use super::random_effects::log_sum_exp;
use crate::transform::logistic;

/// F0: the log evidence of the group when the frequencies are known and in proportion to `weights`,
/// `Σ_i ln Σ_k w_k exp(L[i][k])`, in nats. It is exact, as the subjects are then independent.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, null_free_energy};
/// let names = |names: [&str; 2]| names.map(String::from).to_vec();
/// let table = EvidenceTable::new(names(["a", "b"]), names(["x", "y"]), vec![vec![0.0, 0.0], vec![0.0, -900.0]]).unwrap();
/// // The first subject's evidence is 1 under both, the second's is 1 and 0: ln 1 + ln ½.
/// assert!((null_free_energy(&table, &[1.0, 1.0]) - 0.5_f64.ln()).abs() < 1e-15);
/// ```
pub fn null_free_energy(evidences: &EvidenceTable, weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let logs: Vec<f64> = weights.iter().map(|weight| (weight / total).ln()).collect();
    let of_subject = |row: &[f64]| {
        let weighted: Vec<f64> = row.iter().zip(&logs).map(|(l, log)| l + log).collect();
        log_sum_exp(&weighted)
    };
    evidences.rows().map(of_subject).sum()
}

/// The probability of equal frequencies, `1 / (1 + exp(F1 - F0))`, when it is as probable a priori as unequal ones.
pub fn omnibus_risk(free_energy: f64, null_free_energy: f64) -> f64 {
    logistic(null_free_energy - free_energy)
}

/// Exceedance probabilities that allow for equal frequencies: `(1 - risk) xp_k + risk / K`.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::protected_exceedance;
/// assert_eq!(protected_exceedance(&[1.0, 0.0], 0.5), [0.75, 0.25]);
/// ```
pub fn protected_exceedance(exceedance: &[f64], omnibus_risk: f64) -> Vec<f64> {
    let even = omnibus_risk / exceedance.len() as f64;
    exceedance.iter().map(|xp| (1.0 - omnibus_risk) * xp + even).collect()
}
