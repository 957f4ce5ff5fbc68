//! How the factors that no control moves drift, step by step ahead; forwards for what is believed about them, backwards for
//! slopes.
//!
//! ```text
//! Q_k(x_0, r) = Σ_r' T(r | r') Q_k-1(x_0, r')        Q̄_k-1(x_0, r') += Σ_r T(r | r') Q̄_k(x_0, r)
//!                                                    T̄(r | r') += Σ_x0 Q_k-1(x_0, r') Q̄_k(x_0, r)
//! ```
//!
//! `T` is the product of the factors' transitions, which are made one after the other.

use super::lanes::{add_product, total};
use super::layout::Layout;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;

/// One factor that drifts.
struct Drifting<const L: usize> {
    factor: usize,
    size: usize,
    /// How many configurations vary faster than it.
    right: usize,
    /// It forgets where it was: one column holds for all states.
    forgets: bool,
    /// `T`, column after column.
    columns: Vec<f64>,
    /// `T̄`.
    slopes: Vec<[f64; L]>,
    revision: Option<u64>,
}

/// Beliefs as they drift.
pub(super) struct Drift<const L: usize> {
    factors: Vec<Drifting<L>>,
    /// The belief (`[origin, drifting state]`) and, for every step and factor, what becomes of it.
    beliefs: Vec<[f64; L]>,
    /// `Q̄` after a factor's move and before it.
    slopes: [Vec<[f64; L]>; 2],
    mass: Vec<[f64; L]>,
    size: usize,
    is_variable: bool,
}

impl<const L: usize> Drift<L> {
    pub(super) fn new(layout: &Layout, structure: &Structure) -> Self {
        let mut right = layout.drifting_states;
        let mut factors = Vec::new();
        for &factor in &layout.drifting {
            let size = structure.factor_sizes[factor];
            let transitions = &structure.transitions[factor];
            right /= size;
            if !transitions.stays {
                let cells = transitions.parent_configurations * size;
                factors.push(Drifting {
                    factor,
                    size,
                    right,
                    forgets: transitions.parents.is_empty(),
                    columns: vec![0.0; cells],
                    slopes: vec![[0.0; L]; cells],
                    revision: None,
                });
            }
        }
        let size = layout.origins * layout.drifting_states;
        let moves = if factors.is_empty() { 0 } else { layout.stages.len() * factors.len() };
        Drift {
            factors,
            beliefs: vec![[0.0; L]; (moves + 1) * size],
            slopes: [vec![[0.0; L]; size], vec![[0.0; L]; size]],
            mass: vec![[0.0; L]; layout.drifting_states],
            size,
            is_variable: false,
        }
    }

    /// Takes over transitions that have changed.
    pub(super) fn follow<T: Real>(&mut self, knowledge: &Knowledge<T>) {
        for drifting in &mut self.factors {
            let table = &knowledge.transitions[drifting.factor];
            if drifting.revision != Some(table.revision()) {
                drifting.revision = Some(table.revision());
                let columns = drifting.columns.iter_mut().zip(table.expected());
                columns.for_each(|(to, p)| *to = p.value());
                self.is_variable |= T::CARRIES_DERIVATIVES && table.expected().iter().any(|p| p.varies());
            }
        }
    }

    /// The belief from which everything drifts.
    pub(super) fn start(&mut self) -> &mut [[f64; L]] {
        &mut self.beliefs[..self.size]
    }

    /// What is believed at a stage.
    pub(super) fn at(&self, stage: usize) -> &[[f64; L]] {
        let place = (stage + 1) * self.factors.len() * self.size;
        &self.beliefs[place..place + self.size]
    }

    /// The slopes along what is believed at the stage that is read backwards.
    pub(super) fn slopes(&mut self) -> &mut [[f64; L]] {
        &mut self.slopes[0]
    }

    /// What is believed at a stage that is read backwards, and the slopes along it.
    #[inline(always)]
    pub(super) fn with_slopes(&mut self, stage: usize) -> (&[[f64; L]], &mut [[f64; L]]) {
        let place = (stage + 1) * self.factors.len() * self.size;
        (&self.beliefs[place..place + self.size], &mut self.slopes[0])
    }

    /// Moves the belief to a stage.
    #[inline(always)]
    pub(super) fn forwards(&mut self, stage: usize) {
        let moves = self.factors.len();
        for (k, drifting) in self.factors.iter().enumerate() {
            let (before, after) = self.beliefs.split_at_mut((stage * moves + k + 1) * self.size);
            let from = &before[(stage * moves + k) * self.size..];
            drifting.forwards(from, &mut after[..self.size], &mut self.mass);
        }
    }

    /// Takes slopes back from a stage to the one before.
    #[inline(always)]
    pub(super) fn backwards(&mut self, stage: usize) {
        let moves = self.factors.len();
        for (k, drifting) in self.factors.iter_mut().enumerate().rev() {
            let from = &self.beliefs[(stage * moves + k) * self.size..][..self.size];
            let [after, before] = &mut self.slopes;
            drifting.backwards(from, after, before, self.is_variable);
            self.slopes.swap(0, 1);
        }
    }

    /// Adds the derivatives that come through the transitions, and starts anew.
    pub(super) fn add<T: Real>(&mut self, knowledge: &Knowledge<T>, result: &mut T) {
        if !self.is_variable {
            return;
        }
        for drifting in &mut self.factors {
            let table = &knowledge.transitions[drifting.factor];
            for (slopes, &p) in drifting.slopes.iter().zip(table.expected()) {
                result.add_slope(total(slopes), p);
            }
            drifting.slopes.fill([0.0; L]);
        }
    }
}

impl<const L: usize> Drifting<L> {
    #[inline(always)]
    fn forwards(&self, from: &[[f64; L]], to: &mut [[f64; L]], mass: &mut [[f64; L]]) {
        let block = self.size * self.right;
        for (from, to) in from.chunks_exact(block).zip(to.chunks_exact_mut(block)) {
            if self.forgets {
                let mass = &mut mass[..self.right];
                mass.copy_from_slice(&from[..self.right]);
                for source in from[self.right..].chunks_exact(self.right) {
                    mass.iter_mut().zip(source).for_each(|(mass, q)| add_product(mass, 1.0, *q));
                }
                for (to, &p) in to.chunks_exact_mut(self.right).zip(&self.columns) {
                    to.fill([0.0; L]);
                    to.iter_mut().zip(&*mass).for_each(|(to, mass)| add_product(to, p, *mass));
                }
            } else {
                to.fill([0.0; L]);
                for (source, column) in
                    from.chunks_exact(self.right).zip(self.columns.chunks_exact(self.size))
                {
                    for (to, &p) in to.chunks_exact_mut(self.right).zip(column) {
                        to.iter_mut().zip(source).for_each(|(to, q)| add_product(to, p, *q));
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn backwards(&mut self, from: &[[f64; L]], after: &[[f64; L]], before: &mut [[f64; L]], varies: bool) {
        let block = self.size * self.right;
        before.fill([0.0; L]);
        let blocks =
            from.chunks_exact(block).zip(after.chunks_exact(block)).zip(before.chunks_exact_mut(block));
        for ((from, after), before) in blocks {
            let sources = from.chunks_exact(self.right).zip(before.chunks_exact_mut(self.right));
            for (state, (source, before)) in sources.enumerate() {
                let first = if self.forgets { 0 } else { state * self.size };
                for (next, after) in after.chunks_exact(self.right).enumerate() {
                    let p = self.columns[first + next];
                    before.iter_mut().zip(after).for_each(|(before, slope)| add_product(before, p, *slope));
                    if varies {
                        let along = &mut self.slopes[first + next];
                        source.iter().zip(after).for_each(|(q, slope)| add_product(along, *q, *slope));
                    }
                }
            }
        }
    }
}
