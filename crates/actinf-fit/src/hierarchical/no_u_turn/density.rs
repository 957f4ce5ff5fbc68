//! The log density of a whole group: weights, standard deviations and everybody's coordinates, with its exact gradient.
//!
//! The position of the sampler is `[w, ln σ, z_1, ..., z_N]`: weights, log standard deviations, and d numbers per subject.
//!
//! ```text
//! non-centred   θ_ic = μ_ic + σ_c z_ic    z_ic ~ Normal(0, 1)
//! centred       θ_ic = z_ic               z_ic ~ Normal(μ_ic, σ_c²)
//! ln p = Σ_i ln p(y_i | θ_i) + ln p(z | w, σ) + ln p(w) + ln p(ln σ)      up to a constant
//! ```
//!
//! Subjects are added in their order, so the sum does not depend on who computes it.

use super::hyperpriors::GroupHyperpriors;
use super::parametrisation::Parametrisation;
use crate::hierarchical::estimates::GroupEstimates;
use crate::hierarchical::group_problem::GroupProblem;
use crate::log_posterior::{LogPosterior, Target};
use crate::optimisers::Objective;
use actinf_agents::LikelihoodError;
use std::ops::Range;

/// Where the numbers of a position stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) weights: usize,
    pub(super) coordinates: usize,
    /// The places in the group problem of the subjects that are sampled.
    pub(super) members: Vec<usize>,
}

impl Layout {
    /// Everybody whom expectation maximisation could estimate.
    pub(super) fn of(group: &GroupProblem<'_>, estimates: &GroupEstimates) -> Self {
        Layout {
            weights: group.weights().len(),
            coordinates: group.coordinates().len(),
            members: estimates.members.iter().map(|member| member.subject).collect(),
        }
    }

    pub(super) fn dimension(&self) -> usize {
        self.weights + self.coordinates * (1 + self.members.len())
    }

    pub(super) fn log_sds(&self) -> Range<usize> {
        self.weights..self.weights + self.coordinates
    }

    /// Where the numbers of a member stand.
    pub(super) fn member(&self, member: usize) -> Range<usize> {
        let first = self.weights + self.coordinates * (1 + member);
        first..first + self.coordinates
    }
}

/// The density of a group, with everybody's workspace.
pub struct GroupDensity<'a> {
    group: &'a GroupProblem<'a>,
    hyperpriors: &'a GroupHyperpriors,
    parametrisations: &'a [Parametrisation],
    layout: Layout,
    likelihoods: Vec<LogPosterior<'a>>,
    sds: Vec<f64>,
    theta: Vec<f64>,
    slopes: Vec<f64>,
}

impl<'a> GroupDensity<'a> {
    /// The density of all subjects of a group problem, with one parametrisation per coordinate.
    ///
    /// # Errors
    ///
    /// If a subject's behaviour does not fit the model's schema.
    pub fn of_all(
        group: &'a GroupProblem<'a>,
        hyperpriors: &'a GroupHyperpriors,
        parametrisations: &'a [Parametrisation],
    ) -> Result<Self, LikelihoodError> {
        let (weights, coordinates) = (group.weights().len(), group.coordinates().len());
        let members = (0..group.subjects().len()).collect();
        Self::new(group, hyperpriors, parametrisations, &Layout { weights, coordinates, members })
    }

    /// The length of a position.
    pub fn dimension(&self) -> usize {
        self.layout.dimension()
    }

    pub(super) fn new(
        group: &'a GroupProblem<'a>,
        hyperpriors: &'a GroupHyperpriors,
        parametrisations: &'a [Parametrisation],
        layout: &Layout,
    ) -> Result<Self, LikelihoodError> {
        let likelihood = |&subject: &usize| {
            LogPosterior::of(Target::Likelihood, group.problem(), group.subjects()[subject])
        };
        let likelihoods = layout.members.iter().map(likelihood).collect::<Result<_, _>>()?;
        let zeros = vec![0.0; group.coordinates().len()];
        let (sds, theta, slopes) = (zeros.clone(), zeros.clone(), zeros);
        let layout = layout.clone();
        Ok(GroupDensity { group, hyperpriors, parametrisations, layout, likelihoods, sds, theta, slopes })
    }

    fn add_hyperpriors(&self, position: &[f64], gradient: &mut [f64]) -> f64 {
        let mut total = 0.0;
        for (index, hyperprior) in self.hyperpriors.weights.iter().enumerate() {
            let z = (position[index] - hyperprior.mean) / hyperprior.sd;
            total -= 0.5 * z * z;
            gradient[index] -= z / hyperprior.sd;
        }
        for (index, hyperprior) in self.layout.log_sds().zip(&self.hyperpriors.scales) {
            let (value, slope) = hyperprior.of_log_sd(position[index]);
            total += value;
            gradient[index] += slope;
        }
        total
    }

    /// Writes a member's coordinates from what is moved.
    fn write_theta(&mut self, member: usize, position: &[f64]) {
        let (own, subject) = (self.layout.member(member), self.layout.members[member]);
        for (c, &z) in position[own].iter().enumerate() {
            self.theta[c] = match self.parametrisations[c] {
                Parametrisation::Centred => z,
                Parametrisation::NonCentred => self.group.mean(subject, c, position) + self.sds[c] * z,
            };
        }
    }

    fn add_member(
        &mut self,
        member: usize,
        position: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, LikelihoodError> {
        self.write_theta(member, position);
        let mut total = self.likelihoods[member].evaluate(&self.theta, &mut self.slopes)?;
        let subject = self.layout.members[member];
        for (c, index) in self.layout.member(member).enumerate() {
            let (z, slope, sd, log_sd) =
                (position[index], self.slopes[c], self.sds[c], self.layout.weights + c);
            let (own_slope, mean_slope, sd_slope) = match self.parametrisations[c] {
                Parametrisation::NonCentred => {
                    total -= 0.5 * z * z;
                    (slope * sd - z, slope, slope * sd * z)
                }
                Parametrisation::Centred => {
                    let e = (z - self.group.mean(subject, c, position)) / sd;
                    total -= 0.5 * e * e + position[log_sd];
                    (slope - e / sd, e / sd, e * e - 1.0)
                }
            };
            gradient[index] += own_slope;
            gradient[log_sd] += sd_slope;
            let row = self.group.design_of(c).row(subject);
            self.group.weights_of(c).zip(row).for_each(|(weight, x)| gradient[weight] += x * mean_slope);
        }
        Ok(total)
    }
}

impl Objective for GroupDensity<'_> {
    fn evaluate(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        gradient.fill(0.0);
        let mut total = self.add_hyperpriors(position, gradient);
        for (sd, index) in self.sds.iter_mut().zip(self.layout.log_sds()) {
            *sd = position[index].exp();
        }
        for member in 0..self.layout.members.len() {
            total += self.add_member(member, position, gradient)?;
        }
        Ok(total)
    }
}
