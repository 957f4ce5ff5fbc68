//! Parameter information gain (novelty): how much outcomes are expected to tell about A, and transitions about B.
//!
//! ```text
//! w(a)[o, s] = ln a_0(s) - ln a(o, s) + ψ(a(o, s) + 1) - ψ(a_0(s) + 1)        a_0(s) = Σ_o a(o, s)
//! N_A(π)     = Σ_o q(o|π) Σ_s q(s|π) w(a)[o, s]
//! N_B(π)     = Σ_s' q(s'|π) Σ_s q(s) w(b_u)[s', s]
//! ```
//!
//! `w` is what one more count in a cell tells about its column: `KL[Dir(a + 1_o) ‖ Dir(a)]`, never negative. It is weighted
//! with the **product** of the marginals of outcome and state, as in pymdp 1.0.4, not with their joint distribution
//! `A(o|s) q(s)`: an outcome that is expected from one state counts for the novelty of all. For B, the previous states `s`
//! are weighted with the product of the marginals of the factor's parents.
//!
//! A cell without counts cannot happen and has weight 0; a cell with few counts has a weight that grows without bound as
//! they go to 0. A table without counts is known and has no novelty. Weights are made once after every change of a table,
//! and only for the cells that have changed.
//!
//! # References
//!
//! Schwartenbeck, Passecker, Hauser, FitzGerald, Kronbichler & Friston (2019). Computational mechanisms of curiosity and
//! goal-directed exploration. *eLife* 8, e41703.

use crate::learning::Table;
use crate::numerics::floored;
use crate::real::Real;
use crate::task_model::Numerics;

/// The weights `w` of one column, given its counts; in nats.
///
/// # Example
///
/// One count each in two cells: `ln 2 - ln 1 + ψ(2) - ψ(3) = ln 2 - 1/2`, because `ψ(3) = ψ(2) + 1/2`:
///
/// ```
/// use actinf_agents::expected_free_energy::information_weights;
/// let mut weights = [0.0; 3];
/// information_weights(&[1.0, 0.0, 1.0], &mut weights);
/// assert!((weights[0] - (2.0_f64.ln() - 0.5)).abs() < 1e-15);
/// assert_eq!(weights[1], 0.0);
/// ```
pub fn information_weights<T: Real>(counts: &[T], weights: &mut [T]) {
    let mut total = T::ZERO;
    counts.iter().for_each(|&count| total += count);
    let column = if total.value() > 0.0 { total.digamma_lag() } else { T::ZERO };
    for (weight, &count) in weights.iter_mut().zip(counts) {
        *weight = if count.value() > 0.0 { count.digamma_lag() - column } else { T::ZERO };
    }
}

/// The information gain about a table, in nats: `Σ_o q(o) Σ_s q(s) w[o, s]`.
///
/// `outcomes` is `q(o)` (the next states, for B), `parents` is `q(s)` and `weights` has one row of outcomes after the other,
/// one row per configuration of the parents.
///
/// # Example
///
/// ```
/// use actinf_agents::expected_free_energy::parameter_information_gain;
/// let weights = [0.0, 1.0, 2.0, 4.0];
/// assert_eq!(parameter_information_gain(&[0.5, 0.5], &[0.0, 1.0], &weights), 3.0);
/// ```
#[doc(alias = "novelty")]
pub fn parameter_information_gain<T: Real>(outcomes: &[T], parents: &[T], weights: &[T]) -> T {
    let mut gain = T::ZERO;
    for (&q, row) in parents.iter().zip(weights.chunks_exact(outcomes.len().max(1))) {
        if !q.is_zero() {
            gain += q * expected_weight(outcomes, row);
        }
    }
    gain
}

/// `Σ_o q(o) w(o)` for one column.
pub(crate) fn expected_weight<T: Real>(outcomes: &[T], weights: &[T]) -> T {
    let mut sum = T::ZERO;
    for (&q, &weight) in outcomes.iter().zip(weights) {
        if !q.is_zero() {
            sum += q * weight;
        }
    }
    sum
}

/// How many lags are remembered.
const REMEMBERED: usize = 128;

/// Lags of counts met lately: cells that start alike and count alike come by the same counts, and so does every session.
struct Lags<T> {
    /// Counts and their lags, each at the place that its bits say.
    met: Vec<(T, T)>,
}

impl<T: Real> Lags<T> {
    fn new() -> Self {
        // Not a number differs from every count.
        Lags { met: vec![(T::constant(f64::NAN), T::ZERO); REMEMBERED] }
    }

    /// `ψ(x + 1) - ln x` for `x > 0`.
    fn of(&mut self, count: T) -> T {
        // Multiplying by 2^64 divided by the golden ratio spreads numbers over the highest bits.
        let spread = count.value().to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (met, lag) = &mut self.met[(spread >> 57) as usize];
        if !(count - *met).is_zero() {
            (*met, *lag) = (count, count.digamma_lag());
        }
        *lag
    }
}

/// The weights of a table that is learned, which follow its counts.
pub(crate) struct InformationWeights<T> {
    outcomes: usize,
    numerics: Numerics,
    /// The revision of the table that the weights belong to.
    revision: u64,
    /// The counts the lags were computed from: `[column, outcome]`, row after row, as the following two.
    counts: Vec<T>,
    lags: Vec<T>,
    weights: Vec<T>,
    met: Lags<T>,
}

impl<T: Real> InformationWeights<T> {
    /// The weights of a table of this shape, before they have followed it.
    pub(crate) fn new(columns: usize, outcomes: usize, numerics: Numerics) -> Self {
        let cells = columns * outcomes;
        InformationWeights {
            outcomes,
            numerics,
            revision: 0,
            // Not a number differs from every count.
            counts: vec![T::constant(f64::NAN); cells],
            lags: vec![T::ZERO; cells],
            weights: vec![T::ZERO; cells],
            met: Lags::new(),
        }
    }

    /// All weights, column after column.
    pub(crate) fn all(&self) -> &[T] {
        &self.weights
    }

    /// The weights of one column.
    pub(crate) fn column(&self, column: usize) -> &[T] {
        &self.weights[column * self.outcomes..(column + 1) * self.outcomes]
    }

    /// Takes over what has changed in the table.
    pub(crate) fn follow(&mut self, table: &Table<T>) {
        let Some(counts) = table.counts() else { return };
        if table.revision() == self.revision {
            return;
        }
        let all = counts.as_slice().unwrap_or_default();
        for column in 0..counts.nrows() {
            if table.has_changed_since(self.revision, column) {
                self.follow_column(column, &all[column * self.outcomes..(column + 1) * self.outcomes]);
            }
        }
        self.revision = table.revision();
    }

    fn follow_column(&mut self, column: usize, counts: &[T]) {
        let cells = column * self.outcomes..(column + 1) * self.outcomes;
        let mut total = T::ZERO;
        for (cell, &count) in cells.clone().zip(counts) {
            let floored = floored(count, self.numerics);
            total += floored;
            if !(count - self.counts[cell]).is_zero() {
                self.counts[cell] = count;
                self.lags[cell] = if count.value() > 0.0 { self.met.of(floored) } else { T::ZERO };
            }
        }
        let of_total = if total.value() > 0.0 { self.met.of(total) } else { T::ZERO };
        for cell in cells {
            let has_counts = self.counts[cell].value() > 0.0;
            self.weights[cell] = if has_counts { self.lags[cell] - of_total } else { T::ZERO };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::DirichletStart;
    use ndarray::{Array2, array};

    /// `KL[Dir(a + 1_o) ‖ Dir(a)]` by its closed form: `ln a_0 - ln a_o + ψ(a_o + 1) - ψ(a_0 + 1)`, from whole counts with
    /// factorials and harmonic numbers alone.
    #[test]
    fn weights_are_the_divergence_of_one_more_count() {
        let harmonic = |n: u32| (1..=n).map(|k| 1.0 / f64::from(k)).sum::<f64>();
        let counts = [2_u32, 3, 7];
        let mut weights = [0.0; 3];
        information_weights(&counts.map(f64::from), &mut weights);
        for (weight, count) in weights.iter().zip(counts) {
            let expected = f64::from(12_u32).ln() - f64::from(count).ln() + harmonic(count) - harmonic(12);
            assert!((weight - expected).abs() < 1e-14);
            assert!(*weight > 0.0);
        }
    }

    fn start(counts: Array2<f64>) -> DirichletStart<f64> {
        DirichletStart { counts, rate: 1.0, outcome_rates: vec![], forgetting: 0.0, is_explicit: false }
    }

    #[test]
    fn followed_weights_are_those_made_afresh() {
        let start = start(array![[1.0, 0.0, 2.5], [0.3, 4.0, 1.0]]);
        let expected = array![[0.3, 0.0, 0.7], [0.1, 0.7, 0.2]];
        let mut table = Table::new(&expected, Some(&start), Numerics::Exact);
        table.restart(&expected, Some(&start));
        let mut weights = InformationWeights::new(2, 3, Numerics::Exact);
        let mut check = |table: &Table<f64>| {
            weights.follow(table);
            for (column, counts) in table.counts().unwrap().rows().into_iter().enumerate() {
                let mut afresh = [0.0; 3];
                information_weights(&counts.to_vec(), &mut afresh);
                assert_eq!(weights.column(column), afresh);
            }
        };
        check(&table);
        for cells in [&[(1, 2, 0.5)][..], &[(0, 1, 0.25), (1, 2, 0.5)]] {
            table.mark_due();
            for &(column, outcome, amount) in cells {
                table.add(column, outcome, amount);
            }
            table.update(&start);
            check(&table);
        }
        table.restart(&expected, Some(&start));
        check(&table);
    }
}
