//! Parametric empirical Bayes: the group's parameters, the effects of covariates and the variability between people.
//!
//! ```text
//! J(b, γ) = Σ_i [ ln p(y_i | b, γ) ] - ½ (b - b_0)ᵀ B⁻¹ (b - b_0) - ½ (γ - γ_0)ᵀ C⁻¹ (γ - γ_0)
//! F       = J at its maximum + ½ ln|blockdiag(B, C)⁻¹ Σ|,  Σ = (-∂²J)⁻¹
//! ```
//!
//! The evidence of subject i under the empirical prior N((X_i ⊗ I) b, Π⁻¹) is its [reduction](super::reduction). Gradient and
//! curvature of J are exact. In vectors, parameters vary fastest and covariates slowest.
//!
//! The first covariate should be 1 for everybody and the others centred: it is then the group's mean, and has the prior mean of
//! the subjects' prior; all others have prior mean 0.

mod climb;
mod group;

use super::Conventions;
use super::error::EmpiricalBayesError;
use super::gaussian::{FirstLevel, Gaussian};
use group::Group;
use nalgebra::{DMatrix, DVector};

/// The covariates of all subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// `[subject, covariate]`.
    pub rows: DMatrix<f64>,
    /// The names of the covariates.
    pub names: Vec<String>,
}

impl Design {
    /// A group without covariates.
    pub fn mean_only(subjects: usize) -> Design {
        Design { rows: DMatrix::from_element(subjects, 1, 1.0), names: vec!["mean".into()] }
    }

    /// The same without one subject.
    pub fn without(&self, subject: usize) -> Design {
        Design { rows: self.rows.clone().remove_row(subject), names: self.names.clone() }
    }
}

/// Which precisions between people are estimated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Components {
    /// None: people differ as much as the settings expect; SPM's `none`.
    None,
    /// One for all parameters; SPM's `single`.
    Single,
    /// One for each parameter; SPM's `all`.
    #[default]
    Each,
    /// One for each of these groups of parameters, by position; SPM's `fields`.
    Groups(Vec<Vec<usize>>),
}

/// How a group is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSettings {
    /// The expected ratio of prior variance and variance between people; SPM's `beta`.
    pub within_between_ratio: f64,
    /// The ratio of prior variance of a subject and of the group's parameters; SPM's `alpha`.
    pub group_ratio: f64,
    /// Which precisions are estimated.
    pub components: Components,
    /// The prior mean of every log precision.
    pub log_precision_mean: f64,
    /// The prior variance of every log precision.
    pub log_precision_variance: f64,
    /// Whose formulas are used.
    pub conventions: Conventions,
}

impl Default for GroupSettings {
    /// SPM's numbers, the right formulas, one precision per parameter.
    fn default() -> Self {
        GroupSettings {
            within_between_ratio: 16.0,
            group_ratio: 1.0,
            components: Components::Each,
            log_precision_mean: 0.0,
            log_precision_variance: 1.0 / 16.0,
            conventions: Conventions::Exact,
        }
    }
}

/// A fitted group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFit {
    /// The effects: `[parameter, covariate]`.
    pub effects: DMatrix<f64>,
    /// Their covariance, parameters fastest.
    pub effect_covariance: DMatrix<f64>,
    /// The prior of the effects.
    pub effect_prior: Gaussian,
    /// The log precisions between people, one per component, relative to what the settings expect.
    pub log_precisions: DVector<f64>,
    /// Their covariance.
    pub log_precision_covariance: DMatrix<f64>,
    /// The covariance between people, `Π⁻¹`.
    pub between_covariance: DMatrix<f64>,
    /// The log evidence of the hierarchical model (Laplace), in nats.
    pub log_evidence: f64,
    /// The subjects under their empirical priors.
    pub subjects: Vec<FirstLevel>,
    /// How many steps the search took.
    pub iterations: usize,
    /// Whether it came to its end.
    pub converged: bool,
}

impl GroupFit {
    /// The posterior of the effects as a distribution.
    pub fn effect_posterior(&self) -> Gaussian {
        Gaussian {
            mean: DVector::from_column_slice(self.effects.as_slice()),
            covariance: self.effect_covariance.clone(),
        }
    }
}

/// Fits a group.
///
/// # Errors
///
/// If sizes differ, a covariance is not positive definite, a covariate is 0 for everybody, or there is nobody to fit.
pub fn fit_group(
    subjects: &[FirstLevel],
    design: &Design,
    settings: &GroupSettings,
) -> Result<GroupFit, EmpiricalBayesError> {
    let group = Group::new(subjects, design, settings)?;
    match settings.conventions {
        Conventions::Exact => group.maximise(),
        Conventions::Spm => group.follow_flow(),
    }
}
