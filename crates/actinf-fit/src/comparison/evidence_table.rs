//! Log evidences of subjects under models.

use super::error::ComparisonError;
use std::collections::HashSet;

/// The log evidence of every subject (rows) under every model (columns), in nats: at least 2 models, at least 1
/// subject, distinct names, finite numbers.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::EvidenceTable;
/// let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
/// let (models, subjects) = (names(&["learner", "random"]), names(&["ada", "bob"]));
/// let table = EvidenceTable::new(models.clone(), subjects.clone(), vec![vec![-10.0, -12.0], vec![-9.0, -8.5]]).unwrap();
/// assert_eq!(table.row(1), [-9.0, -8.5]);
/// let error = EvidenceTable::new(models, subjects, vec![vec![-10.0, f64::NAN], vec![-9.0, -8.5]]).unwrap_err();
/// assert!(error.to_string().starts_with("the log evidence of subject `ada` under model `random` is NaN"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceTable {
    models: Vec<String>,
    subjects: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl EvidenceTable {
    /// Checks names and numbers; `rows` holds one row per subject with one number per model.
    ///
    /// # Errors
    ///
    /// If there are fewer than 2 models or no subject, if names occur twice, or if a number is missing or not finite.
    pub fn new(
        models: Vec<String>,
        subjects: Vec<String>,
        rows: Vec<Vec<f64>>,
    ) -> Result<EvidenceTable, ComparisonError> {
        if models.len() < 2 {
            return Err(ComparisonError::TooFewModels { found: models.len() });
        }
        if subjects.is_empty() {
            return Err(ComparisonError::NoSubjects { left_out: vec![] });
        }
        check_distinct("models", &models)?;
        check_distinct("subjects", &subjects)?;
        for (position, subject) in subjects.iter().enumerate() {
            check_row(&models, subject, rows.get(position).map_or(&[], Vec::as_slice))?;
        }
        let rows = rows.into_iter().take(subjects.len()).collect();
        Ok(EvidenceTable { models, subjects, rows })
    }

    /// The names of the models.
    pub fn models(&self) -> &[String] {
        &self.models
    }

    /// The names of the subjects.
    pub fn subjects(&self) -> &[String] {
        &self.subjects
    }

    /// A subject's log evidences, one per model.
    pub fn row(&self, subject: usize) -> &[f64] {
        &self.rows[subject]
    }

    /// All rows, one per subject.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.rows.iter().map(Vec::as_slice)
    }

    /// The table of the subjects at these positions.
    pub(crate) fn of_subjects(&self, positions: &[usize]) -> EvidenceTable {
        EvidenceTable {
            models: self.models.clone(),
            subjects: positions.iter().map(|&i| self.subjects[i].clone()).collect(),
            rows: positions.iter().map(|&i| self.rows[i].clone()).collect(),
        }
    }
}

/// Checks that no name occurs twice.
pub(crate) fn check_distinct(what: &'static str, names: &[String]) -> Result<(), ComparisonError> {
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(name) => Err(ComparisonError::SameName { what, name: name.clone() }),
        None => Ok(()),
    }
}

fn check_row(models: &[String], subject: &str, row: &[f64]) -> Result<(), ComparisonError> {
    if row.len() != models.len() {
        let (found, expected) = (row.len(), models.len());
        return Err(ComparisonError::WrongLength { subject: subject.to_owned(), found, expected });
    }
    match row.iter().zip(models).find(|(value, _)| !value.is_finite()) {
        Some((&value, model)) => {
            Err(ComparisonError::NotFinite { subject: subject.to_owned(), model: model.clone(), value })
        }
        None => Ok(()),
    }
}
