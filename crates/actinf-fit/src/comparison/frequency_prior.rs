//! The prior over the frequencies of models.

use serde::{Deserialize, Serialize};

/// How many subjects the Dirichlet prior over model frequencies is worth. Both conventions make all models (or all
/// families, and the models within each) equally frequent a priori.
///
/// With [`FrequencyPrior::OneInTotal`] and three or more models the prior is so weak that on data which favour no
/// model the free energy has several optima, each giving nearly all subjects to one model: the frequencies then say
/// little, and only the Bayes omnibus risk tells. This is a property of the convention, found in VBA as well.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::FrequencyPrior;
/// assert_eq!(FrequencyPrior::OnePerModel.counts(4), [1.0; 4]);
/// assert_eq!(FrequencyPrior::OneInTotal.counts(4), [0.25; 4]);
/// assert_eq!(FrequencyPrior::OnePerModel.family_counts(&[1, 3]), [1.0, 1.0 / 3.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrequencyPrior {
    /// One count per model, as in SPM (Stephan et al. 2009): all frequencies are equally probable.
    #[default]
    OnePerModel,
    /// One count in total, 1/K per model, as in VBA (Daunizeau, Adam & Rigoux 2014).
    OneInTotal,
}

impl FrequencyPrior {
    /// The prior count of each of `models` models.
    pub fn counts(self, models: usize) -> Vec<f64> {
        self.family_counts(&vec![1; models])
    }

    /// The prior count of a model in each family, given the sizes of the families (Penny et al. 2010, uniform over
    /// families): a family has what a model has without families, shared equally among its members.
    pub fn family_counts(self, sizes: &[usize]) -> Vec<f64> {
        let per_family = match self {
            FrequencyPrior::OnePerModel => 1.0,
            FrequencyPrior::OneInTotal => 1.0 / sizes.len() as f64,
        };
        sizes.iter().map(|&size| per_family / size as f64).collect()
    }
}
