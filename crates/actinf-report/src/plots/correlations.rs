//! Correlations between coordinates in the population: a matrix.

use super::Plot;
use crate::canvas::Canvas;
use crate::heat_map::{HeatMap, Shade};
use crate::population::Population;

/// The matrix below its diagonal.
pub(crate) struct Correlations(HeatMap);

impl Correlations {
    /// The plot of a population's correlations; `None` where it has none.
    pub(crate) fn new(population: &Population) -> Option<Correlations> {
        let pairs = &population.record.correlations;
        if pairs.is_empty() {
            return None;
        }
        let coordinates = &population.coordinates;
        let value = |row: usize, column: usize| {
            let (a, b) = (&coordinates[row].name, &coordinates[column].name);
            let is = |first: &str, second: &str| first == a && second == b || first == b && second == a;
            pairs.iter().find(|p| is(&p.first, &p.second)).map_or(f64::NAN, |pair| pair.correlation)
        };
        let cells = |row: usize| (0..row).map(|column| value(row, column)).collect();
        Some(Correlations(HeatMap {
            over: "correlation in the population".to_string(),
            rows: coordinates.iter().skip(1).map(|c| c.title.clone()).collect(),
            columns: coordinates[..coordinates.len().saturating_sub(1)]
                .iter()
                .map(|c| c.symbol.clone())
                .collect(),
            values: (1..coordinates.len()).map(cells).collect(),
            shade: Shade::Correlation,
        }))
    }
}

impl Plot for Correlations {
    fn name(&self) -> String {
        "population-correlations".to_string()
    }

    fn title(&self) -> String {
        "How parameters go together across people".to_string()
    }

    fn caption(&self) -> String {
        "Correlations between people on the unconstrained scale, beyond what the formulas explain: blue, both higher; \
         orange, one higher where the other is lower."
            .to_string()
    }

    fn size(&self) -> (f64, f64) {
        self.0.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.0.draw(canvas);
    }
}
