//! Can a covariate be told from a person's parameters? Each person is left out of the group in turn, the group is fitted
//! without them, and their covariate is inferred from their own behaviour.
//!
//! ```text
//! p(x | y_i, the others) ∝ p(y_i | N((X_i(x) ⊗ I) b, Π⁻¹ + uncertainty about b)) p(x)
//! ```
//!
//! The likelihood of a value x is the [reduction](super::reduction) of the person's fit to the prior that x implies, given the
//! group's posterior. It is normalised over the values that occur (for groups and other discrete covariates), and, for a
//! continuous one, on a grid under a normal prior around the others' mean with twice their standard deviation, as in SPM. SPM's
//! `spm_dcm_loo` leaves the uncertainty about b out, and takes four steps towards the continuous estimate instead.

use super::error::EmpiricalBayesError;
use super::gaussian::{FirstLevel, Gaussian};
use super::hierarchy::{Design, GroupFit, GroupSettings, fit_group};
use super::reduction::Full;
use crate::subjects::Workers;
use nalgebra::DMatrix;

/// How many points the grid has.
const GRID: usize = 401;

/// How many prior standard deviations the grid reaches to either side.
const REACH: f64 = 5.0;

/// What was predicted of a person who was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// Who.
    pub subject: String,
    /// The covariate's true value.
    pub value: f64,
    /// Its posterior mean, as of a continuous covariate.
    pub mean: f64,
    /// Its posterior standard deviation.
    pub standard_deviation: f64,
    /// The values that occur, in ascending order, with their posterior probabilities; equally probable before.
    pub levels: Vec<(f64, f64)>,
}

/// Predicts covariate `column` of every subject from all others.
///
/// # Errors
///
/// If the column does not exist, there are fewer than three subjects, or a group cannot be fitted (see [`fit_group`]).
pub fn leave_one_out(
    subjects: &[FirstLevel],
    design: &Design,
    column: usize,
    settings: &GroupSettings,
    workers: &Workers,
) -> Result<Vec<Left>, EmpiricalBayesError> {
    if column >= design.rows.ncols() || subjects.len() < 3 {
        let what = "leaving one out needs at least three subjects and the column of a covariate".to_owned();
        return Err(EmpiricalBayesError::Design { what });
    }
    EmpiricalBayesError::size("the design matrix", design.rows.nrows(), subjects.len())?;
    let mut levels: Vec<f64> = design.rows.column(column).iter().copied().collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let predict = |left: usize| predict(subjects, design, (column, &levels), settings, left);
    workers.map(subjects.len(), predict).into_iter().collect()
}

/// Fits the others and predicts the covariate of the one who was left out.
fn predict(
    subjects: &[FirstLevel],
    design: &Design,
    (column, levels): (usize, &[f64]),
    settings: &GroupSettings,
    left: usize,
) -> Result<Left, EmpiricalBayesError> {
    let mut others = subjects.to_vec();
    let person = others.remove(left);
    let others_design = design.without(left);
    let covariates: Vec<f64> = design.rows.row(left).iter().copied().collect();
    let prediction = Prediction {
        full: Full::new(&person.posterior, &person.prior)?,
        group: &fit_group(&others, &others_design, settings)?,
        covariates: &covariates,
        column,
    };
    let seen: Vec<f64> = others_design.rows.column(column).iter().copied().collect();
    let (mean, standard_deviation) = prediction.moments(&seen)?;
    Ok(Left {
        value: covariates[column],
        mean,
        standard_deviation,
        levels: prediction.over(levels)?,
        subject: person.subject,
    })
}

struct Prediction<'a> {
    full: Full,
    group: &'a GroupFit,
    covariates: &'a [f64],
    column: usize,
}

impl Prediction<'_> {
    /// The change of the person's log evidence if their covariate were `value`, in nats.
    fn log_likelihood(&self, value: f64) -> Result<f64, EmpiricalBayesError> {
        let mut covariates = self.covariates.to_vec();
        covariates[self.column] = value;
        let size = self.group.effects.nrows();
        let row = DMatrix::from_row_slice(1, covariates.len(), &covariates);
        let design = row.kronecker(&DMatrix::identity(size, size));
        let effects = self.group.effect_posterior();
        let prior = Gaussian {
            mean: &design * effects.mean,
            covariance: &self.group.between_covariance + &design * effects.covariance * design.transpose(),
        };
        Ok(self.full.reduce(&prior)?.log_evidence_change)
    }

    /// The posterior probabilities of these values, all equally probable before.
    fn over(&self, values: &[f64]) -> Result<Vec<(f64, f64)>, EmpiricalBayesError> {
        let logs: Vec<f64> =
            values.iter().map(|&value| self.log_likelihood(value)).collect::<Result<_, _>>()?;
        Ok(values.iter().copied().zip(normalised(&logs)).collect())
    }

    /// Posterior mean and standard deviation under a normal prior twice as wide as what was seen of others.
    fn moments(&self, seen: &[f64]) -> Result<(f64, f64), EmpiricalBayesError> {
        let count = seen.len() as f64;
        let centre = seen.iter().sum::<f64>() / count;
        let variance = seen.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / (count - 1.0);
        let width = 2.0 * variance.sqrt();
        if !(width.is_finite() && width > 0.0) {
            return Ok((centre, 0.0));
        }
        let at = |k: usize| REACH * (2.0 * k as f64 / (GRID - 1) as f64 - 1.0);
        let mut logs = Vec::with_capacity(GRID);
        for k in 0..GRID {
            logs.push(self.log_likelihood(centre + width * at(k))? - 0.5 * at(k).powi(2));
        }
        let probabilities = normalised(&logs);
        let moment = |f: &dyn Fn(f64) -> f64| {
            probabilities.iter().enumerate().map(|(k, p)| p * f(centre + width * at(k))).sum::<f64>()
        };
        let mean = moment(&|x| x);
        Ok((mean, moment(&|x| (x - mean).powi(2)).sqrt()))
    }
}

fn normalised(logs: &[f64]) -> Vec<f64> {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
    logs.iter().map(|log| (log - largest).exp() / sum).collect()
}
