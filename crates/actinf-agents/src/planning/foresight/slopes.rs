//! How the log-probability of actions changes with all that planning depends on: the equations of [`super::outlook`] read
//! backwards, once for all parameters.
//!
//! ```text
//! ȳ_n = γ Σ_{π through n} ∂ℓ(π) · (w_u ln C - w_s (ln y + 1) + ...)
//! M̄_k = Σ_n P_n ȳ_n      P̄_n = ȳ_n · M_k      Q̄_k = Σ_x M̄_k · row      row̄ = Σ_x0 Q_k M̄_k
//! ```
//!
//! Slopes along what does not change from one decision to the next are summed over decisions and meet the derivatives of
//! the parameters only once.
//!
//! # References
//!
//! Griewank & Walther (2008). *Evaluating Derivatives*, 2nd ed., section 3.2. SIAM.

use super::columns::ModalityColumns;
use super::drift::Drift;
use super::lanes::{Cell, add_product, add_weighted, total};
use super::layout::{Layout, Node, Stage};
use super::outlook::Outlook;
use super::reach::Reach;
use super::rows::{Rows, with_cells};
use crate::real::Real;
use crate::settings::Weights;

/// How many steps are read backwards at a time, so that their slopes stay near.
const BLOCK: usize = 16;

/// The slopes along what is averaged, with the workspace to compute them.
pub(super) struct Slopes<const L: usize> {
    /// Along `y`, a few nodes at a time.
    expected: Vec<[f64; L]>,
    /// Along `M`, one stage at a time.
    averages: Vec<[f64; L]>,
    /// Along the rows of every modality, summed over decisions.
    pub(super) rows: Vec<Vec<[f64; L]>>,
    /// Along `P`, summed over decisions; empty where it has no derivatives.
    reach: Vec<[f64; L]>,
    /// Along the value of every step.
    pub(super) steps: Vec<[f64; L]>,
}

/// What a step is worth: the weights of its terms and the log preferences per list and column.
pub(super) struct Worth<'a> {
    pub(super) weights: &'a Weights<f64>,
    pub(super) log_preferences: &'a [f64],
}

impl<const L: usize> Slopes<L> {
    pub(super) fn new(layout: &Layout) -> Self {
        let pairs = layout.stages.iter().map(|stage| stage.pairs.len()).max().unwrap_or(0);
        let rows = |columns: &ModalityColumns| vec![[0.0; L]; columns.rows * columns.all.len()];
        Slopes {
            expected: vec![[0.0; L]; BLOCK * layout.width],
            averages: vec![[0.0; L]; pairs * layout.width],
            rows: layout.columns.iter().map(rows).collect(),
            reach: Vec::new(),
            steps: vec![[0.0; L]; layout.nodes.len()],
        }
    }

    /// Adds the slopes that come through expectations, given those along the value of every step; leaves those along the
    /// belief with the drift.
    pub(super) fn add<T: Real>(
        &mut self,
        layout: &Layout,
        (outlook, drift, rows): (&Outlook<L>, &mut Drift<L>, &[Rows<T, L>]),
        reach: &Reach<T>,
        worth: &Worth<'_>,
    ) {
        if reach.varies() {
            self.reach.resize(layout.nodes.len() * reach.cells(), [0.0; L]);
        }
        let values = reach.values();
        outlook.processor.dispatch(Backwards {
            slopes: self,
            layout,
            outlook,
            drift,
            rows,
            reach: values,
            worth,
        });
    }

    /// Adds the derivatives that come through where controlled factors get to, and starts anew.
    pub(super) fn add_reach<T: Real>(&mut self, reach: &Reach<T>, result: &mut T) {
        for (slopes, &weight) in self.reach.iter_mut().zip(reach.all()) {
            result.add_slope(total(slopes), weight);
            *slopes = [0.0; L];
        }
    }
}

/// The equations read backwards.
struct Backwards<'a, T, const L: usize> {
    slopes: &'a mut Slopes<L>,
    layout: &'a Layout,
    outlook: &'a Outlook<L>,
    drift: &'a mut Drift<L>,
    rows: &'a [Rows<T, L>],
    reach: &'a [f64],
    worth: &'a Worth<'a>,
}

impl<T, const L: usize> pulp::NullaryFnOnce for Backwards<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        let layout = self.layout;
        let mut end = self.outlook.averages.len();
        self.drift.slopes().fill([0.0; L]);
        for (k, stage) in layout.stages.iter().enumerate().rev() {
            let averages = end - stage.pairs.len() * layout.width..end;
            end = averages.start;
            self.slopes.averages.fill([0.0; L]);
            for nodes in stage.nodes.chunks(BLOCK) {
                self.along_nodes(stage, nodes, &self.outlook.averages[averages.clone()]);
            }
            for (index, columns) in layout.columns.iter().enumerate() {
                self.along_states(stage, (index, columns), k);
            }
            self.drift.backwards(k);
        }
    }
}

impl<T, const L: usize> Backwards<'_, T, L> {
    /// `M̄ += Σ_n P_n ȳ_n` and `P̄_n += ȳ_n · M` over a few nodes.
    #[inline(always)]
    fn along_nodes(&mut self, stage: &Stage, nodes: &[usize], averages: &[[f64; L]]) {
        let Slopes { expected, averages: along_averages, reach: along_reach, steps, .. } = &mut *self.slopes;
        let (layout, width) = (self.layout, self.layout.width);
        let cells = layout.controlled_states * layout.origins;
        for (&index, along) in nodes.iter().zip(expected.chunks_exact_mut(width)) {
            let expected = &self.outlook.expected[index * width..(index + 1) * width];
            let logs = &self.outlook.logs[self.outlook.first_logs[index]..];
            along_step(layout, &layout.nodes[index], (&steps[index], expected, logs), self.worth, along);
        }
        let along = || nodes.iter().zip(expected.chunks_exact(width));
        if stage.is_uniform {
            // All nodes mix the same pairs, so that the sums over nodes stay in registers.
            for &(pair, place) in &layout.nodes[nodes[0]].mixed {
                let rows = along().map(|(&node, along)| (self.reach[node * cells + place], along));
                add_weighted(rows, &mut along_averages[pair * width..(pair + 1) * width]);
            }
        } else {
            for (&node, along) in along() {
                for &(pair, place) in &layout.nodes[node].mixed {
                    let to = &mut along_averages[pair * width..(pair + 1) * width];
                    let weight = self.reach[node * cells + place];
                    to.iter_mut().zip(along).for_each(|(to, slope)| add_product(to, weight, *slope));
                }
            }
        }
        if along_reach.is_empty() {
            return;
        }
        for (&node, along) in along() {
            for &(pair, place) in &layout.nodes[node].mixed {
                let average = &averages[pair * width..(pair + 1) * width];
                let to = &mut along_reach[node * cells + place];
                average.iter().zip(along).for_each(|(m, slope)| add_product(to, *m, *slope));
            }
        }
    }

    /// `Q̄ += Σ_x M̄ · row` and `row̄ += Σ_x0 Q M̄`, in the columns of one modality.
    #[inline(always)]
    fn along_states(&mut self, stage: &Stage, (index, columns): (usize, &ModalityColumns), k: usize) {
        let along_rows = &mut self.slopes.rows[index];
        let along_averages = &self.slopes.averages;
        with_cells!(&self.rows[index], cells => along_states(
            self.layout, stage, columns, along_averages, cells, self.drift.with_slopes(k), along_rows,
        ));
    }
}

/// `ȳ` of one step, from the slope along its value.
#[inline(always)]
fn along_step<const L: usize>(
    layout: &Layout,
    node: &Node,
    (slope, expected, logs): (&[f64; L], &[[f64; L]], &[[f64; L]]),
    worth: &Worth<'_>,
    along: &mut [[f64; L]],
) {
    let weights = worth.weights;
    let preferred = &worth.log_preferences[node.preferences * layout.width..];
    along.fill([0.0; L]);
    for &column in &node.preferred {
        let c = preferred[column];
        // What must not happen has no slope where it does not happen, and no value where it does.
        add_product(&mut along[column], slope.lanes(), weights.utility * if c.is_finite() { c } else { 0.0 });
    }
    let of_information = slope.map(|slope| slope * weights.state_information_gain);
    for (&column, log) in node.uncertain.iter().zip(logs) {
        for l in 0..L {
            // What is not expected has no logarithm and takes part in no sum.
            let is_expected = expected[column][l] > 0.0;
            along[column][l] -= if is_expected { of_information[l] * (log[l] + 1.0) } else { 0.0 };
        }
    }
    for &column in &node.ambiguities {
        add_product(&mut along[column], of_information, -1.0);
    }
    let of_novelty = slope.map(|slope| slope * weights.likelihood_information_gain);
    for columns in &layout.columns {
        let Some(weights) = &columns.weights else { continue };
        for (outcome, weight) in columns.outcomes.clone().zip(weights.clone()) {
            add_product(&mut along[outcome], of_novelty, expected[weight]);
            add_product(&mut along[weight], of_novelty, expected[outcome]);
        }
    }
}

#[inline(always)]
fn along_states<const L: usize, C: Cell<L>>(
    layout: &Layout,
    stage: &Stage,
    columns: &ModalityColumns,
    along_averages: &[[f64; L]],
    cells: &[C],
    (beliefs, along_beliefs): (&[[f64; L]], &mut [[f64; L]]),
    along_rows: &mut [[f64; L]],
) {
    let (rest, width) = (layout.drifting_states, columns.all.len());
    for (&(state, origin), along) in stage.pairs.iter().zip(along_averages.chunks_exact(layout.width)) {
        let along = &along[columns.all.clone()];
        let configurations = &columns.configurations[state * rest..(state + 1) * rest];
        let places = origin * rest..(origin + 1) * rest;
        let beliefs = beliefs[places.clone()].iter().zip(&mut along_beliefs[places]);
        for (&row, (q, along_q)) in configurations.iter().zip(beliefs) {
            let range = row * width..(row + 1) * width;
            let rows = cells[range.clone()].iter().zip(&mut along_rows[range]);
            let mut sum = [0.0; L];
            for (slope, (&cell, along_cell)) in along.iter().zip(rows) {
                add_product(&mut sum, *slope, cell);
                add_product(along_cell, *q, *slope);
            }
            add_product(along_q, 1.0, sum);
        }
    }
}
