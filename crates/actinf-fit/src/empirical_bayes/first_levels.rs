//! From the record of a fit to subjects known by normal distributions.
//!
//! Other priors are tried on a subject's normal likelihood, whose precision is that of the posterior minus that of the prior. Where
//! the posterior is wider than the prior, that is negative along some direction: the likelihood curves upwards, which only holds
//! nearby. There it is taken as straight ([`FirstLevels::straighten`]), with the slope that it has; otherwise a group could gain
//! without end by running away. SPM makes posteriors a little narrower instead, which does not always help.

use super::effects_error::EffectsError;
use super::gaussian::{FirstLevel, Gaussian};
use super::record::LeftOut;
use crate::results::{FitRecord, Outcome, ParameterRecord, Role, SubjectFit};
use nalgebra::{DMatrix, SymmetricEigen};

/// The fitted subjects of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstLevels {
    /// The coordinates, by the transform of their parameter, such as `ln(action_precision)`.
    pub coordinates: Vec<String>,
    /// The subjects that have a normal approximation and a log evidence.
    pub subjects: Vec<FirstLevel>,
    /// Where each of them stands in the record.
    pub positions: Vec<usize>,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// Those whose likelihood was made straight along some direction.
    pub straightened: Vec<String>,
}

impl FirstLevels {
    /// # Errors
    ///
    /// If a prior is not normal on the unconstrained scale, the method gives no log evidence, or nobody is left.
    pub fn of(record: &FitRecord) -> Result<FirstLevels, EffectsError> {
        let prior = prior(&record.model.parameters)?;
        let mut levels = FirstLevels {
            coordinates: Vec::new(),
            subjects: Vec::new(),
            positions: Vec::new(),
            left_out: Vec::new(),
            straightened: Vec::new(),
        };
        for (position, subject) in record.subjects.iter().enumerate() {
            let fit = match &subject.outcome {
                Outcome::Fitted(fit) => known(fit, &prior),
                Outcome::Failed { reason } => Err(format!("its fit failed: {reason}")),
            };
            match fit {
                Ok((posterior, log_evidence, coordinates)) => {
                    levels.coordinates.clone_from(coordinates);
                    levels.positions.push(position);
                    let (subject, prior) = (subject.id.clone(), prior.clone());
                    levels.subjects.push(FirstLevel { subject, prior, posterior, log_evidence });
                }
                Err(reason) => levels.left_out.push(LeftOut { subject: subject.id.clone(), reason }),
            }
        }
        if levels.subjects.is_empty() {
            let method = record.method.name.clone();
            return Err(EffectsError::Nobody { method, left_out: levels.left_out });
        }
        Ok(levels)
    }

    /// Takes likelihoods that curve upwards along some direction as straight there: of the posterior's precision in units of the
    /// prior's, eigenvalues below 1 become 1. Modes stay where they are.
    pub fn straighten(&mut self) {
        for level in &mut self.subjects {
            let root = DMatrix::from_diagonal(&level.prior.covariance.diagonal().map(f64::sqrt));
            let Some(inverse) = root.clone().try_inverse() else { continue };
            let eigen = SymmetricEigen::new(&inverse * &level.posterior.covariance * &inverse);
            if eigen.eigenvalues.iter().all(|&variance| variance <= 1.0) {
                continue;
            }
            let narrowed = DMatrix::from_diagonal(&eigen.eigenvalues.map(|variance| variance.min(1.0)));
            let back = root * &eigen.eigenvectors;
            level.posterior.covariance = &back * narrowed * back.transpose();
            self.straightened.push(level.subject.clone());
        }
    }

    /// Leaves out those for whom `reason` has one.
    pub(super) fn leave_out(&mut self, reason: impl Fn(usize) -> Option<String>) {
        let (mut subjects, mut positions) = (Vec::new(), Vec::new());
        for (subject, position) in self.subjects.drain(..).zip(self.positions.drain(..)) {
            match reason(position) {
                Some(reason) => self.left_out.push(LeftOut { subject: subject.subject, reason }),
                None => {
                    subjects.push(subject);
                    positions.push(position);
                }
            }
        }
        (self.subjects, self.positions) = (subjects, positions);
    }
}

/// The prior that all subjects were fitted under, on the unconstrained scale.
fn prior(parameters: &[ParameterRecord]) -> Result<Gaussian, EffectsError> {
    let (mut means, mut variances) = (Vec::new(), Vec::new());
    for ParameterRecord { parameter, role } in parameters {
        let Role::Free { prior, .. } = role else { continue };
        let (mean, sd) = prior.unconstrained_normal().ok_or_else(|| EffectsError::NotNormal {
            parameter: parameter.name.clone(),
            prior: prior.to_string(),
        })?;
        means.push(mean);
        variances.push(sd * sd);
    }
    if means.is_empty() {
        return Err(EffectsError::NothingFree);
    }
    Ok(Gaussian { covariance: DMatrix::from_diagonal(&variances.into()), mean: means.into() })
}

type Known<'a> = (Gaussian, f64, &'a Vec<String>);

fn known<'a>(fit: &'a SubjectFit, prior: &Gaussian) -> Result<Known<'a>, String> {
    let missing = "its fit has no normal approximation with a log evidence";
    let (Some(approximation), Some(log_evidence)) = (&fit.approximation, fit.log_evidence) else {
        return Err(missing.to_owned());
    };
    let covariance: Vec<f64> = approximation.covariance.concat();
    let posterior =
        Gaussian::from_rows(&approximation.mean, &covariance).map_err(|error| error.to_string())?;
    let numbers = posterior.mean.iter().chain(posterior.covariance.iter());
    if posterior.size() != prior.size() || !numbers.chain([&log_evidence]).all(|x| x.is_finite()) {
        return Err(missing.to_owned());
    }
    Ok((posterior, log_evidence, &approximation.coordinates))
}
