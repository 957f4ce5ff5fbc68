//! Hierarchical sampling with the no-U-turn sampler: draws from the joint posterior of a population and everybody in it.
//!
//! Chains run in parallel, each from its own random stream and its own start around the estimates of expectation maximisation;
//! so their number and order of completion change nothing. They move on axes on which the posterior is nearly round
//! (`whitening.rs`). Where trajectories diverge, the target acceptance is raised, and then
//! the parametrisation of the coordinate with the most noise is changed, before what is left is reported.

mod correlations;
mod density;
mod following;
mod hyperpriors;
mod parametrisation;
mod posterior;
mod run;
mod start;
mod whitening;

pub use density::GroupDensity;
pub use hyperpriors::{GroupHyperpriors, NormalHyperprior, ScaleHyperprior};
pub use parametrisation::{Parametrisation, ParametrisationChoice};
pub use posterior::GroupPosterior;
pub use run::{ChainStore, Forgetful, SamplingRun};

use super::estimates::GroupEstimates;
use super::group_problem::GroupProblem;
use super::population::CovarianceForm;
use crate::random_stream::{Purpose, random_stream};
use crate::sampling::{NoUTurnSampler, SampledChain, SamplingError, Thresholds, Watch};
use crate::subjects::Workers;
use density::Layout;
use run::usable;
use whitening::{WhitenedDensity, Whitening};

/// The target acceptances that are tried while trajectories diverge, after the one that was asked for.
const HIGHER_TARGETS: [f64; 2] = [0.95, 0.99];

/// The shape of the LKJ prior of correlations unless another is given.
const LKJ_SHAPE: f64 = 2.0;

/// The method's settings.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct HierarchicalSampler {
    /// Chains, draws and step sizes.
    pub sampler: NoUTurnSampler,
    /// What is believed about the population; `None` for the weakly informative defaults.
    pub hyperpriors: Option<GroupHyperpriors>,
    /// Whether correlations between coordinates in the population are estimated, under an LKJ prior of shape 2 unless the
    /// hyperpriors name another; expectation maximisation should have the same form, as chains start there.
    pub covariance: CovarianceForm,
    /// How coordinates are moved.
    pub parametrisation: ParametrisationChoice,
    /// What the sample must reach.
    pub thresholds: Thresholds,
    /// Whether a sample with divergences is drawn again with a higher target acceptance and another parametrisation.
    pub remedies: Remedies,
}

/// What is done about divergences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Remedies {
    /// They are reported.
    None,
    /// The sample is drawn again.
    #[default]
    DrawAgain,
}

/// Why a group could not be sampled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupSamplingError {
    /// Hyperpriors or parametrisations that do not fit.
    #[error("{reason}")]
    Settings {
        /// What is wrong.
        reason: String,
    },
    /// A run that was broken off before it had draws.
    #[error("the run was broken off before any chain had draws after its warm-up; run it again to go on")]
    NoDraws,
    /// A chain that failed.
    #[error(transparent)]
    Chain(#[from] SamplingError),
}

/// One way of drawing: what the remedies change.
#[derive(Clone, Debug, PartialEq)]
struct Attempt {
    target_acceptance: f64,
    parametrisations: Vec<Parametrisation>,
}

impl HierarchicalSampler {
    /// Draws from the posterior of a group that expectation maximisation has estimated.
    ///
    /// # Errors
    ///
    /// If hyperpriors do not fit the problem or a chain fails for good.
    pub fn fit(
        &self,
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
        seed: u64,
        workers: &Workers,
        watch: Watch<'_>,
    ) -> Result<GroupPosterior, GroupSamplingError> {
        self.run(group, estimates, SamplingRun { seed, workers, watch, store: &Forgetful })
    }

    /// The same with a place where finished chains are kept. If the watcher breaks it off, what was drawn is the result: the
    /// finished attempt with the fewest divergences or, where there is none, the chains as far as they came.
    ///
    /// # Errors
    ///
    /// As [`HierarchicalSampler::fit`], or if the run was broken off before there were draws.
    pub fn run(
        &self,
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
        run: SamplingRun<'_>,
    ) -> Result<GroupPosterior, GroupSamplingError> {
        let (hyperpriors, first) = self.plan(group, estimates)?;
        let layout = Layout::of(group, estimates, &hyperpriors);
        let mut best: Option<GroupPosterior> = None;
        for (number, attempt) in self.attempts(first, &estimates.noise_fractions).iter().enumerate() {
            let chains = self.draw(group, estimates, &hyperpriors, attempt, number, run)?;
            let is_complete = chains.iter().all(|chain| chain.draws.len() == self.sampler.draws);
            let chains = usable(chains);
            if !chains.is_empty() && (is_complete || best.is_none()) {
                let found = GroupPosterior::of_chains(group, self, &hyperpriors, &layout, attempt, chains);
                best = fewer_divergences(best, found);
            }
            if !is_complete {
                best.iter_mut().for_each(|best| best.is_complete = false);
                break;
            }
            if best.as_ref().is_some_and(|best| best.sample.divergences() == 0) {
                break;
            }
        }
        let mut best = best.ok_or(GroupSamplingError::NoDraws)?;
        best.add_log_likelihoods(group, run.workers);
        Ok(best)
    }

    /// The hyperpriors and the first attempt, checked.
    fn plan(
        &self,
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
    ) -> Result<(GroupHyperpriors, Attempt), GroupSamplingError> {
        let settings = |reason: String| GroupSamplingError::Settings { reason };
        let mut hyperpriors =
            self.hyperpriors.clone().unwrap_or_else(|| GroupHyperpriors::weakly_informative(group));
        if self.covariance == CovarianceForm::Full {
            hyperpriors.correlation_shape.get_or_insert(LKJ_SHAPE);
        }
        hyperpriors.check(group).map_err(settings)?;
        let parametrisations = self.parametrisation.decide(estimates);
        let (found, needed) = (parametrisations.len(), group.coordinates().len());
        if found != needed {
            return Err(settings(format!("{found} parametrisations were given, but {needed} are needed")));
        }
        let target_acceptance = self.sampler.target_acceptance;
        Ok((hyperpriors, Attempt { target_acceptance, parametrisations }))
    }

    /// The attempts in their order; all but the first are for divergences. The last moves the centred coordinate with the
    /// largest fraction of estimation noise as standard normals.
    fn attempts(&self, first: Attempt, noise: &[f64]) -> Vec<Attempt> {
        let mut attempts = vec![first.clone()];
        if self.remedies == Remedies::None {
            return attempts;
        }
        let higher = HIGHER_TARGETS.into_iter().filter(|target| *target > first.target_acceptance);
        attempts.extend(higher.map(|target_acceptance| Attempt { target_acceptance, ..first.clone() }));
        let centred = (0..noise.len()).filter(|&c| first.parametrisations[c] == Parametrisation::Centred);
        if let Some(noisiest) = centred.max_by(|&a, &b| noise[a].total_cmp(&noise[b])) {
            let mut last = attempts[attempts.len() - 1].clone();
            last.parametrisations[noisiest] = Parametrisation::NonCentred;
            attempts.push(last);
        }
        attempts
    }

    /// The chains of one attempt: those that are kept already, and the others drawn.
    fn draw(
        &self,
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
        hyperpriors: &GroupHyperpriors,
        attempt: &Attempt,
        number: usize,
        run: SamplingRun<'_>,
    ) -> Result<Vec<SampledChain>, SamplingError> {
        let SamplingRun { seed, workers, watch, store } = run;
        let sampler = NoUTurnSampler { target_acceptance: attempt.target_acceptance, ..self.sampler };
        let layout = Layout::of(group, estimates, hyperpriors);
        let whitening = Whitening::of(group, estimates, &layout, &attempt.parametrisations);
        let chains = workers.map(self.sampler.chains.max(1), |chain| {
            if let Some(found) = store.load(number, chain) {
                return Ok(found);
            }
            let failed = |reason: String| SamplingError::Start { chain, reason };
            let mut density = GroupDensity::new(group, hyperpriors, &attempt.parametrisations, &layout)
                .map_err(|error| failed(error.to_string()))?;
            let mut rng = random_stream(seed, Purpose::ChainStart, 0, chain);
            let start =
                start::start(group, estimates, &layout, &attempt.parametrisations, &mut density, &mut rng)
                    .map_err(failed)?;
            let mut rng = random_stream(seed, Purpose::Chain, 0, chain);
            let mut whitened = WhitenedDensity::new(&mut density, &whitening);
            let start = whitening.inverse(&start);
            let mut found = sampler.chain(&mut whitened, &start, chain, &mut rng, watch)?;
            for draw in &mut found.draws {
                let x = draw.clone();
                whitening.position(&x, draw);
            }
            if found.draws.len() == sampler.draws {
                store.save(number, chain, &found);
            }
            Ok(found)
        });
        chains.into_iter().collect()
    }
}

/// Of two attempts the one with fewer divergences; of equals the earlier.
fn fewer_divergences(best: Option<GroupPosterior>, found: GroupPosterior) -> Option<GroupPosterior> {
    match best {
        Some(best) if best.sample.divergences() <= found.sample.divergences() => Some(best),
        _ => Some(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Parametrisation::{Centred, NonCentred};

    #[test]
    fn the_target_is_raised_before_the_noisiest_centred_coordinate_is_changed() {
        let first = Attempt { target_acceptance: 0.9, parametrisations: vec![Centred, Centred, NonCentred] };
        let method = HierarchicalSampler::default();
        let attempts = method.attempts(first.clone(), &[0.1, 0.2, 0.9]);
        let targets: Vec<f64> = attempts.iter().map(|attempt| attempt.target_acceptance).collect();
        assert_eq!(targets, [0.9, 0.95, 0.99, 0.99]);
        assert_eq!(attempts[2].parametrisations, first.parametrisations);
        assert_eq!(attempts[3].parametrisations, [Centred, NonCentred, NonCentred]);
        let once = HierarchicalSampler { remedies: Remedies::None, ..method };
        assert_eq!(once.attempts(first.clone(), &[0.1, 0.2, 0.9]), [first]);
    }
}
