//! A full model that can do without some of its parameters.

use super::Conventions;
use super::error::EmpiricalBayesError;
use super::gaussian::Gaussian;
use super::reduction::{Full, Reduced, SPM_REDUCE, evidence_change_as_spm, reduce_as_spm};
use nalgebra::{DMatrix, DVector};

/// A full model that is reduced many times, under either convention.
pub(super) struct Reducible<'a> {
    pub(super) posterior: &'a Gaussian,
    prior: &'a Gaussian,
    full: Option<Full>,
}

impl<'a> Reducible<'a> {
    pub(super) fn new(
        posterior: &'a Gaussian,
        prior: &'a Gaussian,
        conventions: Conventions,
    ) -> Result<Self, EmpiricalBayesError> {
        posterior.check("the posterior", posterior.size())?;
        prior.check("the prior", posterior.size())?;
        let full = match conventions {
            Conventions::Exact => Some(Full::new(posterior, prior)?),
            Conventions::Spm => None,
        };
        Ok(Reducible { posterior, prior, full })
    }

    /// The prior without the parameters that are off.
    fn prior_without(&self, off: &[bool]) -> Gaussian {
        let is_on = |k: usize| if off[k] { 0.0 } else { 1.0 };
        let size = off.len();
        Gaussian {
            mean: DVector::from_fn(size, |k, _| self.prior.mean[k] * is_on(k)),
            covariance: DMatrix::from_fn(size, size, |i, j| {
                self.prior.covariance[(i, j)] * is_on(i) * is_on(j)
            }),
        }
    }

    /// The model without the parameters that are off.
    pub(super) fn without(&self, off: &[bool]) -> Result<Reduced, EmpiricalBayesError> {
        let prior = self.prior_without(off);
        match &self.full {
            Some(full) => full.reduce(&prior),
            None => Ok(reduce_as_spm(self.posterior, self.prior, &prior, SPM_REDUCE)),
        }
    }

    /// The change of its log evidence, as it is searched by.
    pub(super) fn change(&self, off: &[bool]) -> Result<f64, EmpiricalBayesError> {
        let prior = self.prior_without(off);
        match &self.full {
            Some(full) => Ok(full.reduce(&prior)?.log_evidence_change),
            None => Ok(evidence_change_as_spm(self.posterior, self.prior, &prior)),
        }
    }
}
