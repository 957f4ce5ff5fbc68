//! A table of probabilities that may be learned: Dirichlet counts and the probabilities expected from them.
//!
//! ```text
//! a ← a + ω (a_0 - a) + η Σ increments      one update; a_0 is where counts start
//! p = a / Σ a                               the expected probabilities, column by column
//! ```
//!
//! Forgetting acts on all columns of a table with each of its updates, also on those that nothing is added to: with
//! `ω = 1` an update keeps only what it adds itself, with `ω = 0` nothing is ever lost. A table for which there was
//! nothing to learn since its last update is not updated and forgets nothing. Counts of exactly 0 are not protected:
//! what is added to them stays.

use crate::elementary;
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
    /// One learning rate per outcome instead, if there are any.
    pub(crate) outcome_rates: Vec<T>,
    /// The forgetting rate `ω`.
    pub(crate) forgetting: T,
    /// The counts were given cell by cell: they need not agree with the table, and replace it with the first update
    /// (but not if the learning rate is 0).
    pub(crate) is_explicit: bool,
}

impl<T: Real> DirichletStart<T> {
    /// The learning rate of an outcome.
    #[inline]
    pub(crate) fn rate_of(&self, outcome: usize) -> T {
        self.outcome_rates.get(outcome).copied().unwrap_or(self.rate)
    }

    /// Whether anything is learned at all.
    fn learns(&self) -> bool {
        match self.outcome_rates.as_slice() {
            [] => self.rate.value() > 0.0,
            rates => rates.iter().any(|rate| rate.value() > 0.0),
        }
    }
}

/// A table of probabilities as an agent knows it: rows are columns of the model (configurations of parents), entries
/// are outcomes.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    expected: Array2<T>,
    /// Empty where nobody asks for them.
    entropies: Vec<T>,
    /// Room for the logarithms they are made of.
    logs: Vec<f64>,
    processor: pulp::Arch,
    learned: Option<Learned<T>>,
    numerics: Numerics,
    /// How often anything in the table has changed.
    revision: u64,
    /// Per column, the revision at which it changed last.
    changes: Vec<u64>,
}

/// What a table that is learned has beside its probabilities.
#[derive(Clone, Debug)]
struct Learned<T> {
    counts: Array2<T>,
    /// What the next update adds, the learning rate included.
    increments: Array2<T>,
    /// Which columns the next update changes, and their list.
    changed: Vec<bool>,
    pending: Vec<usize>,
    /// There was something to learn since the last update.
    is_due: bool,
    /// The counts have not replaced the table yet and may differ from it.
    is_apart: bool,
}

impl<T> Learned<T> {
    /// Notes that the next update changes a column.
    #[inline]
    fn mark(&mut self, column: usize) {
        if !std::mem::replace(&mut self.changed[column], true) {
            self.pending.push(column);
        }
    }

    fn mark_all(&mut self) {
        (0..self.changed.len()).for_each(|column| self.mark(column));
    }
}

impl<T: Real> Table<T> {
    /// The table before any learning.
    pub(crate) fn new(start: &Array2<T>, learning: Option<&DirichletStart<T>>, numerics: Numerics) -> Self {
        let learned = |learning: &DirichletStart<T>| Learned {
            counts: learning.counts.clone(),
            increments: Array2::from_elem(start.dim(), T::ZERO),
            changed: vec![false; start.nrows()],
            pending: Vec::with_capacity(start.nrows()),
            is_due: false,
            is_apart: learning.is_explicit,
        };
        Table {
            expected: start.clone(),
            entropies: Vec::new(),
            logs: Vec::new(),
            processor: pulp::Arch::new(),
            learned: learning.map(learned),
            numerics,
            revision: 0,
            changes: vec![0; start.nrows()],
        }
    }

    /// As [`Table::new`], for a table whose columns' entropies are asked for.
    pub(crate) fn with_entropies(
        start: &Array2<T>,
        learning: Option<&DirichletStart<T>>,
        numerics: Numerics,
    ) -> Self {
        Table {
            entropies: vec![T::ZERO; start.nrows()],
            logs: Vec::with_capacity(start.len()),
            ..Table::new(start, learning, numerics)
        }
    }

    /// Forgets everything, without allocation.
    pub(crate) fn restart(&mut self, start: &Array2<T>, learning: Option<&DirichletStart<T>>) {
        self.expected.assign(start);
        self.take_entropies(0..start.nrows());
        if let (Some(learned), Some(learning)) = (&mut self.learned, learning) {
            learned.counts.assign(&learning.counts);
            learned.increments.fill(T::ZERO);
            learned.changed.fill(false);
            learned.pending.clear();
            learned.is_due = false;
            learned.is_apart = learning.is_explicit;
        }
        self.revision += 1;
        self.changes.fill(self.revision);
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

    /// The entropy of each column, in nats; empty unless the table was made with them.
    pub(crate) fn entropies(&self) -> &[T] {
        &self.entropies
    }

    /// The counts, where the table has them.
    pub(crate) fn counts(&self) -> Option<&Array2<T>> {
        self.learned.as_ref().map(|learned| &learned.counts)
    }

    /// How often anything in the table has changed; it never decreases.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether a column has changed after the table had this revision.
    pub(crate) fn has_changed_since(&self, revision: u64, column: usize) -> bool {
        self.changes[column] > revision
    }

    /// Notes that there was something to learn, so that the next [`Table::update`] is one.
    #[inline]
    pub(crate) fn mark_due(&mut self) {
        if let Some(learned) = &mut self.learned {
            learned.is_due = true;
        }
    }

    /// Notes what the next update adds to one count, the learning rate included.
    #[inline]
    pub(crate) fn add(&mut self, column: usize, outcome: usize, amount: T) {
        if let Some(learned) = &mut self.learned {
            learned.increments[(column, outcome)] += amount;
            learned.mark(column);
        }
    }

    /// Updates counts and probabilities with what was noted since the last update; nothing if there was nothing.
    pub(crate) fn update(&mut self, learning: &DirichletStart<T>) {
        let Some(learned) = self.learned.as_mut().filter(|learned| learned.is_due) else { return };
        learned.is_due = false;
        if learned.is_apart && learning.learns() {
            learned.is_apart = false;
            learned.mark_all();
        }
        if !learning.forgetting.is_zero() {
            let forget = |count: &mut T, &start: &T| *count += learning.forgetting * (start - *count);
            learned.counts.zip_mut_with(&learning.counts, forget);
            // Counts that are still apart are where they started: there is nothing to forget.
            if !learned.is_apart {
                learned.mark_all();
            }
        }
        let mut pending = std::mem::take(&mut learned.pending);
        pending.iter().for_each(|&column| self.take_in(column));
        self.take_entropies(pending.iter().copied());
        pending.clear();
        if let Some(learned) = &mut self.learned {
            learned.pending = pending;
        }
    }

    /// Computes the entropies of some columns, `- Σ p ln p` with the derivatives `- (ln p + 1) dp`, if they are asked for.
    fn take_entropies(&mut self, columns: impl Iterator<Item = usize> + Clone) {
        if self.entropies.is_empty() {
            return;
        }
        let outcomes = self.expected.ncols();
        let expected = self.expected.as_slice().unwrap_or_default();
        let cells = |column: usize| &expected[column * outcomes..(column + 1) * outcomes];
        self.logs.clear();
        self.logs.extend(columns.clone().flat_map(|column| cells(column).iter().map(|p| p.value())));
        elementary::ln_or_zero(self.processor, &mut self.logs);
        for (column, logs) in columns.zip(self.logs.chunks_exact(outcomes)) {
            let mut value = 0.0;
            cells(column).iter().zip(logs).for_each(|(p, log)| value -= p.value() * log);
            let entropy = &mut self.entropies[column];
            *entropy = T::constant(value);
            if T::CARRIES_DERIVATIVES {
                let possible = cells(column).iter().zip(logs).filter(|(p, _)| p.value() > 0.0);
                possible.for_each(|(&p, log)| entropy.add_slope(-(log + 1.0), p));
            }
        }
    }

    /// Moves the increments of a column to its counts, and computes its probabilities.
    #[inline]
    fn take_in(&mut self, column: usize) {
        let Some(learned) = &mut self.learned else { return };
        learned.changed[column] = false;
        let outcomes = self.expected.ncols();
        let cells = column * outcomes..(column + 1) * outcomes;
        // All tables were made by us and are contiguous.
        let counts = &mut learned.counts.as_slice_mut().unwrap_or_default()[cells.clone()];
        let increments = &mut learned.increments.as_slice_mut().unwrap_or_default()[cells.clone()];
        let expected = &mut self.expected.as_slice_mut().unwrap_or_default()[cells];
        let mut sum = T::ZERO;
        for ((count, increment), p) in counts.iter_mut().zip(increments).zip(&mut *expected) {
            *count += *increment;
            *increment = T::ZERO;
            *p = floored(*count, self.numerics);
            sum += *p;
        }
        if sum.value() > 0.0 {
            let inverse = T::ONE / sum;
            expected.iter_mut().for_each(|p| *p *= inverse);
        }
        self.revision += 1;
        self.changes[column] = self.revision;
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are exact by construction")]
mod tests {
    use super::*;
    use ndarray::array;

    fn start(forgetting: f64, is_explicit: bool) -> DirichletStart<f64> {
        let counts = array![[1.0, 1.0], [3.0, 1.0]];
        DirichletStart { counts, rate: 1.0, outcome_rates: vec![], forgetting, is_explicit }
    }

    /// The table's counts after one update has added 2 and a second one 1 to the same cell of the first column.
    fn counts_after_two_updates(forgetting: f64) -> Array2<f64> {
        let learning = start(forgetting, false);
        let probabilities = array![[0.5, 0.5], [0.75, 0.25]];
        let mut table = Table::with_entropies(&probabilities, Some(&learning), Numerics::Exact);
        table.restart(&probabilities, Some(&learning));
        for amount in [2.0, 1.0] {
            table.mark_due();
            table.add(0, 0, amount);
            table.update(&learning);
        }
        assert_eq!(table.column(1), &[0.75, 0.25]);
        table.counts().unwrap().clone()
    }

    #[test]
    fn forgetting_loses_its_share_of_what_was_learned_with_each_update() {
        assert_eq!(counts_after_two_updates(0.0), array![[4.0, 1.0], [3.0, 1.0]]);
        // 1 + 2 = 3, a quarter of the 2 that was learned is lost: 2.5, and 1 is added.
        assert_eq!(counts_after_two_updates(0.25), array![[3.5, 1.0], [3.0, 1.0]]);
        assert_eq!(counts_after_two_updates(1.0), array![[2.0, 1.0], [3.0, 1.0]]);
    }

    #[test]
    fn an_update_without_anything_to_learn_forgets_nothing() {
        let learning = start(1.0, false);
        let probabilities = array![[0.5, 0.5], [0.75, 0.25]];
        let mut table = Table::new(&probabilities, Some(&learning), Numerics::Exact);
        table.mark_due();
        table.add(0, 0, 2.0);
        table.update(&learning);
        table.update(&learning);
        assert_eq!(table.column(0), &[0.75, 0.25]);
    }

    #[test]
    fn explicit_counts_replace_the_whole_table_with_the_first_update() {
        let learning = start(0.0, true);
        let probabilities = array![[0.5, 0.5], [0.5, 0.5]];
        let mut table = Table::new(&probabilities, Some(&learning), Numerics::Exact);
        table.restart(&probabilities, Some(&learning));
        assert_eq!(table.column(1), &[0.5, 0.5]);
        table.mark_due();
        table.add(0, 1, 2.0);
        table.update(&learning);
        assert_eq!((table.column(0), table.column(1)), (&[0.25, 0.75][..], &[0.75, 0.25][..]));
    }

    #[test]
    fn explicit_counts_that_are_not_learned_from_leave_the_table_alone() {
        let learning = DirichletStart { rate: 0.0, ..start(0.5, true) };
        let probabilities = array![[0.5, 0.5], [0.5, 0.5]];
        let mut table = Table::new(&probabilities, Some(&learning), Numerics::Exact);
        table.restart(&probabilities, Some(&learning));
        table.mark_due();
        table.update(&learning);
        assert_eq!(table.column(1), &[0.5, 0.5]);
    }

    #[test]
    fn pymdp_numerics_put_a_floor_under_counts_and_exact_numerics_do_not() {
        for (numerics, expected) in [(Numerics::Exact, 0.0), (Numerics::Pymdp, f64::EPSILON / 4.0)] {
            let counts = array![[0.0, 3.0]];
            let learning = DirichletStart {
                counts,
                rate: 1.0,
                outcome_rates: vec![],
                forgetting: 0.0,
                is_explicit: false,
            };
            let mut table = Table::new(&array![[0.0, 1.0]], Some(&learning), numerics);
            table.mark_due();
            table.add(0, 1, 1.0);
            table.update(&learning);
            assert!((table.column(0)[0] - expected).abs() < 1e-30);
        }
    }
}
