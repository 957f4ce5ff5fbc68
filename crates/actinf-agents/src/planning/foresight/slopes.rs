//! How the log-probability of an action changes with all that planning depends on: the equations of [`super::outlook`] read
//! backwards, once for all parameters.
//!
//! ```text
//! ȳ_n = γ Σ_{π through n} ∂ℓ(π) · (w_u ln C - w_s (ln y + 1) + ...)
//! M̄_k = Σ_n P_n ȳ_n      P̄_n = ȳ_n · M_k      Q̄_k = Σ_x M̄_k · row      row̄ = Σ_x0 Q_k M̄_k
//! ```
//!
//! # References
//!
//! Griewank & Walther (2008). *Evaluating Derivatives*, 2nd ed., section 3.2. SIAM.

use super::layout::{Layout, ModalityColumns, Node, Stage};
use super::outlook::Outlook;
use super::reach::Reach;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::settings::Weights;

/// The slopes along what is averaged, with the workspace to compute them.
pub(super) struct Slopes {
    /// Along `y`, one node at a time.
    expected: Vec<f64>,
    /// Along `M`, one stage at a time.
    averages: Vec<f64>,
    /// Along `Q`, one stage at a time.
    beliefs: Vec<f64>,
    /// Along the rows of all states.
    rows: Vec<f64>,
    /// Along `ln C`, per list of preferences and column.
    pub(super) preferences: Vec<f64>,
    /// Along the value of every step.
    pub(super) steps: Vec<f64>,
}

/// What a step is worth: the weights of its terms and the log preferences per column.
pub(super) struct Worth<'a> {
    pub(super) weights: &'a Weights<f64>,
    pub(super) log_preferences: &'a [f64],
}

impl Slopes {
    pub(super) fn new(layout: &Layout) -> Self {
        let pairs = layout.stages.iter().map(|stage| stage.pairs.len()).max().unwrap_or(0);
        Slopes {
            expected: vec![0.0; layout.width],
            averages: vec![0.0; pairs * layout.width],
            beliefs: vec![0.0; layout.origins * layout.drifting_states],
            rows: vec![0.0; layout.joint_states.len() * layout.width],
            preferences: vec![0.0; layout.preferences * layout.width],
            steps: vec![0.0; layout.nodes.len()],
        }
    }

    /// Adds the derivatives that come through expectations to `result`, given the slopes along the value of every step.
    pub(super) fn add<T: Real>(
        &mut self,
        layout: &Layout,
        (outlook, reach, knowledge): (&Outlook<T>, &Reach<T>, &Knowledge<T>),
        worth: &Worth<'_>,
        result: &mut T,
    ) {
        self.rows.fill(0.0);
        self.preferences.fill(0.0);
        let mut first_pair = 0;
        let size = layout.origins * layout.drifting_states;
        for (k, stage) in layout.stages.iter().enumerate() {
            let averages = &outlook.averages[first_pair * layout.width..];
            self.averages.fill(0.0);
            for &index in &stage.nodes {
                let node = &layout.nodes[index];
                let expected = &outlook.expected[index * layout.width..(index + 1) * layout.width];
                let logs = &outlook.logs[outlook.first_logs[index]..][..node.uncertain.len()];
                self.along_expected(layout, (index, node), (expected, logs), worth);
                self.along_averages(node, reach.values(index));
                if reach.varies() {
                    self.along_reach(node, averages, reach.of(index), result);
                }
            }
            self.along_states(layout, stage, outlook, k);
            for (&slope, &q) in self.beliefs.iter().zip(&outlook.beliefs[(k + 1) * size..(k + 2) * size]) {
                result.add_slope(slope, q);
            }
            first_pair += stage.pairs.len();
        }
        for (index, columns) in layout.columns.iter().enumerate() {
            if outlook.varies[index] {
                self.along_tables(layout.width, (index, columns), outlook, knowledge, result);
            }
        }
    }

    /// `ȳ` of one step, from the slope along its value.
    fn along_expected(
        &mut self,
        layout: &Layout,
        (index, node): (usize, &Node),
        (expected, logs): (&[f64], &[f64]),
        worth: &Worth<'_>,
    ) {
        let slope = self.steps[index];
        let first = node.preferences * layout.width;
        let preferred = &worth.log_preferences[first..first + layout.width];
        let of_utility = slope * worth.weights.utility;
        for (to, &c) in self.expected.iter_mut().zip(preferred) {
            *to = of_utility * c;
        }
        let along = &mut self.preferences[first..first + layout.width];
        for (to, &y) in along.iter_mut().zip(expected) {
            *to += of_utility * y;
        }
        let of_information = slope * worth.weights.state_information_gain;
        for (&column, &log) in node.uncertain.iter().zip(logs) {
            // What is not expected has no logarithm and takes part in no sum.
            if expected[column] > 0.0 {
                self.expected[column] -= of_information * (log + 1.0);
            }
        }
        for &column in &node.ambiguities {
            self.expected[column] -= of_information;
        }
        let of_novelty = slope * worth.weights.likelihood_information_gain;
        for columns in &layout.columns {
            let Some(weights) = &columns.weights else { continue };
            for (outcome, weight) in columns.outcomes.clone().zip(weights.clone()) {
                self.expected[outcome] += of_novelty * expected[weight];
                self.expected[weight] += of_novelty * expected[outcome];
            }
        }
    }

    /// `M̄ += P ȳ`.
    fn along_averages(&mut self, node: &Node, reach: &[f64]) {
        let width = self.expected.len();
        for &(pair, place) in &node.mixed {
            let to = &mut self.averages[pair * width..(pair + 1) * width];
            let weight = reach[place];
            to.iter_mut().zip(&self.expected).for_each(|(to, &slope)| *to += weight * slope);
        }
    }

    /// `P̄ = ȳ · M`.
    fn along_reach<T: Real>(&self, node: &Node, averages: &[f64], reach: &[T], result: &mut T) {
        let width = self.expected.len();
        for &(pair, place) in &node.mixed {
            result.add_slope(
                product(&self.expected, &averages[pair * width..(pair + 1) * width]),
                reach[place],
            );
        }
    }

    /// `Q̄ = Σ_x M̄ · row` and `row̄ += Σ_x0 Q M̄`.
    fn along_states<T: Real>(&mut self, layout: &Layout, stage: &Stage, outlook: &Outlook<T>, k: usize) {
        let (rest, width) = (layout.drifting_states, layout.width);
        let size = layout.origins * rest;
        let beliefs = &outlook.belief_values[(k + 1) * size..(k + 2) * size];
        self.beliefs.fill(0.0);
        for (pair, &(state, origin)) in stage.pairs.iter().enumerate() {
            let along = &self.averages[pair * width..(pair + 1) * width];
            for r in 0..rest {
                let row = (state * rest + r) * width;
                self.beliefs[origin * rest + r] += product(along, &outlook.rows[row..row + width]);
                let q = beliefs[origin * rest + r];
                let to = &mut self.rows[row..row + width];
                to.iter_mut().zip(along).for_each(|(to, &slope)| *to += q * slope);
            }
        }
    }

    /// The derivatives that come through one modality's table.
    fn along_tables<T: Real>(
        &self,
        width: usize,
        (index, columns): (usize, &ModalityColumns),
        outlook: &Outlook<T>,
        knowledge: &Knowledge<T>,
        result: &mut T,
    ) {
        let table = &knowledge.likelihood[columns.modality];
        for (state, &configuration) in columns.configurations.iter().enumerate() {
            let slopes = &self.rows[state * width..(state + 1) * width];
            for (&slope, &p) in slopes[columns.outcomes.clone()].iter().zip(table.column(configuration)) {
                result.add_slope(slope, p);
            }
            if let (Some(column), Some(&entropy)) = (columns.ambiguity, table.entropies().get(configuration))
            {
                result.add_slope(slopes[column], entropy);
            }
            if let (Some(range), Some(weights)) = (&columns.weights, &outlook.weights[index]) {
                for (&slope, &weight) in slopes[range.clone()].iter().zip(weights.column(configuration)) {
                    result.add_slope(slope, weight);
                }
            }
        }
    }
}

/// `a · b`, over rows of whole lanes.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; super::layout::LANES];
    for (a, b) in a.chunks_exact(sums.len()).zip(b.chunks_exact(sums.len())) {
        for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}
