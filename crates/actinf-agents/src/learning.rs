//! Learning: Dirichlet counts of the likelihood, updated at each step.
//!
//! ```text
//! a_0 = prior count · A                     counts at the start of a session
//! a   ← a + η · o ⊗ q(parents)              after each step, for every observed modality that learns
//! A   = a / Σ_o a                           the expected likelihood, used for inference and planning
//! ```
//!
//! # References
//!
//! Friston, FitzGerald, Rigoli, Schwartenbeck, O'Doherty & Pezzulo (2016). Active inference and learning.
//! *Neuroscience & Biobehavioral Reviews* 68, 862-879.

use crate::behaviour::Observation;
use crate::categorical::entropy;
use crate::generative_model::GenerativeModel;
use crate::real::Real;
use crate::state_inference::StateInference;
use ndarray::Array2;

/// The likelihood as the agent has learned it so far, with the entropies of its columns.
pub(crate) struct Likelihood<T> {
    tables: Vec<Array2<T>>,
    ambiguities: Vec<Vec<T>>,
    /// Per modality the Dirichlet counts and their sums over outcomes, where it learns.
    counts: Vec<Option<(Array2<T>, Vec<T>)>>,
    parents: Vec<T>,
}

impl<T: Real> Likelihood<T> {
    /// The likelihood before any learning.
    pub(crate) fn new(model: &GenerativeModel<T>) -> Self {
        let tables: Vec<Array2<T>> =
            (0..model.settings.learning.len()).map(|m| model.likelihood(m).to_owned()).collect();
        let counts = |(table, learning): (&Array2<T>, &Option<(T, T)>)| {
            learning.map(|_| (table.clone(), vec![T::ZERO; table.nrows()]))
        };
        Likelihood {
            ambiguities: tables.iter().map(|table| vec![T::ZERO; table.nrows()]).collect(),
            counts: tables.iter().zip(&model.settings.learning).map(counts).collect(),
            parents: vec![T::ZERO; tables.iter().map(Array2::nrows).max().unwrap_or(1)],
            tables,
        }
    }

    /// Forgets what was learned, without allocation.
    pub(crate) fn restart(&mut self, model: &GenerativeModel<T>) {
        for m in 0..self.tables.len() {
            self.tables[m].assign(&model.likelihood(m));
            for (row, ambiguity) in self.tables[m].rows().into_iter().zip(&mut self.ambiguities[m]) {
                *ambiguity = entropy(row.as_slice().unwrap_or_default());
            }
            if let (Some((counts, sums)), Some((prior_count, _))) =
                (&mut self.counts[m], model.settings.learning[m])
            {
                counts.zip_mut_with(&self.tables[m], |count, &p| *count = prior_count * p);
                sums.fill(prior_count);
            }
        }
    }

    /// The likelihood of modality `m`: rows are configurations of its parents, columns are outcomes.
    pub(crate) fn table(&self, modality: usize) -> &Array2<T> {
        &self.tables[modality]
    }

    /// All likelihoods.
    pub(crate) fn tables(&self) -> &[Array2<T>] {
        &self.tables
    }

    /// The entropy of the outcomes in each configuration of a modality's parents, in nats.
    pub(crate) fn ambiguities(&self, modality: usize) -> &[T] {
        &self.ambiguities[modality]
    }

    /// Learns from one step's observations, given the belief that includes them.
    pub(crate) fn learn(
        &mut self,
        model: &GenerativeModel<T>,
        inference: &dyn StateInference<T>,
        belief: &[T],
        observations: &[Observation],
    ) {
        for (m, observation) in observations.iter().enumerate() {
            let (Some((counts, sums)), Some((_, rate)), Observation::Outcome(outcome)) =
                (&mut self.counts[m], model.settings.learning[m], *observation)
            else {
                continue;
            };
            for (row, &q) in inference.parents(m, belief, &mut self.parents).iter().enumerate() {
                let increment = rate * q;
                if increment.is_zero() {
                    continue;
                }
                counts[(row, outcome)] += increment;
                sums[row] += increment;
                let inverse = T::ONE / sums[row];
                let mut expected = self.tables[m].row_mut(row);
                for (p, &count) in expected.iter_mut().zip(counts.row(row)) {
                    *p = count * inverse;
                }
                self.ambiguities[m][row] = entropy(expected.as_slice().unwrap_or_default());
            }
        }
    }
}
