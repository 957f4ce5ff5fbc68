//! Do subjects use the same model in several conditions?
//!
//! A subject uses one combination of models, one per condition; the evidence of a combination is the product of its
//! evidences. Combinations with the same model throughout form one family, all others another, and the two
//! families are compared (VBA's between-condition test; Rigoux et al. 2014).

use super::error::ComparisonError;
use super::evidence_table::EvidenceTable;
use super::families::{Family, FamilySelection, select_families};
use super::frequency_prior::FrequencyPrior;
use super::stopping::Stopping;
use serde::{Deserialize, Serialize};

/// The most combinations that are handled.
const MOST_COMBINATIONS: usize = 10_000;

/// Whether subjects use the same model in all conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BetweenConditions {
    /// The combinations: the position of the model in each condition.
    pub combinations: Vec<Vec<usize>>,
    /// The families "same" and "different", in this order, and the frequencies of the combinations.
    pub selection: FamilySelection,
}

impl BetweenConditions {
    /// The probability that using the same model throughout is more frequent than not, given that the two differ.
    pub fn exceedance_same(&self) -> f64 {
        self.selection.exceedance[0]
    }
}

/// Tests whether subjects use the same model in all conditions; one table per condition, with the same models and
/// subjects in the same order.
///
/// # Errors
///
/// If the tables differ in models or subjects, if there are fewer than 2 conditions, or too many combinations.
///
/// # Example
///
/// ```
/// use actinf_fit::comparison::{EvidenceTable, FrequencyPrior, Stopping, between_conditions};
/// let table = |rows| {
///     let names = |names: [&str; 2]| names.map(String::from).to_vec();
///     EvidenceTable::new(names(["a", "b"]), names(["x", "y"]), rows).unwrap()
/// };
/// let before = table(vec![vec![0.0, -9.0], vec![-9.0, 0.0]]);
/// let after = table(vec![vec![0.0, -9.0], vec![-9.0, 0.0]]);
/// let test = between_conditions(&[before, after], FrequencyPrior::OnePerModel, Stopping::Converged).unwrap();
/// assert_eq!(test.combinations.len(), 4);
/// assert!(test.exceedance_same() > 0.8);
/// ```
pub fn between_conditions(
    conditions: &[EvidenceTable],
    prior: FrequencyPrior,
    stopping: Stopping,
) -> Result<BetweenConditions, ComparisonError> {
    let [first, _, ..] = conditions else {
        return Err(ComparisonError::TooFewConditions { found: conditions.len() });
    };
    let other =
        |table: &EvidenceTable| table.models() != first.models() || table.subjects() != first.subjects();
    if let Some(position) = conditions.iter().position(other) {
        return Err(ComparisonError::ConditionsDiffer { condition: position + 1 });
    }
    let models = first.models().len();
    let combinations = combinations(models, conditions.len())?;
    let evidences = combined(conditions, first, &combinations)?;
    let is_same = |combination: &[usize]| combination.windows(2).all(|pair| pair[0] == pair[1]);
    let family = |name: &str, same: bool| Family {
        name: name.to_owned(),
        members: (0..combinations.len()).filter(|&c| is_same(&combinations[c]) == same).collect(),
    };
    let families = [family("same", true), family("different", false)];
    let selection = select_families(&evidences, &families, prior, stopping)?;
    Ok(BetweenConditions { combinations, selection })
}

/// Every way to choose one of the models in every condition.
fn combinations(models: usize, conditions: usize) -> Result<Vec<Vec<usize>>, ComparisonError> {
    let number = u32::try_from(conditions).ok().and_then(|conditions| models.checked_pow(conditions));
    let number = number.filter(|number| *number <= MOST_COMBINATIONS);
    let too_many = ComparisonError::TooManyCombinations { models, conditions, most: MOST_COMBINATIONS };
    let number = number.ok_or(too_many)?;
    let digits = |mut code: usize| -> Vec<usize> {
        let mut digit = || {
            let digit = code % models;
            code /= models;
            digit
        };
        (0..conditions).map(|_| digit()).collect()
    };
    Ok((0..number).map(digits).collect())
}

/// The table of the combinations' log evidences.
fn combined(
    conditions: &[EvidenceTable],
    first: &EvidenceTable,
    combinations: &[Vec<usize>],
) -> Result<EvidenceTable, ComparisonError> {
    let name = |combination: &Vec<usize>| {
        combination.iter().map(|&model| first.models()[model].as_str()).collect::<Vec<_>>().join(" × ")
    };
    let evidence = |subject: usize, combination: &[usize]| -> f64 {
        conditions.iter().zip(combination).map(|(table, &model)| table.row(subject)[model]).sum()
    };
    let row = |subject| combinations.iter().map(|combination| evidence(subject, combination)).collect();
    let rows = (0..first.subjects().len()).map(row).collect();
    EvidenceTable::new(combinations.iter().map(name).collect(), first.subjects().to_vec(), rows)
}
