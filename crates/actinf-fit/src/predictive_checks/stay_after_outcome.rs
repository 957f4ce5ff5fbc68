//! How often the last action is repeated, by the outcome it had: win-stay and lose-shift, as far as outcomes are labelled.
//!
//! Where trials are routines of several steps, the first action of a trial is compared with that of the trial before, by
//! what that trial ended with.

use super::layout::Layout;
use super::moment::Moment;
use super::record::{CheckedRate, StatisticKind};
use super::statistic::{Control, Count, Statistic, conditions, modalities};
use actinf_agents::{Schema, Variable};

pub(super) struct StayAfterOutcome {
    control: Control,
    /// Position and labels.
    modalities: Vec<(usize, Variable)>,
    only_first_step: bool,
}

impl StayAfterOutcome {
    pub(super) fn new(control: &Control, schema: &Schema, layout: &Layout) -> Self {
        let modalities = modalities(schema).into_iter().map(|(position, m)| (position, m.clone())).collect();
        StayAfterOutcome { control: control.clone(), modalities, only_first_step: layout.has_several_steps() }
    }
}

impl Statistic for StayAfterOutcome {
    fn rates(&self) -> Vec<CheckedRate> {
        let levels =
            |(_, modality): &(usize, Variable)| conditions(&modality.name, modality.labels.iter().cloned());
        let stay = |level| self.control.no_action(StatisticKind::StayAfterOutcome, Some(level));
        self.modalities.iter().flat_map(levels).map(stay).collect()
    }

    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>) {
        let control = self.control.position;
        let Some(last) = moment.last.as_ref().filter(|_| !self.only_first_step || moment.place.step == 0)
        else {
            return;
        };
        let Some(action) = last.actions.get(control).copied().flatten() else { return };
        let mut before = 0;
        for (position, modality) in &self.modalities {
            let outcome = last.outcomes.get(*position).copied().flatten();
            counted.extend(outcome.map(|outcome| Count::Same { rate: before + outcome, control, action }));
            before += modality.labels.len();
        }
    }
}
