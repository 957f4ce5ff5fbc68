//! A table of probabilities and, where it is learned, its Dirichlet counts.
//!
//! ```text
//! a ← a + ω (a_0 - a)          forgetting
//! a ← a + η · increment        only where a > 0: what was excluded stays excluded
//! p = a / Σ a                  column by column; a column of zeros becomes uniform
//! ```

use crate::learning::DirichletStart;
use crate::real::Real;

/// A table: columns of the model one after the other, `width` entries each.
#[derive(Clone, Debug)]
pub(super) struct CountTable<T> {
    width: usize,
    probabilities: Vec<T>,
    learned: Option<Learned<T>>,
}

#[derive(Clone, Debug)]
struct Learned<T> {
    counts: Vec<T>,
    start: Vec<T>,
    rate: T,
    forgetting: T,
}

impl<T: Real> CountTable<T> {
    pub(super) fn new(table: &ndarray::Array2<T>, start: Option<&DirichletStart<T>>) -> Self {
        let mut made = CountTable {
            width: table.ncols().max(1),
            probabilities: table.iter().copied().collect(),
            learned: start.map(|start| Learned {
                counts: start.counts.iter().copied().collect(),
                start: start.counts.iter().copied().collect(),
                rate: start.rate,
                forgetting: start.forgetting,
            }),
        };
        made.restart(table, start);
        made
    }

    /// Forgets everything, without allocation. Where there are counts, they make the probabilities.
    pub(super) fn restart(&mut self, table: &ndarray::Array2<T>, start: Option<&DirichletStart<T>>) {
        for (p, &cell) in self.probabilities.iter_mut().zip(table) {
            *p = cell;
        }
        if let (Some(learned), Some(start)) = (&mut self.learned, start) {
            learned.start.iter_mut().zip(&start.counts).for_each(|(to, &count)| *to = count);
            learned.counts.copy_from_slice(&learned.start);
            learned.rate = start.rate;
            learned.forgetting = start.forgetting;
            self.refresh();
        }
    }

    pub(super) fn is_learned(&self) -> bool {
        self.learned.is_some()
    }

    /// One column's probabilities.
    #[inline]
    pub(super) fn column(&self, column: usize) -> &[T] {
        &self.probabilities[column * self.width..(column + 1) * self.width]
    }

    /// The counts, where the table is learned.
    pub(super) fn counts(&self) -> Option<&[T]> {
        self.learned.as_ref().map(|learned| learned.counts.as_slice())
    }

    /// The counts of one column, or its probabilities where it is not learned.
    pub(super) fn weights(&self, column: usize) -> &[T] {
        let all = self.counts().unwrap_or(&self.probabilities);
        &all[column * self.width..(column + 1) * self.width]
    }

    pub(super) fn columns(&self) -> usize {
        self.probabilities.len() / self.width
    }

    /// Forgets a share of what was learned in some columns.
    pub(super) fn forget(&mut self, columns: std::ops::Range<usize>) {
        let Some(learned) = self.learned.as_mut().filter(|learned| !learned.forgetting.is_zero()) else {
            return;
        };
        let cells = columns.start * self.width..columns.end * self.width;
        for (count, &start) in learned.counts[cells.clone()].iter_mut().zip(&learned.start[cells]) {
            *count += learned.forgetting * (start - *count);
        }
    }

    /// Adds `η · amount` to a count, unless it is 0.
    #[inline]
    pub(super) fn add(&mut self, column: usize, outcome: usize, amount: T) {
        if let Some(learned) = &mut self.learned {
            let count = &mut learned.counts[column * self.width + outcome];
            if count.value() > 0.0 {
                *count += learned.rate * amount;
            }
        }
    }

    /// Makes the probabilities from the counts.
    pub(super) fn refresh(&mut self) {
        let Some(learned) = &self.learned else { return };
        let columns = self.probabilities.chunks_exact_mut(self.width);
        for (probabilities, counts) in columns.zip(learned.counts.chunks_exact(self.width)) {
            let mut sum = T::ZERO;
            counts.iter().for_each(|&count| sum += count);
            let is_empty = sum.value() <= 0.0;
            for (p, &count) in probabilities.iter_mut().zip(counts) {
                *p = if is_empty { T::constant(1.0 / self.width as f64) } else { count / sum };
            }
        }
    }
}
