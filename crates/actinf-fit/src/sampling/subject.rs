//! One subject on its own: draws from its posterior under the problem's priors.

use super::{NoUTurnSampler, Sample, SampleReport, SampledChain, SamplingError, Thresholds, Watch};
use crate::hessian::{Curvature, hessian};
use crate::log_posterior::LogPosterior;
use crate::optimisers::{LBfgs, Objective};
use crate::problem::Problem;
use crate::random_stream::{Purpose, random_stream};
use crate::subjects::Workers;
use actinf_agents::Subject;
use nalgebra::{Cholesky, DVector};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Starts are this many standard deviations of the normal approximation away from the mode.
const SCATTER: f64 = 1.0;
/// How often a start with no finite density is drawn again, nearer to the mode.
const ATTEMPTS: usize = 20;

/// The sampled posterior of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectSample {
    /// The draws of the free parameters' components on the natural scale.
    pub sample: Sample,
    /// Whether they can be trusted.
    pub report: SampleReport,
}

/// Which subject is sampled, and from which random streams.
#[derive(Clone, Copy)]
pub struct SubjectTask<'a> {
    /// What is estimated.
    pub problem: &'a Problem<'a>,
    /// Whose parameters.
    pub subject: &'a Subject,
    /// The subject's position in the data, which chooses its random streams.
    pub position: usize,
    /// The seed of all random streams.
    pub seed: u64,
}

impl NoUTurnSampler {
    /// Draws from one subject's posterior; chains share the workers, and the result does not depend on their number.
    ///
    /// # Errors
    ///
    /// If a chain cannot start or fails for good.
    pub fn sample_subject(
        &self,
        task: SubjectTask<'_>,
        thresholds: &Thresholds,
        workers: &Workers,
        watch: Watch<'_>,
    ) -> Result<SubjectSample, SamplingError> {
        let chains = workers.map(self.chains.max(1), |chain| self.subject_chain(task, chain, watch));
        let chains = chains.into_iter().collect::<Result<Vec<SampledChain>, _>>()?;
        let problem = task.problem;
        let names = problem.free().iter().flat_map(|p| p.parameter.component_names()).collect();
        let mut sample = Sample { names, ..Sample::default() };
        for chain in chains {
            let natural = |coordinates: &Vec<f64>| {
                let mut values = vec![0.0; problem.free_positions().len()];
                problem.write_free_values(coordinates, &mut values);
                values
            };
            sample.draws.push(chain.draws.iter().map(natural).collect());
            sample.energy.push(chain.energy);
            sample.diverging.push(chain.diverging);
            sample.cut.push(chain.cut);
            sample.gradients += chain.gradients;
        }
        Ok(SubjectSample { report: SampleReport::of(&sample, thresholds), sample })
    }

    fn subject_chain(
        &self,
        task: SubjectTask<'_>,
        chain: usize,
        watch: Watch<'_>,
    ) -> Result<SampledChain, SamplingError> {
        let failed = |reason: String| SamplingError::Start { chain, reason };
        let mut posterior =
            LogPosterior::new(task.problem, task.subject).map_err(|error| failed(error.to_string()))?;
        let mut rng = random_stream(task.seed, Purpose::ChainStart, task.position, chain);
        let start = scattered_start(&mut posterior, task.problem, &mut rng).map_err(failed)?;
        let mut rng = random_stream(task.seed, Purpose::Chain, task.position, chain);
        self.chain(&mut posterior, &start, chain, &mut rng, watch)
    }
}

/// A point with a finite density, scattered around the mode by the normal approximation there (or by standard normals where
/// there is none).
fn scattered_start(
    posterior: &mut LogPosterior<'_>,
    problem: &Problem<'_>,
    rng: &mut dyn Rng,
) -> Result<Vec<f64>, String> {
    let centre = problem.coordinates_of(problem.values());
    let mode = LBfgs::default().maximise(posterior, &centre).map_err(|error| error.to_string())?.point;
    let hessian = hessian(posterior, &mode).ok();
    let factor = hessian
        .and_then(|hessian| Curvature::of_hessian(&hessian))
        .and_then(|curvature| Cholesky::new(curvature.covariance));
    let mut gradient = vec![0.0; mode.len()];
    let mut scatter = SCATTER;
    for _ in 0..ATTEMPTS {
        let z = DVector::from_fn(mode.len(), |_, _| StandardNormal.sample(&mut *rng));
        let step = factor.as_ref().map_or_else(|| z.clone(), |factor| factor.l() * &z);
        let start: Vec<f64> = mode.iter().zip(step.iter()).map(|(m, s)| m + scatter * s).collect();
        if posterior.evaluate(&start, &mut gradient).is_ok() {
            return Ok(start);
        }
        scatter *= 0.5;
    }
    Ok(mode)
}
