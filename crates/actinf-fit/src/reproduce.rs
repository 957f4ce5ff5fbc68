//! Whether a finished fit is what fitting again would give: the same model, data, method and seed.

use crate::dataset::Dataset;
use crate::problem::Problem;
use crate::results::{FitRecord, MethodRecord, ModelRecord, Outcome, Role, SubjectFit};

/// Log-likelihoods agree within this, relative to their size.
const TOLERANCE: f64 = 1e-9;

/// What a fit would be made of.
#[derive(Clone, Copy)]
pub struct Intended<'a> {
    /// The model with the role of each parameter.
    pub problem: &'a Problem<'a>,
    /// What would be recorded of the model.
    pub model: &'a ModelRecord,
    /// The behaviour.
    pub dataset: &'a Dataset,
    /// What would be recorded of the method.
    pub method: &'a MethodRecord,
    /// The seed of all random streams.
    pub seed: u64,
}

/// Checks that a record is of the intended fit, and that the recorded estimates still have the recorded log-likelihood,
/// which no change of columns, codes or equations survives.
///
/// # Errors
///
/// In words, what is different.
pub fn is_of(record: &FitRecord, intended: &Intended<'_>) -> Result<(), String> {
    let dataset = intended.dataset;
    let ids = record.subjects.iter().map(|subject| &subject.id);
    let groups = record.subjects.iter().map(|subject| &subject.group);
    let covariates = |position: usize| {
        dataset.covariates.iter().map(move |c| (&c.name, c.values.get(position).copied().flatten()))
    };
    let mut recorded_covariates = record.subjects.iter().map(|subject| &subject.covariates).enumerate();
    let same = [
        (record.model == *intended.model, "the model, its priors or its fixed values have changed"),
        (record.data == dataset.summary, "the data have changed"),
        (record.method == *intended.method, "the method or its settings have changed"),
        (record.provenance.seed == intended.seed, "the seed has changed"),
        (ids.eq(dataset.subjects.iter().map(|subject| &subject.id)), "the subjects have changed"),
        (
            record.group_column == dataset.group_column && groups.eq(&dataset.groups),
            "the groups have changed",
        ),
        (
            recorded_covariates
                .all(|(k, own)| own.iter().map(|(name, value)| (name, *value)).eq(covariates(k))),
            "the covariates have changed",
        ),
    ];
    match same.iter().find(|(same, _)| !same) {
        Some((_, what)) => Err((*what).to_owned()),
        None => likelihoods(record, intended),
    }
}

fn likelihoods(record: &FitRecord, intended: &Intended<'_>) -> Result<(), String> {
    let model = intended.problem.model();
    for (subject, behaviour) in record.subjects.iter().zip(&intended.dataset.subjects) {
        let Outcome::Fitted(fit) = &subject.outcome else { continue };
        let changed = || format!("the log-likelihood of subject {} at its estimates has changed", subject.id);
        let values = values(&record.model, fit).ok_or_else(changed)?;
        let trajectory = model.trajectory(behaviour, &values).map_err(|_| changed())?;
        let (now, then) = (trajectory.log_likelihood.total, fit.log_likelihood.total);
        let close = (now - then).abs() <= TOLERANCE * then.abs().max(1.0);
        if !close {
            return Err(changed());
        }
    }
    Ok(())
}

/// A subject's values of all parameters: its estimates, and what was fixed.
fn values(model: &ModelRecord, fit: &SubjectFit) -> Option<Vec<f64>> {
    let mut estimates = fit.estimates.iter().map(|estimate| estimate.estimate);
    let mut values = Vec::new();
    for entry in &model.parameters {
        match &entry.role {
            Role::Fixed { values: fixed } => values.extend(fixed),
            Role::Free { .. } => {
                for _ in entry.parameter.component_names() {
                    values.push(estimates.next()?);
                }
            }
        }
    }
    Some(values)
}
