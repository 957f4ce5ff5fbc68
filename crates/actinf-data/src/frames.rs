//! Tables to be written: columns put together, and turned into the bytes of a file.

use crate::error::Error;
use crate::error_kind::ErrorKind;
use polars::prelude::*;
use std::collections::HashSet;

/// A table of these columns, all equally long.
///
/// # Errors
///
/// If names occur twice or lengths differ.
pub(crate) fn frame(columns: Vec<Column>) -> Result<DataFrame, Error> {
    DataFrame::new_infer_height(columns)
        .map_err(|error| ErrorKind::Inconsistent { reason: error.to_string() }.into())
}

/// The table as CSV: commas, LF, UTF-8. Numbers are written with as few digits as read back the same bits, missing
/// values as empty cells, and other non-finite values as `inf`, `-inf` and `NaN`.
///
/// # Errors
///
/// If the table cannot be encoded.
pub(crate) fn csv(frame: &mut DataFrame) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(frame).map_err(not_encoded)?;
    Ok(bytes)
}

/// The table as Parquet, with these pairs in its key-value metadata.
///
/// # Errors
///
/// If the table cannot be encoded.
pub(crate) fn parquet(frame: &mut DataFrame, metadata: Vec<(String, String)>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let metadata = (!metadata.is_empty()).then(|| KeyValueMetadata::from_static(metadata));
    let writer = ParquetWriter::new(&mut bytes).set_parallel(false).with_key_value_metadata(metadata);
    writer.finish(frame).map_err(not_encoded)?;
    Ok(bytes)
}

fn not_encoded(error: PolarsError) -> Error {
    ErrorKind::CannotWrite { reason: error.to_string() }.into()
}

/// Column names of one table, each used once.
#[derive(Debug, Default)]
pub(crate) struct ColumnNames {
    taken: HashSet<String>,
}

impl ColumnNames {
    /// Names that are taken from the start.
    pub(crate) fn reserving(names: &[&str]) -> Self {
        ColumnNames { taken: names.iter().map(ToString::to_string).collect() }
    }

    /// `name` if it is free, otherwise `prefix.name`, otherwise `prefix.name.2`, `prefix.name.3`, ...
    pub(crate) fn claim(&mut self, name: &str, prefix: &str) -> String {
        let prefixed = format!("{prefix}.{name}");
        let mut candidates = [name.to_owned(), prefixed.clone()].into_iter();
        let mut number = 2;
        loop {
            let candidate = candidates.next().unwrap_or_else(|| {
                number += 1;
                format!("{prefixed}.{}", number - 1)
            });
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_names_are_prefixed_and_then_numbered() {
        let mut names = ColumnNames::reserving(&["aic"]);
        let claimed = [0; 4].map(|_| names.claim("aic", "covariate"));
        assert_eq!(claimed, ["covariate.aic", "covariate.aic.2", "covariate.aic.3", "covariate.aic.4"]);
        assert_eq!(names.claim("age", "covariate"), "age");
    }

    #[test]
    fn numbers_in_csv_read_back_the_same_bits() {
        let values = [0.1 + 0.2, 1.0 / 3.0, -1e-300, f64::MIN_POSITIVE, 1e21, -0.0, f64::NEG_INFINITY];
        let mut table = frame(vec![Column::new("x".into(), values.to_vec())]).unwrap();
        let text = String::from_utf8(csv(&mut table).unwrap()).unwrap();
        let read: Vec<f64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
        assert_eq!(read.map_bits(), values.to_vec().map_bits(), "{text}");
        assert!(text.ends_with("\n-inf\n"), "{text}");
    }

    trait Bits {
        fn map_bits(&self) -> Vec<u64>;
    }

    impl Bits for Vec<f64> {
        fn map_bits(&self) -> Vec<u64> {
            self.iter().map(|value| value.to_bits()).collect()
        }
    }
}
