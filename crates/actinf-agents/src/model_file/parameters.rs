//! `[parameters]`.

use super::labels::is_identifier;
use crate::document::{DocumentError, Entry, Section, Value};
use crate::nearest_name::suggestion;
use crate::parameter::{Parameter, Support};

/// The keys of a parameter.
pub(super) const KEYS: [&str; 4] = ["symbol", "support", "default", "meaning"];

const SUPPORTS: [&str; 5] = ["real", "positive", "unit", "simplex", "[lower, upper]"];

/// Reads the parameters in the order of the file, each with its entry.
pub(super) fn read<'a>(table: Option<Value<'a>>) -> Result<Vec<(Parameter, Value<'a>)>, DocumentError> {
    let entries = table.map_or(Ok(Vec::new()), Value::entries)?;
    entries.into_iter().map(|entry| Ok((parameter(entry)?, entry.value))).collect()
}

/// Reads one parameter.
pub(super) fn parameter(entry: Entry<'_>) -> Result<Parameter, DocumentError> {
    let Entry { key: name, value } = entry;
    if !is_identifier(name) {
        return Err(value.error(format!(
            "`{name}` cannot name a parameter: names are written with letters, digits and `_` and do not start \
             with a digit"
        )));
    }
    let section = value.section(&KEYS)?;
    let (support, default) = support_and_default(&section)?;
    refuse_outside(&section, support, &default)?;
    Ok(Parameter {
        name: name.to_owned(),
        symbol: section.optional_text("symbol")?.unwrap_or(name).to_owned(),
        meaning: section.optional_text("meaning")?.unwrap_or_default().to_owned(),
        support,
        default,
    })
}

/// Refuses a default outside the support.
pub(super) fn refuse_outside(
    section: &Section<'_>,
    support: Support,
    default: &[f64],
) -> Result<(), DocumentError> {
    if support.contains(default) {
        return Ok(());
    }
    let shown: Vec<String> = default.iter().map(f64::to_string).collect();
    Err(section.required("default")?.reject(format!(
        "is {}, which is not inside the support ({support}{}); write a value inside, or another support",
        shown.join(", "),
        if matches!(support, Support::Interval { .. }) { ", bounds excluded" } else { "" }
    )))
}

/// Reads `support` and `default`.
pub(super) fn support_and_default(section: &Section<'_>) -> Result<(Support, Vec<f64>), DocumentError> {
    let (value, default) = (section.required("support")?, section.required("default")?);
    if value.is_list() {
        return Ok((interval(value)?, vec![default.number()?]));
    }
    if !value.is_text() {
        return Err(value.reject(format!("must be a name or a list of two bounds, not {}", value.kind())));
    }
    let support = match value.text()? {
        "real" => Support::Real,
        "positive" => Support::Positive,
        "unit" => Support::Unit,
        "simplex" => return simplex(default),
        other => {
            let hint = suggestion(other, &SUPPORTS, "It accepts");
            return Err(value.reject(format!("cannot be `{other}`{hint}")));
        }
    };
    Ok((support, vec![default.number()?]))
}

fn interval(value: Value<'_>) -> Result<Support, DocumentError> {
    let bounds = value.list()?.into_iter().map(Value::number).collect::<Result<Vec<f64>, _>>()?;
    match bounds[..] {
        [lower, upper] if lower < upper && (upper - lower).is_finite() => {
            Ok(Support::Interval { lower, upper })
        }
        [_, _] => Err(value.reject("must have the lower bound before the upper bound")),
        _ => Err(value.reject(format!("must be a list of two bounds, not of {}", bounds.len()))),
    }
}

fn simplex(default: Value<'_>) -> Result<(Support, Vec<f64>), DocumentError> {
    if !default.is_list() {
        return Err(default.reject(format!(
            "must be a list of probabilities, whose number is the size of the simplex, not {}",
            default.kind()
        )));
    }
    let default_values = default.list()?.into_iter().map(Value::number).collect::<Result<Vec<f64>, _>>()?;
    if default_values.len() < 2 {
        return Err(default.reject("must have at least two components"));
    }
    Ok((Support::Simplex { size: default_values.len() }, default_values))
}
