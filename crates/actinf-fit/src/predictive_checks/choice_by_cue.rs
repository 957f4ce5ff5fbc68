//! How often every action is taken by what was last seen in the same trial: psychometric curves.

use super::moment::Moment;
use super::record::{CheckedRate, StatisticKind};
use super::statistic::{Control, Count, Statistic, conditions, modalities};
use actinf_agents::Schema;

pub(super) struct ChoiceByCue {
    control: Control,
    modalities: Vec<Modality>,
}

struct Modality {
    position: usize,
    name: String,
    levels: Vec<String>,
    /// Levels of the modalities before.
    before: usize,
}

impl ChoiceByCue {
    pub(super) fn new(control: &Control, schema: &Schema) -> Self {
        let mut before = 0;
        let modality = |(position, variable): (usize, &actinf_agents::Variable)| {
            let modality =
                Modality { position, name: variable.name.clone(), levels: variable.labels.clone(), before };
            before += variable.labels.len();
            modality
        };
        ChoiceByCue {
            control: control.clone(),
            modalities: modalities(schema).into_iter().map(modality).collect(),
        }
    }
}

impl Statistic for ChoiceByCue {
    fn rates(&self) -> Vec<CheckedRate> {
        let levels = |modality: &Modality| conditions(&modality.name, modality.levels.iter().cloned());
        let each = |level| self.control.each_action(StatisticKind::ChoiceByCue, Some(level));
        self.modalities.iter().flat_map(levels).flat_map(each).collect()
    }

    fn count(&self, moment: &Moment<'_>, counted: &mut Vec<Count>) {
        for modality in &self.modalities {
            let seen = moment.seen.get(modality.position).copied().flatten();
            counted.extend(seen.map(|level| self.control.count_each(modality.before + level)));
        }
    }
}
