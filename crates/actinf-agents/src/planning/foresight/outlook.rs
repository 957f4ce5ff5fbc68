//! What every imagined step is expected to bring, seen from one belief.
//!
//! ```text
//! Q_k(x_0, r)   = Σ_r' T(r | r') Q_k-1(x_0, r')             drifting factors move by themselves
//! M_k(x, x_0)   = Σ_r Q_k(x_0, r) row(x, r)                 averages over drifting factors, shared by all steps
//! y_n           = Σ_x,x_0 P_n(x | x_0) M_k(x, x_0)          the averages a step expects: outcomes, ambiguity, weights
//! U_n = Σ_o y_o ln C(o)    S_n = - Σ_o y_o ln y_o - y_H     N_n = Σ_o y_o y_w(o)
//! ```
//!
//! `x_0` is where the controlled factors were, `x` where they get to, `r` the drifting factors.

use super::layout::{LANES, Layout, ModalityColumns, Node, Stage};
use super::reach::{Reach, table_varies};
use crate::elementary;
use crate::expected_free_energy::parameter_information_gain::InformationWeights;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::state_inference::{Move, exact};
use crate::structure::Structure;

/// The terms of the expected free energy of one step; more is better.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    pub(super) utility: f64,
    pub(super) state_information_gain: f64,
    pub(super) likelihood_information_gain: f64,
}

/// The beliefs, averages and expectations of one decision, with what is kept between decisions.
pub(super) struct Outlook<T> {
    /// `Q`: per stage, `[origin, drifting state]`, after the belief itself.
    pub(super) beliefs: Vec<T>,
    pub(super) belief_values: Vec<f64>,
    buffer: Vec<T>,
    /// Per state (controlled, drifting), all columns.
    pub(super) rows: Vec<f64>,
    /// Per modality with columns, the revision its rows belong to and whether they have derivatives.
    revisions: Vec<Option<u64>>,
    pub(super) varies: Vec<bool>,
    /// Per modality with columns, the weights of the information about A.
    pub(super) weights: Vec<Option<InformationWeights<T>>>,
    /// `M`: per stage and pair, all columns.
    pub(super) averages: Vec<f64>,
    /// `y`: per node, all columns.
    pub(super) expected: Vec<f64>,
    /// Per node and preferred column, `y`.
    pub(super) outcomes: Vec<f64>,
    /// Per node, where its preferred outcomes start, and where the last ones end.
    pub(super) first_outcomes: Vec<usize>,
    /// Per node and uncertain column, `ln y`.
    pub(super) logs: Vec<f64>,
    /// Per node, where its logarithms start.
    pub(super) first_logs: Vec<usize>,
    pub(super) terms: Vec<Terms>,
    /// Which instructions the machine offers.
    pub(super) processor: pulp::Arch,
}

impl<T: Real> Outlook<T> {
    pub(super) fn new(layout: &Layout, structure: &Structure) -> Self {
        let beliefs = layout.origins * layout.drifting_states;
        let weights = |columns: &ModalityColumns| {
            let modality = &structure.modalities[columns.modality];
            let new = || {
                InformationWeights::new(modality.parent_configurations, modality.outcomes, structure.numerics)
            };
            columns.weights.as_ref().map(|_| new())
        };
        let stages = layout.stages.len() + 1;
        let pairs: usize = layout.stages.iter().map(|stage| stage.pairs.len()).sum();
        let mut first_outcomes = vec![0];
        for node in &layout.nodes {
            first_outcomes.push(first_outcomes[first_outcomes.len() - 1] + node.preferred.len());
        }
        let mut uncertain = 0;
        let first_logs = layout.nodes.iter().map(|node| {
            uncertain += node.uncertain.len();
            uncertain - node.uncertain.len()
        });
        let first_logs = first_logs.collect();
        Outlook {
            beliefs: vec![T::ZERO; stages * beliefs],
            belief_values: vec![0.0; stages * beliefs],
            buffer: vec![T::ZERO; beliefs],
            rows: vec![0.0; layout.joint_states.len() * layout.width],
            revisions: vec![None; layout.columns.len()],
            varies: vec![false; layout.columns.len()],
            weights: layout.columns.iter().map(weights).collect(),
            averages: vec![0.0; pairs * layout.width],
            expected: vec![0.0; layout.nodes.len() * layout.width],
            outcomes: vec![0.0; first_outcomes[layout.nodes.len()]],
            first_outcomes,
            logs: vec![0.0; uncertain],
            first_logs,
            terms: vec![Terms::default(); layout.nodes.len()],
            processor: pulp::Arch::new(),
        }
    }

    /// Takes over what has been learned since the last decision.
    pub(super) fn follow(&mut self, layout: &Layout, knowledge: &Knowledge<T>) {
        for (index, columns) in layout.columns.iter().enumerate() {
            let table = &knowledge.likelihood[columns.modality];
            if self.revisions[index] == Some(table.revision()) {
                continue;
            }
            if let Some(weights) = &mut self.weights[index] {
                weights.follow(table);
            }
            let since = self.revisions[index].unwrap_or(0);
            for configuration in 0..columns.states.len() {
                if table.has_changed_since(since, configuration) {
                    self.follow_row(layout.width, (index, columns), knowledge, configuration);
                }
            }
            let weights = self.weights[index].as_ref().map_or(&[][..], InformationWeights::all);
            self.varies[index] = table_varies(table) || weights.iter().any(|weight| weight.varies());
            self.revisions[index] = Some(table.revision());
        }
    }

    fn follow_row(
        &mut self,
        width: usize,
        (index, columns): (usize, &ModalityColumns),
        knowledge: &Knowledge<T>,
        configuration: usize,
    ) {
        let table = &knowledge.likelihood[columns.modality];
        for &state in &columns.states[configuration] {
            let row = &mut self.rows[state * width..(state + 1) * width];
            for (cell, p) in row[columns.outcomes.clone()].iter_mut().zip(table.column(configuration)) {
                *cell = p.value();
            }
            if let (Some(column), Some(entropy)) = (columns.ambiguity, table.entropies().get(configuration)) {
                row[column] = entropy.value();
            }
            if let (Some(range), Some(weights)) = (&columns.weights, &self.weights[index]) {
                for (cell, weight) in row[range.clone()].iter_mut().zip(weights.column(configuration)) {
                    *cell = weight.value();
                }
            }
        }
    }

    /// Looks ahead from a belief (over joint states).
    pub(super) fn look(
        &mut self,
        (layout, structure): (&Layout, &Structure),
        knowledge: &Knowledge<T>,
        reach: &Reach<T>,
        belief: &[T],
    ) {
        self.arrange(layout, belief);
        let mut first_pair = 0;
        for (k, stage) in layout.stages.iter().enumerate() {
            self.drift(layout, structure, knowledge, k);
            let averages = &mut self.averages[first_pair * layout.width..];
            let size = layout.origins * layout.drifting_states;
            let beliefs = &self.belief_values[(k + 1) * size..(k + 2) * size];
            let mixing = Mixing {
                layout,
                stage,
                beliefs,
                rows: &self.rows,
                averages,
                reach: reach.all_values(),
                expected: &mut self.expected,
            };
            self.processor.dispatch(mixing);
            first_pair += stage.pairs.len();
        }
    }

    /// Arranges a belief over joint states as `[origin, drifting state]`.
    fn arrange(&mut self, layout: &Layout, belief: &[T]) {
        let size = layout.origins * layout.drifting_states;
        let start = &mut self.beliefs[..size];
        if layout.origins == layout.controlled_states {
            start.iter_mut().zip(&layout.joint_states).for_each(|(q, &joint)| *q = belief[joint]);
        } else {
            start.fill(T::ZERO);
            for states in layout.joint_states.chunks_exact(layout.drifting_states) {
                start.iter_mut().zip(states).for_each(|(q, &joint)| *q += belief[joint]);
            }
        }
    }

    /// Moves the drifting factors to stage `k`.
    fn drift(&mut self, layout: &Layout, structure: &Structure, knowledge: &Knowledge<T>, k: usize) {
        let size = layout.origins * layout.drifting_states;
        let (before, after) = self.beliefs.split_at_mut((k + 1) * size);
        let now = &mut after[..size];
        let mut right = layout.drifting_states;
        let mut has_moved = false;
        for &factor in &layout.drifting {
            right /= structure.factor_sizes[factor];
            let from = if has_moved { &self.buffer[..] } else { &before[k * size..] };
            if exact::move_factor(structure, knowledge, (factor, Move::Stay), from, now, right) {
                has_moved = true;
                self.buffer.copy_from_slice(now);
            }
        }
        if !has_moved {
            now.copy_from_slice(&before[k * size..]);
        }
        let values = &mut self.belief_values[(k + 1) * size..(k + 2) * size];
        values.iter_mut().zip(&*now).for_each(|(value, q)| *value = q.value());
    }

    /// Values every step, given the log preference per node and preferred column.
    pub(super) fn value(&mut self, layout: &Layout, log_preferences: &[f64]) {
        self.take_logs(layout);
        let has_novelty = self.weights.iter().any(Option::is_some);
        for (index, node) in layout.nodes.iter().enumerate() {
            let expected = &self.expected[index * layout.width..(index + 1) * layout.width];
            let outcomes = &mut self.outcomes[self.first_outcomes[index]..];
            outcomes.iter_mut().zip(&node.preferred).for_each(|(to, &column)| *to = expected[column]);
            let logs = &self.logs[self.first_logs[index]..][..node.uncertain.len()];
            let terms = &mut self.terms[index];
            terms.state_information_gain = information(expected, node, logs);
            if has_novelty {
                terms.likelihood_information_gain = novelty(expected, &layout.columns);
            }
        }
        self.prefer(log_preferences);
    }

    /// The utility of every step.
    pub(super) fn prefer(&mut self, log_preferences: &[f64]) {
        for (terms, bounds) in self.terms.iter_mut().zip(self.first_outcomes.windows(2)) {
            let cells = bounds[0]..bounds[1];
            terms.utility = utility(&self.outcomes[cells.clone()], &log_preferences[cells]);
        }
    }

    /// `ln y` of every uncertain column of every step.
    fn take_logs(&mut self, layout: &Layout) {
        for (index, node) in layout.nodes.iter().enumerate() {
            let expected = &self.expected[index * layout.width..(index + 1) * layout.width];
            let logs = &mut self.logs[self.first_logs[index]..][..node.uncertain.len()];
            logs.iter_mut().zip(&node.uncertain).for_each(|(log, &column)| *log = expected[column]);
        }
        elementary::ln_or_zero(self.processor, &mut self.logs);
    }
}

/// The averages of one stage and what its steps expect from them.
struct Mixing<'a> {
    layout: &'a Layout,
    stage: &'a Stage,
    beliefs: &'a [f64],
    rows: &'a [f64],
    averages: &'a mut [f64],
    reach: &'a [f64],
    expected: &'a mut [f64],
}

impl pulp::NullaryFnOnce for Mixing<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let width = self.layout.width;
        average(self.layout, &self.stage.pairs, self.beliefs, self.rows, self.averages);
        let cells = self.layout.controlled_states * self.layout.origins;
        for &node in &self.stage.nodes {
            let to = &mut self.expected[node * width..(node + 1) * width];
            let reach = &self.reach[node * cells..(node + 1) * cells];
            mix(&self.layout.nodes[node].mixed, reach, self.averages, to);
        }
    }
}

/// `M(x, x_0) = Σ_r Q(x_0, r) row(x, r)` for the pairs that are needed.
#[inline(always)]
fn average(layout: &Layout, pairs: &[(usize, usize)], beliefs: &[f64], rows: &[f64], averages: &mut [f64]) {
    let (rest, width) = (layout.drifting_states, layout.width);
    for (&(state, origin), to) in pairs.iter().zip(averages.chunks_exact_mut(width)) {
        let weights = &beliefs[origin * rest..(origin + 1) * rest];
        let rows = &rows[state * rest * width..(state + 1) * rest * width];
        weighted_sum(weights.iter().copied().zip(rows.chunks_exact(width)), to);
    }
}

/// `y = Σ_x,x_0 P(x | x_0) M(x, x_0)`.
#[inline(always)]
fn mix(mixed: &[(usize, usize)], reach: &[f64], averages: &[f64], to: &mut [f64]) {
    let width = to.len();
    weighted_sum(mixed.iter().map(|&(pair, place)| (reach[place], &averages[pair * width..][..width])), to);
}

/// `to = Σ weight · row`, [`LANES`] columns at a time so that the sums stay in registers.
#[inline(always)]
pub(super) fn weighted_sum<'a>(rows: impl Iterator<Item = (f64, &'a [f64])> + Clone, to: &mut [f64]) {
    for (block, to) in to.chunks_exact_mut(LANES).enumerate() {
        let mut sums = [0.0; LANES];
        for (weight, row) in rows.clone() {
            let row = &row[block * LANES..(block + 1) * LANES];
            for (sum, &cell) in sums.iter_mut().zip(row) {
                *sum += weight * cell;
            }
        }
        to.copy_from_slice(&sums);
    }
}

/// `Σ y c` over possible outcomes; what is not expected adds nothing.
#[inline]
fn utility(outcomes: &[f64], preferred: &[f64]) -> f64 {
    let product = |(&y, &c): (&f64, &f64)| if y > 0.0 { y * c } else { 0.0 };
    outcomes.iter().zip(preferred).map(product).sum()
}

/// `- Σ_o y ln y - Σ y_H`.
fn information(expected: &[f64], node: &Node, logs: &[f64]) -> f64 {
    let pairs = node.uncertain.iter().zip(logs);
    let gain = pairs.fold(0.0, |gain, (&column, log)| gain - expected[column] * log);
    node.ambiguities.iter().fold(gain, |gain, &column| gain - expected[column])
}

/// `Σ_o y_o y_w(o)` over the modalities whose likelihood there is something to learn about.
fn novelty(expected: &[f64], columns: &[ModalityColumns]) -> f64 {
    let mut gain = 0.0;
    for columns in columns {
        let Some(weights) = &columns.weights else { continue };
        let pairs = expected[columns.outcomes.clone()].iter().zip(&expected[weights.clone()]);
        pairs.for_each(|(y, weight)| gain += y * weight);
    }
    gain
}
