//! Several decisions abreast: one number of each in a row of lanes. What is done to one lane is done to all, with the same
//! operations in the same order whatever their number, so that a decision comes out the same alone or among others.

/// How many columns are summed at a time, so that the sums stay in registers.
const BLOCK: usize = 4;

/// A number of every decision: the same for all, or one for each.
pub(crate) trait Cell<const L: usize>: Copy {
    /// One number per lane.
    fn lanes(self) -> [f64; L];
}

impl<const L: usize> Cell<L> for f64 {
    #[inline(always)]
    fn lanes(self) -> [f64; L] {
        [self; L]
    }
}

impl<const L: usize> Cell<L> for [f64; L] {
    #[inline(always)]
    fn lanes(self) -> [f64; L] {
        self
    }
}

/// `to += a · b`.
#[inline(always)]
pub(crate) fn add_product<const L: usize>(to: &mut [f64; L], a: impl Cell<L>, b: impl Cell<L>) {
    for ((to, a), b) in to.iter_mut().zip(a.lanes()).zip(b.lanes()) {
        *to += a * b;
    }
}

/// `to += slope · x`, where what has no slope adds nothing, even if `x` is not finite.
#[inline(always)]
#[allow(clippy::float_cmp, reason = "an exact zero is the question")]
pub(crate) fn add_possible<const L: usize>(to: &mut [f64; L], slope: impl Cell<L>, x: impl Cell<L>) {
    for ((to, slope), x) in to.iter_mut().zip(slope.lanes()).zip(x.lanes()) {
        *to += if slope == 0.0 { 0.0 } else { slope * x };
    }
}

/// `to[c] = Σ weight · row[c]` over pairs of a weight and a row.
#[inline(always)]
pub(crate) fn weighted_sum<'a, const L: usize, W: Cell<L>, C: Cell<L> + 'a>(
    rows: impl Iterator<Item = (W, &'a [C])> + Clone,
    to: &mut [[f64; L]],
) {
    sum_blocks::<L, true, W, C>(rows, to);
}

/// `to[c] += Σ weight · row[c]` over pairs of a weight and a row.
#[inline(always)]
pub(crate) fn add_weighted<'a, const L: usize, W: Cell<L>, C: Cell<L> + 'a>(
    rows: impl Iterator<Item = (W, &'a [C])> + Clone,
    to: &mut [[f64; L]],
) {
    sum_blocks::<L, false, W, C>(rows, to);
}

/// The sums block by block, from 0 or from what is there.
#[inline(always)]
fn sum_blocks<'a, const L: usize, const IS_NEW: bool, W: Cell<L>, C: Cell<L> + 'a>(
    rows: impl Iterator<Item = (W, &'a [C])> + Clone,
    to: &mut [[f64; L]],
) {
    let mut first = 0;
    let (blocks, rest) = to.as_chunks_mut::<BLOCK>();
    for block in blocks {
        let start = if IS_NEW { [[0.0; L]; BLOCK] } else { *block };
        *block = sums(start, rows.clone(), first);
        first += BLOCK;
    }
    for (column, to) in rest.iter_mut().enumerate() {
        let start = if IS_NEW { [0.0; L] } else { *to };
        [*to] = sums([start], rows.clone(), first + column);
    }
}

/// The sums of `B` columns from the first one, beside what is there.
#[inline(always)]
fn sums<'a, const L: usize, const B: usize, W: Cell<L>, C: Cell<L> + 'a>(
    mut sums: [[f64; L]; B],
    rows: impl Iterator<Item = (W, &'a [C])>,
    first: usize,
) -> [[f64; L]; B] {
    for (weight, row) in rows {
        for (sum, &cell) in sums.iter_mut().zip(&row[first..first + B]) {
            add_product(sum, weight, cell);
        }
    }
    sums
}

/// The sum over lanes.
#[inline]
pub(crate) fn total<const L: usize>(lanes: &[f64; L]) -> f64 {
    lanes.iter().sum()
}
