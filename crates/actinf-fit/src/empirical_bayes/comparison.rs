//! Hypotheses about a group's means and about a covariate, each with each.

use super::Conventions;
use super::error::EmpiricalBayesError;
use super::gaussian::Gaussian;
use super::reducible::Reducible;
use super::search::{probability_on, softmax};
use nalgebra::DMatrix;

/// What was found of every pair of hypotheses.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The log evidence relative to the full model, in nats: `[hypothesis about means, hypothesis about the covariate]`.
    pub log_evidence_changes: DMatrix<f64>,
    /// The posterior probability of each pair, all of them equally likely before.
    pub probabilities: DMatrix<f64>,
    /// Per parameter, the probability that its mean is there.
    pub means: Vec<f64>,
    /// Per parameter, the probability that the covariate has an effect on it.
    pub covariate: Vec<f64>,
}

/// Compares every hypothesis about the group's means (the first covariate's effects) with every one about the effects of the
/// second covariate. Hypotheses list, parameter by parameter, what is there; further covariates stay.
///
/// # Errors
///
/// If a hypothesis has another number of parameters than the group, or there is no second covariate.
pub fn compare_hypotheses(
    posterior: &Gaussian,
    prior: &Gaussian,
    hypotheses: &[Vec<bool>],
    conventions: Conventions,
) -> Result<Compared, EmpiricalBayesError> {
    let model = Reducible::new(posterior, prior, conventions)?;
    let (size, count) = (posterior.size(), hypotheses.len());
    let parameters = hypotheses.first().map_or(0, Vec::len);
    for hypothesis in hypotheses {
        EmpiricalBayesError::size("a hypothesis", hypothesis.len(), parameters)?;
    }
    if parameters == 0 || 2 * parameters > size {
        EmpiricalBayesError::size("the list of the group's effects", size, 2 * parameters.max(1))?;
    }
    let mut changes = DMatrix::zeros(count, count);
    for (i, of_means) in hypotheses.iter().enumerate() {
        for (j, of_covariate) in hypotheses.iter().enumerate() {
            let off = of_means.iter().chain(of_covariate).map(|on| !on);
            let mut off: Vec<bool> = off.collect();
            off.resize(size, false);
            changes[(i, j)] = model.without(&off)?.log_evidence_change;
        }
    }
    let probabilities = DMatrix::from_column_slice(count, count, &softmax(changes.as_slice()));
    let off: Vec<Vec<bool>> =
        hypotheses.iter().map(|hypothesis| hypothesis.iter().map(|on| !on).collect()).collect();
    let marginal = |of: &[f64]| (0..parameters).map(|k| probability_on(&off, of, k)).collect();
    let of_means: Vec<f64> = probabilities.row_iter().map(|row| row.sum()).collect();
    let of_covariate: Vec<f64> = probabilities.column_iter().map(|column| column.sum()).collect();
    Ok(Compared {
        means: marginal(&of_means),
        covariate: marginal(&of_covariate),
        log_evidence_changes: changes,
        probabilities,
    })
}
