//! From the record of a fit to subjects known by normal distributions.

use super::effects_error::EffectsError;
use super::gaussian::{FirstLevel, Gaussian};
use super::record::LeftOut;
use crate::results::{FitRecord, Outcome, ParameterRecord, Role, SubjectFit};
use nalgebra::DMatrix;

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
