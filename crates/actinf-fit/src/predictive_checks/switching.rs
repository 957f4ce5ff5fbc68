//! How often an action differs from the last one, in all and by block of the session.

use super::layout::Layout;
use super::moment::Moment;
use super::record::{CheckedRate, Condition, StatisticKind};
use super::statistic::{Control, Count, Statistic, block, conditions};

pub(super) struct Switching {
    control: Control,
    layout: Layout,
    blocks: Vec<Condition>,
}

impl Switching {
    pub(super) fn new(control: &Control, layout: &Layout) -> Self {
        let (variable, levels) = layout.block_levels();
        Switching { control: control.clone(), layout: layout.clone(), blocks: conditions(variable, levels) }
    }
}

impl Statistic for Switching {
    fn rates(&self) -> Vec<CheckedRate> {
        let in_block =
            |block: &Condition| self.control.no_action(StatisticKind::SwitchingOverTime, Some(block.clone()));
        let in_all = self.control.no_action(StatisticKind::Switching, None);
        std::iter::once(in_all).chain(self.blocks.iter().map(in_block)).collect()
    }

    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>) {
        let control = self.control.position;
        let last = moment.last.as_ref().and_then(|last| last.actions.get(control).copied().flatten());
        let Some(action) = last else { return };
        counted.push(Count::Other { rate: 0, control, action });
        let block = block(&self.layout, moment);
        if block < self.blocks.len() {
            counted.push(Count::Other { rate: block + 1, control, action });
        }
    }
}
