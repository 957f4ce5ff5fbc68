//! Recorded numbers as tables and lists.

use actinf_fit::comparison::EvidenceTable;
use serde_json::Value;

/// A list of numbers.
pub(super) fn list(value: &Value) -> Result<Vec<f64>, String> {
    let numbers = value.as_array().ok_or_else(|| format!("{value} is no list"))?;
    numbers.iter().map(number).collect()
}

/// A number.
pub(super) fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("{value} is no number"))
}

/// Lists within a list.
pub(super) fn rows(value: &Value) -> Result<Vec<Vec<f64>>, String> {
    value.as_array().ok_or_else(|| format!("{value} is no list"))?.iter().map(list).collect()
}

/// Log evidences with one row per subject.
pub(super) fn table(rows: Vec<Vec<f64>>) -> Result<EvidenceTable, String> {
    let names = |what: &str, number: usize| (1..=number).map(|k| format!("{what} {k}")).collect::<Vec<_>>();
    let models = rows.first().map_or(0, Vec::len);
    EvidenceTable::new(names("model", models), names("subject", rows.len()), rows)
        .map_err(|error| error.to_string())
}
