//! Tables of parameter values: what simulations were made with, what behaviour should be scored at.

use crate::cells::Missing;
use crate::columns::NumericColumn;
use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::frames::{csv, frame};
use crate::replace::replace_file;
use crate::resolve::Resolver;
use crate::sentences::nearest;
use crate::table::Table;
use polars::prelude::Column;
use std::collections::HashMap;
use std::path::Path;

/// The column that tells whose values a row holds.
const SUBJECT: &str = "subject";

/// Parameter values on the natural scale, in the order of the model's components.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValues {
    /// The same for every subject.
    Shared(Vec<f64>),
    /// By subject, in the order of the file.
    PerSubject(Vec<(String, Vec<f64>)>),
}

impl ParameterValues {
    /// The values of a subject; `None` if the table has no row for it.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_data::ParameterValues;
    /// let values = ParameterValues::PerSubject(vec![("a".into(), vec![0.5])]);
    /// assert_eq!(values.of("a"), Some(&[0.5][..]));
    /// assert_eq!(values.of("b"), None);
    /// assert_eq!(ParameterValues::Shared(vec![2.0]).of("b"), Some(&[2.0][..]));
    /// ```
    pub fn of(&self, subject: &str) -> Option<&[f64]> {
        match self {
            ParameterValues::Shared(values) => Some(values),
            ParameterValues::PerSubject(all) => {
                all.iter().find(|(id, _)| id == subject).map(|(_, values)| values.as_slice())
            }
        }
    }
}

/// Writes one row of parameter values per subject as CSV: a column `subject`, then one per component.
///
/// # Errors
///
/// If a row does not have one value per component, or the file cannot be written. The error names the file.
pub fn write_values(path: &Path, components: &[String], rows: &[(String, Vec<f64>)]) -> Result<(), Error> {
    let bytes = || {
        if let Some((id, values)) = rows.iter().find(|(_, values)| values.len() != components.len()) {
            let (found, needed) = (values.len(), components.len());
            let reason = format!("subject `{id}` has {found} values for {needed} parameter components");
            return Err(ErrorKind::Inconsistent { reason }.into());
        }
        let ids: Vec<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
        let mut columns = vec![Column::new(SUBJECT.into(), ids)];
        for (index, component) in components.iter().enumerate() {
            let values: Vec<f64> = rows.iter().map(|(_, values)| values[index]).collect();
            columns.push(Column::new(component.into(), values));
        }
        csv(&mut frame(columns)?)
    };
    replace_file(path, &bytes().map_err(|error: Error| error.about(path.display()))?)
}

/// Reads a table with one column per component of the model's parameters, in any order, and either one row per
/// subject with a column `subject`, or a single row for all.
///
/// # Errors
///
/// If the file cannot be read, a column is lacking or unknown, a value is missing or not a finite number, a subject
/// occurs twice, or there are several rows without subjects. The error names the file.
pub fn read_values(path: &Path, components: &[String]) -> Result<ParameterValues, Error> {
    read_values_or(path, components, &vec![None; components.len()])
}

/// As [`read_values`], but a component whose column is lacking takes its entry of `defaults`, if it has one.
///
/// # Errors
///
/// As [`read_values`].
pub fn read_values_or(
    path: &Path,
    components: &[String],
    defaults: &[Option<f64>],
) -> Result<ParameterValues, Error> {
    let table = Table::read(path, &|_| true)?;
    values(&table, components, defaults).map_err(|error| error.about(path.display()))
}

fn values(table: &Table, components: &[String], defaults: &[Option<f64>]) -> Result<ParameterValues, Error> {
    let is_default = |index: usize| {
        defaults.get(index).copied().flatten().filter(|_| !table.headers.contains(&components[index]))
    };
    check_columns(table, components, &|index| is_default(index).is_some())?;
    let mut resolver = Resolver { table, missing: Missing(&[]), bad: Default::default() };
    let mut columns = Vec::new();
    for (index, component) in components.iter().enumerate() {
        if let Some(default) = is_default(index) {
            columns.push(vec![Some(default); table.rows]);
            continue;
        }
        columns.push(resolver.column(component, "a parameter", &NumericColumn::new(component), &[])?);
        // Values have no gaps: a missing one is listed with the other bad cells.
        resolver.labels(component, "a parameter value")?;
    }
    let has_subjects = table.headers.iter().any(|header| header == SUBJECT);
    let ids = has_subjects.then(|| resolver.labels(SUBJECT, "identifies the subject")).transpose()?;
    resolver.bad.into_result()?;
    let row = |index: usize| columns.iter().map(|column| column[index].unwrap_or(f64::NAN)).collect();
    match ids {
        Some(ids) => {
            check_subjects(table, &ids)?;
            let all = ids.iter().enumerate().map(|(index, id)| (id.to_string(), row(index)));
            Ok(ParameterValues::PerSubject(all.collect()))
        }
        None if table.rows > 1 => Err(ErrorKind::SeveralRows { rows: table.rows }.into()),
        None => Ok(ParameterValues::Shared(row(0))),
    }
}

fn check_columns(
    table: &Table,
    components: &[String],
    may_lack: &dyn Fn(usize) -> bool,
) -> Result<(), Error> {
    let needed = || components.to_vec();
    if let Some(column) = table.headers.iter().find(|name| *name != SUBJECT && !components.contains(name)) {
        let nearest = nearest(column, components.iter().map(String::as_str)).map(str::to_owned);
        return Err(ErrorKind::UnexpectedColumn { column: column.clone(), nearest, needed: needed() }.into());
    }
    let lacks = |index: usize| !table.headers.contains(&components[index]) && !may_lack(index);
    let missing: Vec<String> =
        (0..components.len()).filter(|&index| lacks(index)).map(|index| components[index].clone()).collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(ErrorKind::MissingValues { missing, needed: needed() }.into()),
    }
}

fn check_subjects(table: &Table, ids: &[&str]) -> Result<(), Error> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, id) in ids.iter().enumerate() {
        if let Some(first) = first.insert(id, index) {
            let (first, second) = (table.row(first), table.row(index));
            return Err(ErrorKind::RepeatedSubject { subject: id.to_string(), first, second }.into());
        }
    }
    Ok(())
}
