//! The slopes along what the numbers of one table's tallies are made of: the equations of [`super::columns`] read backwards,
//! where `x̄` is the slope along `x`.
//!
//! ```text
//! p̄_o = Ū ln C_o + N̄ w_o      w̄_o = N̄ p_o
//! ā_o = (p̄_o - Σ p̄ p) / Σ a + w̄_o lag'(a_o) - (Σ w̄) lag'(Σ a)
//! ```

use super::columns::{Columns, Start};
use super::ledger::Tallies;
use crate::digamma;

/// The slopes along what a table's numbers are made of.
#[derive(Clone, Debug)]
pub(super) struct Slopes {
    /// Along `U` and `N` of every tally, to be filled in.
    pub(super) utility: Vec<f64>,
    pub(super) novelty: Vec<f64>,
    /// Along the starting table and its counts, `[column, outcome]`; the rates, the forgetting rate, and `ln C`.
    pub(super) start: Start,
    /// `p̄`, then `ā`: `[outcome, tally]`.
    along: Vec<f64>,
    means: Vec<f64>,
    /// `- Σ w̄` per tally.
    totals: Vec<f64>,
    /// `w̄`: `[outcome, tally]`.
    weights: Vec<f64>,
    /// `ā` and `w̄` per cell, and the slope of its lag.
    cells: Vec<f64>,
    cell_lags: Vec<f64>,
    lag_slopes: Vec<f64>,
}

impl Slopes {
    pub(super) fn new(columns: &Columns) -> Self {
        let tallies = columns.utility.len();
        Slopes {
            utility: vec![0.0; tallies],
            novelty: vec![0.0; tallies],
            start: columns.start.clone(),
            along: vec![0.0; columns.expected.len()],
            means: vec![0.0; tallies],
            totals: vec![0.0; tallies],
            weights: vec![0.0; columns.expected.len()],
            cells: vec![0.0; columns.counts.len()],
            cell_lags: vec![0.0; columns.counts.len()],
            lag_slopes: vec![0.0; columns.counts.len().max(columns.totals.len())],
        }
    }

    /// Reads the equations backwards, from the slopes along `U` and `N`.
    pub(super) fn read(&mut self, tallies: &Tallies, columns: &Columns) {
        let processor = columns.processor;
        processor.dispatch(Backwards { slopes: self, columns, tallies });
        for (place, slope) in self.start.expected.iter_mut().enumerate() {
            let (column, outcome) = (place / tallies.outcomes, place % tallies.outcomes);
            *slope = std::mem::take(&mut self.along[outcome * tallies.tallies + column]);
        }
        if !tallies.is_learned {
            return;
        }
        if tallies.has_weights {
            self.lag_slopes[..columns.totals.len()].copy_from_slice(&columns.totals);
            digamma::lag_slopes(processor, &mut self.lag_slopes[..columns.totals.len()]);
        }
        processor.dispatch(Counting { slopes: self, columns, tallies });
        self.scatter(tallies, columns);
        self.uncount(tallies, columns);
    }

    /// From tallies to cells.
    fn scatter(&mut self, tallies: &Tallies, columns: &Columns) {
        self.cells.fill(0.0);
        for (&cell, slope) in tallies.cell_of.iter().zip(&self.along) {
            self.cells[cell] += slope;
        }
        if !tallies.has_weights {
            return;
        }
        self.cell_lags.fill(0.0);
        for (&cell, slope) in tallies.cell_of.iter().zip(&self.weights) {
            self.cell_lags[cell] += slope;
        }
        let lag_slopes = &mut self.lag_slopes[..columns.counts.len()];
        lag_slopes.copy_from_slice(&columns.counts);
        digamma::lag_slopes(columns.processor, lag_slopes);
        let lags = self.cell_lags.iter().zip(lag_slopes);
        self.cells.iter_mut().zip(lags).for_each(|(along, (slope, lag))| *along += slope * *lag);
    }

    /// From cells to where counts start and the rates.
    fn uncount(&mut self, tallies: &Tallies, columns: &Columns) {
        let Start { counts: start, forgetting, .. } = &columns.start;
        let slopes = &mut self.start;
        slopes.rates.fill(0.0);
        slopes.counts.fill(0.0);
        slopes.forgetting = 0.0;
        for (k, cell) in tallies.cells.iter().enumerate().skip(start.len()).rev() {
            let along = self.cells[k];
            if let Some(outcome) = cell.seen {
                slopes.rates[outcome] += along;
            }
            if tallies.forgets {
                slopes.counts[cell.start] += forgetting * along;
                slopes.forgetting += along * (start[cell.start] - columns.counts[cell.before]);
                self.cells[cell.before] += (1.0 - forgetting) * along;
            } else {
                self.cells[cell.before] += along;
            }
        }
        slopes.counts.iter_mut().zip(&self.cells).for_each(|(to, along)| *to += along);
    }
}

/// `Σ a b`, in eight sums.
#[inline(always)]
fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let ((a, rest_of_a), (b, rest_of_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = rest_of_a.iter().zip(rest_of_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// `p̄`, `w̄` and the slopes along preferences.
struct Backwards<'a> {
    slopes: &'a mut Slopes,
    columns: &'a Columns,
    tallies: &'a Tallies,
}

impl pulp::NullaryFnOnce for Backwards<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Backwards { slopes, columns, tallies } = self;
        let Slopes { utility, novelty, start, along, means, totals, weights, .. } = slopes;
        means.fill(0.0);
        totals.fill(0.0);
        for (o, &c) in columns.start.log_preferences.iter().enumerate() {
            let cells = o * tallies.tallies..(o + 1) * tallies.tallies;
            let (expected, along) = (&columns.expected[cells.clone()], &mut along[cells.clone()]);
            start.log_preferences[o] = product(utility, expected);
            // What must not happen has no slope where it does not happen, and no value where it does.
            let c = if c.is_finite() { c } else { 0.0 };
            along.iter_mut().zip(&*utility).for_each(|(along, slope)| *along = slope * c);
            if tallies.has_weights {
                let of = columns.weights[cells.clone()].iter().zip(&columns.gathered[cells.clone()]);
                let to = along.iter_mut().zip(&mut weights[cells]).zip(&mut *totals);
                for (((&weight, &count), (&p, &slope)), ((along, to), total)) in
                    of.zip(expected.iter().zip(&*novelty)).zip(to)
                {
                    *along += slope * weight;
                    let of_weight = slope * p;
                    *to = if count > 0.0 { of_weight } else { 0.0 };
                    *total -= *to;
                }
            }
            let products = along.iter().zip(expected);
            means.iter_mut().zip(products).for_each(|(mean, (slope, p))| *mean += slope * p);
        }
    }
}

/// `ā`, but for what comes through the lags of cells.
struct Counting<'a> {
    slopes: &'a mut Slopes,
    columns: &'a Columns,
    tallies: &'a Tallies,
}

impl pulp::NullaryFnOnce for Counting<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Slopes { along, means, totals, lag_slopes, .. } = self.slopes;
        let (number, starting) = (self.tallies.tallies, self.tallies.columns);
        if self.tallies.has_weights {
            totals.iter_mut().zip(&*lag_slopes).for_each(|(total, slope)| *total *= slope);
        }
        // The probabilities before anything is learned do not come from counts.
        means[..starting].fill(0.0);
        for along in along.chunks_exact_mut(number) {
            let of = means.iter().zip(&self.columns.inverses).zip(&*totals);
            for (along, ((mean, inverse), total)) in along.iter_mut().zip(of) {
                *along = (*along - mean) * inverse + total;
            }
        }
    }
}
