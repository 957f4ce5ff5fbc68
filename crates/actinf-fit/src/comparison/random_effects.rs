//! Random effects: each subject uses one model, and models differ in how frequent they are.
//!
//! ```text
//! m ~ Dirichlet(α0),   z_i ~ Categorical(m),   ln p(y_i | z_i = k) = L[i][k]
//!
//! r[i][k] = softmax_k( L[i][k] + ψ(α_k) - ψ(Σ α) )        attributions, q(z_i = k)
//! α_k     = α0_k + Σ_i r[i][k]                            counts, q(m) = Dirichlet(α)
//! F       = E[ln p(y, z, m)] - E[ln q(z, m)]              free energy, a lower bound of ln p(y)
//! ```
//!
//! iterated from α = α0. Variational Bayes; Stephan et al. (2009), equation 14, and Rigoux et al. (2014), appendix.

use super::dirichlet::{expected_log_density, expected_logs, intervals, means};
use super::error::ComparisonError;
use super::evidence_table::EvidenceTable;
use super::stopping::{Stopping, Watch};
use serde::{Deserialize, Serialize};

/// What is known about the frequencies of models in the population, and which model each subject uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RandomEffects {
    /// α0: the prior counts of the Dirichlet distribution, one per model.
    pub prior_counts: Vec<f64>,
    /// α: the posterior counts, one per model.
    pub counts: Vec<f64>,
    /// The posterior probability of each model for each subject: one row per subject, which sums to 1.
    pub attributions: Vec<Vec<f64>>,
    /// The expected frequency of each model, `α_k / Σ α`.
    pub expected_frequencies: Vec<f64>,
    /// The central 95 % interval of each frequency.
    pub frequency_intervals: Vec<[f64; 2]>,
    /// F: the free energy, a lower bound of the log evidence of the group, in nats.
    pub free_energy: f64,
    /// Sweeps made over all subjects.
    pub sweeps: usize,
    /// Whether the iterations ended because the rule of stopping was met.
    pub converged: bool,
}

/// Random-effects Bayesian model selection (Stephan et al. 2009), iterated from the prior counts.
///
/// # Errors
///
/// If there is not one finite prior count above 0 per model.
///
/// # Example
///
/// Two subjects whose behaviour says that each certainly uses another model: every count grows by one.
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, Stopping, random_effects};
/// let names = |names: [&str; 2]| names.map(String::from).to_vec();
/// let rows = vec![vec![0.0, -900.0], vec![-900.0, 0.0]];
/// let table = EvidenceTable::new(names(["a", "b"]), names(["ada", "bob"]), rows).unwrap();
/// let found = random_effects(&table, &[1.0, 1.0], Stopping::Converged).unwrap();
/// assert_eq!(found.counts, [2.0, 2.0]);
/// assert_eq!(found.attributions, [[1.0, 0.0], [0.0, 1.0]]);
/// // ln p(y) = ln ∫ m (1 - m) dm = -ln 6, and the bound is exact as nothing is uncertain about z.
/// assert!((found.free_energy + 6.0_f64.ln()).abs() < 1e-12);
/// ```
pub fn random_effects(
    evidences: &EvidenceTable,
    prior_counts: &[f64],
    stopping: Stopping,
) -> Result<RandomEffects, ComparisonError> {
    check_prior(prior_counts, evidences.models().len())?;
    let mut state = State::initial(evidences, prior_counts);
    let mut watch = Watch::new(stopping, state.free_energy(evidences, prior_counts));
    let (mut sweeps, mut converged) = (0, false);
    while !converged && sweeps < stopping.most_sweeps() {
        let new = state.swept(evidences, prior_counts);
        converged = watch.is_over(&state.counts, &new.counts, || new.free_energy(evidences, prior_counts));
        state = new;
        sweeps += 1;
    }
    Ok(RandomEffects {
        expected_frequencies: means(&state.counts),
        frequency_intervals: intervals(&state.counts),
        free_energy: state.free_energy(evidences, prior_counts),
        prior_counts: prior_counts.to_vec(),
        counts: state.counts,
        attributions: state.attributions,
        sweeps,
        converged,
    })
}

fn check_prior(counts: &[f64], models: usize) -> Result<(), ComparisonError> {
    let usable = counts.len() == models && counts.iter().all(|count| count.is_finite() && *count > 0.0);
    match usable {
        true => Ok(()),
        false => Err(ComparisonError::BadPrior { expected: models, found: counts.to_vec() }),
    }
}

/// The approximate posterior: q(m) and q(z).
struct State {
    counts: Vec<f64>,
    attributions: Vec<Vec<f64>>,
}

impl State {
    /// The prior, with every model equally probable for everybody.
    fn initial(evidences: &EvidenceTable, prior_counts: &[f64]) -> State {
        let even = vec![1.0 / prior_counts.len() as f64; prior_counts.len()];
        State { counts: prior_counts.to_vec(), attributions: vec![even; evidences.subjects().len()] }
    }

    /// Attributions given the counts, then counts given the attributions.
    fn swept(&self, evidences: &EvidenceTable, prior_counts: &[f64]) -> State {
        let logs = expected_logs(&self.counts);
        let attributions: Vec<Vec<f64>> = evidences.rows().map(|row| softmax_of_sum(row, &logs)).collect();
        let count = |(k, prior): (usize, &f64)| prior + attributions.iter().map(|row| row[k]).sum::<f64>();
        State { counts: prior_counts.iter().enumerate().map(count).collect(), attributions }
    }

    fn free_energy(&self, evidences: &EvidenceTable, prior_counts: &[f64]) -> f64 {
        let logs = expected_logs(&self.counts);
        let of_subject = |(attribution, evidence): (&Vec<f64>, &[f64])| -> f64 {
            let terms = attribution.iter().zip(evidence).zip(&logs);
            terms.map(|((&r, &l), &log)| if r > 0.0 { r * (log + l - r.ln()) } else { 0.0 }).sum()
        };
        let subjects: f64 = self.attributions.iter().zip(evidences.rows()).map(of_subject).sum();
        subjects + expected_log_density(prior_counts, &logs) - expected_log_density(&self.counts, &logs)
    }
}

/// `softmax(a + b)`.
fn softmax_of_sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    let logs: Vec<f64> = a.iter().zip(b).map(|(a, b)| a + b).collect();
    let total = log_sum_exp(&logs);
    logs.iter().map(|log| (log - total).exp()).collect()
}

/// `ln Σ exp(x)` of finite numbers.
pub(crate) fn log_sum_exp(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + logs.iter().map(|log| (log - largest).exp()).sum::<f64>().ln()
}
