//! How often every action is taken; by step where trials are routines of several steps.

use super::layout::Layout;
use super::moment::Moment;
use super::record::{CheckedRate, Condition, StatisticKind};
use super::statistic::{Control, Count, Statistic, conditions};

pub(super) struct ChoiceRate {
    control: Control,
    /// One per step; empty where steps are not told apart.
    steps: Vec<Condition>,
}

impl ChoiceRate {
    pub(super) fn new(control: &Control, layout: &Layout) -> Self {
        let several = if layout.has_several_steps() { layout.steps } else { 0 };
        let steps = conditions("step", (1..=several).map(|step| step.to_string()));
        ChoiceRate { control: control.clone(), steps }
    }
}

impl Statistic for ChoiceRate {
    fn rates(&self) -> Vec<CheckedRate> {
        let each = |condition| self.control.each_action(StatisticKind::ChoiceRate, condition);
        let by_step = self.steps.iter().flat_map(|step| each(Some(step.clone())));
        each(None).into_iter().chain(by_step).collect()
    }

    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>) {
        counted.push(self.control.count_each(0));
        if moment.place.step < self.steps.len() {
            counted.push(self.control.count_each(moment.place.step + 1));
        }
    }
}
