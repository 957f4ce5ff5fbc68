//! Design matrices: from a formula and the subjects' groups and covariates to numbers.
//!
//! | term       | columns                                   | values                          | weight                               |
//! |------------|-------------------------------------------|---------------------------------|--------------------------------------|
//! | `1`        | one                                       | 1                               | the mean (of the groups' means)      |
//! | a covariate| one                                       | `(x - mean) / sd`               | change per standard deviation        |
//! | the group  | one per level but the first               | `[group = level] - 1 / levels`  | the level's mean minus the first's   |
//! | the group, without intercept | one per level           | `[group = level]`               | the level's mean                     |
//! | `a:b`      | the products of the columns of a and of b |                                 | the interaction                      |
//!
//! Mean and standard deviation (divisor n - 1) are those of the subjects that are fitted, and are kept with the column.
//! The levels of the group are sorted by name unless the caller orders them.

use super::formula::{Formula, Term};
use crate::dataset::Dataset;
use actinf_agents::nearest_name;

/// What a column of a design matrix stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Coding {
    /// The constant 1.
    Intercept,
    /// A level of the group against the reference level.
    Contrast {
        /// The level.
        level: String,
        /// The level it is compared with.
        reference: String,
    },
    /// A level of the group on its own.
    Level {
        /// The level.
        level: String,
    },
    /// A covariate, centred and scaled.
    Covariate {
        /// What was subtracted.
        mean: f64,
        /// What it was then divided by.
        sd: f64,
    },
    /// A product of columns.
    Product,
}

/// A column of a design matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignColumn {
    /// `1`, `bdi`, `group[depressed]` or `group[depressed]:bdi`.
    pub name: String,
    /// What it stands for.
    pub coding: Coding,
    /// One value per subject that is fitted.
    pub values: Vec<f64>,
}

/// The design matrix of one parameter: subjects × columns.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignMatrix {
    /// The formula it was made of.
    pub formula: Formula,
    /// Its columns.
    pub columns: Vec<DesignColumn>,
}

/// Why a formula gives no design matrix.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// A variable that the data do not have.
    #[error("the formula \"{formula}\" uses `{variable}`, but the data have {available}{suggestion}")]
    UnknownVariable {
        /// The formula.
        formula: String,
        /// The variable.
        variable: String,
        /// What could be used.
        available: String,
        /// ": did you mean ...?", or nothing.
        suggestion: String,
    },
    /// A variable that is the same for all subjects.
    #[error(
        "`{variable}` is the same for all {subjects} fitted subjects, so the formula \"{formula}\" cannot tell its \
         effect; leave it out"
    )]
    NoVariation {
        /// The formula.
        formula: String,
        /// The variable.
        variable: String,
        /// How many subjects are fitted.
        subjects: usize,
    },
    /// A column that is a combination of the ones before it.
    #[error(
        "in the formula \"{formula}\", `{column}` is a combination of the terms before it for these {subjects} \
         subjects; leave one of them out"
    )]
    Collinear {
        /// The formula.
        formula: String,
        /// The column.
        column: String,
        /// How many subjects are fitted.
        subjects: usize,
    },
}

/// A column whose part outside the span of those before it is shorter than this, relative to itself, adds nothing.
const INDEPENDENT: f64 = 1e-8;

impl DesignMatrix {
    /// The design matrix of a formula for the subjects at `positions` in the dataset.
    ///
    /// # Errors
    ///
    /// If a variable is unknown or does not vary, or columns are collinear. Missing values must have been excluded.
    pub fn new(formula: &Formula, dataset: &Dataset, positions: &[usize]) -> Result<Self, DesignError> {
        let mut columns = Vec::new();
        if formula.has_intercept() {
            let values = vec![1.0; positions.len()];
            columns.push(DesignColumn { name: "1".into(), coding: Coding::Intercept, values });
        }
        for term in formula.terms() {
            columns.extend(term_columns(formula, term, dataset, positions)?);
        }
        let matrix = DesignMatrix { formula: formula.clone(), columns };
        matrix.check_independent(positions.len())?;
        Ok(matrix)
    }

    /// The values of all columns for one of the fitted subjects.
    pub fn row(&self, subject: usize) -> impl Iterator<Item = f64> + '_ {
        self.columns.iter().map(move |column| column.values[subject])
    }

    /// Gram-Schmidt: what is left of each column after the ones before it.
    fn check_independent(&self, subjects: usize) -> Result<(), DesignError> {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for column in &self.columns {
            let mut rest = column.values.clone();
            for direction in &basis {
                let along = dot(&rest, direction);
                rest.iter_mut().zip(direction).for_each(|(r, d)| *r -= along * d);
            }
            let (size, left) = (dot(&column.values, &column.values).sqrt(), dot(&rest, &rest).sqrt());
            if left.is_nan() || left <= INDEPENDENT * size {
                let (formula, column) = (self.formula.to_string(), column.name.clone());
                return Err(DesignError::Collinear { formula, column, subjects });
            }
            basis.push(rest.into_iter().map(|r| r / left).collect());
        }
        Ok(())
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Whether a name in a formula means the column that names the groups.
pub(crate) fn is_group(dataset: &Dataset, name: &str) -> bool {
    dataset.group_column.as_deref().is_some_and(|column| column == name || name == "group")
        && !dataset.covariates.iter().any(|covariate| covariate.name == name)
}

/// Whether a subject has no value of a variable; `false` for variables that the data do not have.
pub(crate) fn is_missing(dataset: &Dataset, name: &str, position: usize) -> bool {
    if is_group(dataset, name) {
        return dataset.groups.get(position).is_none_or(Option::is_none);
    }
    let covariate = dataset.covariates.iter().find(|covariate| covariate.name == name);
    covariate.is_some_and(|c| c.values.get(position).copied().flatten().is_none_or(|x| !x.is_finite()))
}

fn term_columns(
    formula: &Formula,
    term: &Term,
    dataset: &Dataset,
    positions: &[usize],
) -> Result<Vec<DesignColumn>, DesignError> {
    let mut product: Option<Vec<DesignColumn>> = None;
    for name in &term.variables {
        let columns = variable_columns(formula, name, dataset, positions)?;
        product = Some(match product {
            None => columns,
            Some(before) => before.iter().flat_map(|a| columns.iter().map(move |b| times(a, b))).collect(),
        });
    }
    Ok(product.unwrap_or_default())
}

fn times(a: &DesignColumn, b: &DesignColumn) -> DesignColumn {
    DesignColumn {
        name: format!("{}:{}", a.name, b.name),
        coding: Coding::Product,
        values: a.values.iter().zip(&b.values).map(|(x, y)| x * y).collect(),
    }
}

fn variable_columns(
    formula: &Formula,
    name: &str,
    dataset: &Dataset,
    positions: &[usize],
) -> Result<Vec<DesignColumn>, DesignError> {
    let no_variation = || DesignError::NoVariation {
        formula: formula.to_string(),
        variable: name.to_owned(),
        subjects: positions.len(),
    };
    if is_group(dataset, name) {
        return group_columns(formula, name, dataset, positions).ok_or_else(no_variation);
    }
    let Some(covariate) = dataset.covariates.iter().find(|covariate| covariate.name == name) else {
        return Err(unknown(formula, name, dataset));
    };
    let value = |&position: &usize| covariate.values.get(position).copied().flatten().unwrap_or(f64::NAN);
    let raw: Vec<f64> = positions.iter().map(value).collect();
    covariate_column(name, &raw).map(|column| vec![column]).ok_or_else(no_variation)
}

fn covariate_column(name: &str, raw: &[f64]) -> Option<DesignColumn> {
    let count = raw.len() as f64;
    let mean = raw.iter().sum::<f64>() / count;
    let sd = (raw.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0)).sqrt();
    let varies = sd.is_finite() && sd > INDEPENDENT * mean.abs();
    let values = raw.iter().map(|x| (x - mean) / sd).collect();
    varies.then(|| DesignColumn { name: name.to_owned(), coding: Coding::Covariate { mean, sd }, values })
}

fn group_columns(
    formula: &Formula,
    name: &str,
    dataset: &Dataset,
    positions: &[usize],
) -> Option<Vec<DesignColumn>> {
    let group = |&position: &usize| dataset.groups.get(position).cloned().flatten().unwrap_or_default();
    let groups: Vec<String> = positions.iter().map(group).collect();
    let mut levels = groups.clone();
    levels.sort();
    levels.dedup();
    let (reference, others) = levels.split_first().filter(|(_, others)| !others.is_empty())?;
    let column = |level: &String, coding: Coding, offset: f64| DesignColumn {
        name: format!("{name}[{level}]"),
        coding,
        values: groups.iter().map(|own| f64::from(u8::from(own == level)) - offset).collect(),
    };
    if !formula.has_intercept() {
        let level = |level: &String| column(level, Coding::Level { level: level.clone() }, 0.0);
        return Some(levels.iter().map(level).collect());
    }
    let offset = 1.0 / levels.len() as f64;
    let contrast = |level: &String| {
        let coding = Coding::Contrast { level: level.clone(), reference: reference.clone() };
        column(level, coding, offset)
    };
    Some(others.iter().map(contrast).collect())
}

fn unknown(formula: &Formula, variable: &str, dataset: &Dataset) -> DesignError {
    let covariates = dataset.covariates.iter().map(|covariate| covariate.name.as_str());
    let names: Vec<&str> = dataset.group_column.as_deref().into_iter().chain(covariates).collect();
    let available = match names.as_slice() {
        [] => "no groups and no covariates".to_owned(),
        names => format!("`{}`", names.join("`, `")),
    };
    let near = nearest_name(variable, names.iter().copied());
    let suggestion = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    DesignError::UnknownVariable {
        formula: formula.to_string(),
        variable: variable.to_owned(),
        available,
        suggestion,
    }
}
