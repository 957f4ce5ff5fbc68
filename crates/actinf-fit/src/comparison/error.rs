//! Why models cannot be compared.

use super::difference::Difference;
use actinf_agents::nearest_name;

/// Why models cannot be compared, with what to do about it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ComparisonError {
    /// There is nothing to compare with.
    #[error("a comparison needs at least 2 models, and there is {found}; name another fit")]
    TooFewModels {
        /// The models given.
        found: usize,
    },
    /// No subject is left.
    #[error("no subject has a log evidence under every model{}", reasons(.left_out))]
    NoSubjects {
        /// Who was left out and why, in sentences.
        left_out: Vec<String>,
    },
    /// Two things of the same name.
    #[error("two {what} are called `{name}`; give each a name of its own")]
    SameName {
        /// `models`, `subjects` or `families`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A row of the table is too short or too long.
    #[error("subject `{subject}` has {found} log evidences for {expected} models; give one per model")]
    WrongLength {
        /// The subject.
        subject: String,
        /// The evidences given.
        found: usize,
        /// The models.
        expected: usize,
    },
    /// An evidence that is no finite number.
    #[error(
        "the log evidence of subject `{subject}` under model `{model}` is {value}; leave the subject out, by name, or fit it again"
    )]
    NotFinite {
        /// The subject.
        subject: String,
        /// The model.
        model: String,
        /// What was given.
        value: f64,
    },
    /// Prior counts that are no prior.
    #[error("the prior needs {expected} finite counts above 0, one per model, and is {found:?}")]
    BadPrior {
        /// The models.
        expected: usize,
        /// The counts given.
        found: Vec<f64>,
    },
    /// Families that do not divide the models among themselves.
    #[error("family `{family}`: {reason}; every model must belong to exactly one family")]
    BadFamily {
        /// The family.
        family: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A model that is in no family.
    #[error("model `{model}` belongs to no family; every model must belong to exactly one family")]
    NoFamily {
        /// The model.
        model: String,
    },
    /// Fewer than two groups.
    #[error("a comparison of groups needs at least 2 groups, and the subjects belong to {}", found_groups(.found))]
    TooFewGroups {
        /// The groups found.
        found: Vec<String>,
    },
    /// No column of this name to group subjects by.
    #[error(
        "no fit has a column `{column}` to group subjects by{}; {}name it as `group` in the [data] table of a fit file and fit again",
        only(.known),
        meant(.column, .known)
    )]
    NoGroupColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// Two fits that do not explain the same behaviour of the same subjects.
    #[error(transparent)]
    DifferentFits(#[from] Box<Difference>),
    /// Fewer than two conditions.
    #[error("a comparison of conditions needs the evidences of at least 2 conditions, and there are {found}")]
    TooFewConditions {
        /// The conditions given.
        found: usize,
    },
    /// Conditions whose tables do not have the same rows and columns.
    #[error(
        "condition {condition} has other models or subjects than condition 1; give the same, in the same order"
    )]
    ConditionsDiffer {
        /// The condition, counted from 1.
        condition: usize,
    },
    /// More combinations of models and conditions than can be handled.
    #[error("{models} models in {conditions} conditions make more than {most} combinations; compare fewer")]
    TooManyCombinations {
        /// The models.
        models: usize,
        /// The conditions.
        conditions: usize,
        /// The most that are handled.
        most: usize,
    },
}

fn reasons(left_out: &[String]) -> String {
    if left_out.is_empty() { String::new() } else { format!(": {}", left_out.join("; ")) }
}

fn found_groups(found: &[String]) -> String {
    match found {
        [] => "none".to_owned(),
        names => format!("only one: {}", names.join(", ")),
    }
}

/// The column that was probably meant.
fn meant(column: &str, known: &[String]) -> String {
    let near = nearest_name(column, known.iter().map(String::as_str));
    near.map_or_else(String::new, |near| format!("did you mean `{near}`? Otherwise "))
}

fn only(columns: &[String]) -> String {
    if columns.is_empty() { String::new() } else { format!(", only {}", columns.join(", ")) }
}
