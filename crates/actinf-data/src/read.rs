//! From a file of behaviour to a dataset.

use crate::assemble::Assembly;
use crate::bids::BidsFolder;
use crate::columns::ColumnMapping;
use crate::constant::{not_constant, sole_value};
use crate::error::Error;
use crate::grouping::{SubjectRows, group};
use crate::meanings::Meanings;
use crate::rows::chosen_rows;
use crate::summary::summarise;
use crate::table::Table;
use actinf_agents::Schema;
use actinf_fit::{Covariate, Dataset};
use std::path::Path;

/// Reads a table of behaviour: `.csv`, `.tsv`, `.txt` (tabs if its first line has one, else commas), `.parquet`, or a folder of the
/// Brain Imaging Data Structure.
///
/// The [crate] page says what missing values, aborted trials and responses at the end of a trial or session mean.
/// `summary.file` is `path` as given; where the user wrote another form of it, the caller replaces it.
///
/// # Errors
///
/// If the mapping does not fit the model, or the file cannot be read or understood. Nothing is dropped: the first
/// ten cells that mean nothing are listed with row, line, column, what was found and what would be accepted.
pub fn read(path: &Path, mapping: &ColumnMapping, schema: &Schema) -> Result<Dataset, Error> {
    mapping.check(schema)?;
    let folder =
        BidsFolder::open(path, mapping.task.as_deref()).map_err(|error| error.about(path.display()))?;
    let mapping = folder.as_ref().map_or_else(|| mapping.clone(), |folder| folder.completed(mapping));
    let names = mapping.column_names();
    let table = Table::of_file_or_folder(path, folder.as_ref(), &|name| names.contains(name))?;
    let read = || dataset(path, &chosen_rows(table, &mapping.rows)?, &mapping, schema);
    read().map_err(|error: Error| error.about(path.display()))
}

fn dataset(path: &Path, table: &Table, mapping: &ColumnMapping, schema: &Schema) -> Result<Dataset, Error> {
    let meanings = Meanings::of(table, mapping, schema)?;
    let grouped = group(table, &meanings.labels, !mapping.steps.is_empty())?;
    let assembly = Assembly { table, mapping, schema, meanings: &meanings };
    let subjects = grouped.iter().map(|rows| assembly.subject(rows)).collect::<Result<Vec<_>, _>>()?;
    let groups = match (&mapping.group, &meanings.group) {
        (Some(column), Some(values)) => between(table, column, &grouped, values)?,
        _ => vec![None; subjects.len()],
    };
    let covariates = mapping.covariates.iter().zip(&meanings.covariates).map(|(name, values)| {
        Ok(Covariate { name: name.clone(), values: between(table, name, &grouped, values)? })
    });
    Ok(Dataset {
        group_column: mapping.group.clone(),
        groups: groups.into_iter().map(|group| group.map(str::to_owned)).collect(),
        covariates: covariates.collect::<Result<_, Error>>()?,
        summary: summarise(path, table, schema, &subjects),
        subjects,
    })
}

/// The one value of each subject in a column that varies between subjects only.
fn between<T: PartialEq + Copy>(
    table: &Table,
    column: &str,
    grouped: &[SubjectRows],
    values: &[Option<T>],
) -> Result<Vec<Option<T>>, Error> {
    let value = |subject: &SubjectRows| {
        sole_value(subject.rows(), values)
            .map_err(|pair| not_constant(table, column, format!("subject `{}`", subject.id), pair))
    };
    grouped.iter().map(value).collect()
}
