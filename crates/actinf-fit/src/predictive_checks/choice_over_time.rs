//! How often every action is taken in each block of a session: exploration over time.

use super::layout::Layout;
use super::moment::Moment;
use super::record::{CheckedRate, Condition, StatisticKind};
use super::statistic::{Control, Count, Statistic, block, conditions};

pub(super) struct ChoiceOverTime {
    control: Control,
    layout: Layout,
    blocks: Vec<Condition>,
}

impl ChoiceOverTime {
    pub(super) fn new(control: &Control, layout: &Layout) -> Self {
        let (variable, levels) = layout.block_levels();
        ChoiceOverTime {
            control: control.clone(),
            layout: layout.clone(),
            blocks: conditions(variable, levels),
        }
    }
}

impl Statistic for ChoiceOverTime {
    fn rates(&self) -> Vec<CheckedRate> {
        let each =
            |block: &Condition| self.control.each_action(StatisticKind::ChoiceOverTime, Some(block.clone()));
        self.blocks.iter().flat_map(each).collect()
    }

    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>) {
        let block = block(&self.layout, moment);
        if block < self.blocks.len() {
            counted.push(self.control.count_each(block));
        }
    }
}
