//! Parts of messages: lists of names, the name that was probably meant.

use crate::bad_cell::{BadCell, TableRow};

/// The candidate most similar to `name`, if one is similar enough to have been meant: at most a third of the
/// letters (or two) wrong, ignoring case.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let allowed = (name.chars().count() / 3).max(2);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= allowed && distance < candidate.chars().count())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Names in backticks, separated by commas.
pub(crate) fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "nothing".into();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// "Did you mean ...? `lead`: ...".
pub(crate) fn nearest_of(nearest: Option<&str>, names: &[String], lead: &str) -> String {
    match nearest {
        Some(nearest) => format!("Did you mean `{nearest}`? {lead}: {}", list(names)),
        None => format!("{lead}: {}", list(names)),
    }
}

/// The nearest column and all columns, with a hint where the separator seems to be another one.
pub(crate) fn columns_and_nearest(nearest: Option<&str>, columns: &[String]) -> String {
    let mut text = nearest_of(nearest, columns, "The columns are");
    if let [only] = columns
        && only.contains([';', ',', '\t'])
    {
        text.push_str(
            ". There seems to be one column only because another separator is used: \
             save the file with commas as .csv or with tabs as .tsv",
        );
    }
    text
}

/// An extension as it looks in a path.
pub(crate) fn extension_shown(extension: &str) -> String {
    if extension.is_empty() { "a name without an extension".into() } else { format!("`.{extension}`") }
}

/// Two values at two rows.
pub(crate) fn quoted_pair(first: &TableRow, value: &str, second: &TableRow, other: &str) -> String {
    format!("`{value}` at {first} and `{other}` at {second}")
}

/// Bad cells, one per line if there are several.
pub(crate) fn joined(cells: &[BadCell], more: usize) -> String {
    if let ([cell], 0) = (cells, more) {
        return cell.to_string();
    }
    let mut text = format!("{} cells cannot be read:", cells.len() + more);
    for cell in cells {
        text.push_str(&format!("\n  {cell}"));
    }
    if more > 0 {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_name_that_was_probably_meant_is_found() {
        let columns = ["choice", "outcome", "subject"];
        assert_eq!(nearest("choise", columns), Some("choice"));
        assert_eq!(nearest("Outcome", columns), Some("outcome"));
        assert_eq!(nearest("temperature", columns), None);
        assert_eq!(nearest("ab", ["xy"]), None);
    }
}
