//! Where the controlled factors get to along every imagined step, from wherever they were: the product of their
//! transitions, made once and again only when transitions change.
//!
//! ```text
//! P_n(x | x_0) = Σ_x' B(x | x', u) P_before(x' | x_0)        P_start(x | x_0) = 1 if x = x_0
//! ```

use super::layout::Layout;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::state_inference::{Move, exact};
use crate::structure::Structure;

/// The reach `P_n[state, origin]` of every step.
pub(crate) struct Reach<T> {
    all: Vec<T>,
    values: Vec<f64>,
    cells: usize,
    start: Vec<T>,
    buffers: [Vec<T>; 2],
    revisions: Vec<Option<u64>>,
    is_variable: bool,
}

impl<T: Real> Reach<T> {
    pub(crate) fn new(layout: &Layout) -> Self {
        let cells = layout.controlled_states * layout.origins;
        let is_start = |place: usize| place / layout.origins == place % layout.origins;
        Reach {
            all: vec![T::ZERO; layout.nodes.len() * cells],
            values: vec![0.0; layout.nodes.len() * cells],
            cells,
            start: (0..cells).map(|place| if is_start(place) { T::ONE } else { T::ZERO }).collect(),
            buffers: [vec![T::ZERO; cells], vec![T::ZERO; cells]],
            revisions: vec![None; layout.controlled.len()],
            is_variable: false,
        }
    }

    /// Makes everything anew if transitions have changed.
    pub(crate) fn follow(&mut self, layout: &Layout, structure: &Structure, knowledge: &Knowledge<T>) {
        let revision = |&f: &usize| Some(knowledge.transitions[f].revision());
        if layout.controlled.iter().map(revision).eq(self.revisions.iter().copied()) {
            return;
        }
        for (known, factor) in self.revisions.iter_mut().zip(&layout.controlled) {
            *known = revision(factor);
        }
        for (index, node) in layout.nodes.iter().enumerate() {
            let from = match node.before {
                Some(before) => &self.all[before * self.cells..(before + 1) * self.cells],
                None => &self.start,
            };
            self.buffers[0].copy_from_slice(from);
            self.go(layout, structure, knowledge, node.action);
            self.all[index * self.cells..(index + 1) * self.cells].copy_from_slice(&self.buffers[0]);
        }
        for (value, weight) in self.values.iter_mut().zip(&self.all) {
            *value = weight.value();
        }
        self.is_variable = self.all.iter().any(|weight| weight.varies());
    }

    /// Moves every controlled factor by one step, in the first buffer.
    fn go(&mut self, layout: &Layout, structure: &Structure, knowledge: &Knowledge<T>, action: usize) {
        let mut right = self.cells;
        for &factor in &layout.controlled {
            right /= structure.factor_sizes[factor];
            let [from, to] = &mut self.buffers;
            if exact::move_factor(structure, knowledge, (factor, Move::Action(action)), from, to, right) {
                self.buffers.swap(0, 1);
            }
        }
    }

    /// How many cells the reach of a step has: `[state, origin]`.
    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The reach of all steps, one after the other.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The same with derivatives.
    pub(super) fn all(&self) -> &[T] {
        &self.all
    }

    /// Whether any of it has derivatives.
    pub(crate) fn varies(&self) -> bool {
        self.is_variable
    }
}
