//! Messages between the states of a factor at neighbouring steps.
//!
//! ```text
//! forward   ln Σ_s B(s' | s, u) q(s)                  from the step before
//! backward  ln Σ_s' B†(s | s', u) q(s')               from the step after, B†(s | s') = B(s' | s) / Σ_s B(s' | s)
//! ```
//!
//! `B†` is the transition read backwards from a flat prior: the transpose, normalised. A next state that nothing leads to
//! says nothing: its column of `B†` is uniform.

use crate::numerics::ln_added;
use crate::real::Real;
use crate::task_model::Numerics;

/// How one entry of a message is made.
#[derive(Clone, Copy, Debug)]
enum Entry<T> {
    /// The same whatever the belief is: all states lead here with the same probability.
    Fixed(T),
    /// From a single state, with certainty: that state's own logarithm.
    Copied(usize),
    /// A sum over `count` terms from `first` on.
    Sum { first: usize, count: usize },
}

/// Conditional probabilities `p(to | from)`, prepared for messages.
#[derive(Clone, Debug)]
pub(super) struct Kernel<T> {
    size: usize,
    /// `[to, from]`.
    matrix: Vec<T>,
    entries: Vec<Entry<T>>,
    terms: Vec<(usize, T)>,
    /// Scratch space: the sum of each column.
    sums: Vec<T>,
}

impl<T: Real> Kernel<T> {
    pub(super) fn new(size: usize) -> Self {
        Kernel {
            size,
            matrix: vec![T::ZERO; size * size],
            entries: vec![Entry::Fixed(T::ZERO); size],
            terms: Vec::with_capacity(size * size),
            sums: vec![T::ZERO; size],
        }
    }

    /// The kernel that keeps every state.
    pub(super) fn identity(size: usize, numerics: Numerics) -> Self {
        let mut kernel = Kernel::new(size);
        kernel.fill(numerics, |to, from| if to == from { T::ONE } else { T::ZERO });
        kernel
    }

    /// Takes the probabilities `p(to, from)`, without allocation.
    pub(super) fn fill(&mut self, numerics: Numerics, p: impl Fn(usize, usize) -> T) {
        self.terms.clear();
        for to in 0..self.size {
            let row = &mut self.matrix[to * self.size..(to + 1) * self.size];
            for (from, cell) in row.iter_mut().enumerate() {
                *cell = p(to, from);
            }
            let first = self.terms.len();
            self.terms.extend(row.iter().copied().enumerate().filter(|(_, p)| !p.is_zero()));
            self.entries[to] = if row.iter().all(|&p| (p - row[0]).is_zero()) {
                Entry::Fixed(ln_added(row[0], numerics))
            } else {
                match self.terms[first..] {
                    [(from, p)] if (p - T::ONE).is_zero() => Entry::Copied(from),
                    ref terms => Entry::Sum { first, count: terms.len() },
                }
            };
        }
    }

    /// Takes weights `w(to, from)`, each column divided by its sum; a column of zeros becomes uniform.
    pub(super) fn fill_normalised(&mut self, numerics: Numerics, w: impl Fn(usize, usize) -> T) {
        let mut sums = std::mem::take(&mut self.sums);
        for (from, sum) in sums.iter_mut().enumerate() {
            *sum = (0..self.size).fold(T::ZERO, |sum, to| sum + w(to, from));
        }
        let uniform = T::constant(1.0 / self.size as f64);
        let p = |to: usize, from: usize| {
            if sums[from].value() > 0.0 { w(to, from) / sums[from] } else { uniform }
        };
        self.fill(numerics, p);
        self.sums = sums;
    }

    /// `p(to | from)`.
    pub(super) fn probability(&self, to: usize, from: usize) -> T {
        self.matrix[to * self.size + from]
    }

    /// Writes the message of a belief whose logarithms are `log_belief`.
    #[inline]
    pub(super) fn message(&self, belief: &[T], log_belief: &[T], numerics: Numerics, message: &mut [T]) {
        for (log, entry) in message.iter_mut().zip(&self.entries) {
            *log = match *entry {
                Entry::Fixed(value) => value,
                Entry::Copied(from) => log_belief[from],
                Entry::Sum { first, count } => {
                    let mut sum = T::ZERO;
                    for &(from, p) in &self.terms[first..first + count] {
                        sum += p * belief[from];
                    }
                    ln_added(sum, numerics)
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kernel: &Kernel<f64>, belief: [f64; 3]) -> Vec<f64> {
        let mut message = vec![0.0; 3];
        kernel.message(&belief, &belief.map(f64::ln), Numerics::Exact, &mut message);
        message.into_iter().map(f64::exp).collect()
    }

    /// State 0 stays, states 1 and 2 swap or mix; state 2 is reached from 1 with probability 1/4.
    #[test]
    fn a_message_is_the_sum_over_the_states_it_comes_from() {
        let table = [[1.0, 0.0, 0.0], [0.0, 0.75, 1.0], [0.0, 0.25, 0.0]];
        let mut kernel = Kernel::new(3);
        kernel.fill(Numerics::Exact, |to, from| table[to][from]);
        let found = message(&kernel, [0.5, 0.25, 0.25]);
        for (a, b) in found.iter().zip([0.5, 0.4375, 0.0625]) {
            assert!((a - b).abs() < 1e-15, "{a} {b}");
        }
    }

    #[test]
    fn columns_are_normalised_and_columns_of_zeros_become_uniform() {
        let weights = [[1.0, 3.0, 0.0], [1.0, 1.0, 0.0], [2.0, 0.0, 0.0]];
        let mut kernel = Kernel::new(3);
        kernel.fill_normalised(Numerics::Exact, |to, from| weights[to][from]);
        let columns: Vec<Vec<f64>> =
            (0..3).map(|from| (0..3).map(|to| kernel.probability(to, from)).collect()).collect();
        assert_eq!(columns[0], [0.25, 0.25, 0.5]);
        assert_eq!(columns[1], [0.75, 0.25, 0.0]);
        assert!(columns[2].iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-15));
    }
}
