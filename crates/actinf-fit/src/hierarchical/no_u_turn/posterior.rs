//! The posterior of a group, as draws of quantities with names.

use super::density::Layout;
use super::hyperpriors::GroupHyperpriors;
use super::parametrisation::Parametrisation;
use super::{Attempt, HierarchicalSampler};
use crate::hierarchical::group_problem::GroupProblem;
use crate::sampling::{Sample, SampleReport, SampledChain};
use std::ops::Range;

/// The sampled posterior of a group.
///
/// Its quantities are the weights (`learning_rate ~ group[b]`), the population's standard deviations (`sd(learning_rate)`), and
/// every subject's coordinates (`learning_rate[s01]`), all on the unconstrained scale.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPosterior {
    /// The draws.
    pub sample: Sample,
    /// Whether they can be trusted, with a summary per quantity.
    pub report: SampleReport,
    /// The hyperpriors.
    pub hyperpriors: GroupHyperpriors,
    /// How each coordinate was moved.
    pub parametrisations: Vec<Parametrisation>,
    /// The target acceptance that these draws were made with.
    pub target_acceptance: f64,
    /// The step size of every chain after warm-up.
    pub step_sizes: Vec<f64>,
    /// Whether every attempt that was begun was finished.
    pub is_complete: bool,
    layout: Layout,
}

impl GroupPosterior {
    pub(super) fn of_chains(
        group: &GroupProblem<'_>,
        method: &HierarchicalSampler,
        hyperpriors: &GroupHyperpriors,
        layout: &Layout,
        attempt: &Attempt,
        chains: Vec<SampledChain>,
    ) -> Self {
        let step_sizes = chains.iter().map(|chain| chain.step_size).collect();
        let mut sample = Sample { names: names(group, layout), ..Sample::default() };
        for chain in chains {
            let draws = chain
                .draws
                .iter()
                .map(|position| quantities(group, layout, &attempt.parametrisations, position));
            sample.draws.push(draws.collect());
            sample.energy.push(chain.energy);
            sample.diverging.push(chain.diverging);
            sample.cut.push(chain.cut);
            sample.gradients += chain.gradients;
        }
        GroupPosterior {
            report: SampleReport::of(&sample, &method.thresholds),
            sample,
            hyperpriors: hyperpriors.clone(),
            parametrisations: attempt.parametrisations.clone(),
            target_acceptance: attempt.target_acceptance,
            step_sizes,
            is_complete: true,
            layout: layout.clone(),
        }
    }

    /// The places in the group problem of the subjects that were sampled.
    pub fn members(&self) -> &[usize] {
        &self.layout.members
    }

    /// Where the coordinates of a member stand among the quantities.
    pub fn coordinates_of(&self, member: usize) -> Range<usize> {
        self.layout.member(member)
    }

    /// Where the population's standard deviations stand among the quantities.
    pub fn standard_deviations(&self) -> Range<usize> {
        self.layout.log_sds()
    }
}

fn names(group: &GroupProblem<'_>, layout: &Layout) -> Vec<String> {
    let weights = group.weights().iter().map(|weight| weight.name.clone());
    let sds = group.coordinates().iter().map(|c| format!("sd({})", c.name));
    let coordinate = |id: &str, name: &str| format!("{name}[{id}]");
    let subjects = layout.members.iter().flat_map(|&subject| {
        group.coordinates().iter().map(move |c| coordinate(&group.subjects()[subject].id, &c.name))
    });
    weights.chain(sds).chain(subjects).collect()
}

/// A position of the sampler as quantities: standard deviations instead of their logarithms, coordinates instead of what is moved.
fn quantities(
    group: &GroupProblem<'_>,
    layout: &Layout,
    parametrisations: &[Parametrisation],
    position: &[f64],
) -> Vec<f64> {
    let mut quantities = position.to_vec();
    for index in layout.log_sds() {
        quantities[index] = position[index].exp();
    }
    for (member, &subject) in layout.members.iter().enumerate() {
        for (c, index) in layout.member(member).enumerate() {
            if parametrisations[c] == Parametrisation::NonCentred {
                let sd = quantities[layout.weights + c];
                quantities[index] = group.mean(subject, c, position) + sd * position[index];
            }
        }
    }
    quantities
}
