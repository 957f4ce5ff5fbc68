//! The posterior of a group, as draws of quantities with names.

use super::correlations;
use super::density::Layout;
use super::hyperpriors::GroupHyperpriors;
use super::parametrisation::Parametrisation;
use super::{Attempt, HierarchicalSampler};
use crate::hierarchical::group_problem::GroupProblem;
use crate::log_posterior::{LogPosterior, Target};
use crate::sampling::{Sample, SampleReport, SampledChain};
use crate::subjects::Workers;
use nalgebra::DMatrix;
use std::ops::Range;

/// The sampled posterior of a group.
///
/// Its quantities are the weights (`learning_rate ~ group[b]`), the population's standard deviations (`sd(learning_rate)`), and
/// correlations where they are estimated (`cor(learning_rate, precision)`), and every subject's coordinates
/// (`learning_rate[s01]`), all on the unconstrained scale.
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

    /// Evaluates everybody's log-likelihood at every draw; minus infinity where it is zero or undefined.
    pub(super) fn add_log_likelihoods(&mut self, group: &GroupProblem<'_>, workers: &Workers) {
        let by_member: Vec<Vec<Vec<f64>>> = workers.map(self.layout.members.len(), |place| {
            let (own, subject) = (self.layout.member(place), group.subjects()[self.layout.members[place]]);
            let likelihood = LogPosterior::of(Target::Likelihood, group.problem(), subject);
            let Ok(mut likelihood) = likelihood else { return Vec::new() };
            let mut value =
                |draw: &Vec<f64>| likelihood.value(&draw[own.clone()]).unwrap_or(f64::NEG_INFINITY);
            self.sample.draws.iter().map(|chain| chain.iter().map(&mut value).collect()).collect()
        });
        let ids = self.layout.members.iter().map(|&subject| group.subjects()[subject].id.clone());
        self.sample.members = ids.collect();
        let of_draw = |chain: usize, draw: usize| by_member.iter().map(|own| own[chain][draw]).collect();
        let of_chain =
            |(chain, draws): (usize, &Vec<Vec<f64>>)| (0..draws.len()).map(|d| of_draw(chain, d)).collect();
        self.sample.log_likelihood = self.sample.draws.iter().enumerate().map(of_chain).collect();
    }

    /// The places in the group problem of the subjects that were sampled.
    pub fn members(&self) -> &[usize] {
        &self.layout.members
    }

    /// Where the coordinates of a member stand among the quantities.
    pub fn coordinates_of(&self, member: usize) -> Range<usize> {
        self.layout.member(member)
    }

    /// Where the population's correlations stand among the quantities, in the order of `(1, 0), (2, 0), (2, 1), ...`.
    pub fn correlations(&self) -> Range<usize> {
        self.layout.correlations()
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
    let name = |coordinate: usize| &group.coordinates()[coordinate].name;
    let is_full = layout.correlations > 0;
    let pairs = correlations::pairs(layout.coordinates).filter(|_| is_full);
    let pairs = pairs.map(|(i, j)| format!("cor({}, {})", name(j), name(i)));
    weights.chain(sds).chain(pairs).chain(subjects).collect()
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
    let mut factor = DMatrix::identity(layout.coordinates, layout.coordinates);
    if layout.correlations > 0 {
        correlations::write_factor(&position[layout.correlations()], &mut factor);
        let correlations = &factor * factor.transpose();
        for (index, pair) in layout.correlations().zip(correlations::pairs(layout.coordinates)) {
            quantities[index] = correlations[pair];
        }
    }
    for (member, &subject) in layout.members.iter().enumerate() {
        let mut errors = vec![0.0; layout.coordinates];
        for (c, index) in layout.member(member).enumerate() {
            let (mean, sd) = (group.mean(subject, c, position), quantities[layout.weights + c]);
            let told: f64 = (0..c).map(|k| factor[(c, k)] * errors[k]).sum();
            if parametrisations[c] == Parametrisation::NonCentred {
                quantities[index] = mean + sd * (told + factor[(c, c)] * position[index]);
            }
            errors[c] = ((quantities[index] - mean) / sd - told) / factor[(c, c)];
        }
    }
    quantities
}
