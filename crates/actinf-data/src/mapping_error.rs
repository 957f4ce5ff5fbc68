//! The ways in which a mapping of columns does not fit a model.

use crate::sentences::nearest_of;

/// What a model calls a variable of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// Something the subject does.
    Control,
    /// Something the subject sees.
    Modality,
    /// Something else the subject reports.
    Response,
}

impl VariableKind {
    /// The table of a fit file that names its columns.
    fn table(self) -> &'static str {
        match self {
            VariableKind::Control => "data.actions",
            VariableKind::Modality => "data.observations",
            VariableKind::Response => "data.responses",
        }
    }
}

impl std::fmt::Display for VariableKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            VariableKind::Control => "control",
            VariableKind::Modality => "modality",
            VariableKind::Response => "response",
        })
    }
}

/// How a mapping of columns does not fit a model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// A variable of the model has no column.
    #[error(
        "the model's {kind} `{name}` is mapped to no column. Name it under [{}], as in `{name} = \"COLUMN\"`, or write \
         `{name} = false` there if the data do not have it",
        kind.table()
    )]
    UnmappedVariable {
        /// What the model calls it.
        kind: VariableKind,
        /// The variable.
        name: String,
    },
    /// A column is mapped to a variable the model does not have.
    #[error("the model has no {kind} `{name}`. {}", nearest_of(.nearest.as_deref(), .known, "It has"))]
    UnknownVariable {
        /// What was asked for.
        kind: VariableKind,
        /// The name asked for.
        name: String,
        /// The variable with the most similar name.
        nearest: Option<String>,
        /// All variables of this kind.
        known: Vec<String>,
    },
    /// A cell text is mapped to a label the model does not have.
    #[error(
        "the {kind} `{name}` has no label `{label}`, to which the cell text `{cell}` is mapped. {}",
        nearest_of(.nearest.as_deref(), .labels, "The labels are")
    )]
    UnknownLabel {
        /// What the model calls the variable.
        kind: VariableKind,
        /// The variable.
        name: String,
        /// The cell text.
        cell: String,
        /// The label asked for.
        label: String,
        /// The label with the most similar spelling.
        nearest: Option<String>,
        /// All labels of the variable.
        labels: Vec<String>,
    },
    /// A text stands for a label and for a missing value.
    #[error(
        "the text `{text}` is a label of the {kind} `{name}` and also means that a value is missing. \
         Set the list of texts that mean missing in the fit file so that it does not contain `{text}`"
    )]
    LabelMeansMissing {
        /// What the model calls the variable.
        kind: VariableKind,
        /// The variable.
        name: String,
        /// The text.
        text: String,
    },
    /// A scale is zero, or a scale or offset is not finite.
    #[error(
        "the response `{name}` has scale {scale} and offset {offset}; both must be finite and the scale not 0"
    )]
    UnusableScale {
        /// The response.
        name: String,
        /// The scale.
        scale: f64,
        /// The offset.
        offset: f64,
    },
    /// Cuts do not rise, or are not one less than there are labels, or their scale is not finite or 0.
    #[error(
        "the {kind} `{name}` has the labels {}; amounts are cut into them by {} cuts that rise, not by {found:?}, after a finite scale \
         that is not 0",
        .labels.join(", "), .labels.len() - 1
    )]
    UnusableCuts {
        /// What the model calls the variable.
        kind: VariableKind,
        /// The variable.
        name: String,
        /// Its labels.
        labels: Vec<String>,
        /// The cuts.
        found: Vec<f64>,
    },
    /// Rows hold one step and several.
    #[error(
        "columns are mapped for the only step of a row and for each of several steps; keep [[data.steps]], or [data.actions] and \
         [data.observations]"
    )]
    StepsTwice,
    /// A column is listed twice among the covariates.
    #[error("the covariate `{column}` is listed twice. Remove one of the two")]
    RepeatedCovariate {
        /// The column.
        column: String,
    },
}
