//! Which moments of a subject count in which rates.

use super::layout::Layout;
use super::moment::each_moment;
use super::record::CheckedRate;
use super::statistic::{Count, Statistic, statistics};
use actinf_agents::{Schema, Subject};
use std::ops::Range;

/// The statistics of a study, with the place of each one's first rate among all.
pub(super) struct Plan<'a> {
    schema: &'a Schema,
    layout: &'a Layout,
    statistics: Vec<(usize, Box<dyn Statistic>)>,
    rates: Vec<CheckedRate>,
    /// The actions of all controls, by joint action.
    actions: Vec<Vec<usize>>,
}

/// How the moments of one subject count.
pub(super) struct Counted {
    counts: Vec<Count>,
    /// One range of counts per step that was not aborted, in order.
    steps: Vec<Range<usize>>,
}

impl Counted {
    /// How step number `step` counts.
    pub(super) fn of_step(&self, step: usize) -> &[Count] {
        self.steps.get(step).map_or(&[], |range| &self.counts[range.clone()])
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(schema: &'a Schema, layout: &'a Layout) -> Self {
        let mut rates = Vec::new();
        let place = |statistic: Box<dyn Statistic>| {
            let first = rates.len();
            rates.extend(statistic.rates());
            (first, statistic)
        };
        let statistics = statistics(schema, layout).into_iter().map(place).collect();
        let actions = (0..schema.joint_actions()).map(|joint| schema.actions_of(joint)).collect();
        Plan { schema, layout, statistics, rates, actions }
    }

    /// All rates.
    pub(super) fn rates(&self) -> &[CheckedRate] {
        &self.rates
    }

    /// The number of joint actions.
    pub(super) fn joint_actions(&self) -> usize {
        self.actions.len()
    }

    /// How a subject's moments count.
    pub(super) fn counted(&self, subject: &Subject) -> Counted {
        let mut counted = Counted { counts: Vec::new(), steps: Vec::new() };
        let mut own = Vec::new();
        each_moment(subject, self.schema, self.layout, |moment, _| {
            let first = counted.counts.len();
            for (offset, statistic) in &self.statistics {
                own.clear();
                statistic.count(moment, &mut own);
                counted.counts.extend(own.iter().map(|count| count.moved(*offset)));
            }
            counted.steps.push(first..counted.counts.len());
        });
        counted
    }

    /// Counts a moment in the rates that it is one of the moments of.
    pub(super) fn add_moment(&self, counts: &[Count], moments: &mut [u32]) {
        for count in counts {
            match *count {
                Count::Each { first, control } => {
                    let actions = self.schema.controls[control].labels.len();
                    moments[first..first + actions].iter_mut().for_each(|count| *count += 1);
                }
                Count::Same { rate, .. } | Count::Other { rate, .. } => moments[rate] += 1,
            }
        }
    }

    /// Counts a joint action at a moment in the rates that it is an event of.
    pub(super) fn add_action(&self, counts: &[Count], joint: usize, events: &mut [u32]) {
        let actions = &self.actions[joint];
        for count in counts {
            match *count {
                Count::Each { first, control } => events[first + actions[control]] += 1,
                Count::Same { rate, control, action } => {
                    events[rate] += u32::from(actions[control] == action)
                }
                Count::Other { rate, control, action } => {
                    events[rate] += u32::from(actions[control] != action)
                }
            }
        }
    }
}

impl Count {
    /// The same with rates numbered from `offset` on.
    fn moved(self, offset: usize) -> Count {
        match self {
            Count::Each { first, control } => Count::Each { first: first + offset, control },
            Count::Same { rate, control, action } => Count::Same { rate: rate + offset, control, action },
            Count::Other { rate, control, action } => Count::Other { rate: rate + offset, control, action },
        }
    }
}
