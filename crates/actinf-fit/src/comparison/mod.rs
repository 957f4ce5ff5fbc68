//! Which model explains the people best: comparison of models over a group of subjects.
//!
//! Everything here starts from one number per subject and model, the log evidence `L[i][k] = ln p(y_i | model k)` in
//! nats ([`EvidenceTable`]), and knows nothing of how it was estimated.
//!
//! | file                   | idea                                                                              |
//! |------------------------|-----------------------------------------------------------------------------------|
//! | `evidence_table`       | log evidences of subjects (rows) and models (columns), checked                    |
//! | `frequency_prior`      | the Dirichlet prior over model frequencies: SPM's or VBA's                        |
//! | `random_effects`       | each subject uses one model; how frequent is each in the population               |
//! | `stopping`             | when the iterations end: at the fixed point, or where SPM or VBA stop             |
//! | `dirichlet`            | the little that is needed of the Dirichlet distribution                           |
//! | `exceedance`           | the probability that a model is the most frequent one, by quadrature              |
//! | `omnibus_risk`         | the probability that all models are equally frequent, and what it protects        |
//! | `model_selection`      | these together                                                                    |
//! | `families`             | the same for families of models                                                   |
//! | `between_groups`       | do groups of subjects have the same frequencies                                   |
//! | `between_conditions`   | do subjects use the same model in several conditions                              |
//! | `fixed_effects`        | everybody uses the same model: the group Bayes factor                             |
//! | `criteria`             | AIC, BIC, pseudo-R² and likelihood per action, summed over subjects               |
//! | `evidence`             | which number of a fitted subject counts as its log evidence                       |
//! | `compare`, `candidates`, `difference`, `record`, `verdict` | the comparison of finished fits, and what is written and said of it |
//!
//! # References
//!
//! Stephan, Penny, Daunizeau, Moran & Friston (2009). Bayesian model selection for group studies. *NeuroImage* 46:1004.
//! Penny, Stephan, Daunizeau, et al. (2010). Comparing families of dynamic causal models. *PLoS Computational Biology* 6:e1000709.
//! Rigoux, Stephan, Friston & Daunizeau (2014). Bayesian model selection for group studies — revisited. *NeuroImage* 84:971.

mod between_conditions;
mod between_groups;
mod candidates;
mod compare;
mod criteria;
mod difference;
mod dirichlet;
mod error;
mod evidence;
mod evidence_table;
mod exceedance;
mod families;
mod fixed_effects;
mod frequency_prior;
mod model_selection;
mod omnibus_risk;
mod random_effects;
mod record;
mod stopping;
mod verdict;

pub use between_conditions::{BetweenConditions, between_conditions};
pub use between_groups::{BetweenGroups, GroupSelection, between_groups};
pub use candidates::Candidate;
pub use compare::{Question, compare};
pub use criteria::Criteria;
pub use difference::Difference;
pub(crate) use dirichlet::{intervals, means};
pub use error::ComparisonError;
pub use evidence::EvidenceKind;
pub use evidence_table::EvidenceTable;
pub use exceedance::exceedance_probabilities;
pub use families::{Family, FamilySelection, select_families};
pub use fixed_effects::{FixedEffects, fixed_effects};
pub use frequency_prior::FrequencyPrior;
pub use model_selection::{ModelSelection, select_models};
pub use omnibus_risk::{null_free_energy, omnibus_risk, protected_exceedance};
pub use random_effects::{RandomEffects, random_effects};
pub use record::{
    ComparedModel, ComparedSubject, Comparison, ComparisonProvenance, ComparisonRecord, LeftOut, SubjectScore,
};
pub use stopping::Stopping;
