//! The log density of a whole group: weights, standard deviations and everybody's coordinates, with its exact gradient.
//!
//! The position of the sampler is `[w, ln σ, y, z_1, ..., z_N]`: weights, log standard deviations, the free numbers of the
//! correlations (none where the covariance is diagonal), and d numbers per subject.
//!
//! ```text
//! Σ = diag(σ) L Lᵀ diag(σ),  L from y
//! e_ic ~ Normal(0, 1),  θ_ic = μ_ic + σ_c Σ_{k≤c} L_ck e_ik
//! non-centred   z_ic = e_ic
//! centred       z_ic = θ_ic               ln p(θ_ic | e_i1 ... e_i(c-1)) = -½ e_ic² - ln(σ_c L_cc)
//! ln p = Σ_i ln p(y_i | θ_i) + ln p(z | w, σ, L) + ln p(w) + ln p(ln σ) + ln p(y)      up to a constant
//! ```
//!
//! Coordinates are taken in their order, so that each may be moved in its own way: e of the ones before it is known. Derivatives go
//! back in the opposite order.
//!
//! Subjects are added in their order, so the sum does not depend on who computes it.

use super::correlations;
use super::hyperpriors::GroupHyperpriors;
use super::parametrisation::Parametrisation;
use crate::hierarchical::estimates::GroupEstimates;
use crate::hierarchical::group_problem::GroupProblem;
use crate::log_posterior::{LogPosterior, Target};
use crate::optimisers::Objective;
use actinf_agents::LikelihoodError;
use nalgebra::DMatrix;
use std::ops::Range;

/// Where the numbers of a position stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) weights: usize,
    pub(super) coordinates: usize,
    /// Free numbers of the correlations.
    pub(super) correlations: usize,
    /// The places in the group problem of the subjects that are sampled.
    pub(super) members: Vec<usize>,
}

impl Layout {
    /// Everybody whom expectation maximisation could estimate.
    pub(super) fn of(
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
        hyperpriors: &GroupHyperpriors,
    ) -> Self {
        Layout {
            weights: group.weights().len(),
            coordinates: group.coordinates().len(),
            correlations: hyperpriors.correlations_of(group.coordinates().len()),
            members: estimates.members.iter().map(|member| member.subject).collect(),
        }
    }

    pub(super) fn dimension(&self) -> usize {
        self.correlations().end + self.coordinates * self.members.len()
    }

    pub(super) fn log_sds(&self) -> Range<usize> {
        self.weights..self.weights + self.coordinates
    }

    /// Where the free numbers of the correlations stand.
    pub(super) fn correlations(&self) -> Range<usize> {
        let first = self.log_sds().end;
        first..first + self.correlations
    }

    /// Where the numbers of a member stand.
    pub(super) fn member(&self, member: usize) -> Range<usize> {
        let first = self.correlations().end + self.coordinates * member;
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
    /// L, and the derivatives of the density with respect to it.
    factor: DMatrix<f64>,
    factor_slopes: DMatrix<f64>,
    theta: Vec<f64>,
    errors: Vec<f64>,
    slopes: Vec<f64>,
    error_slopes: Vec<f64>,
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
        let correlations = hyperpriors.correlations_of(coordinates);
        let layout = Layout { weights, coordinates, correlations, members };
        Self::new(group, hyperpriors, parametrisations, &layout)
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
        let size = group.coordinates().len();
        let zeros = || vec![0.0; size];
        Ok(GroupDensity {
            group,
            hyperpriors,
            parametrisations,
            layout: layout.clone(),
            likelihoods,
            sds: zeros(),
            factor: DMatrix::identity(size, size),
            factor_slopes: DMatrix::zeros(size, size),
            theta: zeros(),
            errors: zeros(),
            slopes: zeros(),
            error_slopes: zeros(),
        })
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
        if let Some(shape) = self.hyperpriors.correlation_shape {
            let own = self.layout.correlations();
            let slopes = &mut gradient[own.clone()];
            total += correlations::add_log_density(&position[own], self.layout.coordinates, shape, slopes);
        }
        total
    }

    /// `Σ_{k<c} L_ck e_k`: what the errors before a coordinate say of it, in standard deviations.
    fn told(&self, c: usize) -> f64 {
        (0..c).map(|k| self.factor[(c, k)] * self.errors[k]).sum()
    }

    /// Writes a member's coordinates and errors from what is moved.
    fn write_theta(&mut self, member: usize, position: &[f64]) {
        let (own, subject) = (self.layout.member(member), self.layout.members[member]);
        for (c, &z) in position[own].iter().enumerate() {
            let (mean, sd, told) = (self.group.mean(subject, c, position), self.sds[c], self.told(c));
            let scale = self.factor[(c, c)];
            (self.theta[c], self.errors[c]) = match self.parametrisations[c] {
                Parametrisation::Centred => (z, ((z - mean) / sd - told) / scale),
                Parametrisation::NonCentred => (mean + sd * (told + scale * z), z),
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
        for (c, error) in self.errors.iter().enumerate() {
            total -= 0.5 * error * error;
            if self.parametrisations[c] == Parametrisation::Centred {
                total -= position[self.layout.weights + c] + self.factor[(c, c)].ln();
            }
        }
        self.add_slopes(member, gradient);
        Ok(total)
    }

    /// Carries derivatives with respect to a member's coordinates and errors back to the position, the last coordinate first.
    fn add_slopes(&mut self, member: usize, gradient: &mut [f64]) {
        let subject = self.layout.members[member];
        self.error_slopes.iter_mut().zip(&self.errors).for_each(|(slope, error)| *slope = -error);
        for (c, index) in self.layout.member(member).enumerate().rev() {
            let (sd, scale, slope) = (self.sds[c], self.factor[(c, c)], self.slopes[c]);
            let standardised = self.told(c) + scale * self.errors[c];
            // The derivatives with respect to the place moved, the mean, ln σ, and the row of L times the errors.
            let (own, of_mean, of_log_sd, of_row) = match self.parametrisations[c] {
                Parametrisation::NonCentred => {
                    let of_row = slope * sd;
                    (self.error_slopes[c] + of_row * scale, slope, of_row * standardised, of_row)
                }
                Parametrisation::Centred => {
                    let of_error = self.error_slopes[c] / scale;
                    self.factor_slopes[(c, c)] -= 1.0 / scale;
                    (slope + of_error / sd, -of_error / sd, -of_error * standardised - 1.0, -of_error)
                }
            };
            gradient[index] += own;
            gradient[self.layout.weights + c] += of_log_sd;
            for k in 0..=c {
                self.factor_slopes[(c, k)] += of_row * self.errors[k];
            }
            for k in 0..c {
                self.error_slopes[k] += of_row * self.factor[(c, k)];
            }
            let row = self.group.design_of(c).row(subject);
            self.group.weights_of(c).zip(row).for_each(|(weight, x)| gradient[weight] += x * of_mean);
        }
    }
}

impl Objective for GroupDensity<'_> {
    fn evaluate(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, LikelihoodError> {
        gradient.fill(0.0);
        let mut total = self.add_hyperpriors(position, gradient);
        for (sd, index) in self.sds.iter_mut().zip(self.layout.log_sds()) {
            *sd = position[index].exp();
        }
        let correlations = self.layout.correlations();
        if !correlations.is_empty() {
            correlations::write_factor(&position[correlations.clone()], &mut self.factor);
        }
        self.factor_slopes.fill(0.0);
        for member in 0..self.layout.members.len() {
            total += self.add_member(member, position, gradient)?;
        }
        if !correlations.is_empty() {
            let slopes = &mut gradient[correlations.clone()];
            correlations::add_pulled_back(&position[correlations], &self.factor_slopes, slopes);
        }
        Ok(total)
    }
}
