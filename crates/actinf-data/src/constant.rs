//! Values that are the same throughout a run of rows, with some of them missing.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::table::Table;

/// The one value that `rows` have, missing cells aside; `None` if all are missing.
///
/// # Errors
///
/// If two rows have different values: the first such pair of rows.
pub(crate) fn sole_value<T: PartialEq + Copy>(
    rows: impl IntoIterator<Item = usize>,
    values: &[Option<T>],
) -> Result<Option<T>, (usize, usize)> {
    let mut sole: Option<(usize, T)> = None;
    for row in rows {
        match (sole, values[row]) {
            (Some((first, value)), Some(other)) if value != other => return Err((first, row)),
            (None, Some(value)) => sole = Some((row, value)),
            _ => {}
        }
    }
    Ok(sole.map(|(_, value)| value))
}

/// The error for a pair of rows that [`sole_value`] found to differ.
pub(crate) fn not_constant(
    table: &Table,
    column: &str,
    within: String,
    (first, second): (usize, usize),
) -> Error {
    let text = |row| table.column(column, "").map(|cells| cells.get(row).to_owned()).unwrap_or_default();
    let (first_value, second_value) = (text(first), text(second));
    let (first, second) = (table.row(first), table.row(second));
    ErrorKind::NotConstant { column: column.into(), within, first, first_value, second, second_value }.into()
}

#[cfg(test)]
mod tests {
    use super::sole_value;

    #[test]
    fn missing_cells_do_not_contradict() {
        assert_eq!(sole_value([0, 1, 2], &[None, Some(3), None]), Ok(Some(3)));
        assert_eq!(sole_value([0, 1], &[None::<i32>, None]), Ok(None));
        assert_eq!(sole_value([0, 1, 2, 3], &[None, Some(3), Some(3), Some(4)]), Err((1, 3)));
    }
}
