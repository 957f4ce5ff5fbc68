//! What all updates of a sweep have in common, worked out once.

use super::free_energy::Share;
use super::layout::Layout;

/// What every update of a sweep has in common.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// `1 / τ`.
    pub(super) rate: f64,
    /// What the free energy counts at the first and the last step.
    pub(super) at_ends: Share,
    /// What it counts between them.
    pub(super) between: Share,
}

impl Pace {
    pub(super) fn new(layout: &Layout) -> Pace {
        Pace {
            rate: 1.0 / layout.settings.time_constant,
            at_ends: Share::new(layout, true),
            between: Share::new(layout, false),
        }
    }
}
