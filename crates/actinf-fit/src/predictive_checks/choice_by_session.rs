//! How often every action is taken in each session, where people's sessions have the same few labels.

use super::layout::Layout;
use super::moment::Moment;
use super::record::{CheckedRate, Condition, StatisticKind};
use super::statistic::{Control, Count, Statistic, conditions};

pub(super) struct ChoiceBySession {
    control: Control,
    sessions: Vec<Condition>,
}

impl ChoiceBySession {
    pub(super) fn new(control: &Control, layout: &Layout) -> Self {
        ChoiceBySession {
            control: control.clone(),
            sessions: conditions("session", layout.sessions.iter().cloned()),
        }
    }
}

impl Statistic for ChoiceBySession {
    fn rates(&self) -> Vec<CheckedRate> {
        let each = |session: &Condition| {
            self.control.each_action(StatisticKind::ChoiceBySession, Some(session.clone()))
        };
        self.sessions.iter().flat_map(each).collect()
    }

    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>) {
        let session = self.sessions.iter().position(|session| session.level == moment.session.label);
        counted.extend(session.map(|session| self.control.count_each(session)));
    }
}
