//! Hierarchical sampling with the no-U-turn sampler: draws from the joint posterior of a population and everybody in it.
//!
//! Chains run in parallel, each from its own random stream and its own start around the estimates of expectation maximisation;
//! so their number and order of completion change nothing. Where trajectories diverge, the target acceptance is raised, and then
//! the parametrisation of the coordinate with the most noise is changed, before what is left is reported.

mod density;
mod hyperpriors;
mod parametrisation;
mod posterior;
mod start;

pub use density::GroupDensity;
pub use hyperpriors::{GroupHyperpriors, NormalHyperprior, ScaleHyperprior};
pub use parametrisation::{Parametrisation, ParametrisationChoice};
pub use posterior::GroupPosterior;

use super::estimates::GroupEstimates;
use super::group_problem::GroupProblem;
use crate::random_stream::{Purpose, random_stream};
use crate::sampling::{NoUTurnSampler, SampledChain, SamplingError, Thresholds, Watch};
use crate::subjects::Workers;
use density::Layout;

/// The target acceptances that are tried while trajectories diverge, after the one that was asked for.
const HIGHER_TARGETS: [f64; 2] = [0.95, 0.99];

/// The method's settings.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct HierarchicalSampler {
    /// Chains, draws and step sizes.
    pub sampler: NoUTurnSampler,
    /// What is believed about the population; `None` for the weakly informative defaults.
    pub hyperpriors: Option<GroupHyperpriors>,
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
        let (hyperpriors, first) = self.plan(group, estimates)?;
        let mut best: Option<GroupPosterior> = None;
        for attempt in self.attempts(first, &estimates.noise_fractions) {
            let chains = self.draw(group, estimates, &hyperpriors, &attempt, seed, workers, watch)?;
            let layout = Layout::of(group, estimates);
            let posterior = GroupPosterior::of_chains(group, self, &hyperpriors, &layout, &attempt, chains);
            let divergences = posterior.sample.divergences();
            let is_better = best.as_ref().is_none_or(|best| divergences < best.sample.divergences());
            if is_better {
                best = Some(posterior);
            }
            if divergences == 0 {
                break;
            }
        }
        best.ok_or_else(|| GroupSamplingError::Settings { reason: "no attempt was made".to_owned() })
    }

    /// The hyperpriors and the first attempt, checked.
    fn plan(
        &self,
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
    ) -> Result<(GroupHyperpriors, Attempt), GroupSamplingError> {
        let settings = |reason: String| GroupSamplingError::Settings { reason };
        let hyperpriors =
            self.hyperpriors.clone().unwrap_or_else(|| GroupHyperpriors::weakly_informative(group));
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

    #[expect(clippy::too_many_arguments, reason = "all of them belong to one run")]
    fn draw(
        &self,
        group: &GroupProblem<'_>,
        estimates: &GroupEstimates,
        hyperpriors: &GroupHyperpriors,
        attempt: &Attempt,
        seed: u64,
        workers: &Workers,
        watch: Watch<'_>,
    ) -> Result<Vec<SampledChain>, SamplingError> {
        let sampler = NoUTurnSampler { target_acceptance: attempt.target_acceptance, ..self.sampler };
        let layout = Layout::of(group, estimates);
        let chains = workers.map(self.sampler.chains.max(1), |chain| {
            let failed = |reason: String| SamplingError::Start { chain, reason };
            let mut density = GroupDensity::new(group, hyperpriors, &attempt.parametrisations, &layout)
                .map_err(|error| failed(error.to_string()))?;
            let mut rng = random_stream(seed, Purpose::ChainStart, 0, chain);
            let start = start::start(group, estimates, &attempt.parametrisations, &mut density, &mut rng)
                .map_err(failed)?;
            let mut rng = random_stream(seed, Purpose::Chain, 0, chain);
            sampler.chain(&mut density, &start, chain, &mut rng, watch)
        });
        chains.into_iter().collect()
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
