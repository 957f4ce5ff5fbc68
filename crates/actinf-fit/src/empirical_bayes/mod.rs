//! Empirical Bayes on top of fitted subjects: what groups have in common and how people differ, without refitting anybody.
//!
//! ```text
//! data of subject i    p(y_i | θ_i)                      known by its Laplace approximation (prior, posterior, log evidence)
//! subjects             θ_i = (X_i ⊗ I) b + e_i           X_i row i of the design matrix, b one column per covariate
//! differences          e_i ~ N(0, Π⁻¹)                   Π = e^-8 P + Σ_m e^γ_m Q_m
//! group                b ~ N(b_0, B), γ ~ N(γ_0, C)
//! ```
//!
//! | page | question |
//! |---|---|
//! | [`reduction`] | what would the evidence and the posterior be under another prior? (Bayesian model reduction) |
//! | [`hierarchy`] | what are the group's parameters, effects of covariates and variability? (parametric empirical Bayes) |
//! | [`mod@search`], [`comparison`] | which effects are there at all? (search over reduced models, Bayesian model average; hypotheses) |
//! | [`prediction`] | can a covariate be told from a person's parameters? (leave one out) |
//! | [`mod@effects`] | all of it, from the record of a fit and a formula |
//!
//! Parameters are on the unconstrained scale on which their prior is normal; subjects are known by the mean and covariance of
//! their posterior and prior there. Parameters without prior variance are left out before.
//!
//! # Where this differs from SPM
//!
//! | | here | SPM ([`Conventions::Spm`]) |
//! |---|---|---|
//! | complexity of the group's parameters | `½ (b - b_0)ᵀ B⁻¹ (b - b_0)` | `½ bᵀ B⁻¹ b`: wrong where `b_0` is not 0, such as `ln 16`; free energies of models with other prior means cannot be compared, and steps are accepted by it |
//! | posteriors of subjects | as they are | shrunk: `(Σ⁻¹ + S⁻¹ / 16)⁻¹`, as a precaution |
//! | search | Newton steps to the maximum | at most 64 steps along the local flow with a growing time; free energy of the point before the last step |
//! | a prior variance of 0 | a variance of 0 | a variance of 1e-8 (or e^-16, in the search over models) |
//! | average over models | exact mixture of all | of the reductions of the best model only; a thousand random draws (here the exact mixture of the same) |
//!
//! # References
//!
//! Friston, Litvak, Oswal, Razi, Stephan, van Wijk, Ziegler & Zeidman (2016). Bayesian model reduction and empirical Bayes for
//! group (DCM) studies. *NeuroImage* 128, 413-431. Zeidman, Jafarian, Seghier, Litvak, Cagnan, Price & Friston (2019). A guide
//! to group effective connectivity analysis, part 2: second level analysis with PEB. *NeuroImage* 200, 12-25.

mod ascent;
pub mod comparison;
pub mod effects;
mod effects_error;
mod error;
pub mod first_levels;
mod gaussian;
pub mod hierarchy;
pub mod prediction;
pub mod record;
mod reducible;
pub mod reduction;
pub mod search;

pub use ascent::flow_step;
pub use comparison::{Compared, compare_hypotheses};
pub use effects::{EffectsQuestion, effects};
pub use effects_error::EffectsError;
pub use error::EmpiricalBayesError;
pub use first_levels::FirstLevels;
pub use gaussian::{FirstLevel, Gaussian};
pub use hierarchy::{Components, Design, GroupFit, GroupSettings, fit_group};
pub use prediction::{Left, leave_one_out};
pub use record::{
    Effect, Effects, EffectsProvenance, EffectsRecord, LeftOut, Person, Predicted, Prediction, ReducedModel,
    Variability,
};
pub use reduction::{Reduced, reduce, reduce_dirichlet};
pub use search::{Average, ModelSearch, Searched, search};

use serde::{Deserialize, Serialize};

/// Whose formulas are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conventions {
    /// The right ones.
    #[default]
    Exact,
    /// SPM's, where they differ; see [`crate::empirical_bayes`].
    Spm,
}
