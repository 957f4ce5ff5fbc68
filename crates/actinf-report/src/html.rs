//! Text into HTML: everything that comes from data passes [`escape`].

/// Makes `text` safe as the content of an element or of a quoted attribute, in HTML and in SVG. Control characters,
/// which no XML document may hold, and characters that turn the direction of the text after them are replaced by
/// `\u{FFFD}`.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(printable(other)),
        }
    }
    escaped
}

/// `text` without the characters that no document may hold; for text that is escaped by somebody else.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(printable).collect()
}

fn printable(character: char) -> char {
    match character {
        '\n' | '\t' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        other if other.is_control() => '\u{FFFD}',
        other => other,
    }
}

/// At most `limit` characters of `text`, the last of them an ellipsis where it was cut.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_string();
    }
    let kept: String = text.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// File names are cut to this length.
const LONGEST_SLUG: usize = 60;

/// `text` as a file name: lower-case letters, digits, `-` and `_`; a run of anything else becomes one `-`.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || character == '_' {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST_SLUG);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "unnamed".to_string() } else { slug.to_string() }
}

/// `count` and the noun, in the singular or with an `s`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let number = crate::number::count(count);
    if count == 1 { format!("{number} {noun}") } else { format!("{number} {noun}s") }
}

/// A paragraph of escaped text.
pub(crate) fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// A sub-heading of escaped text.
pub(crate) fn heading(text: &str) -> String {
    format!("<h3>{}</h3>\n", escape(text))
}

/// Rows of term and value, both escaped.
pub(crate) fn definitions(rows: &[(&str, String)]) -> String {
    let rows: String = rows
        .iter()
        .map(|(term, value)| format!("<dt>{}</dt><dd>{}</dd>\n", escape(term), escape(value)))
        .collect();
    format!("<dl>\n{rows}</dl>\n")
}

/// The text with a capital first letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_quotes_are_escaped() {
        assert_eq!(escape(r#"<a href="x" id='y'>&"#), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
    }

    #[test]
    fn control_and_direction_characters_are_replaced() {
        assert_eq!(escape("a\u{0}b\u{202E}c\nd"), "a\u{FFFD}b\u{FFFD}c d");
    }

    #[test]
    fn a_slug_holds_only_file_name_characters() {
        assert_eq!(slug("d[1] / γ"), "d-1");
        assert_eq!(slug("../.."), "unnamed");
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shortened("γγγγ", 3), "γγ…");
        assert_eq!(shortened("γγγ", 3), "γγγ");
    }
}
