//! A table of probabilities that may be learned: Dirichlet counts and the probabilities expected from them.
//!
//! ```text
//! a_0 = where counts start                  a ← a + ω (a_0 - a) + η · increment
//! p   = a / Σ a                             the expected probabilities, column by column
//! ```

use crate::categorical::entropy;
use crate::numerics::floored;
use crate::real::Real;
use crate::task_model::Numerics;
use ndarray::Array2;

/// Counts and how they change, at given parameter values. Shapes are those of the table: `[column, outcome]`.
#[derive(Clone, Debug)]
pub(crate) struct DirichletStart<T> {
    /// The counts at the start, `a_0`.
    pub(crate) counts: Array2<T>,
    /// The learning rate `η`.
    pub(crate) rate: T,
    /// The forgetting rate `ω`.
    pub(crate) forgetting: T,
}

/// A table of probabilities as an agent knows it: rows are columns of the model (configurations of parents), entries
/// are outcomes.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    expected: Array2<T>,
    entropies: Vec<T>,
    counts: Option<Array2<T>>,
    numerics: Numerics,
}

impl<T: Real> Table<T> {
    /// The table before any learning.
    pub(crate) fn new(start: &Array2<T>, learning: Option<&DirichletStart<T>>, numerics: Numerics) -> Self {
        Table {
            expected: start.clone(),
            entropies: vec![T::ZERO; start.nrows()],
            counts: learning.map(|learning| learning.counts.clone()),
            numerics,
        }
    }

    /// Forgets everything, without allocation.
    pub(crate) fn restart(&mut self, start: &Array2<T>, learning: Option<&DirichletStart<T>>) {
        self.expected.assign(start);
        for (row, entropy_of_row) in self.expected.rows().into_iter().zip(&mut self.entropies) {
            *entropy_of_row = entropy(row.as_slice().unwrap_or_default());
        }
        if let (Some(counts), Some(learning)) = (&mut self.counts, learning) {
            counts.assign(&learning.counts);
        }
    }

    /// The expected probabilities: `[column, outcome]`.
    pub(crate) fn expected(&self) -> &Array2<T> {
        &self.expected
    }

    /// One column's probabilities.
    #[inline]
    pub(crate) fn column(&self, column: usize) -> &[T] {
        self.columns(column, 1)
    }

    /// The probabilities of several columns, one after the other.
    #[inline]
    pub(crate) fn columns(&self, first: usize, count: usize) -> &[T] {
        let outcomes = self.expected.ncols();
        &self.expected.as_slice().unwrap_or_default()[first * outcomes..(first + count) * outcomes]
    }

    /// The entropy of each column, in nats.
    pub(crate) fn entropies(&self) -> &[T] {
        &self.entropies
    }

    /// The counts, where the table has them.
    pub(crate) fn counts(&self) -> Option<&Array2<T>> {
        self.counts.as_ref()
    }

    /// Pulls all counts back to where they started by the forgetting rate.
    pub(crate) fn forget(&mut self, learning: &DirichletStart<T>) {
        if learning.forgetting.is_zero() {
            return;
        }
        let Some(counts) = &mut self.counts else { return };
        counts
            .zip_mut_with(&learning.counts, |count, &start| *count += learning.forgetting * (start - *count));
        for column in 0..self.expected.nrows() {
            self.refresh(column);
        }
    }

    /// Adds to the counts of one column; call [`Table::refresh`] for it afterwards.
    #[inline]
    pub(crate) fn add(&mut self, column: usize, outcome: usize, amount: T) {
        if let Some(counts) = &mut self.counts {
            counts[(column, outcome)] += amount;
        }
    }

    /// Computes a column's probabilities and entropy from its counts.
    pub(crate) fn refresh(&mut self, column: usize) {
        let Some(counts) = &self.counts else { return };
        let mut expected = self.expected.row_mut(column);
        let mut sum = T::ZERO;
        for (p, &count) in expected.iter_mut().zip(counts.row(column)) {
            *p = floored(count, self.numerics);
            sum += *p;
        }
        if sum.value() > 0.0 {
            let inverse = T::ONE / sum;
            expected.iter_mut().for_each(|p| *p *= inverse);
        }
        self.entropies[column] = entropy(expected.as_slice().unwrap_or_default());
    }
}
