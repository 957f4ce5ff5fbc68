//! What every imagined step is expected to bring, seen from one belief.
//!
//! ```text
//! M_k(x, x_0)   = Σ_r Q_k(x_0, r) row(x, r)                 averages over drifting factors, shared by all steps
//! y_n           = Σ_x,x_0 P_n(x | x_0) M_k(x, x_0)          the averages a step expects: outcomes, ambiguity, weights
//! U_n = Σ_o y_o ln C(o)    S_n = - Σ_o y_o ln y_o - y_H     N_n = Σ_o y_o y_w(o)
//! ```
//!
//! `x_0` is where the controlled factors were, `x` where they get to, `r` the drifting factors, and `Q_k` what is believed
//! about them ([`super::drift`]).

use super::columns::ModalityColumns;
use super::drift::Drift;
use super::lanes::{add_possible, add_product, weighted_sum};
use super::layout::{Layout, Node, Stage};
use super::rows::{Rows, with_cells};
use crate::elementary;

/// The terms of the expected free energy of one step; more is better.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<const L: usize> {
    /// Of the modalities whose preferences depend on parameters.
    pub(super) variable_utility: [f64; L],
    /// Of those whose preferences are settled.
    pub(super) settled_utility: [f64; L],
    pub(super) state_information_gain: [f64; L],
    pub(super) likelihood_information_gain: [f64; L],
}

impl<const L: usize> Terms<L> {
    pub(super) const NONE: Self = Terms {
        variable_utility: [0.0; L],
        settled_utility: [0.0; L],
        state_information_gain: [0.0; L],
        likelihood_information_gain: [0.0; L],
    };
}

/// The averages and expectations of decisions.
pub(super) struct Outlook<const L: usize> {
    /// `M`: per stage and pair, all columns.
    pub(super) averages: Vec<[f64; L]>,
    /// `y`: per node, all columns.
    pub(super) expected: Vec<[f64; L]>,
    /// Per node and uncertain column, `ln y`.
    pub(super) logs: Vec<[f64; L]>,
    /// Per node, where its logarithms start, and where the last ones end.
    pub(super) first_logs: Vec<usize>,
    pub(super) terms: Vec<Terms<L>>,
    has_novelty: bool,
    /// Which instructions the machine offers.
    pub(super) processor: pulp::Arch,
}

impl<const L: usize> Outlook<L> {
    pub(super) fn new(layout: &Layout) -> Self {
        let pairs: usize = layout.stages.iter().map(|stage| stage.pairs.len()).sum();
        let ends = layout.nodes.iter().scan(0, |end, node| {
            *end += node.uncertain.len();
            Some(*end)
        });
        let first_logs: Vec<usize> = std::iter::once(0).chain(ends).collect();
        Outlook {
            averages: vec![[0.0; L]; pairs * layout.width],
            expected: vec![[0.0; L]; layout.nodes.len() * layout.width],
            logs: vec![[0.0; L]; first_logs[layout.nodes.len()]],
            first_logs,
            terms: vec![Terms::NONE; layout.nodes.len()],
            has_novelty: layout.columns.iter().any(|columns| columns.weights.is_some()),
            processor: pulp::Arch::new(),
        }
    }

    /// Looks ahead from the beliefs that drift starts with.
    pub(super) fn look<T>(
        &mut self,
        layout: &Layout,
        drift: &mut Drift<L>,
        rows: &[Rows<T, L>],
        reach: &[f64],
    ) {
        self.processor.dispatch(Looking { layout, drift, rows, reach, outlook: self });
        // All at once: the compiler makes several of one logarithm only in one long row.
        elementary::ln_or_zero(self.processor, self.logs.as_flattened_mut());
    }

    /// Values every step, given the log preference per node and preferred column.
    pub(super) fn value(&mut self, layout: &Layout, log_preferences: &[f64]) {
        self.processor.dispatch(Valuing { layout, log_preferences, outlook: self });
    }
}

/// The averages of all stages and what their steps expect from them.
struct Looking<'a, T, const L: usize> {
    layout: &'a Layout,
    drift: &'a mut Drift<L>,
    rows: &'a [Rows<T, L>],
    reach: &'a [f64],
    outlook: &'a mut Outlook<L>,
}

impl<T, const L: usize> pulp::NullaryFnOnce for Looking<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Looking { layout, drift, rows, reach, outlook } = self;
        let mut first_pair = 0;
        for (k, stage) in layout.stages.iter().enumerate() {
            drift.forwards(k);
            let cells = first_pair * layout.width..(first_pair + stage.pairs.len()) * layout.width;
            let averages = &mut outlook.averages[cells];
            for (columns, rows) in layout.columns.iter().zip(rows) {
                with_cells!(rows, cells => average(layout, stage, columns, drift.at(k), cells, averages));
            }
            mix(layout, stage, averages, reach, &mut outlook.expected);
            first_pair += stage.pairs.len();
        }
        for (index, node) in layout.nodes.iter().enumerate() {
            let expected = &outlook.expected[index * layout.width..(index + 1) * layout.width];
            let logs = &mut outlook.logs[outlook.first_logs[index]..];
            logs.iter_mut().zip(&node.uncertain).for_each(|(log, &column)| *log = expected[column]);
        }
    }
}

/// `M(x, x_0) = Σ_r Q(x_0, r) row(x, r)` for the pairs that are needed, in the columns of one modality.
#[inline(always)]
fn average<const L: usize, C: super::lanes::Cell<L>>(
    layout: &Layout,
    stage: &Stage,
    columns: &ModalityColumns,
    beliefs: &[[f64; L]],
    cells: &[C],
    averages: &mut [[f64; L]],
) {
    let rest = layout.drifting_states;
    let width = columns.all.len();
    for (&(state, origin), to) in stage.pairs.iter().zip(averages.chunks_exact_mut(layout.width)) {
        let configurations = &columns.configurations[state * rest..(state + 1) * rest];
        let rows = configurations.iter().map(|&row| &cells[row * width..(row + 1) * width]);
        let weights = beliefs[origin * rest..(origin + 1) * rest].iter().copied();
        weighted_sum(weights.zip(rows), &mut to[columns.all.clone()]);
    }
}

/// `y = Σ_x,x_0 P(x | x_0) M(x, x_0)`.
#[inline(always)]
fn mix<const L: usize>(
    layout: &Layout,
    stage: &Stage,
    averages: &[[f64; L]],
    reach: &[f64],
    expected: &mut [[f64; L]],
) {
    let width = layout.width;
    let cells = layout.controlled_states * layout.origins;
    for &node in &stage.nodes {
        let reach = &reach[node * cells..(node + 1) * cells];
        let to = &mut expected[node * width..(node + 1) * width];
        if stage.is_dense {
            weighted_sum(reach.iter().copied().zip(averages.chunks_exact(width)), to);
            continue;
        }
        let mixed = layout.nodes[node].mixed.iter();
        let rows = mixed.map(|&(pair, place)| (reach[place], &averages[pair * width..][..width]));
        weighted_sum(rows, to);
    }
}

/// The terms of every step.
struct Valuing<'a, const L: usize> {
    layout: &'a Layout,
    log_preferences: &'a [f64],
    outlook: &'a mut Outlook<L>,
}

impl<const L: usize> pulp::NullaryFnOnce for Valuing<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Valuing { layout, mut log_preferences, outlook } = self;
        for (index, (node, terms)) in layout.nodes.iter().zip(&mut outlook.terms).enumerate() {
            let expected = &outlook.expected[index * layout.width..(index + 1) * layout.width];
            let logs = &outlook.logs[outlook.first_logs[index]..outlook.first_logs[index + 1]];
            terms.state_information_gain = information(expected, node, logs);
            if outlook.has_novelty {
                terms.likelihood_information_gain = novelty(expected, &layout.columns);
            }
            let (preferred, others) = log_preferences.split_at(node.preferred.len());
            log_preferences = others;
            let outcome = |place: usize| &expected[node.preferred[place]];
            terms.variable_utility = utility(preferred, outcome, 0, &node.variable_ends);
            terms.settled_utility = utility(preferred, outcome, node.variable(), &node.settled_ends);
        }
    }
}

/// The sum over modalities of their utilities, given log preferences, the outcomes that belong to them, and where those of
/// each modality end.
#[inline(always)]
pub(super) fn utility<'a, const L: usize>(
    preferred: &[f64],
    outcome: impl Fn(usize) -> &'a [f64; L],
    mut start: usize,
    ends: &[usize],
) -> [f64; L] {
    let mut sum = [0.0; L];
    for &end in ends {
        let mut of_modality = [0.0; L];
        for (place, &c) in (start..end).zip(&preferred[start..end]) {
            if c.is_finite() {
                add_product(&mut of_modality, c, *outcome(place));
            } else {
                // What is not expected adds nothing, however much it is feared.
                add_possible(&mut of_modality, *outcome(place), c);
            }
        }
        add_product(&mut sum, 1.0, of_modality);
        start = end;
    }
    sum
}

/// `- Σ_o y ln y - Σ y_H`.
#[inline(always)]
fn information<const L: usize>(expected: &[[f64; L]], node: &Node, logs: &[[f64; L]]) -> [f64; L] {
    let mut gain = [0.0; L];
    for (&column, log) in node.uncertain.iter().zip(logs) {
        for ((gain, y), log) in gain.iter_mut().zip(&expected[column]).zip(log) {
            *gain -= y * log;
        }
    }
    for &column in &node.ambiguities {
        add_product(&mut gain, -1.0, expected[column]);
    }
    gain
}

/// `Σ_o y_o y_w(o)` over the modalities whose likelihood there is something to learn about.
#[inline(always)]
fn novelty<const L: usize>(expected: &[[f64; L]], columns: &[ModalityColumns]) -> [f64; L] {
    let mut gain = [0.0; L];
    for columns in columns {
        let Some(weights) = &columns.weights else { continue };
        let mut of_modality = [0.0; L];
        for (y, weight) in expected[columns.outcomes.clone()].iter().zip(&expected[weights.clone()]) {
            add_product(&mut of_modality, *y, *weight);
        }
        add_product(&mut gain, 1.0, of_modality);
    }
    gain
}
