//! Whether the likelihood keeps rising as a parameter runs away: the sign of choices that a model can predict
//! perfectly, or of a parameter at the end of its support.
//!
//! The likelihood is followed outwards from the estimate for 1, 2, 4 and 8 prior standard deviations, along one
//! coordinate (towards where its slope points), and along the way from the middle of the prior to the estimate. It keeps
//! rising if it never falls and gains something.

use crate::likelihood_information::LikelihoodInformation;
use crate::log_posterior::{LogPosterior, Target};
use crate::problem::Problem;
use actinf_agents::Support;

/// How far it is followed, in prior standard deviations.
const DISTANCES: [f64; 4] = [1.0, 2.0, 4.0, 8.0];
/// A fall smaller than this, relative to the log-likelihood, is rounding.
const ROUNDING: f64 = 1e-12;
/// A slope smaller than this, in nats per prior standard deviation, points nowhere.
const SLOPELESS: f64 = 1e-12;
/// An estimate farther than this from the prior's middle, in prior standard deviations, may be running away.
const FAR: f64 = 3.0;
/// What has at least this share in the length of a direction moves along it.
const SHARE: f64 = 0.3;

/// What runs away: coordinates by position, and whether any of them runs towards infinity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunAway {
    pub(crate) coordinates: Vec<usize>,
    pub(crate) towards_infinity: bool,
    /// What the likelihood gains on the way, in nats.
    pub(crate) gain: f64,
}

/// Looks for a rising likelihood along each of `suspects` (coordinates), and, for a target that is the likelihood, along
/// the way the estimate has come. `least_gain` in nats makes a rise worth telling.
pub(crate) fn run_away(
    problem: &Problem<'_>,
    objective: &mut LogPosterior<'_>,
    point: &[f64],
    information: &LikelihoodInformation,
    suspects: &[usize],
    least_gain: f64,
) -> Option<RunAway> {
    let target = objective.target();
    objective.aim(Target::Likelihood);
    let mut found: Option<RunAway> = None;
    for direction in directions(problem, target, point, information, suspects) {
        if let Some(gain) = gain(objective, point, &information.scales, &direction, least_gain) {
            merge(&mut found, &direction, gain, problem);
        }
    }
    objective.aim(target);
    found
}

/// Unit vectors in prior standard deviations.
fn directions(
    problem: &Problem<'_>,
    target: Target,
    point: &[f64],
    information: &LikelihoodInformation,
    suspects: &[usize],
) -> Vec<Vec<f64>> {
    let along = |&k: &usize| {
        let slope = information.slopes[k];
        let mut direction = vec![0.0; point.len()];
        direction[k] = slope.signum();
        (slope.abs() > SLOPELESS).then_some(direction)
    };
    let mut directions: Vec<Vec<f64>> = suspects.iter().filter_map(along).collect();
    if target == Target::Likelihood {
        let middle = problem.coordinates_of(problem.values());
        let offset: Vec<f64> =
            (0..point.len()).map(|k| (point[k] - middle[k]) / information.scales[k]).collect();
        let length = offset.iter().map(|x| x * x).sum::<f64>().sqrt();
        if length > FAR {
            directions.push(offset.iter().map(|x| x / length).collect());
        }
    }
    directions
}

/// What the likelihood gains along a direction, if it never falls; points where it is undefined end the way.
fn gain(
    objective: &mut LogPosterior<'_>,
    point: &[f64],
    scales: &[f64],
    direction: &[f64],
    least_gain: f64,
) -> Option<f64> {
    let start = objective.value(point).ok()?;
    let (mut last, mut steps) = (start, 0);
    for distance in DISTANCES {
        let moved: Vec<f64> =
            (0..point.len()).map(|k| point[k] + distance * scales[k] * direction[k]).collect();
        let Ok(value) = objective.value(&moved) else { break };
        if value < last - ROUNDING * last.abs().max(1.0) {
            return None;
        }
        (last, steps) = (value, steps + 1);
    }
    (steps >= 2 && last - start >= least_gain).then_some(last - start)
}

fn merge(found: &mut Option<RunAway>, direction: &[f64], gain: f64, problem: &Problem<'_>) {
    let entry =
        found.get_or_insert_with(|| RunAway { coordinates: Vec::new(), towards_infinity: false, gain: 0.0 });
    entry.gain = entry.gain.max(gain);
    for (k, &share) in direction.iter().enumerate() {
        if share.abs() >= SHARE {
            entry.towards_infinity |= leads_to_infinity(problem, k, share);
            if !entry.coordinates.contains(&k) {
                entry.coordinates.push(k);
            }
        }
    }
}

/// Whether a coordinate that grows (or falls) takes its parameter to infinity, not to a finite bound.
fn leads_to_infinity(problem: &Problem<'_>, coordinate: usize, share: f64) -> bool {
    let owner = problem.free().iter().find(|p| p.coordinates.contains(&coordinate));
    match owner.map(|p| p.parameter.support) {
        Some(Support::Real) => true,
        Some(Support::Positive) => share > 0.0,
        _ => false,
    }
}
