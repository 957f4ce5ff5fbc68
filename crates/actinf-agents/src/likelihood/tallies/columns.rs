//! The numbers of one table's tallies, all at once, and the slopes along what they are made of.
//!
//! ```text
//! a_k = a_before (+ ω (a_start - a_before)) (+ η)                   every cell, in the order in which they were made
//! p_o = a_o / Σ a      w_o = lag(a_o) - lag(Σ a)                    every tally; lag(x) = ψ(x + 1) - ln x
//! U = Σ_o p_o ln C_o   N = Σ_o p_o w_o
//!
//! p̄_o = Ū ln C_o + N̄ w_o      w̄_o = N̄ p_o                           read backwards
//! ā_o = (p̄_o - Σ p̄ p) / Σ a + w̄_o lag'(a_o) - (Σ w̄) lag'(Σ a)
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
    counts: Vec<f64>,
    cell_lags: Vec<f64>,
    gathered: Vec<f64>,
    inverses: Vec<f64>,
    total_lags: Vec<f64>,
    expected: Vec<f64>,
    weights: Vec<f64>,
    /// `U` and `N` per tally, in nats.
    pub(super) utility: Vec<f64>,
    pub(super) novelty: Vec<f64>,
    totals: Vec<f64>,
    processor: pulp::Arch,
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
