//! Parquet files: read into text cells, and read whole.
//!
//! polars panics on some damaged files and unsupported types; both become errors here. (The panic's own message
//! still goes to the standard error stream.) What cannot be caught: a file with altered bytes between an intact
//! beginning and end can make polars ask for more memory than there is, which ends the program.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use crate::text_list::TextList;
use polars::prelude::*;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The names of all columns, and the text of the columns asked for, one entry per name of `headers`.
pub(crate) type TextColumns = (Vec<String>, Vec<Option<TextList>>);

/// Reads the columns that `wanted` asks for, as text:
///
/// - text stays as it is; a missing value becomes an empty cell;
/// - whole numbers are written in decimal, and so are decimal numbers without a fractional part (`7.0` as `7`, since
///   many programs store whole numbers with missing values among them as decimal numbers);
/// - other decimal numbers are written with as few digits as identify them;
/// - truth values are written as `true` and `false`.
///
/// # Errors
///
/// If the bytes are not a Parquet file, are damaged, or a column asked for is of another type.
pub(crate) fn text_columns(bytes: Vec<u8>, wanted: &dyn Fn(&str) -> bool) -> Result<TextColumns, Error> {
    guarded(|| read_text_columns(bytes, wanted))
}

/// Reads a whole file and its key-value metadata.
///
/// # Errors
///
/// If the bytes are not a Parquet file or are damaged.
pub(crate) fn whole(bytes: Vec<u8>) -> Result<(DataFrame, Vec<(String, String)>), Error> {
    guarded(|| {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let metadata = reader.get_metadata().map_err(unreadable)?.key_value_metadata.clone();
        let pairs = metadata.unwrap_or_default().into_iter();
        let pairs = pairs.filter_map(|pair| Some((pair.key, pair.value?))).collect();
        Ok((reader.finish().map_err(unreadable)?, pairs))
    })
}

/// Runs `read` and turns a panic within polars into an error.
fn guarded<T>(read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ErrorKind::Unreadable { reason: "it is not a complete Parquet file".into() }.into())
    })
}

fn unreadable(error: PolarsError) -> Error {
    let advice = "write it again, or name it .csv if it is text";
    ErrorKind::Unreadable { reason: format!("it is not a complete Parquet file ({error}); {advice}") }.into()
}

fn read_text_columns(bytes: Vec<u8>, wanted: &dyn Fn(&str) -> bool) -> Result<TextColumns, Error> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let mut metadata = reader.get_metadata().map_err(unreadable)?.as_ref().clone();
    // Without the types that the writing program had in memory, the plain Parquet types remain: categorical
    // columns are text.
    metadata.key_value_metadata = None;
    reader.set_metadata(Arc::new(metadata));
    let schema = reader.schema().map_err(unreadable)?;
    let headers: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
    let chosen: Vec<String> = headers.iter().filter(|name| wanted(name)).cloned().collect();
    for field in schema.iter_values().filter(|field| wanted(&field.name)) {
        check_type(&field.name, field.dtype())?;
    }
    if chosen.is_empty() {
        let columns = vec![None; headers.len()];
        return Ok((headers, columns));
    }
    let frame = reader.with_columns(Some(chosen)).finish().map_err(unreadable)?;
    let text = |name: &String| frame.column(name).ok().map(text_of).transpose();
    let columns = headers.iter().map(text).collect::<Result<_, _>>()?;
    Ok((headers, columns))
}

/// The other widths of whole numbers exist only with features of polars that are not turned on.
fn check_type(column: &str, found: &ArrowDataType) -> Result<(), Error> {
    use ArrowDataType as T;
    match found {
        T::Null | T::Boolean | T::Float32 | T::Float64 | T::Utf8 | T::LargeUtf8 | T::Utf8View => Ok(()),
        T::Int32 | T::Int64 | T::UInt32 | T::UInt64 => Ok(()),
        other => {
            Err(ErrorKind::UnsupportedType { column: column.into(), found: format!("{other:?}") }.into())
        }
    }
}

fn text_of(column: &Column) -> Result<TextList, Error> {
    let mut list = TextList::default();
    match column.dtype() {
        DataType::Float32 => {
            for value in column.f32().map_err(unreadable)?.iter() {
                list.push(&value.map_or(String::new(), |v| decimal(f64::from(v), &v)));
            }
        }
        DataType::Float64 => {
            for value in column.f64().map_err(unreadable)?.iter() {
                list.push(&value.map_or(String::new(), |v| decimal(v, &v)));
            }
        }
        _ => {
            let text = column.cast(&DataType::String).map_err(unreadable)?;
            for value in text.str().map_err(unreadable)?.iter() {
                list.push(value.unwrap_or(""));
            }
        }
    }
    Ok(list)
}

/// A whole value without a fractional part, any other as it displays itself.
fn decimal(value: f64, shown: &dyn std::fmt::Display) -> String {
    /// Above 2^53 not every whole number has a value of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT { format!("{}", value as i64) } else { shown.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_polars_was_not_built_for_are_refused_by_name() {
        let error = check_type("key", &ArrowDataType::Int8).unwrap_err();
        assert_eq!(
            error.to_string(),
            "column `key` is of type Int8. Store it as text, a whole number of 32 or 64 bits, \
             a decimal number or true/false"
        );
        assert_eq!(check_type("key", &ArrowDataType::Int32), Ok(()));
    }

    #[test]
    fn decimal_numbers_are_written_as_briefly_as_they_can() {
        let shown = [7.0, -0.5, 1e300, f64::NAN].map(|value| decimal(value, &value));
        assert_eq!(shown[..2], ["7", "-0.5"]);
        assert_eq!(shown[2].parse(), Ok(1e300));
        assert_eq!(shown[3], "NaN");
        assert_eq!(decimal(f64::from(0.1_f32), &0.1_f32), "0.1");
    }
}
