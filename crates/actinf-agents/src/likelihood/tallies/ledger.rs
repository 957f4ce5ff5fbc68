//! What behaviour says about tallies, whatever the parameters: which there are, what each adds to the one before it, and which
//! of them decisions are made from.

use super::LANES;
use crate::likelihood::histories::Histories;
use crate::likelihood::histories::tree::Moment;
use crate::planning::Layout;
use crate::state_inference::Move;
use crate::task_model::{Counts, Learning, TaskModel};
use std::collections::BTreeMap;

/// A count in one cell of a table at one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// The cell of the starting table: `[column, outcome]`.
    pub(super) start: usize,
    /// The count before it; itself at the start.
    pub(super) before: usize,
    /// The outcome that was seen since then, if it is that of this cell.
    pub(super) seen: Option<usize>,
}

/// All tallies of one table, in the order in which they were made: those of the starting table, column after column, first.
#[derive(Debug)]
pub(super) struct Tallies {
    pub(super) modality: usize,
    pub(super) columns: usize,
    pub(super) outcomes: usize,
    pub(super) is_learned: bool,
    pub(super) forgets: bool,
    pub(super) has_preferences: bool,
    /// Its preferences do not depend on parameters.
    pub(super) is_settled: bool,
    pub(super) has_weights: bool,
    pub(super) cells: Vec<Cell>,
    /// `[outcome, tally]`: the cell of every tally.
    pub(super) cell_of: Vec<usize>,
    pub(super) tallies: usize,
}

/// Decisions made abreast: the joint actions taken and how many times, 0 times where no decision is left.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) actions: [usize; LANES],
    pub(super) times: [f64; LANES],
    pub(super) taken: usize,
}

/// All that behaviour says about tallies.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) tables: Vec<Tallies>,
    pub(super) blocks: Vec<Block>,
    /// How many steps a decision imagines.
    pub(super) steps: usize,
    /// `[block, step]`: the situation that a step imagines, of every decision.
    pub(super) imagined: Vec<[u32; LANES]>,
    /// `[table, situation]`: the tally of each table that holds where a step gets to.
    pub(super) situations: Vec<Vec<usize>>,
    /// Outcomes seen: the modality, the column and the outcome. What is possible at the start stays so.
    pub(super) seen: Vec<(usize, usize, usize)>,
}

impl Ledger {
    /// The ledger of a subject's histories; `None` for a model that it does not serve.
    pub(super) fn new(task: &TaskModel, layout: &Layout, histories: &Histories) -> Option<Ledger> {
        if !is_served(task, layout, histories) {
            return None;
        }
        let tables: Vec<Growing> =
            layout.columns.iter().map(|columns| Growing::new(task, layout, columns.modality)).collect();
        let mut table_of = vec![None; task.modalities.len()];
        layout.columns.iter().enumerate().for_each(|(t, columns)| table_of[columns.modality] = Some(t));
        let situations = vec![Vec::new(); tables.len()];
        let ledger = Ledger { steps: layout.nodes.len(), situations, ..Ledger::default() };
        let (situation_of, decisions) = (BTreeMap::new(), 0);
        let mut writing = Writing { layout, histories, tables, table_of, ledger, situation_of, decisions };
        histories.tree.moments.iter().for_each(|moment| writing.live(moment));
        Some(writing.finish())
    }
}

/// The most cells of one table that fades, in all its tallies: 100 MB.
const LARGEST: usize = 1 << 21;

/// Whether every step imagines a single state, so that it looks at single columns, and all that is learned are columns it
/// may look at.
fn is_served(task: &TaskModel, layout: &Layout, histories: &Histories) -> bool {
    let is_looked_at = |m: usize| layout.columns.iter().any(|columns| columns.modality == m);
    let all_cells = |m: usize| {
        let modality = &task.modalities[m];
        modality.likelihood.len() * modality.outcomes.len() * histories.tree.moments.len()
    };
    let is_implicit = |learning: &Learning| matches!(learning.counts, Counts::Scaled(_));
    let learned =
        task.modalities.iter().enumerate().filter_map(|(m, modality)| Some((m, modality.learning.as_ref()?)));
    histories.tree.responses.is_empty()
        && histories.factors.unknown_states == 1
        && layout.preferences == 1
        && layout.nodes.iter().all(|node| node.uncertain.is_empty() && node.ambiguities.is_empty())
        && layout.columns.iter().any(|columns| columns.is_learned)
        && learned.into_iter().all(|(m, learning)| {
            is_looked_at(m) && is_implicit(learning) && (!forgets(learning) || all_cells(m) <= LARGEST)
        })
}

/// Whether counts may fade.
fn forgets(learning: &Learning) -> bool {
    learning.forgetting_rate.as_constant() != Some(0.0)
}

fn has_preferences(layout: &Layout, modality: usize) -> bool {
    let columns = layout.columns.iter().filter(|columns| columns.modality == modality);
    let mut places = columns.flat_map(|columns| columns.outcomes.clone());
    places.any(|place| layout.nodes.iter().any(|node| node.preferred.contains(&place)))
}

/// The tallies of one table as they are made.
struct Growing {
    made: Tallies,
    /// The tally of every column that holds now.
    current: Vec<usize>,
    /// Per tally, its cells.
    cells: Vec<Vec<usize>>,
    /// Where nothing is forgotten: how often every outcome was seen, per tally.
    seen: Vec<Vec<u32>>,
    /// Tallies by column and those numbers, since the order of outcomes does not matter then; and cells likewise.
    tally_of: BTreeMap<(usize, Vec<u32>), usize>,
    cell_of: BTreeMap<(usize, u32), usize>,
}

impl Growing {
    fn new(task: &TaskModel, layout: &Layout, modality: usize) -> Growing {
        let of = &task.modalities[modality];
        let (columns, outcomes) = (of.likelihood.len(), of.outcomes.len());
        let start = |start: usize| Cell { start, before: start, seen: None };
        let made = Tallies {
            modality,
            columns,
            outcomes,
            is_learned: of.learning.is_some(),
            forgets: of.learning.as_ref().is_some_and(forgets),
            has_preferences: has_preferences(layout, modality),
            is_settled: of.preferences.is_settled(),
            has_weights: layout.columns.iter().any(|c| c.modality == modality && c.weights.is_some()),
            cells: (0..columns * outcomes).map(start).collect(),
            cell_of: Vec::new(),
            tallies: columns,
        };
        Growing {
            made,
            current: (0..columns).collect(),
            cells: (0..columns).map(|c| (c * outcomes..(c + 1) * outcomes).collect()).collect(),
            seen: vec![vec![0; outcomes]; columns],
            tally_of: (0..columns).map(|column| ((column, vec![0; outcomes]), column)).collect(),
            cell_of: BTreeMap::new(),
        }
    }

    /// Nothing was learned yet.
    fn forget(&mut self) {
        self.current.iter_mut().enumerate().for_each(|(column, tally)| *tally = column);
    }

    /// One update with an outcome in one column.
    fn learn(&mut self, column: usize, outcome: usize) {
        if self.made.forgets {
            for each in 0..self.made.columns {
                self.fade(each, (each == column).then_some(outcome));
            }
        } else {
            self.count(column, outcome);
        }
    }

    /// Every count of a column loses something; that of the outcome seen gains something.
    fn fade(&mut self, column: usize, outcome: Option<usize>) {
        let cells = self.cells[self.current[column]].clone();
        let next = |(o, before): (usize, usize)| {
            let start = self.made.cells[before].start;
            self.made.cells.push(Cell { start, before, seen: outcome.filter(|&outcome| outcome == o) });
            self.made.cells.len() - 1
        };
        let cells = cells.into_iter().enumerate().map(next).collect();
        self.current[column] = self.add(cells);
    }

    /// The count of the outcome seen gains something, the others stay.
    fn count(&mut self, column: usize, outcome: usize) {
        let current = self.current[column];
        let mut seen = self.seen[current].clone();
        seen[outcome] += 1;
        let key = (column, seen);
        if let Some(&tally) = self.tally_of.get(&key) {
            self.current[column] = tally;
            return;
        }
        let mut cells = self.cells[current].clone();
        let start = self.made.cells[cells[outcome]].start;
        let known = &mut self.made.cells;
        let cell = self.cell_of.entry((start, key.1[outcome])).or_insert_with(|| {
            known.push(Cell { start, before: cells[outcome], seen: Some(outcome) });
            known.len() - 1
        });
        cells[outcome] = *cell;
        self.seen.push(key.1.clone());
        let tally = self.add(cells);
        self.tally_of.insert(key, tally);
        self.current[column] = tally;
    }

    fn add(&mut self, cells: Vec<usize>) -> usize {
        self.cells.push(cells);
        self.made.tallies += 1;
        self.made.tallies - 1
    }

    fn finish(mut self) -> Tallies {
        let cells = &self.cells;
        self.made.cell_of = (0..self.made.outcomes).flat_map(|o| cells.iter().map(move |c| c[o])).collect();
        self.made
    }
}

/// The ledger as it is written.
struct Writing<'a> {
    layout: &'a Layout,
    histories: &'a Histories,
    tables: Vec<Growing>,
    /// Per modality, its table.
    table_of: Vec<Option<usize>>,
    ledger: Ledger,
    /// Situations by their tallies.
    situation_of: BTreeMap<Vec<usize>, u32>,
    decisions: usize,
}

impl Writing<'_> {
    fn live(&mut self, moment: &Moment) {
        if moment.forgets {
            self.tables.iter_mut().for_each(Growing::forget);
        }
        let outcomes = &self.histories.tree.outcomes[moment.outcomes.clone()];
        for &(modality, outcome) in outcomes {
            let column = self.histories.factors.configurations(modality, moment.known)[0];
            self.ledger.seen.push((modality, column, outcome));
        }
        if self.histories.learns_first {
            self.learn(moment.known, outcomes);
        }
        for &(action, times) in &self.histories.tree.decisions[moment.decisions.clone()] {
            self.decide(moment.known, action, times);
        }
        if !self.histories.learns_first {
            self.learn(moment.known, outcomes);
        }
    }

    fn learn(&mut self, known: usize, outcomes: &[(usize, usize)]) {
        for &(modality, outcome) in outcomes {
            let column = self.histories.factors.configurations(modality, known)[0];
            if let Some(t) = self.table_of[modality].filter(|&t| self.tables[t].made.is_learned) {
                self.tables[t].learn(column, outcome);
            }
        }
    }

    /// Notes which situations the steps of a decision imagine.
    fn decide(&mut self, known: usize, action: usize, times: f64) {
        let lane = self.decisions % LANES;
        self.decisions += 1;
        if lane == 0 {
            self.ledger.blocks.push(Block { actions: [0; LANES], times: [0.0; LANES], taken: 0 });
            self.ledger.imagined.resize(self.ledger.blocks.len() * self.ledger.steps, [0; LANES]);
        }
        if let Some(block) = self.ledger.blocks.last_mut() {
            block.actions[lane] = action;
            block.times[lane] = times;
            block.taken = lane + 1;
        }
        let first = self.ledger.imagined.len() - self.ledger.steps;
        let mut reached: Vec<usize> = Vec::with_capacity(self.ledger.steps);
        for (step, node) in self.layout.nodes.iter().enumerate() {
            let from = node.before.map_or(known, |before| reached[before]);
            let state = self.histories.factors.after(from, Move::Action(node.action));
            reached.push(state);
            self.ledger.imagined[first + step][lane] = self.situation(state);
        }
    }

    /// The situation that a state is in now.
    fn situation(&mut self, state: usize) -> u32 {
        let tally = |table: &Growing| {
            table.current[self.histories.factors.configurations(table.made.modality, state)[0]]
        };
        let tallies: Vec<usize> = self.tables.iter().map(tally).collect();
        // There are fewer situations than steps of behaviour times states.
        let next = self.situation_of.len() as u32;
        let situations = &mut self.ledger.situations;
        *self.situation_of.entry(tallies).or_insert_with_key(|tallies| {
            situations.iter_mut().zip(tallies).for_each(|(all, &tally)| all.push(tally));
            next
        })
    }

    fn finish(self) -> Ledger {
        let mut ledger = self.ledger;
        ledger.seen.sort_unstable();
        ledger.seen.dedup();
        ledger.tables = self.tables.into_iter().map(Growing::finish).collect();
        ledger
    }
}
