//! The Laplace approximation, checked: a normal distribution around the mode of each subject's posterior on the
//! unconstrained scale, its log evidence, and beside it the log evidence by importance sampling.
//!
//! The difference of the two log evidences is the error of the approximation, subject by subject; where it is not small
//! compared to what models are to be told apart by, the importance-sampled one is to be used. The draws of a subject
//! come from a random stream of its own.
//!
//! # References
//!
//! Kass & Raftery (1995). Bayes factors. *Journal of the American Statistical Association* 90, 773-795, section 4.

use super::{FittedSubject, FittingMethod, SearchTask, SubjectTask};
use crate::estimates::log_evidence;
use crate::importance_sampling::{
    ImportanceDraws, ImportanceSampling, Mode, importance_sampled_evidence, modes,
};
use crate::log_posterior::Target;
use crate::multi_start::{engine, search, settings};
use crate::optimisers::{LBfgs, Maximum};
use crate::optimum::Optimum;
use crate::random_stream::{Purpose, random_stream};

/// The Laplace approximation with importance-sampled evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaplaceApproximation {
    /// Searches per subject; 0 is read as 1.
    pub starts: usize,
    /// The engine of the searches.
    pub optimiser: LBfgs,
    /// The draws of the importance-sampled evidence; with 0 draws there is none.
    pub importance: ImportanceDraws,
    /// Whether profile posterior intervals are made.
    pub profiles: bool,
}

impl Default for LaplaceApproximation {
    /// Eight starts, five rounds of a thousand draws, raw weights, no profiles.
    fn default() -> Self {
        let importance = ImportanceDraws { draws: 1000, adaptations: 4, smoothed: false };
        LaplaceApproximation { starts: 8, optimiser: engine(), importance, profiles: false }
    }
}

impl FittingMethod for LaplaceApproximation {
    fn name(&self) -> &'static str {
        "laplace_approximation"
    }

    fn settings(&self) -> Vec<(String, String)> {
        let mut settings = settings(self.starts(), &self.optimiser);
        settings.push(("importance_draws".into(), self.importance.draws.to_string()));
        settings.push(("importance_adaptations".into(), self.importance.adaptations.to_string()));
        settings.push(("smoothed_weights".into(), self.importance.smoothed.to_string()));
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
        let mut optimum = Optimum::reach(Target::Posterior, task, searches)?;
        let mut fitted = optimum.fitted_with_profiles(self.profiles)?;
        fitted.fit.importance_sampling = self.sampled(&mut optimum, searches);
        Ok(fitted)
    }
}

impl LaplaceApproximation {
    fn sampled(
        &self,
        optimum: &mut Optimum<'_>,
        searches: &[Result<Maximum, String>],
    ) -> Option<ImportanceSampling> {
        if self.importance.draws == 0 {
            return None;
        }
        let SubjectTask { problem, position, seed, .. } = optimum.task;
        let mut rng = random_stream(seed, Purpose::ImportanceDraws, position, 0);
        let (best, curvature) = (&optimum.best, optimum.curvature.as_ref()?);
        let laplace = log_evidence(best.value, problem.dimension(), curvature);
        let objective = &mut optimum.objective;
        let mode = Mode::new(&best.point, best.value, curvature);
        let modes = modes(objective, mode, best.value, searches);
        let log_posterior = |point: &[f64]| objective.value(point).ok();
        importance_sampled_evidence(log_posterior, &modes, laplace, self.importance, &mut rng)
    }
}
