//! What the tables of A say about every configuration of a modality's parents: outcomes, ambiguity and the weights of the
//! information about A, as plain numbers in rows.
//!
//! A table that is not learned is the same for all decisions. A table that is learned may differ from one decision to the
//! next: every decision has its own lane of it, and slopes along a lane go to the version of the column that it was
//! written from.

use super::columns::ModalityColumns;
use crate::expected_free_energy::parameter_information_gain::InformationWeights;
use crate::learning::Knowledge;
use crate::real::Real;
use crate::structure::Structure;

/// The rows of one modality.
pub(super) enum Rows<T, const L: usize> {
    Known(Known),
    Learned(Box<Learned<T, L>>),
}

/// The rows of a table that is not learned.
pub(super) struct Known {
    pub(super) cells: Vec<f64>,
    is_stale: bool,
    pub(super) varies: bool,
}

/// The rows of a table that is learned.
pub(super) struct Learned<T, const L: usize> {
    pub(super) cells: Vec<[f64; L]>,
    /// The rows of the table as it is now, and its revision.
    current: Vec<f64>,
    revision: u64,
    weights: Option<InformationWeights<T>>,
    /// Per lane, the revision of the table that it shows.
    revisions: [u64; L],
    versions: Versions<T, L>,
}

/// The numbers, with derivatives, that lanes were written from: one version of a row after the other.
struct Versions<T, const L: usize> {
    cells: Vec<T>,
    /// The slopes along them.
    slopes: Vec<f64>,
    spare: Vec<T>,
    /// Per configuration, where its latest version starts, and the one that every lane shows.
    latest: Vec<usize>,
    shown: Vec<[usize; L]>,
}

/// How many numbers of versions are kept before those that are over are passed on.
const MOST_VERSIONS: usize = 512;

impl<T: Real, const L: usize> Rows<T, L> {
    pub(super) fn new(columns: &ModalityColumns, structure: &Structure) -> Self {
        let modality = &structure.modalities[columns.modality];
        let configurations = modality.parent_configurations;
        let cells = configurations * columns.all.len();
        if !columns.is_learned {
            return Rows::Known(Known { cells: vec![0.0; cells], is_stale: true, varies: false });
        }
        let weights = || InformationWeights::new(configurations, modality.outcomes, structure.numerics);
        Rows::Learned(Box::new(Learned {
            cells: vec![[0.0; L]; cells],
            current: vec![0.0; cells],
            revision: 0,
            weights: columns.weights.as_ref().map(|_| weights()),
            revisions: [0; L],
            versions: Versions {
                cells: Vec::new(),
                spare: Vec::new(),
                slopes: Vec::new(),
                latest: vec![0; configurations],
                shown: vec![[0; L]; configurations],
            },
        }))
    }

    /// Other parameter values hold from now on.
    pub(super) fn forget(&mut self) {
        match self {
            Rows::Known(known) => known.is_stale = true,
            Rows::Learned(learned) => {
                learned.cells.fill([0.0; L]);
                learned.revisions = [0; L];
                learned.revision = 0;
                learned.versions.cells.clear();
                learned.versions.slopes.clear();
                learned.versions.shown.fill([0; L]);
            }
        }
    }

    /// Shows one lane what is known now.
    pub(super) fn follow(&mut self, columns: &ModalityColumns, knowledge: &Knowledge<T>, lane: usize) {
        match self {
            Rows::Known(known) if known.is_stale => known.read(columns, knowledge),
            Rows::Known(_) => {}
            Rows::Learned(learned) => learned.follow(columns, knowledge, lane),
        }
    }

    /// Adds the derivatives that come through the table, given the slopes along its rows, which start anew.
    pub(super) fn add<const IS_END: bool>(
        &mut self,
        columns: &ModalityColumns,
        knowledge: &Knowledge<T>,
        slopes: &mut [[f64; L]],
        result: &mut T,
    ) {
        match self {
            Rows::Known(known) if IS_END && known.varies => {
                for (row, slopes) in slopes.chunks_exact(columns.all.len()).enumerate() {
                    Row::new(columns, knowledge, None, row)
                        .each(|place, cell| result.add_slope(super::lanes::total(&slopes[place]), cell));
                }
                slopes.fill([0.0; L]);
            }
            Rows::Learned(learned) if IS_END => learned.versions.pass_on(columns.all.len(), result),
            Rows::Learned(learned) => {
                learned.versions.add(columns.all.len(), slopes);
                slopes.fill([0.0; L]);
                if learned.versions.cells.len() > MOST_VERSIONS {
                    learned.versions.pass_on(columns.all.len(), result);
                }
            }
            _ => {}
        }
    }
}

/// What is known about one configuration of the parents: the cells of a row, part after part.
struct Row<'a, T> {
    outcomes: &'a [T],
    ambiguity: Option<T>,
    weights: &'a [T],
}

impl<'a, T: Real> Row<'a, T> {
    fn new(
        columns: &ModalityColumns,
        knowledge: &'a Knowledge<T>,
        weights: Option<&'a InformationWeights<T>>,
        row: usize,
    ) -> Self {
        let entropy_of = |modality: &usize| knowledge.likelihood[*modality].entropies()[row];
        let ambiguity = columns.ambiguity.map(|_| {
            let joined = columns.joined.iter().map(entropy_of);
            joined.fold(entropy_of(&columns.modality), |sum, entropy| sum + entropy)
        });
        Row {
            outcomes: knowledge.likelihood[columns.modality].column(row),
            ambiguity,
            weights: weights.map_or(&[], |weights| weights.column(row)),
        }
    }

    /// Does something with every cell and its place in the row.
    #[inline(always)]
    fn each(&self, mut with: impl FnMut(usize, T)) {
        self.outcomes.iter().enumerate().for_each(|(place, &p)| with(place, p));
        let next = self.outcomes.len();
        if let Some(ambiguity) = self.ambiguity {
            with(next, ambiguity);
        }
        let next = next + usize::from(self.ambiguity.is_some());
        self.weights.iter().enumerate().for_each(|(place, &weight)| with(next + place, weight));
    }
}

impl Known {
    fn read<T: Real>(&mut self, columns: &ModalityColumns, knowledge: &Knowledge<T>) {
        self.is_stale = false;
        self.varies = false;
        for (row, to) in self.cells.chunks_exact_mut(columns.all.len()).enumerate() {
            Row::new(columns, knowledge, None, row).each(|place, cell| {
                to[place] = cell.value();
                self.varies |= cell.varies();
            });
        }
    }
}

impl<T: Real, const L: usize> Learned<T, L> {
    fn follow(&mut self, columns: &ModalityColumns, knowledge: &Knowledge<T>, lane: usize) {
        let table = &knowledge.likelihood[columns.modality];
        if self.revision != table.revision() {
            self.read(columns, knowledge);
        }
        if self.revisions[lane] != self.revision {
            let width = columns.all.len();
            let rows = self.cells.chunks_exact_mut(width).zip(self.current.chunks_exact(width));
            for (row, (to, from)) in rows.enumerate() {
                if table.has_changed_since(self.revisions[lane], row) {
                    to.iter_mut().zip(from).for_each(|(to, &cell)| to[lane] = cell);
                }
            }
            self.revisions[lane] = self.revision;
        }
        if T::CARRIES_DERIVATIVES {
            self.versions.show(lane);
        }
    }

    /// Takes over the rows that have changed.
    fn read(&mut self, columns: &ModalityColumns, knowledge: &Knowledge<T>) {
        let table = &knowledge.likelihood[columns.modality];
        if let Some(weights) = &mut self.weights {
            weights.follow(table);
        }
        for (row, to) in self.current.chunks_exact_mut(columns.all.len()).enumerate() {
            if table.has_changed_since(self.revision, row) {
                let cells = Row::new(columns, knowledge, self.weights.as_ref(), row);
                cells.each(|place, cell| to[place] = cell.value());
                if T::CARRIES_DERIVATIVES {
                    self.versions.note(row, &cells);
                }
            }
        }
        self.revision = table.revision();
    }
}

impl<T: Real, const L: usize> Versions<T, L> {
    /// Takes in another version of a row.
    fn note(&mut self, row: usize, cells: &Row<'_, T>) {
        self.latest[row] = self.cells.len();
        self.cells.extend_from_slice(cells.outcomes);
        self.cells.extend(cells.ambiguity);
        self.cells.extend_from_slice(cells.weights);
        self.slopes.resize(self.cells.len(), 0.0);
    }

    /// Lets a lane show the latest versions.
    fn show(&mut self, lane: usize) {
        self.shown.iter_mut().zip(&self.latest).for_each(|(shown, &latest)| shown[lane] = latest);
    }

    /// Adds the slopes along the rows that lanes show.
    fn add(&mut self, width: usize, slopes: &[[f64; L]]) {
        for (slopes, shown) in slopes.chunks_exact(width).zip(&self.shown) {
            for (lane, &version) in shown.iter().enumerate() {
                let to = self.slopes[version..version + width].iter_mut();
                to.zip(slopes).for_each(|(to, slopes)| *to += slopes[lane]);
            }
        }
    }

    /// Adds the derivatives along every version, and keeps only the latest ones.
    fn pass_on(&mut self, width: usize, result: &mut T) {
        for (&slope, &cell) in self.slopes.iter().zip(&self.cells) {
            result.add_slope(slope, cell);
        }
        self.spare.clear();
        for (latest, shown) in self.latest.iter_mut().zip(&mut self.shown) {
            let start = std::mem::replace(latest, self.spare.len());
            self.spare.extend_from_slice(&self.cells[start..start + width]);
            shown.fill(*latest);
        }
        // Not swapped: the room that was made stays where it is needed.
        self.cells.clear();
        self.cells.extend_from_slice(&self.spare);
        self.slopes.clear();
        self.slopes.resize(self.cells.len(), 0.0);
    }
}

/// Does the same with the rows of either kind.
macro_rules! with_cells {
    ($rows:expr, $cells:ident => $body:expr) => {
        match $rows {
            crate::planning::foresight::rows::Rows::Known(known) => {
                let $cells = &known.cells[..];
                $body
            }
            crate::planning::foresight::rows::Rows::Learned(learned) => {
                let $cells = &learned.cells[..];
                $body
            }
        }
    };
}
pub(super) use with_cells;
