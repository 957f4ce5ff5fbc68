//! A table of behaviour, read: subjects with their groups and covariates.

use actinf_agents::Subject;
use serde::{Deserialize, Serialize};

/// A number that varies between subjects, such as a questionnaire score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covariate {
    /// The column it came from.
    pub name: String,
    /// One value per subject; `None` where missing.
    pub values: Vec<Option<f64>>,
}

/// All subjects of a study.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Dataset {
    /// The subjects, in order of first appearance in the file.
    pub subjects: Vec<Subject>,
    /// The column that names the groups, if there is one.
    pub group_column: Option<String>,
    /// One group per subject; `None` where missing or where there is no such column.
    pub groups: Vec<Option<String>>,
    /// The covariates.
    pub covariates: Vec<Covariate>,
    /// What the file holds and what is missing from it.
    pub summary: DataSummary,
}

/// A count of missing values in one variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingCount {
    /// The control, modality or response, as the model names it.
    pub variable: String,
    /// How many values were expected (outside aborted trials).
    pub expected: usize,
    /// How many of them are missing.
    pub missing: usize,
}

/// What a data file holds.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DataSummary {
    /// The file, as the user named it.
    pub file: String,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Rows of data.
    pub rows: usize,
    /// Subjects.
    pub subjects: usize,
    /// Sessions over all subjects.
    pub sessions: usize,
    /// Trials over all sessions, aborted ones included.
    pub trials: usize,
    /// Trials that are skipped whole.
    pub aborted_trials: usize,
    /// Steps outside aborted trials.
    pub steps: usize,
    /// Missing values per control.
    pub actions: Vec<MissingCount>,
    /// Missing values per modality.
    pub observations: Vec<MissingCount>,
    /// Missing values per response.
    pub responses: Vec<MissingCount>,
}
