//! Maximum a posteriori estimation with Laplace's method: the mode of each subject's posterior on the unconstrained
//! scale, found from several starts, and a normal approximation around it.

use super::{FittedSubject, FittingMethod, SearchTask, SubjectTask};
use crate::log_posterior::Target;
use crate::multi_start::{engine, search, settings};
use crate::optimisers::{LBfgs, Maximum};
use crate::optimum::Optimum;

/// Maximum a posteriori estimation with Laplace's method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximumAPosteriori {
    /// Searches per subject; 0 is read as 1.
    pub starts: usize,
    /// The engine of the searches.
    pub optimiser: LBfgs,
    /// Whether profile posterior intervals are made.
    pub profiles: bool,
}

impl Default for MaximumAPosteriori {
    /// Eight starts, no profiles.
    fn default() -> Self {
        MaximumAPosteriori { starts: 8, optimiser: engine(), profiles: false }
    }
}

impl FittingMethod for MaximumAPosteriori {
    fn name(&self) -> &'static str {
        "maximum_a_posteriori"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let mut settings = settings(self.starts(), &self.optimiser);
        settings.push(("uncertainty".into(), "Laplace approximation on the unconstrained scale".into()));
        settings.push(("profiles".into(), self.profiles.to_string()));
        settings
    }

    fn starts(&self) -> usize {
        self.starts.max(1)
    }

    fn search(&self, task: SearchTask<'_>) -> Result<Maximum, String> {
        search(Target::Posterior, &self.optimiser, task)
    }

    fn conclude(
        &self,
        task: SubjectTask<'_>,
        searches: &[Result<Maximum, String>],
    ) -> Result<FittedSubject, String> {
        Optimum::reach(Target::Posterior, task, searches)?.fitted_with_profiles(self.profiles)
    }
}
