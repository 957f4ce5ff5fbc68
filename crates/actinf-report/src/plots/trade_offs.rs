//! Pairs of parameters whose errors go together: the correlations of every subject.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::Canvas;
use crate::dot_rows::{DotRow, DotRows};
use crate::trade_offs::TradeOff;

/// One row of dots per pair.
pub(crate) struct TradeOffs(DotRows);

impl TradeOffs {
    /// The plot of these pairs.
    pub(crate) fn new(pairs: &[TradeOff]) -> TradeOffs {
        let row = |pair: &TradeOff| DotRow::new(pair.name(), pair.correlations.clone());
        let rows = pairs.iter().map(row).collect();
        TradeOffs(DotRows {
            rows,
            scale: Scale::linear(-1.0, 1.0),
            axis: "correlation of errors",
            zero: true,
        })
    }
}

impl Plot for TradeOffs {
    fn name(&self) -> String {
        "trade-offs".to_string()
    }

    fn title(&self) -> String {
        "Parameters that trade off".to_string()
    }

    fn caption(&self) -> String {
        let thinned =
            if self.0.is_thinned() { " Of many subjects, evenly spaced ranks are shown." } else { "" };
        format!(
            "The correlation of the errors of two parameters on the unconstrained scale, one dot per subject; vertical bar: \
             median; dashes: no correlation. Near 1 a higher value of one is hidden by a higher value of the other, near \
             −1 by a lower one.{thinned}"
        )
    }

    fn size(&self) -> (f64, f64) {
        self.0.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.0.draw(canvas);
    }
}
