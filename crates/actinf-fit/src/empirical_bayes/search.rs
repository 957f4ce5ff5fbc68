//! Which effects are there at all: reduced models, their probabilities, and their average.
//!
//! An effect is switched off by giving it prior mean and variance 0. All combinations are tried where there are at most eight;
//! otherwise the eight whose removal costs least are searched, those that the best model does without are removed for good, and
//! so on until nothing more is removed. With many effects this finds a good model, not certainly the best one.
//!
//! "Off" means 0 on the unconstrained scale. For a group *mean* that is a particular value, `α = 1` for a log-scaled `α`, not
//! "no effect"; keep means out of the search unless that value is meant.

use super::Conventions;
use super::error::EmpiricalBayesError;
use super::gaussian::Gaussian;
use super::reducible::Reducible;
use nalgebra::{DMatrix, DVector};

/// The most parameters of which all combinations are tried at once.
const MOST_AT_ONCE: usize = 8;

/// Models that are less likely than the best one by more than this many nats are left out of the average.
const OCCAM_WINDOW: f64 = 8.0;

/// What is searched.
#[derive(Clone, Debug)]
pub struct ModelSearch {
    /// The parameters that may be switched off, by position.
    pub candidates: Vec<usize>,
    /// Whose formulas are used.
    pub conventions: Conventions,
}

/// A mixture of models, by its moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Average {
    /// The moments of the mixture.
    pub posterior: Gaussian,
    /// The models in it, by position, with their weights.
    pub weights: Vec<(usize, f64)>,
}

/// The models of the last round of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// The parameters, by position, that the models differ in.
    pub parameters: Vec<usize>,
    /// Which of them are switched off in each model; the last model has all of them.
    pub off: Vec<Vec<bool>>,
    /// The log evidence of each model minus that of the full model, in nats.
    pub log_evidence_changes: Vec<f64>,
    /// The posterior probability of each model, all of them equally likely before.
    pub probabilities: Vec<f64>,
    /// Per parameter of the full model, the probability that it is there: the mean probability of models with it, relative to
    /// that of models without it. 0 for those that earlier rounds removed, 1 for those that were not searched.
    pub inclusion: Vec<f64>,
    /// The average over the models.
    pub average: Average,
}

/// Searches the reduced models of a full one.
///
/// # Errors
///
/// If a distribution is not one, or a candidate does not exist.
pub fn search(
    posterior: &Gaussian,
    prior: &Gaussian,
    search: &ModelSearch,
) -> Result<Searched, EmpiricalBayesError> {
    let size = posterior.size();
    let model = Reducible::new(posterior, prior, search.conventions)?;
    if let Some(&candidate) = search.candidates.iter().find(|&&candidate| candidate >= size) {
        EmpiricalBayesError::size("the list of candidates", candidate + 1, size)?;
    }
    let mut removed = vec![false; size];
    loop {
        let mut parameters: Vec<usize> =
            search.candidates.iter().copied().filter(|&candidate| !removed[candidate]).collect();
        let is_last = parameters.len() <= MOST_AT_ONCE;
        if !is_last {
            parameters = cheapest(&model, &removed, &parameters)?;
        }
        let off = combinations(parameters.len());
        let models: Vec<Vec<bool>> = off.iter().map(|off| with_off(&removed, &parameters, off)).collect();
        let changes: Vec<f64> = models.iter().map(|off| model.change(off)).collect::<Result<_, _>>()?;
        let probabilities = softmax(&changes);
        let best = position_of_largest(&probabilities);
        removed.clone_from(&models[best]);
        if !is_last && off[best].contains(&true) {
            continue;
        }
        return Ok(Searched {
            inclusion: inclusion(&removed, &parameters, &off, &probabilities),
            average: average(&model, &averaged(models, &removed, search.conventions), &changes)?,
            parameters,
            off,
            log_evidence_changes: changes,
            probabilities,
        });
    }
}

/// The models that are averaged over. SPM takes what the best model does without out of all others as well.
fn averaged(mut models: Vec<Vec<bool>>, best: &[bool], conventions: Conventions) -> Vec<Vec<bool>> {
    if conventions == Conventions::Spm {
        for off in models.iter_mut() {
            off.iter_mut().zip(best).for_each(|(off, &is_off)| *off |= is_off);
        }
    }
    models
}

/// The eight parameters whose removal costs least.
fn cheapest(
    model: &Reducible<'_>,
    removed: &[bool],
    parameters: &[usize],
) -> Result<Vec<usize>, EmpiricalBayesError> {
    let mut costs = Vec::with_capacity(parameters.len());
    for &parameter in parameters {
        costs.push((parameter, -model.change(&with_off(removed, &[parameter], &[true]))?));
    }
    costs.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    Ok(costs.into_iter().take(MOST_AT_ONCE).map(|(parameter, _)| parameter).collect())
}

/// All combinations of off and on; the first has everything off, the last nothing.
fn combinations(size: usize) -> Vec<Vec<bool>> {
    let count = 1_usize << size;
    let model = |index: usize| (0..size).map(|k| (count - 1 - index) >> (size - 1 - k) & 1 == 1).collect();
    (0..count).map(model).collect()
}

fn with_off(removed: &[bool], parameters: &[usize], off: &[bool]) -> Vec<bool> {
    let mut all = removed.to_vec();
    for (&parameter, &is_off) in parameters.iter().zip(off) {
        all[parameter] |= is_off;
    }
    all
}

fn position_of_largest(values: &[f64]) -> usize {
    let larger = |best: usize, k: usize| if values[k] > values[best] { k } else { best };
    (0..values.len()).fold(0, larger)
}

pub(super) fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

fn inclusion(removed: &[bool], parameters: &[usize], off: &[Vec<bool>], probabilities: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = removed.iter().map(|&removed| if removed { 0.0 } else { 1.0 }).collect();
    for (k, &parameter) in parameters.iter().enumerate() {
        all[parameter] = probability_on(off, probabilities, k);
    }
    all
}

/// The mean probability of models with parameter k, relative to that of models without it.
pub(super) fn probability_on(off: &[Vec<bool>], probabilities: &[f64], k: usize) -> f64 {
    let mean = |wanted: bool| {
        let of: Vec<f64> =
            off.iter().zip(probabilities).filter(|(off, _)| off[k] == wanted).map(|(_, p)| *p).collect();
        if of.is_empty() { 0.0 } else { of.iter().sum::<f64>() / of.len() as f64 }
    };
    let (on, off) = (mean(false), mean(true));
    on / (on + off)
}

/// The exact moments of the mixture of all models within eight nats of the best one.
fn average(
    model: &Reducible<'_>,
    models: &[Vec<bool>],
    changes: &[f64],
) -> Result<Average, EmpiricalBayesError> {
    let best = changes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let within = (0..models.len()).filter(|&k| changes[k] > best - OCCAM_WINDOW);
    let mut reduced = Vec::new();
    for k in within {
        reduced.push((k, model.without(&models[k])?));
    }
    let evidences: Vec<f64> = reduced.iter().map(|(_, reduced)| reduced.log_evidence_change).collect();
    let weights = softmax(&evidences);
    let size = model.posterior.size();
    let mut mean = DVector::zeros(size);
    let mut square = DMatrix::zeros(size, size);
    for ((_, reduced), &weight) in reduced.iter().zip(&weights) {
        let of = &reduced.posterior;
        mean += &of.mean * weight;
        square += (&of.covariance + &of.mean * of.mean.transpose()) * weight;
    }
    let covariance = square - &mean * mean.transpose();
    let weights = reduced.iter().map(|(k, _)| *k).zip(weights).collect();
    Ok(Average { posterior: Gaussian { mean, covariance }, weights })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(size: usize, strong: &[usize]) -> (Gaussian, Gaussian) {
        let mean = DVector::from_fn(size, |k, _| if strong.contains(&k) { 1.0 } else { 0.02 });
        let posterior = Gaussian { mean, covariance: DMatrix::identity(size, size) * 0.01 };
        let prior = Gaussian { mean: DVector::zeros(size), covariance: DMatrix::identity(size, size) };
        (posterior, prior)
    }

    #[test]
    fn the_first_combination_has_everything_off_and_the_last_nothing() {
        assert_eq!(
            combinations(2),
            [[true, true], [true, false], [false, true], [false, false]].map(|off| off.to_vec())
        );
    }

    /// With independent parameters the models' evidence is the product of the parameters'.
    #[test]
    fn strong_effects_stay_and_others_go() {
        let (posterior, prior) = example(4, &[1]);
        let all = ModelSearch { candidates: vec![0, 1, 2, 3], conventions: Conventions::Exact };
        let found = search(&posterior, &prior, &all).unwrap();
        let best = position_of_largest(&found.probabilities);
        assert_eq!(found.off[best], [true, false, true, true]);
        // One parameter alone: ln N(0; 0.02, 0.1²) - ln N(0; 0, 1).
        let one = -0.5 * 0.04 - 0.1_f64.ln();
        assert!((found.log_evidence_changes[best] - 3.0 * one).abs() < 1e-10);
        assert!((found.inclusion[0] - 1.0 / (1.0 + one.exp())).abs() < 1e-10);
        assert!(found.inclusion[1] > 0.999);
        assert!((found.average.posterior.mean[0] - found.inclusion[0] * 0.02).abs() < 1e-4);
        assert!((found.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn more_than_eight_parameters_are_searched_in_rounds() {
        let (posterior, prior) = example(12, &[0, 5]);
        let all = ModelSearch { candidates: (0..12).collect(), conventions: Conventions::Exact };
        let found = search(&posterior, &prior, &all).unwrap();
        assert_eq!(found.parameters.len(), 4);
        let there: Vec<usize> = (0..12).filter(|&k| found.inclusion[k] > 0.5).collect();
        assert_eq!(there, [0, 5]);
        let bad = ModelSearch { candidates: vec![12], conventions: Conventions::Exact };
        assert!(search(&posterior, &prior, &bad).is_err());
    }
}
