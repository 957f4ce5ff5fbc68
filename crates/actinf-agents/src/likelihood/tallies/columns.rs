//! The numbers of one table's tallies, all at once.
//!
//! ```text
//! a_k = a_before (+ ω (a_start - a_before)) (+ η)                   every cell, in the order in which they were made
//! p_o = a_o / Σ a      w_o = lag(a_o) - lag(Σ a)                    every tally; lag(x) = ψ(x + 1) - ln x
//! U = Σ_o p_o ln C_o   N = Σ_o p_o w_o
//! ```

use super::ledger::Tallies;
use crate::digamma;

/// What the parameters say about one table, as plain numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Start {
    /// `[column, outcome]`: the probabilities before anything is learned, and the counts.
    pub(super) expected: Vec<f64>,
    pub(super) counts: Vec<f64>,
    /// The learning rate of every outcome.
    pub(super) rates: Vec<f64>,
    pub(super) forgetting: f64,
    pub(super) log_preferences: Vec<f64>,
}

/// The numbers of a table's tallies. Those of several outcomes are `[outcome, tally]`.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) start: Start,
    /// Per cell.
    pub(super) counts: Vec<f64>,
    cell_lags: Vec<f64>,
    pub(super) gathered: Vec<f64>,
    pub(super) inverses: Vec<f64>,
    total_lags: Vec<f64>,
    pub(super) expected: Vec<f64>,
    pub(super) weights: Vec<f64>,
    /// `U` and `N` per tally, in nats.
    pub(super) utility: Vec<f64>,
    pub(super) novelty: Vec<f64>,
    pub(super) totals: Vec<f64>,
    pub(super) processor: pulp::Arch,
}

impl Columns {
    pub(super) fn new(tallies: &Tallies) -> Self {
        let (cells, wide) = (tallies.cells.len(), tallies.outcomes * tallies.tallies);
        let starting = tallies.columns * tallies.outcomes;
        let learned = |number: usize| vec![0.0; if tallies.is_learned { number } else { 0 }];
        Columns {
            start: Start {
                expected: vec![0.0; starting],
                counts: learned(starting),
                rates: learned(tallies.outcomes),
                forgetting: 0.0,
                log_preferences: vec![0.0; tallies.outcomes],
            },
            counts: learned(cells),
            cell_lags: learned(cells),
            gathered: learned(wide),
            inverses: learned(tallies.tallies),
            totals: learned(tallies.tallies),
            total_lags: learned(tallies.tallies),
            expected: vec![0.0; wide],
            weights: vec![0.0; wide],
            utility: vec![0.0; tallies.tallies],
            novelty: vec![0.0; tallies.tallies],
            processor: pulp::Arch::new(),
        }
    }

    /// Works out all numbers.
    pub(super) fn value(&mut self, tallies: &Tallies) {
        if tallies.is_learned {
            self.count(tallies);
            gather(&tallies.cell_of, &self.counts, &mut self.gathered);
            self.processor.dispatch(Expecting { columns: self, tallies });
        }
        for (place, &p) in self.start.expected.iter().enumerate() {
            let (column, outcome) = (place / tallies.outcomes, place % tallies.outcomes);
            self.expected[outcome * tallies.tallies + column] = p;
        }
        if tallies.has_weights {
            self.cell_lags.copy_from_slice(&self.counts);
            self.total_lags.copy_from_slice(&self.totals);
            digamma::lags(self.processor, &mut self.cell_lags);
            digamma::lags(self.processor, &mut self.total_lags);
            gather(&tallies.cell_of, &self.cell_lags, &mut self.weights);
        }
        self.processor.dispatch(Valuing { columns: self, tallies });
    }

    fn count(&mut self, tallies: &Tallies) {
        let Start { counts: start, rates, forgetting, .. } = &self.start;
        self.counts[..start.len()].copy_from_slice(start);
        for (k, cell) in tallies.cells.iter().enumerate().skip(start.len()) {
            let mut count = self.counts[cell.before];
            if tallies.forgets {
                count += forgetting * (start[cell.start] - count);
            }
            if let Some(outcome) = cell.seen {
                count += rates[outcome];
            }
            self.counts[k] = count;
        }
    }
}

/// `to[i] = from[place_i]`.
fn gather(places: &[usize], from: &[f64], to: &mut [f64]) {
    to.iter_mut().zip(places).for_each(|(to, &place)| *to = from[place]);
}

/// `p = a / Σ a`.
struct Expecting<'a> {
    columns: &'a mut Columns,
    tallies: &'a Tallies,
}

impl pulp::NullaryFnOnce for Expecting<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Columns { gathered, totals, inverses, expected, .. } = self.columns;
        totals.fill(0.0);
        for counts in gathered.chunks_exact(self.tallies.tallies) {
            totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        for (inverse, &total) in inverses.iter_mut().zip(&*totals) {
            let quotient = 1.0 / total;
            *inverse = if total > 0.0 { quotient } else { 0.0 };
        }
        let cells = expected.chunks_exact_mut(self.tallies.tallies);
        for (expected, counts) in cells.zip(gathered.chunks_exact(self.tallies.tallies)) {
            let quotients = counts.iter().zip(&*inverses).map(|(count, inverse)| count * inverse);
            expected.iter_mut().zip(quotients).for_each(|(p, quotient)| *p = quotient);
        }
    }
}

/// `U`, `w` and `N`.
struct Valuing<'a> {
    columns: &'a mut Columns,
    tallies: &'a Tallies,
}

impl pulp::NullaryFnOnce for Valuing<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Columns { start, gathered, total_lags, expected, weights, utility, novelty, .. } = self.columns;
        let number = self.tallies.tallies;
        if self.tallies.has_preferences {
            utility.fill(0.0);
            for (expected, &c) in expected.chunks_exact(number).zip(&start.log_preferences) {
                for (utility, &p) in utility.iter_mut().zip(expected) {
                    let of_outcome = p * c;
                    *utility += if p > 0.0 { of_outcome } else { 0.0 };
                }
            }
        }
        if self.tallies.has_weights {
            novelty.fill(0.0);
            let counts = gathered.chunks_exact(number);
            let of_outcomes = expected.chunks_exact(number).zip(weights.chunks_exact_mut(number)).zip(counts);
            for ((expected, weights), counts) in of_outcomes {
                let cells = expected.iter().zip(weights).zip(counts).zip(&*total_lags);
                for (novelty, (((&p, weight), &count), &lag)) in novelty.iter_mut().zip(cells) {
                    let gain = *weight - lag;
                    *weight = if count > 0.0 { gain } else { 0.0 };
                    *novelty += p * *weight;
                }
            }
        }
    }
}
