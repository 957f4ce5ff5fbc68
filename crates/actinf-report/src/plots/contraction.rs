//! How much the data say about each free component: `1 - posterior variance / prior variance`.

use super::Plot;
use crate::axis::Scale;
use crate::canvas::Canvas;
use crate::dot_rows::{DotRow, DotRows};
use crate::study::{Fitted, Study};

/// One row of dots per free component.
pub(crate) struct Contraction(DotRows);

impl Contraction {
    /// The plot of all components.
    pub(crate) fn new(study: &Study) -> Contraction {
        let rows: Vec<DotRow> = study
            .components
            .iter()
            .map(|component| {
                let of = |subject: &Fitted| {
                    Some((subject.estimate(&component.name)?.contraction?, subject.record.id.clone()))
                };
                DotRow::new(component.title(), study.fitted.iter().filter_map(of).collect())
            })
            .collect();
        let least = rows.iter().filter_map(DotRow::least).fold(0.0, f64::min);
        // A flat posterior may be far wider than the prior; what lies below the axis is drawn at its end.
        let scale = Scale::linear(least.max(-1.0), 1.0);
        Contraction(DotRows { rows, scale, axis: "contraction", zero: false })
    }

    /// Whether there is anything to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.rows.iter().all(|row| row.len() == 0)
    }
}

impl Plot for Contraction {
    fn name(&self) -> String {
        "contraction".to_string()
    }

    fn title(&self) -> String {
        "How much the data say about each parameter".to_string()
    }

    fn caption(&self) -> String {
        let cut = match self.0.below() {
            0 => String::new(),
            count => format!(" Values below the axis are drawn at its end ({count})."),
        };
        let thinned =
            if self.0.is_thinned() { " Of many subjects, evenly spaced ranks are shown." } else { "" };
        format!(
            "Contraction, 1 − posterior variance / prior variance on the unconstrained scale, one dot per subject \
             (spread vertically to keep them apart); vertical bar: median. At 0 the data said nothing and the \
             estimate is the prior's; near 1 the data decide.{cut}{thinned}"
        )
    }

    fn size(&self) -> (f64, f64) {
        self.0.size()
    }

    fn draw(&self, canvas: &mut Canvas) {
        self.0.draw(canvas);
    }
}
