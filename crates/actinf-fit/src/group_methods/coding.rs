//! How the columns of a design matrix were coded, in words.

use crate::hierarchical::{Coding, DesignColumn, DesignMatrix};
use crate::population_record::WeightKind;

/// One sentence per column: what its weight means, what was subtracted from a covariate and what it was divided by.
///
/// # Example
///
/// ```
/// use actinf_fit::group_methods::coding_in_words;
/// use actinf_fit::hierarchical::{DesignMatrix, Formula};
/// use actinf_fit::{Covariate, Dataset};
/// let age = Covariate { name: "age".into(), values: vec![Some(20.0), Some(30.0), Some(40.0)] };
/// let dataset = Dataset { covariates: vec![age], ..Dataset::default() };
/// let formula: Formula = "1 + age".parse()?;
/// let words = coding_in_words(&DesignMatrix::new(&formula, &dataset, &[0, 1, 2])?);
/// assert_eq!(words[0], "1: the mean, at the mean of `age`");
/// assert_eq!(words[1], "age: the change per standard deviation (age less 30, divided by 10)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coding_in_words(design: &DesignMatrix) -> Vec<String> {
    design.columns.iter().map(|column| format!("{}: {}", column.name, of_column(design, column))).collect()
}

fn of_column(design: &DesignMatrix, column: &DesignColumn) -> String {
    match &column.coding {
        Coding::Intercept => format!("the mean{}", what_it_is_the_mean_of(design)),
        Coding::Contrast { level, reference } => format!("the mean of {level} less that of {reference}"),
        Coding::Level { level } => format!("the mean of {level}{}", at_the_covariates(design)),
        Coding::Covariate { mean, sd } => format!(
            "the change per standard deviation ({} less {}, divided by {})",
            column.name,
            short(*mean),
            short(*sd)
        ),
        Coding::Product => "the interaction: the product of the columns".to_owned(),
    }
}

fn what_it_is_the_mean_of(design: &DesignMatrix) -> String {
    let is_contrast = |column: &DesignColumn| matches!(column.coding, Coding::Contrast { .. });
    let groups = if design.columns.iter().any(is_contrast) { " of the groups' means" } else { "" };
    format!("{groups}{}", at_the_covariates(design))
}

fn at_the_covariates(design: &DesignMatrix) -> String {
    let is_covariate = |column: &&DesignColumn| matches!(column.coding, Coding::Covariate { .. });
    let names: Vec<String> =
        design.columns.iter().filter(is_covariate).map(|column| format!("`{}`", column.name)).collect();
    if names.is_empty() { String::new() } else { format!(", at the mean of {}", names.join(" and ")) }
}

/// To four digits.
fn short(number: f64) -> String {
    let digits = (3 - number.abs().max(1e-12).log10().floor() as i32).clamp(0, 12);
    let text = format!("{number:.*}", digits as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// What kind of column it is.
pub(super) fn kind(coding: &Coding) -> WeightKind {
    match coding {
        Coding::Intercept | Coding::Level { .. } => WeightKind::Mean,
        Coding::Contrast { .. } => WeightKind::Difference,
        Coding::Covariate { .. } => WeightKind::Slope,
        Coding::Product => WeightKind::Interaction,
    }
}
