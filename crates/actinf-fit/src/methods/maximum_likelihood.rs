//! Maximum likelihood estimation: the parameters under which a subject's behaviour is most probable.
//!
//! There is no prior, so there may be no estimate: where the likelihood is flat, rises towards infinity or ends at a bound,
//! the verdict says so and no standard error or interval is given. Priors serve as starting points, and their widths
//! as the scale on which "flat" is meant. Standard errors are those of the observed information (the inverse curvature
//! of the log-likelihood), on the unconstrained scale, and intervals are transformed from there.
//!
//! # References
//!
//! Efron & Hinkley (1978). Assessing the accuracy of the maximum likelihood estimator. *Biometrika* 65, 457-483. Albert
//! & Anderson (1984). On the existence of maximum likelihood estimates in logistic regression models. *Biometrika* 71, 1-10.

use super::{FittedSubject, FittingMethod, SearchTask, SubjectTask};
use crate::log_posterior::Target;
use crate::multi_start::{engine, search, settings};
use crate::optimisers::{LBfgs, Maximum};
use crate::optimum::Optimum;

/// Maximum likelihood estimation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximumLikelihood {
    /// Searches per subject; 0 is read as 1.
    pub starts: usize,
    /// The engine of the searches.
    pub optimiser: LBfgs,
    /// Whether profile likelihood intervals are made.
    pub profiles: bool,
}

impl Default for MaximumLikelihood {
    /// Eight starts, no profiles.
    fn default() -> Self {
        MaximumLikelihood { starts: 8, optimiser: engine(), profiles: false }
    }
}

impl FittingMethod for MaximumLikelihood {
    fn name(&self) -> &'static str {
        "maximum_likelihood"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let mut settings = settings(self.starts(), &self.optimiser);
        settings.push(("uncertainty".into(), "observed information on the unconstrained scale".into()));
        settings.push(("profiles".into(), self.profiles.to_string()));
        settings
    }

    fn starts(&self) -> usize {
        self.starts.max(1)
    }

    fn search(&self, task: SearchTask<'_>) -> Result<Maximum, String> {
        search(Target::Likelihood, &self.optimiser, task)
    }

    fn conclude(
        &self,
        task: SubjectTask<'_>,
        searches: &[Result<Maximum, String>],
    ) -> Result<FittedSubject, String> {
        Optimum::reach(Target::Likelihood, task, searches)?.fitted_with_profiles(self.profiles)
    }
}
