//! Which column of a table feeds which variable of a model.

use std::collections::BTreeMap;

/// Where the parts of a table of behaviour are found. The fit file declares it.
///
/// One column may feed several variables: an action may also be an observation.
///
/// # Example
///
/// ```
/// use actinf_data::{CodedColumn, ColumnMapping};
/// let mut mapping = ColumnMapping::new("participant");
/// mapping.session = Some("block".into());
/// mapping.actions.insert("choice".into(), Some(CodedColumn::new("key")));
/// assert!(mapping.missing.contains(&"NA".to_string()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMapping {
    /// The column that identifies the subject; of a BIDS folder `participant_id`, if empty.
    pub subject: String,
    /// The column that labels the sessions; without one, each subject has a single session `1`.
    pub session: Option<String>,
    /// The column that labels the trials; without one, each session has a single trial `1`.
    pub trial: Option<String>,
    /// The column that marks the rows of aborted trials with `1` or `true`; other rows hold `0`, `false` or nothing.
    pub aborted: Option<String>,
    /// The column that names the groups.
    pub group: Option<String>,
    /// Columns of numbers that vary between subjects only.
    pub covariates: Vec<String>,
    /// A column per control of the model; `None` declares that the data do not have it: it is always missing.
    pub actions: BTreeMap<String, Option<CodedColumn>>,
    /// A column per modality of the model; `None` declares that the data do not have it: it is always missing.
    pub observations: BTreeMap<String, Option<CodedColumn>>,
    /// Where a row of the table holds several steps, the columns of each of them, in order; `actions` and `observations` are
    /// then empty, and each row is a trial unless a column labels the trials.
    pub steps: Vec<StepColumns>,
    /// A column per response of the model; `None` declares that the data do not have it: it is always missing.
    pub responses: BTreeMap<String, Option<NumericColumn>>,
    /// Cell texts that mean a missing value, besides the empty cell.
    pub missing: Vec<String>,
    /// Of a BIDS folder the task that is read; `None` if it has one.
    pub task: Option<String>,
    /// Which rows are read: those whose cell in each of these columns is one of the texts. All, if no column is named.
    pub rows: BTreeMap<String, Vec<String>>,
}

impl ColumnMapping {
    /// A mapping of the subjects only, with [`ColumnMapping::usual_missing`].
    pub fn new(subject: impl Into<String>) -> Self {
        ColumnMapping {
            subject: subject.into(),
            session: None,
            trial: None,
            aborted: None,
            group: None,
            covariates: Vec::new(),
            actions: BTreeMap::new(),
            observations: BTreeMap::new(),
            steps: Vec::new(),
            responses: BTreeMap::new(),
            missing: Self::usual_missing(),
            task: None,
            rows: BTreeMap::new(),
        }
    }

    /// The texts that mean a missing value unless the fit file says otherwise: `NA`, `NaN`, `nan`, `n/a`, `null`.
    pub fn usual_missing() -> Vec<String> {
        ["NA", "NaN", "nan", "n/a", "null"].map(String::from).to_vec()
    }

    /// The actions and observations of every step that a row holds: one, unless [`ColumnMapping::steps`] says otherwise.
    pub(crate) fn coded(&self) -> impl Iterator<Item = (&ByVariable, &ByVariable)> {
        let one = self.steps.is_empty().then_some((&self.actions, &self.observations));
        one.into_iter().chain(self.steps.iter().map(|step| (&step.actions, &step.observations)))
    }

    /// Every column named, each once.
    pub fn column_names(&self) -> std::collections::BTreeSet<&str> {
        let optional = [&self.session, &self.trial, &self.aborted, &self.group];
        let coded = self
            .coded()
            .flat_map(|(actions, observations)| actions.values().chain(observations.values()))
            .flatten();
        std::iter::once(self.subject.as_str())
            .chain(optional.into_iter().flatten().map(String::as_str))
            .chain(self.covariates.iter().map(String::as_str))
            .chain(self.rows.keys().map(String::as_str))
            .chain(coded.map(|coded| coded.column.as_str()))
            .chain(self.responses.values().flatten().map(|numeric| numeric.column.as_str()))
            .collect()
    }
}

/// A column per variable; `None` declares that the data do not have it: it is always missing.
pub(crate) type ByVariable = BTreeMap<String, Option<CodedColumn>>;

/// The columns of one of several steps that a row holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepColumns {
    /// A column per control of the model, as [`ColumnMapping::actions`].
    pub actions: BTreeMap<String, Option<CodedColumn>>,
    /// A column per modality of the model, as [`ColumnMapping::observations`].
    pub observations: BTreeMap<String, Option<CodedColumn>>,
}

/// A column of labels, integer codes or amounts.
///
/// A cell is read as the first of these that applies: a missing value, a text of `labels`, one of the model's own
/// labels, an integer code (`2`, `2.0`; `true` counts as 1 and `false` as 0). Blanks around a cell do not count.
///
/// With `cuts` a cell that is neither missing nor a text of `labels` is an amount: times `scale`, it stands for the label whose index is the number of
/// cuts that are not above it.
#[derive(Clone, Debug, PartialEq)]
pub struct CodedColumn {
    /// The name of the column.
    pub column: String,
    /// The integer that stands for the model's first label: 0 or 1, usually.
    pub first_code: i64,
    /// The model's label that a cell text stands for.
    pub labels: BTreeMap<String, String>,
    /// Where amounts are told apart, rising: one less than there are labels; empty for labels and codes.
    pub cuts: Vec<f64>,
    /// The factor of amounts before they are cut; -1 for losses that are written as negative numbers.
    pub scale: f64,
}

impl CodedColumn {
    /// A column of the model's own labels or of codes from 0.
    pub fn new(column: impl Into<String>) -> Self {
        CodedColumn {
            column: column.into(),
            first_code: 0,
            labels: BTreeMap::new(),
            cuts: Vec::new(),
            scale: 1.0,
        }
    }
}

/// A column of numbers: `value = cell * scale + offset`.
#[derive(Clone, Debug, PartialEq)]
pub struct NumericColumn {
    /// The name of the column.
    pub column: String,
    /// The factor, in units of the response per unit of the cell.
    pub scale: f64,
    /// The offset, in units of the response.
    pub offset: f64,
}

impl NumericColumn {
    /// A column whose cells are the values themselves.
    pub fn new(column: impl Into<String>) -> Self {
        NumericColumn { column: column.into(), scale: 1.0, offset: 0.0 }
    }
}
